"""The second factor at the doors: asked at login, set up where it is missing, proved again, changed, and encrypted."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, transaction
from django.test import Client

from companies.actor import ROBOT
from companies.doors import Door
from companies.factors.rules import set_asking_doors
from companies.models import Membership, SecondFactor, SignIn, TrailEntry, User
from companies.sessions import hashed
from companies.signing import ask
from companies.signins import enter_login
from tests import factors, given, people
from tests.contexts import entrance_of

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = "/duinhaven/office/"
JOBS = "%2Fduinhaven%2Foffice%2Fjobs%2F"
MAUD, CLERK = "maud@duinhaven.example", "clerk@duinhaven.example"


@pytest.fixture
def maud() -> Membership:
    """An administrator with an authenticator."""
    maud = given.member(given.company(), MAUD, administrator=True)
    factors.with_authenticator(maud.user)
    return maud


@pytest.fixture
def clerk() -> Membership:
    """An employee without a second factor."""
    return given.member(given.company(), CLERK)


def after_password(email: str, following: str = OFFICE) -> tuple[Client, str]:
    """A browser after the password, and where that led."""
    client = Client()
    form = {"login": email, "password": given.PASSWORD, "next": following}
    return client, client.post("/accounts/login/", form)["Location"]


def after_code(membership: Membership) -> Client:
    """A browser after password and code."""
    client, led = after_password(membership.user.email)
    assert client.post(led, {"code": factors.code_of(membership.user)}).status_code == 302
    return client


def sign_in_of(client: Client, user: User) -> SignIn:
    """The row of the browser's session, as its owner sees it."""
    with transaction.atomic():
        enter_login(user.pk)
        return SignIn.objects.get(key=hashed(client.session.session_key or ""))


def verified(client: Client, page: str = OFFICE) -> bool:
    """What django-otp says of the browser's user."""
    user: Any = client.get(page).wsgi_request.user
    return bool(user.is_verified())


def set_up(client: Client, led: str) -> Any:
    """Scan the picture and type the code of the next half minute."""
    factors.next_step()
    secret = client.get(led).context["form"].secret
    return client.post(led, {"code": factors.code_by(secret)})


def test_login_with_an_authenticator_asks_its_code_and_is_verified(maud: Membership) -> None:
    client, led = after_password(MAUD)
    assert led == "/accounts/factor/authenticate/"
    assert client.get(OFFICE)["Location"].startswith("/accounts/login/")  # by password alone nobody is in
    before = client.session.session_key
    response = client.post(led, {"code": factors.code_of(maud.user)})
    assert (response.status_code, response["Location"]) == (302, OFFICE)
    assert client.session.session_key != before
    assert client.get(OFFICE).status_code == 200
    row = sign_in_of(client, maud.user)
    assert row.verified_at is not None and row.factor == "totp"


def test_wrong_code_tells_why_and_lets_nobody_in(maud: Membership) -> None:
    client, led = after_password(MAUD)
    response = client.post(led, {"code": factors.another_code(maud.user)})
    assert response.status_code == 200 and "the code your phone shows now" in response.content.decode()
    assert client.get(OFFICE)["Location"].startswith("/accounts/login/")


def test_code_of_one_login_opens_no_second(maud: Membership) -> None:
    after_code(maud)
    client, led = after_password(MAUD)
    response = client.post(led, {"code": factors.code_of(maud.user)})
    assert response.status_code == 200 and re.search("used already|isn&#x27;t the code", response.content.decode())


def test_who_must_and_has_none_sets_one_up_and_lands_where_he_wanted() -> None:
    given.member(given.company(), MAUD, administrator=True)
    client, led = after_password(MAUD, "/duinhaven/office/jobs/")
    assert led == "/duinhaven/office/jobs/"
    led = client.get(led)["Location"]
    assert led == f"/accounts/factor/totp/activate/?next={JOBS}"
    before = client.session.session_key
    response = set_up(client, led)  # his password of a moment ago is enough
    assert response["Location"] == f"/accounts/factor/recovery-codes/?next={JOBS}"
    assert client.session.session_key != before
    codes = client.get(response["Location"])
    assert len(codes.context["unused_codes"]) == 10 and 'href="/duinhaven/office/jobs/"' in codes.content.decode()
    assert client.get("/duinhaven/office/jobs/").status_code == 200  # no code is asked twice
    assert set(client.get("/accounts/factor/recovery-codes/").context["unused_codes"]) == {"****"}


@pytest.mark.parametrize("door", [Door.OFFICE, Door.ADVISERS, Door.FOLDER])
def test_key_known_before_the_login_opens_nothing_after_it(door: Door) -> None:
    """Somebody plants a session in another's browser and waits until he logs in there (fixation)."""
    member = given.member(given.company(), "sanne@verbruggen.example", door=door)
    factors.with_authenticator(member.user)
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = [session.session_key or ""]
    client.cookies["session"] = planted[0]
    address = f"/duinhaven/{door.value}/"
    form = {"login": member.user.email, "password": given.PASSWORD, "next": address}
    led = client.post("/accounts/login/", form)["Location"]
    planted.append(client.session.session_key or "")
    assert client.post(led, {"code": factors.code_of(member.user)})["Location"] == address
    assert client.get(address).status_code in {200, 404}  # the folder has no page yet
    for key in planted:
        thief = Client()
        thief.cookies["session"] = key
        assert thief.get(address)["Location"].startswith("/accounts/login/")


def test_address_of_a_stranger_is_never_led_to(maud: Membership) -> None:
    client, led = after_password(MAUD, "https://evil.example/")
    assert client.post(led, {"code": factors.code_of(maud.user)})["Location"] == "/"


def test_door_that_asks_lets_nobody_in_without(clerk: Membership) -> None:
    client, led = after_password(CLERK)
    assert led == OFFICE and client.get(OFFICE).status_code == 200
    with given.inside(clerk.company):
        set_asking_doors(doors={Door.OFFICE}, actor=ROBOT, on=given.DAY)
    assert client.get(OFFICE)["Location"].startswith("/accounts/factor/totp/activate/")  # at once, for those inside too
    assert set_up(client, client.get(OFFICE)["Location"]).status_code == 302
    assert client.get(OFFICE).status_code == 200


@pytest.mark.parametrize("door", [Door.OFFICE, Door.ADVISERS, Door.FOLDER])
def test_session_without_a_factor_gets_no_context_from_the_database(door: Door) -> None:
    member = given.member(given.company(), "sanne@verbruggen.example", door=door)
    with given.inside(member.company):
        set_asking_doors(doors={door}, actor=ROBOT, on=given.DAY)
    for verified in (False, True):
        with transaction.atomic():
            entrance = entrance_of(member.user, "duinhaven", door, verified=verified)
            assert entrance is not None and entrance.needs_factor is not verified
            (company,) = ask("SELECT sec.company()", [])[0]
            assert company == (member.company_id if verified else None)


def test_administrators_need_one_whatever_the_door_says() -> None:
    member = given.member(given.company(), MAUD, administrator=True)
    with transaction.atomic():
        entrance = entrance_of(member.user, "duinhaven")
        assert entrance is not None and entrance.needs_factor
        assert ask("SELECT sec.company()", [])[0] == (None,)


def test_django_otp_gives_the_same_answer(maud: Membership) -> None:
    client = after_code(maud)
    assert verified(client)
    with transaction.atomic():
        enter_login(maud.user.pk)
        assert SecondFactor.objects.get().authenticator.type == "totp"
    other = Client()
    other.force_login(maud.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert not verified(other, "/accounts/logout/")


def test_recovery_code_opens_once_and_leads_to_a_new_authenticator(maud: Membership) -> None:
    client = after_code(maud)
    client.post("/accounts/factor/recovery-codes/generate/")
    code = client.get("/accounts/factor/recovery-codes/").context["unused_codes"][3]
    client, led = after_password(MAUD)
    response = client.post(led, {"code": code})
    assert response["Location"] == "/accounts/factor/totp/activate/?next=%2Fduinhaven%2Foffice%2F"
    assert sign_in_of(client, maud.user).factor == "recovery_codes"
    page = client.get(response["Location"])
    assert "You came in with a recovery code" in page.content.decode()
    assert client.get(OFFICE).status_code == 200 and not verified(client)
    assert set_up(client, response["Location"])["Location"] == OFFICE
    assert Authenticator.objects.filter(user=maud.user, type="totp").count() == 1
    again, led = after_password(MAUD)
    assert again.post(led, {"code": code}).status_code == 200


def test_who_has_a_factor_proves_himself_by_it_and_not_by_his_password(maud: Membership) -> None:
    client = Client()
    client.force_login(maud.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    led = client.get(OFFICE)["Location"]
    assert led == "/accounts/factor/reauthenticate/?next=%2Fduinhaven%2Foffice%2F"
    by_password = client.post("/accounts/reauthenticate/", {"password": given.PASSWORD})
    assert by_password.status_code in {200, 302} and client.get(OFFICE).status_code == 302
    before = client.session.session_key
    assert client.post(led, {"code": factors.code_of(maud.user)})["Location"] == OFFICE
    assert client.session.session_key != before and client.get(OFFICE).status_code == 200


def test_new_password_does_not_lift_the_factor(maud: Membership) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": MAUD})
    people.mail_resets()
    (link,) = re.findall(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
    page = client.get(link, follow=True)
    form = {"password1": "another battery staple", "password2": "another battery staple"}
    client.post(page.redirect_chain[-1][0], form)
    assert client.get(OFFICE)["Location"].startswith("/accounts/login/")
    led = client.post("/accounts/login/", {"login": MAUD, "password": "another battery staple"})["Location"]
    assert led == "/accounts/factor/authenticate/" and client.get(OFFICE).status_code == 302


def test_changed_factor_ends_other_sessions_and_is_told(maud: Membership) -> None:
    elsewhere = Client()
    elsewhere.force_login(maud.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert elsewhere.get("/accounts/factor/").status_code == 200
    client = after_code(maud)
    assert client.post("/accounts/factor/recovery-codes/generate/").status_code == 302
    assert elsewhere.get("/accounts/factor/")["Location"].startswith("/accounts/login/")
    assert given.work(maud.company) == 1
    assert "recovery codes" in mail.outbox[-1].subject and mail.outbox[-1].to == [MAUD]
    with given.inside(maud.company):
        assert TrailEntry.objects.filter(code="factor.changed").count() == 1


def test_last_factor_stays_where_one_is_asked(maud: Membership) -> None:
    client = after_code(maud)
    page = client.post("/accounts/factor/totp/deactivate/")
    assert "this is your last one" in page.content.decode()
    assert Authenticator.objects.filter(user=maud.user, type="totp").exists()


def test_last_factor_goes_where_none_is_asked(clerk: Membership) -> None:
    factors.with_authenticator(clerk.user)
    client = after_code(clerk)
    assert client.post("/accounts/factor/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=clerk.user).exists()
    assert given.work(clerk.company) >= 1 and "taken off" in mail.outbox[-1].subject


def test_secrets_lie_encrypted_in_tables_and_sessions(maud: Membership) -> None:
    client = after_code(maud)
    client.post("/accounts/factor/recovery-codes/generate/")
    codes = client.get("/accounts/factor/recovery-codes/").context["unused_codes"]
    secret = client.get("/accounts/factor/totp/activate/").context["form"].secret
    stored = " ".join(str(row.data) for row in Authenticator.objects.all())
    sessions = " ".join(str(row.get_decoded()) for row in Session.objects.all())
    assert factors.SECRET not in stored and not any(code in stored for code in codes)
    assert secret not in sessions


def test_secret_locked_with_another_key_is_refused(maud: Membership, settings: Any) -> None:
    settings.FACTOR_KEY = "another key"
    with pytest.raises(InvalidToken):
        factors.code_of(maud.user)


def test_secret_written_plainly_into_the_table_is_refused(clerk: Membership) -> None:
    with transaction.atomic():
        enter_login(clerk.user.pk)
        Authenticator.objects.create(user=clerk.user, type="totp", data={"secret": factors.SECRET})
    with pytest.raises(InvalidToken):
        factors.code_of(clerk.user)


def test_a_secret_laid_into_another_row_opens_nothing_there(maud: Membership) -> None:
    """By raw SQL: somebody lays the locked recovery codes of another into his own row, whose page would show them."""
    hers = after_code(maud)
    hers.post("/accounts/factor/recovery-codes/generate/")
    codes = set(hers.get("/accounts/factor/recovery-codes/").context["unused_codes"])
    clerk = given.member(maud.company, CLERK)
    factors.with_authenticator(clerk.user)
    his = after_code(clerk)
    his.post("/accounts/factor/recovery-codes/generate/")
    with transaction.atomic():
        enter_login(clerk.user.pk)
        moved = (
            "UPDATE mfa_authenticator a SET data = o.data FROM mfa_authenticator o WHERE o.user_id = %s "
            "AND o.type = a.type AND a.user_id = %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(moved, [maud.user.pk, clerk.user.pk])
            assert cursor.rowcount == 2
    his.raise_request_exception = False
    shown = his.get("/accounts/factor/recovery-codes/")
    assert shown.status_code == 500 and not any(code in shown.content.decode() for code in codes)
    with pytest.raises(InvalidToken):
        factors.code_of(clerk.user)
    assert len(factors.code_of(maud.user)) == 6


def test_a_secret_is_of_its_kind(maud: Membership) -> None:
    """The seed of recovery codes is no authenticator's secret, nor the other way round."""
    row = Authenticator.objects.get(user=maud.user, type="totp")
    assert decrypt(row.data["secret"]) == factors.SECRET
    with transaction.atomic():
        enter_login(maud.user.pk)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE mfa_authenticator SET type = 'recovery_codes' WHERE id = %s", [row.pk])
    with pytest.raises(InvalidToken):
        decrypt(Authenticator.objects.get(pk=row.pk).data["secret"])


def test_no_door_writes_another_logins_factor(maud: Membership) -> None:
    clerk = given.member(maud.company, CLERK)
    with transaction.atomic():
        enter_login(clerk.user.pk)
        assert Authenticator.objects.filter(user=maud.user).update(data={}) == 0
        assert Authenticator.objects.filter(user=maud.user).delete() == (0, {})
