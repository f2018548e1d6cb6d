"""The pages of somebody's own login and its second factor, each by somebody who gets its form."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from companies.models import Company, Membership, User
from companies.signins import enter_login
from tests import factors, given
from tests.contexts import browser_of

Place = tuple[str, Client, str]


def factor_pages(company: Company, office: Client) -> Iterator[Place]:
    """Somebody else's second factor; one's own, with a key and codes; a login that has none and is asked for it."""
    with given.inside(company):
        chief = Membership.objects.get(user__email=f"chief@{company.slug}.example")
    yield "factors:reset", office, reverse("factors:reset", args=[company.slug, chief.public_id])
    holder = given.member(company, "vera@duinhaven.example", "policy-clerk").user
    factors.with_authenticator(holder)
    own = logged_in(holder.email)
    own.post("/accounts/factor/authenticate/", {"code": factors.code_of(holder)})
    own.post(reverse("mfa_generate_recovery_codes"))
    with transaction.atomic():
        enter_login(holder.pk)
        key = Authenticator.objects.create(user=holder, type="webauthn", data=security_key())
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        yield name, own, reverse(name, args=[key.pk])
    bare = logged_in("all@duinhaven.example")
    for client in (own, bare):
        for name in OWN_FACTOR:
            yield name, client, reverse(name)
    yield from kept_and_lost(company)


def kept_and_lost(company: Company) -> Iterator[Place]:
    """A form that is kept until a factor is proved anew; a factor that is lost where nobody else can help."""
    client = browser_of(User.objects.get(email="all@duinhaven.example"))
    with override_settings(FRESH_FACTOR=-1):
        client.post(reverse("rights:list", args=[company.slug]), {"kept": "x"})
    yield "account_go_on", client, reverse("account_go_on")
    alone = given.member(given.company("alleen"), "solo@alleen.example", administrator=True).user
    factors.with_authenticator(alone)
    yield "factor_lost", logged_in(alone.email), reverse("factor_lost")


def logged_in(email: str) -> Client:
    """A browser in which somebody gave his password; where he has a second factor, that is asked next."""
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": given.PASSWORD})
    return client


def security_key() -> dict[str, Any]:
    """What is kept of a security key that answered once."""
    key = AttestedCredentialData.create(
        b"\0" * 16, b"hostile-key", ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    )
    made = AttestationObject.create(
        "none", AuthenticatorData.create(b"\0" * 32, AuthenticatorData.FLAG(0x41), 0, key), {}
    )
    client = b'{"type": "webauthn.create", "challenge": "eA", "origin": "https://testserver"}'
    number = websafe_encode(b"hostile-key")
    response = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(made)}
    told = {"id": number, "rawId": number, "type": "public-key", "response": response}
    return {"name": "Sleutel", "credential": {**told, "clientExtensionResults": {"credProps": {"rk": False}}}}


OWN_FACTOR = (
    "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
    "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_download_recovery_codes", "account_change_password", "account_reauthenticate",
)  # fmt: skip
