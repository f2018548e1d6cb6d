"""Companies below a company: set up from above, empty until somebody confirms, closed to whoever founded them."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import BusinessError
from companies.models import (
    Company,
    CompanyKind,
    Founding,
    Invitation,
    Job,
    Membership,
    Module,
    ModuleCode,
    PartCode,
    Right,
    TrailEntry,
)
from companies.services.below import ask_for_company, confirmations, found_below, invite_first
from relations.models import Party, PartyRole, RoleCode
from relations.services.members import register_member
from relations.services.parties import Person
from tests import given, world
from tests.database.test_catalogue import models_of_companies
from tests.given import DAY

pytestmark = pytest.mark.django_db
ANJA, WIM = "anja@kranichtor.example", "wim@altkiefer.example"


def somebody(name: str, email: str = "", kind: str = "organisation") -> Person:
    return Person(
        given_name="", family_name=name, email=email, street="Torstraße", house_number="52", postcode="10119",
        city="Berlin", country="DE", language="de", kind=kind,
    )  # fmt: skip


@pytest.fixture
def pool() -> Company:
    company = given.company("kranichtor", kind=CompanyKind.POOL, at=given.GERMAN)
    world.employee(company, ANJA, (PartCode.RELATIONS, Right.VIEW), administrator=True)
    return company


@pytest.fixture
def anja(pool: Company) -> Any:
    with given.inside(pool):
        return given.actor_of(Membership.objects.get(user__email=ANJA))


@pytest.fixture
def broker(pool: Company, anja: Any) -> Party:
    with given.inside(pool, anja):
        group = register_member(person=somebody("Kiefergruppe"), role=RoleCode.GROUP, beneath=None, on=DAY, actor=anja)
        return register_member(
            person=somebody("Altkiefer Makler"), role=RoleCode.COMPANY, beneath=group, on=DAY, actor=anja
        )


def founded(pool: Company, party: Party, actor: Any, slug: str = "altkiefer") -> Company:
    """A company below, set up by the worker."""
    with given.inside(pool, actor):
        ask_for_company(
            party_id=party.pk, name=party.name, slug=slug, kind=CompanyKind.BROKER, language="en", actor=actor, on=DAY
        )
    given.work(pool)
    return Company.objects.get(slug=slug)


def confirm(company: Company, email: str = WIM) -> Membership:
    """The invited administrator is in."""
    return given.member(company, email, administrator=True)


def invited(pool: Company, actor: Any, email: str = WIM) -> Founding:
    with given.inside(pool, actor):
        founding = Founding.objects.get()
        invite_first(founding_id=founding.pk, name="Wim Altkiefer", email=email, actor=actor, on=DAY)
    given.work(pool)
    return founding


def address(pool: Company, page: str, **kwargs: Any) -> str:
    return reverse(f"below:{page}", kwargs={"company": pool.slug, **kwargs})


def test_pool_takes_in_group_company_person_and_insurer_and_sees_them_in_one_list(pool, anja, broker):
    client = world.client_of(ANJA)
    form = {
        "family_name": "Roth", "given_name": "Jule", "street": "Torstraße", "house_number": "1", "postcode": "10119",
        "city": "Berlin", "country": "DE", "language": "de", "role": "intermediary", "beneath": broker.number,
        "email": "jule@altkiefer.example", "phone": "",
    }  # fmt: skip
    assert client.post(address(pool, "new"), form).status_code == 302
    insurer = {**form, "family_name": "Lindenquell AG", "given_name": "", "role": "insurer", "beneath": "", "email": ""}
    assert client.post(address(pool, "new"), insurer).status_code == 302
    page = client.get(address(pool, "list")).content.decode()
    order = [page.index(f">{name}<") for name in ("Kiefergruppe", "Altkiefer Makler", "Roth, Jule", "Lindenquell AG")]
    assert order == sorted(order)
    assert 'class="deep-1"' in page and 'class="deep-2"' in page
    with given.inside(pool):
        assert set(PartyRole.objects.values_list("code", flat=True)) == set(RoleCode.values)
        assert Party.objects.get(family_name="Roth").kind == "person"
    again = client.post(address(pool, "new"), form)
    assert again.status_code == 422 and "is known already as" in again.content.decode()


def test_list_asks_the_same_number_of_queries_for_two_and_for_twelve(pool, anja, broker, django_assert_num_queries):
    client = world.client_of(ANJA)
    client.get(address(pool, "list"))
    with CaptureQueriesContext(connection) as first:
        client.get(address(pool, "list"))
    with given.inside(pool, anja):
        for place in range(10):
            register_member(person=somebody(f"Makler {place}"), role=RoleCode.COMPANY, beneath=None, on=DAY, actor=anja)
    with django_assert_num_queries(len(first)):
        client.get(address(pool, "list"))


@pytest.mark.parametrize(("role", "above"), [("intermediary", None), ("intermediary", "group"), ("insurer", "group")])
def test_nobody_stands_where_his_role_has_no_place(pool, anja, broker, role, above):
    with given.inside(pool, anja):
        group = Party.objects.get(family_name="Kiefergruppe") if above else None
        with pytest.raises(BusinessError) as refused:
            register_member(person=somebody("Falsch"), role=RoleCode(role), beneath=group, on=DAY, actor=anja)
    assert refused.value.field == "beneath"


def test_company_is_set_up_by_the_worker_once_and_both_sides_tell_it(pool, anja, broker):
    made = founded(pool, broker, anja)
    assert (made.founded_by_id, made.kind, made.own_administrator_at) == (pool.pk, CompanyKind.BROKER, None)
    with given.inside(pool):
        founding = Founding.objects.get()
        assert found_below(founding_id=founding.pk, above=pool, on=DAY) == made
        told = set(TrailEntry.objects.filter(subject_id=founding.pk).values_list("code", flat=True))
        assert {"company.asked_for", "company.founded_below"} <= told
    assert Company.objects.filter(founded_by=pool).count() == 1
    with given.inside(made):
        assert Module.objects.filter(code=ModuleCode.BASE, on=True).exists()
        assert TrailEntry.objects.filter(code="company.founded_from_above").count() == 1
        assert not Membership.objects.exists() and not Party.objects.exists()


def test_page_walks_company_then_administrator(pool, anja, broker):
    client = world.client_of(ANJA)
    page = address(pool, "member", number=broker.number)
    asked = client.post(address(pool, "found", number=broker.number), {"slug": "altkiefer", "language": "en"})
    assert asked.status_code == 302 and "Being set up" in client.get(page).content.decode()
    early = client.post(address(pool, "invite", number=broker.number), {"name": "Wim", "email": WIM})
    assert early.status_code == 422 and "first the company, then its employees" in early.content.decode()
    given.work(pool)
    assert "Invite the first administrator" in client.get(page).content.decode()
    assert client.post(address(pool, "invite", number=broker.number), {"name": "Wim", "email": WIM}).status_code == 302
    given.work(pool)
    assert "hasn't confirmed yet" in client.get(page).content.decode()
    made = Company.objects.get(slug="altkiefer")
    with given.inside(made):
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.administrator, invitation.door) == (WIM, True, "office")
        assert not Membership.objects.exists()
    confirm(made)
    assert "has administered itself since" in client.get(page).content.decode()
    late = client.post(address(pool, "invite", number=broker.number), {"name": "Eva", "email": "eva@else.example"})
    assert late.status_code == 422 and "administers itself" in late.content.decode()


def test_an_address_that_is_taken_is_refused_with_its_name(pool, anja, broker):
    client = world.client_of(ANJA)
    for slug in ("kranichtor", "operator"):
        answer = client.post(address(pool, "found", number=broker.number), {"slug": slug, "language": "en"})
        assert answer.status_code == 422 and f"“{slug}” is taken" in answer.content.decode()
    assert Company.objects.filter(founded_by=pool).count() == 0


def test_invited_anew_the_invitation_before_holds_no_more(pool, anja, broker):
    made = founded(pool, broker, anja)
    invited(pool, anja)
    invited(pool, anja, "eva@altkiefer.example")
    with given.inside(made):
        held = Invitation.objects.filter(revoked_at=None)
        assert [row.email for row in held] == ["eva@altkiefer.example"] and Invitation.objects.count() == 2


def test_nobody_of_the_founder_is_invited(pool, anja, broker):
    founded(pool, broker, anja)
    with pytest.raises(BusinessError, match="works here"):
        invited(pool, anja, ANJA)


def test_company_stays_empty_until_its_administrator_confirms(pool, anja, broker):
    """Company, employee, customer, in that order, also past the services."""
    made = founded(pool, broker, anja)
    with given.inside(made), pytest.raises(DatabaseError, match="no employee yet"), transaction.atomic():
        Party.objects.create(number="R-1", kind="person", family_name="Klein", language="de")
    with given.inside(made), pytest.raises(DatabaseError, match="first administrator"), transaction.atomic():
        Invitation.objects.create(
            email="eva@altkiefer.example", door="office", token_hash=b"x" * 32, expires_at="2030-01-01T00:00Z"
        )
    confirm(made)
    assert given.customer(made, "Klein", "klein@klein.example").number


def test_pool_sees_name_state_and_day_of_a_company_below_and_nothing_inside(pool, anja, broker):
    made = founded(pool, broker, anja)
    invited(pool, anja)
    confirm(made)
    hidden = given.customer(made, "Geheimrat", "geheim@rat.example")
    with given.inside(pool, anja), connection.cursor() as cursor:
        assert list(confirmations()) == [made.pk] and confirmations()[made.pk] is not None
        looked = 0
        for model in models_of_companies():
            if model.__name__ == "SearchEntry":
                continue  # no door reads the index
            assert not model._base_manager.filter(company_id=made.pk).exists(), model.__name__
            looked += 1
        assert looked > 60
        assert not Party.objects.filter(sort_key__contains="geheim").exists()
        with pytest.raises(DatabaseError, match="can't be entered"), transaction.atomic():
            cursor.execute(
                "SELECT sec.enter(%s, 'office', NULL, NULL, NULL, %s, %s, NULL, NULL)",
                [made.pk, anja.membership_id, anja.user_id],
            )
    client = world.client_of(ANJA)
    for page in (
        address(pool, "list"), f"{address(pool, 'list')}?q=geheim", address(pool, "member", number=broker.number),
        f"/{pool.slug}/office/relations/?q=geheim", f"/{pool.slug}/office/relations/?export=csv",
    ):  # fmt: skip
        assert "Geheimrat" not in client.get(page).content.decode()
    assert client.get(f"/{made.slug}/office/relations/").status_code == 404
    assert client.get(f"/{pool.slug}/office/relations/{hidden.number}x/").status_code == 404


def test_broker_sees_nothing_of_the_pool_and_works_with_customers_of_its_own(pool, anja, broker):
    made = founded(pool, broker, anja)
    world.employee(made, WIM, (PartCode.RELATIONS, Right.VIEW), (PartCode.RELATIONS, Right.INPUT), administrator=True)
    client = world.client_of(WIM)
    form = {
        "kind": "person", "family_name": "Klein", "given_name": "Uta", "street": "Weg", "house_number": "1",
        "postcode": "10119", "city": "Berlin", "country": "de", "language": "de", "email": "", "phone": "",
    }  # fmt: skip
    assert client.post(f"/{made.slug}/office/relations/new/", form).status_code == 302
    page = client.get(f"/{made.slug}/office/relations/").content.decode()
    assert "Klein, Uta" in page and "Kiefergruppe" not in page
    assert client.get(f"/{pool.slug}/office/companies/").status_code == 404
    assert client.get(f"/{made.slug}/office/companies/").status_code == 404  # it has no companies below


def test_a_page_founds_no_company(pool, anja):
    """Only a worker that stands in the company above says who founded one."""
    for context in (anja, None):
        with pytest.raises(DatabaseError, match="founded by the company above"), transaction.atomic():
            if context:
                with given.inside(pool, context):
                    raw_company(pool)
            else:
                raw_company(pool)
    other = given.company("zandwijk")
    with given.inside(other), pytest.raises(DatabaseError, match="founded by"), transaction.atomic():
        raw_company(pool)


def raw_company(above: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO companies_company (slug, name, kind, country, currency, language, time_zone, founded_by_id) "
            "VALUES ('raw', 'Raw', 'broker', 'DE', 'EUR', 'de', 'Europe/Berlin', %s)",
            [above.pk],
        )


def test_a_job_run_twice_founds_one_company(pool, anja, broker):
    founded(pool, broker, anja)
    with given.inside(pool):
        Job.objects.filter(kind="company.found").update(state="open")
    given.work(pool)
    assert Company.objects.filter(founded_by=pool).count() == 1


def test_only_administrators_of_a_company_with_the_module_open_the_pages(pool, anja):
    world.employee(pool, "clerk@kranichtor.example", *world.ALL_RIGHTS)
    clerk = world.client_of("clerk@kranichtor.example")
    assert clerk.get(address(pool, "list")).status_code == 403
    assert address(pool, "list") not in clerk.get(f"/{pool.slug}/office/").content.decode()
    anja_client = world.client_of(ANJA)
    assert address(pool, "list") in anja_client.get(f"/{pool.slug}/office/").content.decode()
    with given.inside(pool):
        Module.objects.filter(code=ModuleCode.COMPANIES).update(on=False)
    assert anja_client.get(address(pool, "list")).status_code == 404
    assert address(pool, "list") not in anja_client.get(f"/{pool.slug}/office/").content.decode()
