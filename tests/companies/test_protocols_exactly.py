"""Protocols to the letter: what pages are told, what refusals name, and the days of confirmation and of use."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.models import (
    Act,
    Company,
    Confirmation,
    Grant,
    Membership,
    PartCode,
    Protocol,
    Right,
    RightUse,
    TrailEntry,
)
from companies.rights import protocols
from companies.rights.grants import give_protocol, take_protocol
from companies.rights.protocols import (
    Content,
    change_protocol,
    check_name,
    complete_protocols,
    content_of,
    create_protocol,
    protocol_for_update,
    retire_protocol,
)
from companies.rights.review import Due, confirm_rights, due_of, overdue, to_confirm
from companies.rights.use import NOTED, note_use, unused_grants, words_of
from companies.templates_of_protocols import TEMPLATES
from tests import given
from tests.contexts import browser_of
from tests.people import acting, at_desk, rights_page

pytestmark = pytest.mark.django_db
SEE_POLICIES, ENTER_POLICIES = (PartCode.POLICIES, Right.VIEW), (PartCode.POLICIES, Right.INPUT)


@pytest.fixture
def company() -> Company:
    return given.company()


@pytest.fixture
def chief(company: Company) -> Membership:
    return at_desk(given.member(company, "chief@duinhaven.example", administrator=True))


@pytest.fixture
def clerk(company: Company) -> Membership:
    return at_desk(given.member(company, "clerk@duinhaven.example", "policy-clerk"))


def made(chief: Membership, name: str = "Own", rights: Any = (SEE_POLICIES,), acts: Any = ()) -> Protocol:
    return create_protocol(name=name, rights=rights, acts=acts, actor=acting(chief), on=given.DAY)


def changed(protocol: Protocol, chief: Membership, **to: Any) -> Protocol:
    asked = {"name": protocol.name, "rights": [SEE_POLICIES], "acts": [], **to}
    return change_protocol(protocol_id=protocol.pk, actor=acting(chief), on=given.DAY, **asked)


def test_a_change_adds_and_takes_what_differs_and_the_trail_names_it(company: Company, chief: Membership) -> None:
    with given.inside(company, acting(chief)):
        own = made(chief, acts=[Act.APPROVE_PRODUCT])
        changed(own, chief, name="Other", rights=[ENTER_POLICIES], acts=[Act.RELEASE_PRODUCT])
        assert content_of(own) == Content(frozenset({ENTER_POLICIES}), frozenset({Act.RELEASE_PRODUCT}))
        told = {row.code: row.details for row in TrailEntry.objects.filter(code__startswith="protocol.")}
        assert told["protocol.renamed"] == {"name": "Other", "before": "Own"}
        assert told["protocol.changed"] == {
            "name": "Other", "added": ["policies:input", "release_product"],
            "removed": ["approve_product", "policies:view"],
        }  # fmt: skip
        before = TrailEntry.objects.count()
        changed(Protocol.objects.get(pk=own.pk), chief, rights=[ENTER_POLICIES], acts=[Act.RELEASE_PRODUCT])
        assert TrailEntry.objects.count() == before


def test_refusals_name_the_protocol_and_have_a_code(company: Company, chief: Membership, clerk: Membership) -> None:
    with given.inside(company, acting(chief)):
        held = Protocol.objects.get(template="policy-clerk")
        with pytest.raises(BusinessError) as error:
            retire_protocol(protocol_id=held.pk, actor=acting(chief), on=given.DAY)
        assert error.value.code == "held" and held.name in str(error.value) and "1 still" in str(error.value)
        own = made(chief)
        check_name("Own", but=own.pk)
        with pytest.raises(BusinessError) as error:
            check_name("Own")
        assert error.value.field == "name" and "Own" in str(error.value)
        gone = retire_protocol(protocol_id=own.pk, actor=acting(chief), on=given.DAY)
        assert gone.retired_at is not None and Protocol.objects.get(pk=own.pk).retired_at is not None
        check_name("Own")
        with pytest.raises(BusinessError) as error:
            protocol_for_update(own.pk, acting(chief))
        assert error.value.code == "retired" and "Own" in str(error.value)
        with pytest.raises(BusinessError) as error:
            protocol_for_update(held.pk, acting(clerk))
        assert error.value.code == "administrator"


def test_one_that_one_holds_is_changed_by_another(company: Company, clerk: Membership) -> None:
    both = at_desk(given.member(company, "both@duinhaven.example", "policy-clerk", administrator=True))
    with given.inside(company, acting(both)):
        held = Protocol.objects.get(template="policy-clerk")
        with pytest.raises(BusinessError) as error:
            protocol_for_update(held.pk, acting(both))
        assert error.value.code == "own_protocol" and held.name in str(error.value)
        free = Protocol.objects.get(template="bookkeeper")
        assert protocol_for_update(free.pk, acting(both)) == free


def test_ready_made_ones_are_added_once_and_leave_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(protocols, "TEMPLATES", {})
        company = given.company()
    with given.inside(company):
        taken = create_protocol(name=str(TEMPLATES["auditor"].name), rights=[], actor=ROBOT, on=given.DAY)
        made = complete_protocols(actor=ROBOT, on=given.DAY)
        assert {row.template for row in made} == set(TEMPLATES) - {"auditor"}
        assert complete_protocols(actor=ROBOT, on=given.DAY) == [], "each was had, but one name is in use"
        retire_protocol(protocol_id=taken.pk, actor=ROBOT, on=given.DAY)
        [auditor] = complete_protocols(actor=ROBOT, on=given.DAY)
        assert auditor.template == "auditor" and content_of(auditor).rights == set(TEMPLATES["auditor"].pairs())


def test_the_list_tells_how_much_each_holds_and_what_is_missing(
    company: Company, chief: Membership, clerk: Membership
) -> None:
    with given.inside(company, acting(chief)):
        own = made(chief, acts=[Act.APPROVE_PRODUCT, Act.RELEASE_PRODUCT])
        made(chief, "Empty", rights=[])
    shown = browser_of(chief.user).get(rights_page("list")).context
    rows = {row["protocol"].name: row for row in shown["rows"]}
    assert (rows["Own"]["rights"], rows["Own"]["acts"], rows["Own"]["protocol"].holders) == (1, 2, 0)
    assert (rows["Empty"]["rights"], rows["Empty"]["acts"]) == (0, 0)
    assert sum(row["protocol"].holders for row in rows.values()) == 1
    assert shown["missing"] == [] and own.name in rows


def test_a_new_one_starts_from_what_its_address_names(company: Company, chief: Membership) -> None:
    with given.inside(company, acting(chief)):
        own = made(chief)
    browser = browser_of(chief.user)

    def ticked(source: str) -> set[str]:
        shown = browser.get(rights_page("new"), {"from": source}).context
        assert shown["source"] == source
        return {box.code for module in shown["modules"] for _part, boxes in module.parts for box in boxes if box.ticked}

    assert ticked(str(fresh_id(company, own))) == {"policies:view"}
    assert ticked("policy-clerk") == {
        f"{part.value}:{right.value}" for part, right in TEMPLATES["policy-clerk"].pairs()
    }
    assert ticked("") == set()


def fresh_id(company: Company, protocol: Protocol) -> Any:
    with given.inside(company):
        return Protocol.objects.get(pk=protocol.pk).public_id


def test_why_is_told_of_one_part_of_one_act_or_of_all(company: Company, chief: Membership, clerk: Membership) -> None:
    browser, address = browser_of(chief.user), rights_page("why", public_id=clerk.public_id)

    def about(**query: str) -> tuple[str, int]:
        shown = browser.get(address, query).context
        return str(shown["about"]), len(shown["reasons"]) + len(shown["without"])

    assert about() == ("", len(PartCode) * len(Right) + len(Act))
    assert about(part="policies") == (str(PartCode.POLICIES.label), len(Right))
    assert about(act="approve_product") == (str(Act.APPROVE_PRODUCT.label), 1)
    assert about(part="nonsense", act="nonsense") == ("", len(PartCode) * len(Right) + len(Act))
    told = browser.get(address, {"part": "policies"}).context
    assert f"{PartCode.POLICIES.label}: {Right.VIEW.label}" in [row.what for row in told["reasons"]]


def test_another_protocol_than_those_of_the_page_is_refused(
    company: Company, chief: Membership, clerk: Membership
) -> None:
    address = rights_page("employee", public_id=clerk.public_id)
    with given.inside(company):
        before = Grant.objects.count()
    answer = browser_of(chief.user).post(address, {"take": ""}, follow=True)
    assert "found another one" in answer.content.decode()
    with given.inside(company):
        assert Grant.objects.count() == before and Grant.objects.get(membership=clerk).taken_at is None


def test_the_day_of_confirmation_counts_from_the_last_or_from_the_first_grant() -> None:
    def held(name: str, day: int) -> Any:
        given_at = SimpleNamespace(date=lambda: date(2026, 3, day))
        return SimpleNamespace(membership="x", protocol=SimpleNamespace(name=name), given_at=given_at)

    due = due_of([held("Later", 9), held("First", 2)], None)
    assert due.due_on == date(2026, 3, 2) + timedelta(days=settings.REVIEW_DAYS)
    assert due.mark == "Later · First" and due.confirmed_on is None
    again = due_of([held("Later", 9)], date(2026, 5, 1))
    assert again.due_on == date(2026, 5, 1) + timedelta(days=settings.REVIEW_DAYS)
    whoever: Any = None
    last = Due(whoever, [], None, date(2026, 6, 1))
    assert last.overdue(date(2026, 6, 1)) and not last.overdue(date(2026, 5, 31))


def test_rights_are_confirmed_by_an_employee_and_wait_again(
    company: Company, chief: Membership, clerk: Membership
) -> None:
    with given.inside(company, acting(chief)):
        [due] = to_confirm()
        assert due.membership == clerk and due.confirmed_on is None
        assert overdue(due.due_on) == 1 and overdue(due.due_on - timedelta(days=1)) == 0
        confirm_rights(membership=clerk, actor=acting(chief), on=given.DAY)
        kept = Confirmation.objects.get()
        assert (kept.protocols, kept.by_id, kept.on) == (due.protocols, chief.pk, given.DAY)
        [due] = to_confirm()
        assert due.confirmed_on == given.DAY
    with given.inside(company), pytest.raises(BusinessError) as error:
        confirm_rights(membership=clerk, actor=ROBOT, on=given.DAY)
    assert error.value.code == "employee"


def test_who_is_switched_off_waits_for_no_confirmation(company: Company, chief: Membership, clerk: Membership) -> None:
    with given.inside(company, acting(chief)):
        Membership.objects.filter(pk=clerk.pk).update(on=False)
        assert to_confirm() == []


def test_a_use_is_written_once_a_day_and_keeps_the_latest_day(company: Company, clerk: Membership) -> None:
    used: Any = [SEE_POLICIES, Act.APPROVE_PRODUCT]
    with given.inside(company):
        note_use(membership_id=clerk.pk, used=used, on=given.DAY)
        rows = {(row.part, row.right, row.act): row.last_on for row in RightUse.objects.all()}
        assert rows == {("policies", "view", ""): given.DAY, ("", "", "approve_product"): given.DAY}
        assert words_of(SEE_POLICIES) == ("policies", "view", "")
        note_use(membership_id=clerk.pk, used=used, on=given.DAY + timedelta(days=1))
        assert len(NOTED) == 2
        note_use(membership_id=clerk.pk, used=used, on=given.DAY)
        assert {row.last_on for row in RightUse.objects.all()} == {given.DAY + timedelta(days=1)}


def test_what_was_used_within_the_days_is_not_proposed(company: Company, clerk: Membership) -> None:
    with given.inside(company):
        [grant] = Grant.objects.filter(membership=clerk)
        last_day = grant.given_at.date() + timedelta(days=settings.UNUSED_DAYS)
        assert [(row.pk, used) for row, used in unused_grants(on=last_day)] == [(grant.pk, None)]
        assert unused_grants(on=last_day - timedelta(days=1)) == []
        note_use(membership_id=clerk.pk, used=[SEE_POLICIES], on=grant.given_at.date() + timedelta(days=1))
        assert unused_grants(on=last_day) == []
        found = unused_grants(on=last_day + timedelta(days=1))
        assert [used for _row, used in found] == [grant.given_at.date() + timedelta(days=1)]


def test_the_page_of_a_new_one_offers_acts_and_the_others(company: Company, chief: Membership) -> None:
    shown = browser_of(chief.user).get(rights_page("new")).context
    assert {box.code for box in shown["acts"]} == set(Act.values)
    assert {row.template for row in shown["others"]} >= {"bookkeeper", "auditor"}
    assert list(shown["templates"]) == list(TEMPLATES.values())


def test_a_page_tells_where_a_protocol_comes_from_and_its_own_history(company: Company, chief: Membership) -> None:
    with given.inside(company, acting(chief)):
        other, own = made(chief, "Other"), made(chief)
        for number in range(22):
            changed(Protocol.objects.get(pk=own.pk), chief, name=f"Own {number}")
        ready = Protocol.objects.get(template="bookkeeper")
    browser = browser_of(chief.user)
    shown = browser.get(rights_page("protocol", public_id=fresh_id(company, own))).context
    assert shown["template"] == "" and len(shown["history"]) == 20
    assert all("Own" in str(row) and "Other" not in str(row) for row in shown["history"])
    [first] = browser.get(rights_page("protocol", public_id=fresh_id(company, other))).context["history"]
    assert "Other" in str(first)
    assert browser.get(rights_page("protocol", public_id=fresh_id(company, ready))).context["template"] != ""


def test_before_a_change_is_saved_the_page_tells_what_is_taken(company: Company, chief: Membership) -> None:
    with given.inside(company, acting(chief)):
        own = made(chief, rights=[SEE_POLICIES, ENTER_POLICIES])
    browser, address = browser_of(chief.user), rights_page("protocol", public_id=fresh_id(company, own))
    shown = browser.post(address, {"name": "Own", "rights": ["policies:view"]}).context
    assert len(shown["removed"]) == 1 and not shown["added"]
    done = browser.post(rights_page("retire", public_id=fresh_id(company, own)), follow=True)
    assert "retired" in done.content.decode() and "Own" in done.content.decode()


def test_a_protocol_is_made_by_an_administrator_and_the_trail_names_it(
    company: Company, chief: Membership, clerk: Membership
) -> None:
    with given.inside(company, acting(clerk)), pytest.raises(BusinessError) as error:
        create_protocol(name="Mine", rights=[], actor=acting(clerk), on=given.DAY)
    assert error.value.code == "administrator"
    with given.inside(company, acting(chief)):
        own = made(chief)
        [told] = TrailEntry.objects.filter(code="protocol.created", subject_id=own.pk)
        assert told.details == {"name": "Own"}


def test_what_is_taken_out_of_one_stays_in_the_others(company: Company, chief: Membership) -> None:
    with given.inside(company, acting(chief)):
        first, second = (made(chief, name, acts=[Act.APPROVE_PRODUCT]) for name in ("First", "Second"))
        changed(first, chief, rights=[])
        assert not content_of(first)
        assert content_of(second) == Content(frozenset({SEE_POLICIES}), frozenset({Act.APPROVE_PRODUCT}))


def test_what_was_taken_is_not_confirmed(company: Company, chief: Membership, clerk: Membership) -> None:
    with given.inside(company, acting(chief)):
        both = [Protocol.objects.get(template=name) for name in ("bookkeeper", "auditor")]
        for each in both:
            give_protocol(protocol=each, membership=clerk, actor=acting(chief), on=given.DAY)
        take_protocol(protocol=both[0], membership=clerk, actor=acting(chief), on=given.DAY)
        kept = confirm_rights(membership=clerk, actor=acting(chief), on=given.DAY).protocols
        assert both[1].name in kept and both[0].name not in kept and kept == sorted(kept)
