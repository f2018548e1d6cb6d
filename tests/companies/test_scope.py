"""The context of a transaction: set inside, checked and given back on leaving, gone with the transaction."""

import json
import random
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from companies.actor import ROBOT, Actor, ActorKind
from companies.doors import Door
from companies.models import Module
from companies.scope import company_scope, enter, read
from tests import given
from tests.companies.scenes import at, context, run_together
from tests.conftest import role_connection
from tests.contexts import set_context
from tests.database.catalogue import Connection
from tests.database.clone import COMPANIES
from tests.database.clone import walled as walled_copy

CLERK = Actor(kind=ActorKind.EMPLOYEE, door=Door.OFFICE, user_id=None)


@pytest.mark.django_db(transaction=True)
def test_context_ends_with_the_scope() -> None:
    company = given.company("alpha")
    assert context() == ("", "")
    with at(company):
        assert context() == (str(company.pk), "worker")
    assert context() == ("", "")


@pytest.mark.django_db
def test_context_is_emptied_inside_a_transaction_that_goes_on() -> None:
    company = given.company("alpha")
    with at(company):
        pass
    assert context() == ("", "")
    assert Module.objects.count() == 0


@pytest.mark.django_db
def test_nested_scopes_give_back_company_door_and_who() -> None:
    first, second = given.company("alpha"), given.company("beta")
    with company_scope(first.pk, door=Door.OFFICE, actor=CLERK):
        with at(second):
            with at(first):
                assert context() == (str(first.pk), "worker")
            assert context() == (str(second.pk), "worker")
        assert context() == (str(first.pk), "office")
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('pghistory.context_metadata')::jsonb ->> 'kind'")
            assert cursor.fetchone() == ("employee",)


@pytest.mark.django_db
def test_rolled_back_savepoint_takes_its_context_along() -> None:
    first, second = given.company("alpha"), given.company("beta")
    with at(first):
        with pytest.raises(ValueError, match="turned back"), transaction.atomic():
            enter(second.pk, ROBOT)
            raise ValueError("turned back")
        assert context() == (str(first.pk), "worker")


@pytest.mark.django_db
def test_inner_scope_that_failed_in_a_savepoint_leaves_the_outer_as_it_was() -> None:
    first, second = given.company("alpha"), given.company("beta")
    with at(first):
        with pytest.raises(ValueError, match="turned back"), transaction.atomic(), at(second):
            Module.objects.create(code="claims")
            raise ValueError("turned back")
        assert context() == (str(first.pk), "worker")
        Module.objects.create(code="claims")
    with at(second):
        assert not Module.objects.filter(code="claims").exists()


@pytest.mark.django_db(transaction=True)
def test_error_inside_comes_out_as_it_was() -> None:
    """Leaving a failed transaction asks the database nothing more, so that its error isn't hidden by another."""
    company = given.company("alpha")
    with pytest.raises(IntegrityError, match="module_once_a_company"), at(company):
        Module.objects.create(code="base")
    assert context() == ("", "")


@pytest.mark.django_db(transaction=True)
def test_swallowed_error_commits_nothing() -> None:
    company = given.company("alpha")
    with at(company):
        Module.objects.create(code="claims")
        with connection.cursor() as cursor:
            try:
                cursor.execute("select 1 / 0")
            except Exception:
                swallowed = True
    with at(company):
        assert swallowed and not Module.objects.filter(code="claims").exists()


@pytest.mark.django_db
def test_nobody_enters_by_another_door_than_his_own() -> None:
    with pytest.raises(ValueError, match="can't enter by door"), company_scope(1, door=Door.OFFICE, actor=ROBOT):
        pytest.fail("entered")


@pytest.mark.django_db(transaction=True)
def test_each_thread_stands_in_its_own_company() -> None:
    companies = [given.company(slug) for slug in ("alpha", "beta", "gamma")]
    together, wrong = threading.Barrier(3), []

    def stand(company: Any) -> None:
        try:
            for _ in range(10):
                with at(company):
                    together.wait(10)
                    seen = set(Module.objects.values_list("company_id", flat=True))
                    if seen != {company.pk} or context()[0] != str(company.pk):
                        wrong.append((company.pk, seen))
        finally:
            connection.close()

    run_together([threading.Thread(target=stand, args=[company]) for company in companies], seconds=30)
    assert wrong == []


@pytest.fixture(scope="module")
def copy(django_db_setup: None) -> Any:
    with walled_copy(role_connection, suffix="_scope") as name:
        yield name


def one_request(login: Connection, *, door: Door, company: int, fails: bool) -> Counter[str]:
    """What a process does for one request: transaction, context in one statement, reads, and nothing left behind."""
    found: Counter[str] = Counter()
    with login.transaction(force_rollback=fails):
        place = dict.fromkeys(("company", "party", "case", "link", "membership"), company)
        set_context(login, door=door.value, **place)
        for table in (
            "companies_module",
            "companies_profile",
            "documents_case",
            "documents_document",
            "policies_policy",
        ):
            seen = {row[0] for row in login.execute(f"select company_id from {table}")}
            found["right" if seen == {company} else "wrong"] += 1
    left = login.execute("select sec.company(), (select count(*) from companies_module)").fetchone()
    found["right" if left == (None, 0) else "wrong"] += 1
    return found


def test_400_requests_of_8_threads_through_mixed_doors(copy: str) -> None:
    """Each thread holds a login of the office and one of the public doors, as two processes do; 3 companies mix."""
    totals: list[Counter[str]] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        with role_connection("bo_app", dbname=copy) as office, role_connection("bo_public", dbname=copy) as public:
            for _ in range(50):
                door = chance.choice([Door.OFFICE, Door.WORKER, Door.ADVISERS, Door.FOLDER, Door.LINK, Door.FRONT])
                login = office if door in {Door.OFFICE, Door.WORKER} else public
                totals.append(
                    one_request(login, door=door, company=chance.choice(COMPANIES), fails=chance.random() < 0.1)
                )

    run_together([threading.Thread(target=work, args=[seed]) for seed in range(8)], seconds=120)
    assert len(totals) == 400
    assert sum(totals, Counter()) == Counter(right=400 * 6)


@pytest.mark.django_db
def test_history_is_told_who_it_was_without_what_he_has_not() -> None:
    here = given.company("alpha")
    chief = given.actor_of(given.member(here, "chief@duinhaven.example", administrator=True))
    with given.inside(here, chief), connection.cursor() as cursor:
        cursor.execute("select current_setting('pghistory.context_metadata')")
        told = json.loads(cursor.fetchone()[0])
    assert told == {
        "kind": "employee", "door": "office", "user_id": chief.user_id, "membership_id": chief.membership_id,
    }  # fmt: skip


@pytest.mark.django_db
def test_outside_a_scope_nothing_of_it_is_left() -> None:
    here = given.company("alpha")
    with transaction.atomic():
        with given.inside(here):
            inside = read()
        assert all(inside) and read() == ["", "", ""]
        with given.inside(here):
            before = read()
            with given.inside(here):
                assert read()[1] != before[1]
            assert read() == before
