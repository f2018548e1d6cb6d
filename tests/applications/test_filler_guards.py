"""What the database holds of who fills in for whom, tried by raw SQL as the doors' own roles (S0-05, docs/wall.md)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from applications.models import Draft
from companies.actor import ROBOT, Actor, ActorKind
from companies.doors import Door
from companies.models import Company, Membership
from products.models import Channel, Product
from products.services.channels import switch_channel
from relations.models import Appointment, Party
from relations.services.appointments import suspend_appointment
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return given.provider()


@pytest.fixture
def ilse(company: Company) -> Party:
    return given.adviser(company)


@pytest.fixture
def clerk(company: Company) -> Actor:
    return given.actor_of(given.member(company, "nora@duinhaven.example", "policy-clerk"))


def run(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else cursor.rowcount


@contextmanager
def at_the_door(company: Company, actor: Actor) -> Iterator[None]:
    """In the company as a public door's own role."""
    given.become("bo_public")
    try:
        with given.inside(company, actor):
            yield
    finally:
        given.become("bo_app")


def refused(error: type[DatabaseError], match: str, statement: str, *values: Any) -> None:
    with pytest.raises(error, match=match), transaction.atomic():
        run(statement, *values)


UNNAMED = [
    "filled_in_by = 'adviser'",
    "filled_in_by = 'employee', channel = 'office'",
    "filled_in_by = 'robot'",
    "membership_id = %(member)s",
    "filled_in_by = 'adviser', membership_id = %(member)s",
    "filled_in_by = 'adviser', membership_id = %(member)s, adviser_id = %(adviser)s",
    "filled_in_by = 'employee', membership_id = %(member)s",
    "channel = 'office'",
]
NAMED = [
    "filled_in_by = 'adviser', membership_id = %(member)s, adviser_id = %(adviser)s, channel = 'adviser'",
    "filled_in_by = 'employee', membership_id = %(member)s, channel = 'office'",
]


@pytest.mark.parametrize("change", UNNAMED + NAMED)
def test_who_fills_in_for_another_is_named(company: Company, ilse: Party, change: str) -> None:
    given.quotation(company)
    with given.inside(company):
        number = Membership.objects.filter(door=Door.OFFICE).values_list("pk", flat=True)[0]
        told = {"filled_in_by": "'visitor'", "membership_id": "NULL", "adviser_id": "NULL", "channel": "'direct'"}
        told |= dict(part.split(" = ") for part in (change % {"member": number, "adviser": ilse.pk}).split(", "))
        told |= {"number": "'A-X'", "command_id": "NULL", "state": "'submitted'"}
        copied = ", ".join(name for name in column_names() if name not in {"id", *told})
        statement = (
            f"INSERT INTO applications_application ({copied}, {', '.join(told)}) "
            f"SELECT {copied}, {', '.join(told.values())} FROM applications_application"
        )
        if change in NAMED:
            assert run(statement) == 1
        else:
            refused(IntegrityError, "application_filler_named", statement)


def column_names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'applications_application'::regclass AND attnum > 0 "
            "AND NOT attisdropped"
        )
        return [name for (name,) in cursor.fetchall()]


def test_a_submitted_application_keeps_who_filled_it_in(company: Company) -> None:
    given.quotation(company)
    with given.inside(company):
        for change in ("filled_in_by = 'adviser'", "declared_by = 'adviser'", "membership_id = NULL"):
            refused(ProgrammingError, "permission denied", f"UPDATE applications_application SET {change}")


def test_the_office_reads_no_visitors_draft_whatever_it_asks(company: Company, ilse: Party, clerk: Actor) -> None:
    given.draft(company)
    given.draft(company, code="ilse-markus")
    hers = given.draft_on_behalf(company, adviser=ilse)
    ours = given.draft_on_behalf(company, clerk=clerk)
    with given.inside(company, clerk):
        assert set(Draft.objects.values_list("pk", flat=True)) == {hers.pk, ours.pk}
        assert run("UPDATE applications_draft SET declared = true WHERE filled_in_by = 'visitor'") == 0
        assert run("DELETE FROM applications_draft WHERE filled_in_by = 'visitor'") == 0
        refused(
            ProgrammingError, "row-level security",
            "UPDATE applications_draft SET filled_in_by = 'visitor', membership_id = NULL, channel = 'direct'",
        )  # fmt: skip
        assert run("SELECT sum(number) FROM sec.drafts_open() WHERE filled_in_by = 'visitor'") == (2,)
    with given.inside(company):
        assert Draft.objects.count() == 4


def test_an_adviser_sees_and_writes_his_own_drafts_alone(company: Company, ilse: Party) -> None:
    rami = given.adviser(company, "rami-bos", "rami@bos.example")
    hers, his = (given.draft_on_behalf(company, adviser=one) for one in (ilse, rami))
    visitors = given.draft(company, code="ilse-markus")
    with at_the_door(company, given.adviser_actor(ilse)):
        assert list(Draft.objects.values_list("pk", flat=True)) == [hers.pk]
        assert run("UPDATE applications_draft SET answers = '{}'") == 1
        for draft in (his, visitors):
            refused(
                ProgrammingError, "no command apply",
                "SELECT * FROM sec.knock_by_login('apply', gen_random_uuid(), '{}', NULL, %s)", draft.case_id,
            )  # fmt: skip
        refused(
            ProgrammingError, "no command order",
            "SELECT * FROM sec.knock_by_login('order', gen_random_uuid(), '{}', NULL, %s)", hers.case_id,
        )  # fmt: skip


def test_what_is_with_the_client_is_changed_by_him_alone(company: Company, ilse: Party) -> None:
    draft = given.draft_on_behalf(company, adviser=ilse)
    client = Actor(kind=ActorKind.VISITOR, door=Door.FRONT, case_id=draft.case_id, link_id=1)
    with at_the_door(company, client):
        assert not Draft.objects.exists()
    with at_the_door(company, given.adviser_actor(ilse)):
        refused(IntegrityError, "the worker hands", "UPDATE applications_draft SET handed_over_at = now()")
    with given.inside(company):
        Draft.objects.update(handed_over_at="2026-06-01T12:00Z")
    with at_the_door(company, client):
        assert run("UPDATE applications_draft SET declared = true") == 1
        refused(ProgrammingError, "row-level security", "UPDATE applications_draft SET handed_over_at = NULL")
    with at_the_door(company, given.adviser_actor(ilse)):
        refused(IntegrityError, "with the client", "UPDATE applications_draft SET answers = '{}'")
        refused(
            ProgrammingError, "no command apply",
            "SELECT * FROM sec.knock_by_login('apply', gen_random_uuid(), '{}', NULL, %s)", draft.case_id,
        )  # fmt: skip
        assert run("UPDATE applications_draft SET handed_over_at = NULL") == 1


def test_what_was_thrown_away_stays_empty(company: Company, ilse: Party) -> None:
    given.draft_on_behalf(company, adviser=ilse)
    with given.inside(company):
        refused(IntegrityError, "draft_discarded_is_empty", "UPDATE applications_draft SET discarded_at = now()")
        run("UPDATE applications_draft SET discarded_at = now(), answers = '{}', parties = '{}'")
        refused(IntegrityError, "stays empty", "UPDATE applications_draft SET discarded_at = NULL")


def suspended(company: Company) -> None:
    suspend_appointment(appointment=Appointment.objects.select_related("party").get(), on=given.DAY, actor=ROBOT)


def other_line(company: Company) -> None:
    Appointment.objects.update(lines_of_business=["boats"])


def switched_off(company: Company) -> None:
    switch_channel(product=Product.objects.get(), channel=Channel.ADVISER, on=False, actor=ROBOT, day=given.DAY)


def his_own_off(company: Company) -> None:
    switch_channel(
        product=Product.objects.get(), channel=Channel.ADVISER, appointment=Appointment.objects.get(), on=False,
        actor=ROBOT, day=given.DAY,
    )  # fmt: skip


OPEN_CASE = "SELECT sec.open_case_by_login((SELECT id FROM products_productversion WHERE state = 'live'), 'nl', %s, %s)"


@pytest.mark.parametrize("barred", [suspended, other_line, switched_off, his_own_off])
def test_no_case_is_opened_for_who_may_not_sell(
    company: Company, ilse: Party, clerk: Actor, barred: Callable[[Company], None]
) -> None:
    with at_the_door(company, given.adviser_actor(ilse)):
        assert run(OPEN_CASE, ilse.pk, given.DAY)
    with given.inside(company):
        barred(company)
    with at_the_door(company, given.adviser_actor(ilse)):
        refused(IntegrityError, "may not sell", OPEN_CASE, ilse.pk, given.DAY)
    with given.inside(company, clerk):
        refused(IntegrityError, "may not sell", OPEN_CASE, ilse.pk, given.DAY)
        assert run(OPEN_CASE, None, given.DAY)


def test_a_distributors_own_switch_wins_over_the_channels(company: Company, ilse: Party) -> None:
    with given.inside(company):
        switched_off(company)
        switch_channel(
            product=Product.objects.get(), channel=Channel.ADVISER, appointment=Appointment.objects.get(), on=True,
            actor=ROBOT, day=given.DAY,
        )  # fmt: skip
    with at_the_door(company, given.adviser_actor(ilse)):
        assert run(OPEN_CASE, ilse.pk, given.DAY)


def test_an_adviser_opens_for_himself_alone_and_nobody_without_login(company: Company, ilse: Party) -> None:
    rami = given.adviser(company, "rami-bos", "rami@bos.example")
    for actor, party in [
        (given.adviser_actor(ilse), rami.pk),
        (given.adviser_actor(ilse), None),
        (Actor(kind=ActorKind.VISITOR, door=Door.FRONT), None),
        (Actor(kind=ActorKind.VISITOR, door=Door.LINK, case_id=1, link_id=1, party_id=ilse.pk), ilse.pk),
    ]:
        with at_the_door(company, actor):
            refused(ProgrammingError, "opened by an adviser for himself", OPEN_CASE, party, given.DAY)


def test_a_switched_off_office_opens_no_case(company: Company, clerk: Actor) -> None:
    with given.inside(company):
        switch_channel(product=Product.objects.get(), channel=Channel.OFFICE, on=False, actor=ROBOT, day=given.DAY)
    with given.inside(company, clerk):
        refused(IntegrityError, "office does not sell", OPEN_CASE, None, given.DAY)
