"""Traps stepped into before the wall was built, stepped into again (the numbers are those of the research)."""

from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from companies.actor import ROBOT, Actor, ActorKind
from companies.doors import Door
from companies.models import Company, Module, Profile, Protocol
from companies.rights import create_protocol, effective_rights, give_protocol
from companies.scope import company_scope, enter
from tests import given
from tests.conftest import as_owner, role_connection
from tests.contexts import in_company
from tests.database.clone import A, B, insert


def at(company: Company) -> Any:
    return company_scope(company.pk, door=Door.WORKER, actor=ROBOT)


def run(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall()) if cursor.description else []


THROWAWAY_GUARD = """
create function public.throwaway() returns trigger language plpgsql as $$
begin
  if (select count(*) from companies_module where code = new.code) is distinct from 1 then
    raise exception 'the guard sees % rows under company %', (select count(*) from companies_module), sec.company()
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.code = 'tenders' then
    raise exception 'no tenders here' using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$
"""


@pytest.fixture
def guarded(transactional_db: None) -> Any:
    """A deferred guard on modules that looks through the context's eyes: it must run under the context of its row."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(THROWAWAY_GUARD)
        cursor.execute(
            "create constraint trigger throwaway after insert on companies_module deferrable initially deferred "
            "for each row execute function public.throwaway()"
        )
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("drop trigger throwaway on companies_module")
        cursor.execute("drop function public.throwaway")


def test_1_deferred_check_runs_under_its_own_scope(guarded: None) -> None:
    first, second = given.company("alpha"), given.company("beta")
    with at(first):
        with at(second):
            Module.objects.create(code="claims")
        assert set(Module.objects.values_list("company_id", flat=True)) == {first.pk}
        Module.objects.create(code="pool")
    with at(second):
        assert Module.objects.filter(code="claims").count() == 1


def test_1_breach_in_an_inner_scope_isnt_committed_by_the_outer(guarded: None) -> None:
    first, second = given.company("alpha"), given.company("beta")
    with pytest.raises(IntegrityError, match="no tenders here"), at(first):
        with at(second):
            Module.objects.create(code="tenders")
        pytest.fail("the inner scope was left with a breach inside")
    with at(second):
        assert not Module.objects.filter(code="tenders").exists()


def test_1_checks_are_deferred_again_after_a_scope(guarded: None) -> None:
    """SET CONSTRAINTS sticks for the transaction: after an inner scope a row may again be whole only at the end."""
    first, second = given.company("alpha"), given.company("beta")
    with at(first):
        with at(second):
            pass
        Module.objects.create(code="tenders")
        Module.objects.filter(code="tenders").exists()
        transaction.set_rollback(True)


def test_1_a_guard_of_ours_works_on_the_rows_own_company(owner: Any) -> None:
    """A section without insurers is a breach, whatever context stands at the check: NULL isn't taken for well."""
    names = dict.fromkeys(("policies_section",), "section_insured")
    for table, guard in names.items():
        owner.execute(f'alter table "{table}" no force row level security')
        for context in (None, 1, 2):
            with pytest.raises(Exception, match="insurers carry 0 percent"), owner.transaction(force_rollback=True):
                owner.execute(insert(owner, table, row=1, company=1))
                in_company(owner, context)
                owner.execute(f"set constraints {guard} immediate")


@pytest.mark.django_db
def test_2_switching_the_triggers_off_lets_nothing_be_changed() -> None:
    """pgtrigger's own setting, set by the application's role: history stops, but what is written once stays written."""
    company = given.company("alpha")
    switch = "{companies_trailentry:*,companies_profileevent:*,companies_profile:*}"
    with at(company):
        run("select set_config('pgtrigger.ignore', %s, true)", switch)
        for sql in (
            "update companies_trailentry set code = 'x'", "delete from companies_trailentry",
            "update companies_profileevent set city = 'x'", "delete from companies_profileevent",
            "delete from companies_profile", "update policies_invoice set total = 0", "delete from ledger_line",
            "update ledger_entry set total = 0", "update quotations_quotation set total = 0",
        ):  # fmt: skip
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                run(sql)


@pytest.mark.django_db
def test_2_guards_have_no_switch() -> None:
    company = given.company("alpha")
    with at(company):
        run("select set_config('pgtrigger.ignore', %s, true)", "{policies_policy:*,policies_policy:policy_moves}")
        names = run(
            "select distinct tgrelid::regclass::text from pg_trigger t join pg_proc p on p.oid = tgfoid "
            "where p.pronamespace = 'sec'::regnamespace and prosrc like '%%should_ignore%%'"
        )
        assert names == []


@pytest.mark.parametrize(
    ("part", "whole", "column"),
    [
        ("policies_invoiceline", "policies_invoice", "invoice_id"),
        ("policies_instalment", "policies_invoice", "invoice_id"),
        ("policies_premiumcomponent", "policies_section", "section_id"),
    ],
)
def test_3_parts_come_with_their_whole_or_not_at_all(walled: str, part: str, whole: str, column: str) -> None:
    """Lines that cancel out, appended to an invoice of yesterday, keep every sum and are refused all the same."""
    with role_connection("bo_owner", dbname=walled) as owner, owner.transaction(force_rollback=True):
        for table in (part, whole):
            owner.execute(f"alter table {table} no force row level security")
        owner.execute(f"alter table {part} enable trigger user")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="is closed"), owner.transaction():
            owner.execute(insert(owner, part, row=1000, company=A, **{column: "1"}))
        with owner.transaction():
            own = {"term_from": "date '2027-01-01'"} | ({"credits_id": "null"} if whole == "policies_invoice" else {})
            owner.execute(insert(owner, whole, row=1000, company=A, **own))
        owner.execute(insert(owner, part, row=1001, company=A, **{column: "1000"}))
        with owner.transaction():
            owner.execute(insert(owner, part, row=1002, company=A, **{column: "1000", "position": "2"}))
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="is closed"), owner.transaction():
            owner.execute(insert(owner, part, row=1003, company=B, **{column: "1000"}))


def test_3_a_share_that_comes_later_is_weighed_too(owner: Any) -> None:
    for table in ("policies_section", "policies_insurershare"):
        owner.execute(f"alter table {table} no force row level security")
    owner.execute(insert(owner, "policies_section", row=1, company=1))
    owner.execute(insert(owner, "policies_insurershare", row=1, company=1, percent="100", valid_until="null"))
    owner.execute("set constraints share_insured, section_insured immediate")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="carry 200"), owner.transaction():
        later = {"percent": "100", "valid_from": "date '2026-07-01'", "valid_until": "null"}
        owner.execute(insert(owner, "policies_insurershare", row=2, company=1, **later))


@pytest.mark.django_db
def test_4_history_keeps_who_in_the_event_row_and_the_global_table_stays_empty() -> None:
    first, second = given.company("alpha"), given.company("beta")
    with at(first):
        Profile.objects.update(city="Middelburg")
        events = run(
            "select company_id, city, pgh_context ->> 'kind', pgh_context ->> 'door' "
            "from companies_profileevent order by pgh_id"
        )
        assert events == [
            (first.pk, "Vlissingen", "robot", "worker"),
            (first.pk, "Middelburg", "robot", "worker"),
        ]
    with at(second):
        assert {row[0] for row in run("select company_id from companies_profileevent")} == {second.pk}
    assert run("select * from companies_profileevent") == []
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("select * from pghistory_context")


def test_4_global_context_is_empty_for_the_owner_too(owner: Any) -> None:
    assert owner.execute("select count(*) from pghistory_context").fetchone() == (0,)


@pytest.mark.django_db
def test_11_a_protocol_of_one_company_gives_nothing_in_another() -> None:
    first = given.company("alpha")
    second = Company.objects.get(rehearsal_of=first)  # the one other company that an employee may belong to
    here = given.member(first, "clerk@alpha.example", "bookkeeper")
    given.member(second, "clerk@alpha.example", door=Door.ADVISERS)
    with at(first):
        assert effective_rights(user_id=here.user_id)
        assert here.user.groups.count() == 1
    with at(second):
        assert effective_rights(user_id=here.user_id) == frozenset()
        assert here.user.groups.count() == 0, "who holds what elsewhere isn't seen either"


@pytest.mark.django_db
def test_11_nobody_is_added_to_a_protocol_of_another_company() -> None:
    first, second = given.company("alpha"), given.company("beta")
    member = given.member(first, "clerk@alpha.example")
    with at(second):
        foreign = Protocol.objects.get(template="bookkeeper")
    with at(first), pytest.raises(IntegrityError, match="given to an employee"), transaction.atomic():
        give_protocol(protocol=foreign, membership=member, actor=ROBOT, on=given.DAY)
    with at(first), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("insert into companies_user_groups (user_id, group_id) values (%s, %s)", member.user_id, foreign.group_id)
    with at(first), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("delete from companies_user_groups where group_id = %s returning id", foreign.group_id)


@pytest.mark.django_db
def test_11_two_companies_may_name_a_protocol_alike() -> None:
    first, second = given.company("alpha"), given.company("beta")
    for company in (first, second):
        with at(company):
            protocol = create_protocol(name="Evening desk", rights=(), actor=ROBOT, on=given.DAY)
            assert protocol.group.name == f"protocol {protocol.public_id}"


@pytest.mark.django_db
def test_14a_insert_returning_needs_a_policy_that_shows_the_row() -> None:
    """A visitor can't open a case by inserting it: no grant, and nothing to see. Only the definer function does."""
    company = given.company("alpha")
    with at(company):
        run("set role bo_public")
        enter(company.pk, Actor(kind=ActorKind.VISITOR, door=Door.FRONT))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run("insert into documents_case (company_id) values (sec.company())")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            run(
                "insert into applications_draft "
                "(company_id, case_id, version_id, answers, parties, declared, updated_at) "
                "values (sec.company(), 1, 1, '{}', '{}', false, now()) returning id"
            )
        run("set role bo_app")


@pytest.mark.django_db
def test_company_is_a_number_right_after_saving_and_never_anothers() -> None:
    first, second = given.company("alpha"), given.company("beta")
    with at(first):
        made = Module.objects.create(code="claims")
        assert made.company_id == first.pk
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Module.objects.create(code="pool", company_id=second.pk)
        with pytest.raises(ValidationError, match="already exists|once"):
            Module(code="claims").full_clean()
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        Module.objects.create(code="pool")
