"""Rights to the letter: whose they are, what a refusal says, what the pages are told."""

import csv
import io
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from common.errors import BusinessError
from companies.models import Act, Company, Grant, Membership, ModuleCode, PartCode, Protocol, Right
from companies.rights import effective_acts
from companies.rights.grants import give_protocol, take_protocol
from companies.rights.matrix import live_grants
from companies.rights.pages.forms import ProtocolForm, boxes_of
from companies.rights.pages.matrix import MatrixFilter, cell
from companies.rights.protocols import Content
from tests import given
from tests.contexts import browser_of
from tests.people import acting, at_desk, rights_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return given.company()


@pytest.fixture
def chief(company: Company) -> Membership:
    return at_desk(given.member(company, "chief@duinhaven.example", administrator=True))


@pytest.fixture
def clerk(company: Company) -> Membership:
    return at_desk(given.member(company, "clerk@duinhaven.example", "policy-clerk"))


def protocol(template: str) -> Protocol:
    return Protocol.objects.get(template=template)


def test_acts_are_of_the_one_who_was_given_them(company: Company, clerk: Membership) -> None:
    approver = given.member(company, "approver@duinhaven.example", "product-approver")
    with given.inside(company):
        assert Act.APPROVE_PRODUCT.value in effective_acts(user_id=approver.user_id)
        assert effective_acts(user_id=clerk.user_id) == frozenset()


def test_a_refusal_names_its_reason_and_the_protocol(company: Company, chief: Membership, clerk: Membership) -> None:
    with given.inside(company, acting(chief)):
        with pytest.raises(BusinessError) as error:
            give_protocol(protocol=protocol("auditor"), membership=chief, actor=acting(chief), on=given.DAY)
        assert error.value.code == "own_rights"
        retired = protocol("bookkeeper")
        retired.retired_at = timezone.now()
        with pytest.raises(BusinessError) as error:
            give_protocol(protocol=retired, membership=clerk, actor=acting(chief), on=given.DAY)
        assert error.value.code == "retired" and retired.name in str(error.value)


def test_one_that_was_taken_can_be_given_again_and_only_live_ones_count(
    company: Company, chief: Membership, clerk: Membership
) -> None:
    who: dict[str, Any] = {"membership": clerk, "actor": acting(chief), "on": given.DAY}
    with given.inside(company, acting(chief)):
        who["protocol"] = protocol("bookkeeper")
        first = give_protocol(**who)
        assert give_protocol(**who) == first
        take_protocol(**who)
        assert first.pk not in {row.pk for row in live_grants()}
        second = give_protocol(**who)
        assert second.pk != first.pk and second.taken_at is None
        assert Grant.objects.get(pk=first.pk).taken_at is not None
        assert second.pk in {row.pk for row in live_grants()}


def test_an_auditor_may_ask_for_the_head_of_a_page_and_post_nothing(company: Company, chief: Membership) -> None:
    auditor = given.member(company, "auditor@duinhaven.example", "auditor")
    browser = browser_of(auditor.user)
    assert browser.head(rights_page("matrix")).status_code == browser.get(rights_page("matrix")).status_code == 200
    with given.inside(company):
        address = rights_page("employee", public_id=chief.public_id)
    assert browser.post(address, {"give": "x"}).status_code == 403


def test_the_place_one_is_at_is_marked(company: Company, chief: Membership) -> None:
    tabs = browser_of(chief.user).get(rights_page("matrix")).context["tabs"]
    assert [tab["url"] for tab in tabs if tab["current"]] == [rights_page("matrix")]
    assert len(tabs) == 4


def test_the_matrix_as_a_file_has_a_line_a_right(company: Company, chief: Membership, clerk: Membership) -> None:
    answer = browser_of(chief.user).get(rights_page("matrix"), {"export": "csv", "q": "clerk@"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert len(head) == 7 and rows
    assert {row[1] for row in rows} == {"clerk@duinhaven.example"}
    assert [str(PartCode.POLICIES.label), str(Right.VIEW.label)] in [row[2:4] for row in rows]
    assert [str(PartCode.LEDGER.label), str(Right.INPUT.label)] not in [row[2:4] for row in rows]


def test_the_matrix_is_narrowed_by_a_part_that_exists(company: Company, chief: Membership, clerk: Membership) -> None:
    browser = browser_of(chief.user)
    one = browser.get(rights_page("matrix"), {"part": PartCode.POLICIES.value}).context
    assert [code for code, _on in one["parts"]] == [PartCode.POLICIES]
    assert [row.membership.user.email for row, _cells in one["rows"]] == ["clerk@duinhaven.example"]
    assert len(browser.get(rights_page("matrix")).context["parts"]) == len(PartCode)
    wrong = browser.get(rights_page("matrix"), {"part": "nonsense"}).context
    assert wrong["rows"] == [] and len(wrong["parts"]) == len(PartCode)


def test_a_cell_tells_its_rights_in_letters_and_in_words(company: Company) -> None:
    part, letters, words = cell(PartCode.POLICIES, [Right.VIEW, Right.EDIT])
    assert (part, letters, words) == (PartCode.POLICIES, "VE", f"{Right.VIEW.label}, {Right.EDIT.label}")
    assert cell(PartCode.POLICIES, [])[1:] == ("", "")


def test_a_filter_without_words_keeps_everybody(company: Company, clerk: Membership) -> None:
    with given.inside(company):
        form = MatrixFilter(QueryDict(""))
        choices: Any = form.fields["protocol"]
        assert form.is_valid() and choices.choices[0][0] == ""


def test_a_form_that_was_sent_shows_what_was_ticked(company: Company) -> None:
    held = Content(frozenset({(PartCode.POLICIES, Right.VIEW)}), frozenset({Act.APPROVE_PRODUCT}))
    opened = ProtocolForm(None, name="Clerks", held=held, on={ModuleCode.POLICIES.value})
    assert opened.shown() == held and opened.initial == {"name": "Clerks"}
    sent = QueryDict("rights=policies:edit&rights=nonsense&acts=release_product&acts=nonsense")
    shown = ProtocolForm(sent, name="Clerks", held=held, on=set()).shown()
    assert shown == Content(frozenset({(PartCode.POLICIES, Right.EDIT)}), frozenset({Act.RELEASE_PRODUCT}))
    boxes = {box.code: (box.label, box.ticked) for box in boxes_of(shown.acts)}
    assert boxes.keys() == set(Act.values)
    assert boxes["release_product"] == (str(Act.RELEASE_PRODUCT.label), True) and not boxes["approve_product"][1]


def test_an_employees_page_offers_what_he_has_not(company: Company, chief: Membership, clerk: Membership) -> None:
    shown = browser_of(chief.user).get(rights_page("employee", public_id=clerk.public_id)).context
    has, offered = {row[0].protocol.template for row in shown["grants"]}, {row.template for row in shown["others"]}
    assert has == {"policy-clerk"} and has & offered == set() and "bookkeeper" in offered
    assert shown["own"] is False and shown["member"] == clerk
