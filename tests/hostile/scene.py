"""A company in which every page has something to show, and everybody who has a door to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from companies.doors import Door
from companies.links import secret_of
from companies.models import Act, Link, User
from ledger.models import Account
from ledger.services import Role
from tests import factors, given, operators, people, world
from tests.hostile.corpus import SCRIPTS
from tests.hostile.logins import factor_pages
from tests.hostile.states import States
from tests.permissions.pages import OPEN, PAGES, WORDS
from tests.permissions.principals import below
from tests.permissions.test_matrix import Worlds

ALL = "all@duinhaven.example"
LONGEST = 60  # signs that a customer's first names, street and city hold


@dataclass
class Scene:
    """One company, addresses of its pages, and who opens which."""

    world: world.World
    addresses: Worlds
    readers: dict[Door, Client]
    places: list[tuple[str, Client, str]]  # of people's accounts: a page, a browser, an address

    def pages(self) -> Iterator[tuple[str, Client, str]]:
        """Each page that can be opened, by whom and where; by GET alone."""
        for name, page in PAGES.items():
            if page.get != 405 and page.door in self.readers:
                yield name, self.readers[page.door], self.addresses.address(name)
        for name in OPEN:
            for client in (Client(), self.readers[Door.OFFICE]):
                yield name, client, reverse(name, kwargs=WORDS.get(name))
        yield from self.places


def holder(turn: int = 0) -> dict[str, Any]:
    """A customer whose every word is hostile; turn by turn others. His name begins as a formula does."""
    words = [script for script in SCRIPTS if len(script) <= LONGEST and script.isprintable()]
    given_names, street, city = (words[(turn * 3 + place) % len(words)][:LONGEST] for place in range(3))
    address = {"street": street, "house_number": "12", "postcode": "4381 AB", "city": city, "country": "NL"}
    names = {"name": f"=1+1{words[turn % len(words)]}", "given_names": given_names}
    return {**given.HOLDER, **names, "email": "a?bcc=c&body=d@hostile.example", "address": address}


def texts_of(said: dict[str, Any]) -> list[str]:
    """The hostile words of a customer, as they are kept: one line each."""
    return [said["name"], said["given_names"], said["address"]["street"], said["address"]["city"]]


def build(turn: int = 0) -> Scene:
    """The company with a policy, an open quotation, drafts at all doors, people of all doors, an operator's window; its
    customer's words are hostile.
    """
    here = world.furnish(
        given.provider("duinhaven"), code="ilse-markus", email="ilse@kroonlaan.example", holder=holder(turn)
    )
    below(here)
    given.folder(here.company, here.policy.holder_id, "sanne@verbruggen.example")
    world.employee(here.company, ALL, *world.ALL_RIGHTS, acts=tuple(Act), administrator=True)
    with given.inside(here.company):
        account = Account.objects.get(role=Role.DEBTORS).code
    given.handed_over(here.company)
    operator = operators.browser_of(operators.operator("op@centre.example"))
    operators.let_in(here.company, operator, by="opens")
    readers: dict[Door, Client] = {
        Door.OFFICE: world.client_of(ALL), Door.ADVISERS: world.client_of("ilse@kroonlaan.example"),
        Door.FOLDER: world.client_of("sanne@verbruggen.example"), Door.FRONT: Client(), Door.LINK: Client(),
        Door.OPERATOR: operator,
    }  # fmt: skip
    with given.inside(here.company):
        mailed = Link.objects.filter(case_id=here.case.pk, kind="case", addressee="customer").latest("pk")
    policy = ("withdrawal:withdraw", Client(), f"/duinhaven/c/{secret_of(mailed.nonce)}/withdraw/")
    states = [*States(here, readers, ALL).all(), *factor_pages(here.company, readers[Door.OFFICE])]
    return Scene(here, Worlds(here, here, {}, account), readers, [policy, *accounts(here), *states])


def accounts(here: world.World) -> Iterator[tuple[str, Client, str]]:
    """An invitation as a stranger and as somebody who is in, a new password by a mailed key, a second factor asked."""
    invitation = people.path(people.invited(here.company, "fenna@duinhaven.example"))
    yield "account_invitation", Client(), invitation
    yield "account_invitation", world.client_of(ALL), invitation
    yield "account_reset_password_from_key", *reset("ilse@kroonlaan.example")
    given.member(here.company, "noor@duinhaven.example", "policy-clerk")
    noor = User.objects.get(email="noor@duinhaven.example")
    factors.with_authenticator(noor)
    half = Client()
    half.post("/accounts/login/", {"login": noor.email, "password": given.PASSWORD})
    yield "mfa_authenticate", half, "/accounts/factor/authenticate/"
    yield "factor_lost", half, "/accounts/factor/lost/"


def reset(email: str) -> tuple[Client, str]:
    """A browser on the page where somebody who forgot his password sets a new one."""
    client: Any = Client()
    client.post("/accounts/password/reset/", {"email": email})
    people.mail_resets()
    body = str(mail.outbox[-1].body)
    address = next(word for word in body.split() if "/accounts/password/reset/key/" in word)
    opened = client.get(f"/accounts/{address.partition('/accounts/')[2]}")
    return client, opened["Location"] if opened.status_code == 302 else address
