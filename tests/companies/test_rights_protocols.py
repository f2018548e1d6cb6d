"""Protocols: made, copied, changed, retired; given and taken; confirmed; and proposed for removal (S2-05, S2-15)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.timezone import localdate

from common.errors import BusinessError
from common.formats import day_in_prose
from companies.actor import ROBOT, Actor, ActorKind
from companies.doors import Door
from companies.models import (
    Act,
    Company,
    Grant,
    Membership,
    Module,
    ModuleCode,
    Part,
    PartCode,
    Protocol,
    Right,
    RightUse,
)
from companies.models.trail import TrailEntry
from companies.rights import (
    check_act,
    create_protocol,
    effective_acts,
    effective_rights,
    give_protocol,
    modules_on,
    protocols,
    sees_all,
    take_protocol,
    use,
)
from companies.rights.matrix import held_by, reasons, whole_matrix
from companies.rights.protocols import change_protocol, complete_protocols, content_of, retire_protocol
from companies.rights.review import confirm_rights, overdue, to_confirm
from companies.rights.use import note_use, unused_grants
from companies.templates_of_protocols import TEMPLATES
from companies.trail import words
from companies.trail_sentences import label_of
from tests import given
from tests.companies.scenes import at
from tests.contexts import session_of

pytestmark = pytest.mark.django_db
ENGLISH = {**given.DUTCH, "language": "en"}
BY_ROBOT: dict[str, Any] = {"actor": ROBOT, "on": given.DAY}
LEDGER_VIEW, LEDGER_EDIT = (PartCode.LEDGER, Right.VIEW), (PartCode.LEDGER, Right.EDIT)
USUAL = {
    "acceptor", "quotation-officer", "policy-clerk", "debtor-clerk", "bookkeeper", "claims-handler",
    "product-developer", "product-approver", "auditor",
}  # fmt: skip


@pytest.fixture
def company() -> Company:
    return given.company("alpha", at=ENGLISH)


@pytest.fixture
def boss(company: Company) -> Membership:
    return given.member(company, "boss@alpha.example", administrator=True)


@pytest.fixture
def clerk(company: Company) -> Membership:
    return given.member(company, "clerk@alpha.example")


def administrator(member: Membership) -> Actor:
    return Actor(
        kind=ActorKind.EMPLOYEE, door=Door.OFFICE, user_id=member.user_id, membership_id=member.pk, administrator=True
    )


@contextmanager
def as_administrator(company: Company, member: Membership) -> Iterator[dict[str, Any]]:
    """In the company as this administrator, whose second factor is proved; what steps of his are given."""
    session_of(member.user, verified=True)
    with given.inside(company, administrator(member)):
        yield {"actor": administrator(member), "on": given.DAY}


def told(code: str) -> list[str]:
    return [words(row) for row in TrailEntry.objects.filter(code=code).order_by("pk")]


def test_every_usual_post_has_a_ready_made_protocol(company: Company) -> None:
    assert set(TEMPLATES) == USUAL
    with at(company):
        assert set(Protocol.objects.values_list("template", flat=True)) == USUAL


def test_an_administrator_makes_and_gives_and_it_bites_at_once(
    company: Company, boss: Membership, clerk: Membership
) -> None:
    with as_administrator(company, boss) as by:
        protocol = create_protocol(name="Books", rights=[LEDGER_VIEW], acts=[Act.RELEASE_PAYMENT], **by)
        grant = give_protocol(protocol=protocol, membership=clerk, **by)
        assert grant.given_by_id == boss.pk and grant.given_at is not None
        assert effective_rights(user_id=clerk.user_id) == {("ledger", "view")}
        check_act(Actor(kind=ActorKind.EMPLOYEE, door=Door.OFFICE, user_id=clerk.user_id), Act.RELEASE_PAYMENT)
        take_protocol(protocol=protocol, membership=clerk, **by)
        take_protocol(protocol=protocol, membership=clerk, **by)
        assert effective_rights(user_id=clerk.user_id) == frozenset() == effective_acts(user_id=clerk.user_id)
        assert Grant.objects.get().taken_by_id == boss.pk
        assert told("protocol.created")[-1] == "Protocol “Books” made"
        assert told("protocol.given") == ["Protocol “Books” given"]
        assert told("protocol.taken") == ["Protocol “Books” taken back"]


def test_nobody_but_an_administrator_and_never_to_himself(
    company: Company, boss: Membership, clerk: Membership
) -> None:
    with at(company):
        books = Protocol.objects.get(template="bookkeeper")
    plain: dict[str, Any] = {"actor": given.actor_of(clerk), "on": given.DAY}
    with as_administrator(company, boss) as by:
        with pytest.raises(BusinessError, match="by an administrator"):
            give_protocol(protocol=books, membership=boss, **plain)
        with pytest.raises(BusinessError, match="his own rights"):
            give_protocol(protocol=books, membership=boss, **by)
        with pytest.raises(BusinessError, match="his own rights"):
            take_protocol(protocol=books, membership=boss, **by)
        with pytest.raises(BusinessError, match="by an administrator"):
            create_protocol(name="Mine", rights=[], **plain)
        assert not Grant.objects.exists()


def test_a_protocol_changes_for_everybody_who_holds_it(company: Company, boss: Membership, clerk: Membership) -> None:
    with as_administrator(company, boss) as by:
        protocol = create_protocol(name="Books", rights=[LEDGER_VIEW], acts=[Act.RELEASE_PAYMENT], **by)
        give_protocol(protocol=protocol, membership=clerk, **by)
        changed = change_protocol(
            protocol_id=protocol.pk, name="Ledger", rights=[LEDGER_EDIT], acts=[Act.OPEN_WINDOW], **by
        )
        assert changed.name == "Ledger" and effective_rights(user_id=clerk.user_id) == {("ledger", "edit")}
        assert effective_acts(user_id=clerk.user_id) == {"open_window"}
        change_protocol(protocol_id=protocol.pk, name="Ledger", rights=[LEDGER_EDIT], acts=[], **by)
        change_protocol(protocol_id=protocol.pk, name="Ledger", rights=[LEDGER_EDIT, LEDGER_VIEW], acts=[], **by)
        change_protocol(protocol_id=protocol.pk, name="Ledger", rights=[LEDGER_EDIT, LEDGER_VIEW], acts=[], **by)
        assert told("protocol.renamed") == ["Protocol “Books” renamed to “Ledger”"]
        assert told("protocol.changed") == [
            "Added: General ledger: Edit, Open an operator window. "
            "Taken out: General ledger: View, Release payment files.",
            "Taken out: Open an operator window.",
            "Added: General ledger: View.",
        ]


def test_one_holds_oneself_is_changed_by_another(company: Company, boss: Membership) -> None:
    with at(company):
        protocol = Protocol.objects.get(template="bookkeeper")
        give_protocol(protocol=protocol, membership=boss, **BY_ROBOT)
    with as_administrator(company, boss) as by, pytest.raises(BusinessError, match="You hold “Bookkeeper” yourself"):
        change_protocol(protocol_id=protocol.pk, name="Bookkeeper", rights=[], acts=[], **by)


def test_a_name_is_used_once_until_its_protocol_is_retired(company: Company, boss: Membership) -> None:
    with as_administrator(company, boss) as by:
        books = create_protocol(name="Books", rights=[], **by)
        with pytest.raises(BusinessError, match="a protocol “Books” already") as refused:
            create_protocol(name="Books", rights=[], **by)
        assert refused.value.field == "name"
        retire_protocol(protocol_id=books.pk, **by)
        again = create_protocol(name="Books", rights=[], **by)
        with pytest.raises(BusinessError, match="is retired"):
            change_protocol(protocol_id=books.pk, name="Old", rights=[], acts=[], **by)
        with pytest.raises(BusinessError, match="a protocol “Acceptor” already"):
            change_protocol(protocol_id=again.pk, name="Acceptor", rights=[], acts=[], **by)
        assert told("protocol.retired") == ["Protocol “Books” retired"]


def test_a_protocol_that_is_held_stays_and_a_retired_one_is_not_given(
    company: Company, boss: Membership, clerk: Membership
) -> None:
    with as_administrator(company, boss) as by:
        books = Protocol.objects.get(template="bookkeeper")
        give_protocol(protocol=books, membership=clerk, **by)
        with pytest.raises(BusinessError, match="nobody holds “Bookkeeper”; 1 still do"):
            retire_protocol(protocol_id=books.pk, **by)
        take_protocol(protocol=books, membership=clerk, **by)
        retired = retire_protocol(protocol_id=books.pk, **by)
        with pytest.raises(BusinessError, match="is retired"):
            give_protocol(protocol=retired, membership=clerk, **by)


def test_ready_made_ones_are_completed_and_nothing_that_was_changed_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A company of before: one protocol it never had, one it changed, one it retired, a name of its own."""
    with monkeypatch.context() as before:
        before.setattr(protocols, "TEMPLATES", {slug: row for slug, row in TEMPLATES.items() if slug != "auditor"})
        company = given.company("before", at=ENGLISH)
    with at(company):
        changed, books = (Protocol.objects.get(template=slug) for slug in ("acceptor", "bookkeeper"))
        change_protocol(protocol_id=changed.pk, name="Our acceptor", rights=[], acts=[], **BY_ROBOT)
        retire_protocol(protocol_id=books.pk, **BY_ROBOT)
        own = create_protocol(name="Auditor", rights=[], **BY_ROBOT)
        assert complete_protocols(**BY_ROBOT) == [], "the name is in use"
        change_protocol(protocol_id=own.pk, name="Our auditor", rights=[], acts=[], **BY_ROBOT)
        (made,) = complete_protocols(**BY_ROBOT)
        assert made.template == "auditor" and len(content_of(made).rights) == len(PartCode)
        assert content_of(changed).rights == frozenset() and Part.objects.count() == len(PartCode)
        assert complete_protocols(**BY_ROBOT) == []


def test_a_part_that_came_later_gets_its_row_when_a_right_on_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A company set up before there was a part for claims."""
    with monkeypatch.context() as before:
        before.setattr(protocols, "PartCode", [part for part in PartCode if part != PartCode.CLAIMS])
        before.setattr(protocols, "TEMPLATES", {})
        company = given.company("before")
    with at(company):
        assert not Part.objects.filter(code=PartCode.CLAIMS).exists()
        protocol = create_protocol(name="Claims", rights=[(PartCode.CLAIMS, Right.VIEW)], **BY_ROBOT)
        assert content_of(protocol).rights == {(PartCode.CLAIMS, Right.VIEW)}


def test_the_matrix_tells_who_may_what_and_why(company: Company, boss: Membership, clerk: Membership) -> None:
    with as_administrator(company, boss) as by:
        own = create_protocol(name="Desk", rights=[LEDGER_VIEW], acts=[Act.OPEN_WINDOW], **by)
        for protocol in (own, Protocol.objects.get(template="debtor-clerk")):
            give_protocol(protocol=protocol, membership=clerk, **by)
        rows = {row.membership.user.email: row for row in whole_matrix()}
        assert rows["boss@alpha.example"].pairs == set()
        held = rows["clerk@alpha.example"]
        assert {(part.value, right.value) for part, right in held.pairs} == effective_rights(user_id=clerk.user_id)
        assert held.acts == [Act.OPEN_WINDOW] and held.rights_on(PartCode.MATCHING) == [Right.VIEW, Right.INPUT]
        assert dict(held.cells)[PartCode.LEDGER] == [Right.VIEW]
        day = day_in_prose(localdate(), "en")
        with translation.override("en"):
            found = reasons(held_by(clerk), [PartCode.LEDGER, PartCode.DEBTORS], [Act.OPEN_WINDOW])
        assert [row.what for row in found if row.because] == [
            "General ledger: View", "Current accounts with debtors: View", "Open an operator window",
        ]  # fmt: skip
        assert found[0].because == [f"By the protocol “Desk”, given by Boss on {day}."]
        assert found[3].because == [
            f"By the protocol “Debtor clerk”, made from “Debtor clerk”, given by Boss on {day}."
        ]


def test_a_switched_off_module_or_login_takes_effect_in_the_matrix(
    company: Company, boss: Membership, clerk: Membership
) -> None:
    with at(company):
        give_protocol(protocol=Protocol.objects.get(template="debtor-clerk"), membership=clerk, **BY_ROBOT)
        Module.objects.filter(code=ModuleCode.LEDGER).update(on=False)
        (told_off,) = [row for row in reasons(held_by(clerk), [PartCode.DEBTORS], []) if row.because]
        assert told_off.off and "the set-up of the company" in told_off.because[0]
        assert (PartCode.DEBTORS, Right.VIEW) not in held_by(clerk).pairs
        Membership.objects.filter(pk=clerk.pk).update(on=False)
        clerk.refresh_from_db()
        assert held_by(clerk).grants == [] and len(whole_matrix()) == 1


def test_an_auditor_is_who_views_every_part_that_is_on(company: Company) -> None:
    auditor = given.member(company, "auditor@alpha.example", "auditor")
    with at(company):
        rights, on = effective_rights(user_id=auditor.user_id), modules_on()
        assert sees_all(rights, on) and not sees_all(rights - {("ledger", "view")}, on)
        assert effective_rights(user_id=auditor.user_id, on=set()) == frozenset()


def test_the_matrix_takes_the_same_number_of_queries_for_3_and_30_employees(
    company: Company, clerk: Membership, django_assert_num_queries: Any
) -> None:
    for place in range(30):
        with at(company), django_assert_num_queries(5):
            whole_matrix()
        if place % 10 == 0:
            given.member(company, f"more{place}@alpha.example", "auditor", "acceptor")


@pytest.fixture
def nothing_noted() -> Iterator[None]:
    use.NOTED.clear()
    yield
    use.NOTED.clear()


def test_a_use_is_written_once_a_day(
    company: Company, clerk: Membership, nothing_noted: None, django_assert_num_queries: Any
) -> None:
    first, second = date(2026, 6, 1), date(2026, 6, 2)
    with at(company):
        with django_assert_num_queries(1):
            note_use(membership_id=clerk.pk, used=[LEDGER_VIEW], on=first)
        with django_assert_num_queries(0):
            note_use(membership_id=clerk.pk, used=[LEDGER_VIEW], on=first)
        note_use(membership_id=clerk.pk, used=[LEDGER_VIEW, LEDGER_EDIT], on=second)
        note_use(membership_id=clerk.pk, used=[LEDGER_VIEW], on=first)  # another process, a day behind
        assert dict(RightUse.objects.values_list("right", "last_on")) == {"view": second, "edit": second}


def test_an_act_counts_as_used_like_a_right(company: Company, clerk: Membership, nothing_noted: None) -> None:
    today = localdate()
    later = today + timedelta(days=100)
    with at(company):
        for protocol in Protocol.objects.filter(template__in=["product-approver"]):
            give_protocol(protocol=protocol, membership=clerk, **BY_ROBOT)
        acts = create_protocol(name="Referrals", rights=[], acts=[Act.DECIDE_REFERRAL], **BY_ROBOT)
        give_protocol(protocol=acts, membership=clerk, **BY_ROBOT)
        assert [last for _grant, last in unused_grants(on=later)] == [None, None]
        note_use(membership_id=clerk.pk, used=[Act.DECIDE_REFERRAL, Act.APPROVE_PRODUCT], on=later)
        assert unused_grants(on=later) == []
        assert set(RightUse.objects.values_list("part", "right", "act")) == {
            ("", "", "decide_referral"), ("", "", "approve_product"),
        }  # fmt: skip


@pytest.mark.parametrize("part, right, act", [("", "", ""), ("ledger", "", ""), ("ledger", "view", "open_window")])
def test_a_row_of_use_names_a_right_or_an_act(
    company: Company, clerk: Membership, part: str, right: str, act: str
) -> None:
    with at(company), pytest.raises(IntegrityError, match="right_or_act"), transaction.atomic():
        RightUse.objects.create(membership=clerk, part=part, right=right, act=act, last_on=localdate())


def test_a_protocol_of_which_nothing_was_used_for_90_days_is_proposed(
    company: Company, clerk: Membership, nothing_noted: None
) -> None:
    today = localdate()
    later = today + timedelta(days=100)
    with at(company):
        acts_only = create_protocol(name="Window", rights=[], acts=[Act.OPEN_WINDOW], **BY_ROBOT)
        for protocol in (acts_only, *Protocol.objects.filter(template__in=["bookkeeper", "product-developer"])):
            give_protocol(protocol=protocol, membership=clerk, **BY_ROBOT)
        assert unused_grants(on=today) == [], "nothing is judged before 90 days"
        names = [(grant.protocol.name, last) for grant, last in unused_grants(on=later)]
        assert names == [("Bookkeeper", None), ("Product developer", None), ("Window", None)]
        note_use(membership_id=clerk.pk, used=[(PartCode.PRODUCTS, Right.VIEW)], on=today)
        note_use(membership_id=clerk.pk, used=[LEDGER_VIEW], on=later - timedelta(days=89))
        names = [(grant.protocol.name, last) for grant, last in unused_grants(on=later)]
        assert names == [("Product developer", today), ("Window", None)]


def test_rights_are_confirmed_twice_a_year_by_another(company: Company, boss: Membership, clerk: Membership) -> None:
    today = localdate()
    with as_administrator(company, boss) as by:
        give_protocol(protocol=Protocol.objects.get(template="bookkeeper"), membership=clerk, **by)
        (due,) = to_confirm()
        assert (due.protocols, due.confirmed_on, due.due_on) == (["Bookkeeper"], None, today + timedelta(days=182))
        assert overdue(today + timedelta(days=181)) == 0 and overdue(today + timedelta(days=182)) == 1
        on = today + timedelta(days=182)
        assert confirm_rights(membership=clerk, actor=by["actor"], on=on).protocols == ["Bookkeeper"]
        assert overdue(on) == 0 and to_confirm()[0].confirmed_on == on
        assert told("rights.confirmed") == ["Rights confirmed as still right"]
        with pytest.raises(BusinessError, match="his own rights"):
            confirm_rights(membership=boss, actor=by["actor"], on=on)
    with at(company):
        with pytest.raises(BusinessError, match="confirmed by an employee"):
            confirm_rights(membership=clerk, **BY_ROBOT)
        Membership.objects.filter(pk=clerk.pk).update(on=False)
        assert to_confirm() == []


def test_a_code_that_is_no_more_shows_itself() -> None:
    assert [label_of(code) for code in ("ledger:view", "gone:view", "ledger:gone", "gone", "open_window")] == [
        "General ledger: View", "gone:view", "ledger:gone", "gone", "Open an operator window",
    ]  # fmt: skip
