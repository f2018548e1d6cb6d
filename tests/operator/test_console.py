"""The operator's console: companies by figures; founding; administering until a company does so itself."""

from typing import Any

import pytest

from companies.models import Company, Invitation, Job, Membership, Module, Protocol, TrailEntry
from companies.models.company import CompanyKind
from companies.trail import signed
from ledger.models import Account
from tests import given
from tests.contexts import browser_of

pytestmark = pytest.mark.django_db
COMPANY = "/operator/companies/duinhaven/"
NEW = {"name": "Zeeland Mij", "slug": "zeeland", "kind": "provider", "country": "NL", "language": "nl",
       "time_zone": "Europe/Amsterdam"}  # fmt: skip


@pytest.fixture
def op(user: Any, client_of: Any) -> Any:
    return client_of(user)


def test_stranger_is_led_to_the_login(user: Any, client_of: Any) -> None:
    from tests.operator.conftest import OperatorClient

    for path in ("/operator/", COMPANY, "/duinhaven/office/"):
        assert OperatorClient().get(path)["Location"] == f"/accounts/login/?next={path}"


def test_password_alone_leads_to_the_second_factor(user: Any, client_of: Any) -> None:
    given.company()
    client = client_of(user, verified=False)
    for path in ("/operator/", COMPANY, "/duinhaven/office/"):
        assert client.get(path)["Location"].startswith("/accounts/factor/totp/activate/?next=")


def test_console_is_no_page_of_the_office(client: Any) -> None:
    for path in ("/operator/", "/operator/new/", "/operator/windows/", COMPANY):
        assert client.get(path).status_code == 404


def test_companies_are_listed_by_figures(op: Any, django_assert_max_num_queries: Any) -> None:
    company = given.company()
    given.member(company, "clerk@duinhaven.example")
    with django_assert_max_num_queries(20):
        page = op.get("/operator/")
    rows = {row.slug: row for row in page.context["companies"]}
    assert set(rows) == {"duinhaven", "duinhaven-rehearsal"}
    assert (rows["duinhaven"].employees, rows["duinhaven"].policies, rows["duinhaven"].administered) == (1, 0, True)
    assert b"clerk@duinhaven.example" not in page.content


def test_founded_company_is_furnished_by_a_worker(op: Any, user: Any) -> None:
    assert op.post("/operator/new/", NEW)["Location"] == "/operator/companies/zeeland/"
    company = Company.objects.get(slug="zeeland")
    twin = Company.objects.get(rehearsal_of=company)
    for each in (company, twin):
        assert given.work(each) == 2
        with given.inside(each):
            assert Module.objects.filter(on=True).count() >= 5 and Protocol.objects.count() >= 5
            assert Account.objects.exists()
            founded = TrailEntry.objects.get(code="operator.founded")
            assert (signed(founded), founded.user_id) == ("Operator", user.pk)
    assert op.get("/operator/companies/zeeland/").context["administers"]


@pytest.mark.parametrize("slug", ["duinhaven", "operator", "No Word", "a"])
def test_company_isn_t_founded_at_an_address_that_is_taken(op: Any, slug: str) -> None:
    given.company()
    assert op.post("/operator/new/", NEW | {"slug": slug}).status_code == 422
    assert Company.objects.count() == 2


def test_operator_invites_the_first_administrator(op: Any) -> None:
    company = given.company()
    sent = {
        "step": "invite",
        "email": "Maud@duinhaven.example",
        "name": "Maud",
        "language": "nl",
        "administrator": "on",
    }
    assert op.post(COMPANY, sent).status_code == 302
    with given.inside(company):
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.administrator, invitation.door) == (
            "maud@duinhaven.example",
            True,
            "office",
        )
        assert Job.objects.get(kind="invitation.mail").ids == {"invitation": invitation.pk}
    again = op.post(COMPANY, sent)
    assert again.status_code == 422 and b"has an invitation already" in again.content


def test_operator_gives_takes_and_switches_while_he_administers(op: Any, user: Any) -> None:
    company = given.company()
    member = given.member(company, "clerk@duinhaven.example")
    with given.inside(company):
        protocol = Protocol.objects.get(template="policy-clerk")
    numbers = {"membership": member.pk, "protocol": protocol.pk}
    for step, expected in (("give", [protocol.pk]), ("take", [])):
        assert op.post(COMPANY, {"step": step, **numbers}).status_code == 302
        assert given.work(company) == 1
        [(person, held)] = op.get(COMPANY).context["people"]
        assert person.protocols == expected
    her = browser_of(member.user)
    assert her.get("/duinhaven/office/").status_code == 200
    for on in ("0", "1"):
        assert op.post(COMPANY, {"step": "switch", "membership": member.pk, "on": on}).status_code == 302
        given.work(company)
        with given.inside(company):
            assert Membership.objects.get().on is (on == "1")
        assert her.get("/duinhaven/office/")["Location"].startswith("/accounts/login/")  # her sessions ended for good
    with given.inside(company):
        entries = TrailEntry.objects.filter(actor_kind="operator").order_by("pk")
        assert [entry.code for entry in entries] == ["protocol.given", "protocol.taken", "member.off", "member.on"]
        assert {(signed(entry), entry.user_id) for entry in entries} == {("Operator", user.pk)}


def test_what_comes_after_the_handing_over_is_left_undone(op: Any) -> None:
    company = given.company()
    member = given.member(company, "clerk@duinhaven.example")
    assert op.post(COMPANY, {"step": "switch", "membership": "9" * 40, "on": "0"}).status_code == 404
    op.post(COMPANY, {"step": "switch", "membership": member.pk, "on": "0"})
    given.handed_over(company)
    given.work(company)
    with given.inside(company):
        assert Membership.objects.get(pk=member.pk).on
    assert op.post(COMPANY, {"step": "switch", "membership": member.pk, "on": "0"}).status_code == 404
    page = op.get(COMPANY)
    assert "people" not in page.context and b"clerk@" not in page.content


def test_a_broker_has_no_rehearsal(op: Any) -> None:
    op.post("/operator/new/", NEW | {"kind": CompanyKind.BROKER})
    assert list(Company.objects.values_list("slug", flat=True)) == ["zeeland"]
