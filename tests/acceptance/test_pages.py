"""The acceptors' lists and the decision's page, through the client (S0-11, S0-12, S0-16)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from acceptance.models import Countersignature, Decision
from companies.models import Act, PartCode, Right, RightUse
from quotations.models import Quotation
from tests import given, world
from tests.acceptance import scenes

pytestmark = pytest.mark.django_db
OFFICE = "/duinhaven/office/"
LIST = f"{OFFICE}acceptance/"


@pytest.fixture
def company(tmp_path):
    company = given.provider("duinhaven", scenes.limits(tmp_path), given.TRAILER)
    scenes.person(company, "maud")
    return company


@pytest.fixture
def maud(company):
    return world.client_of("maud@duinhaven.example")


def page_of(application):
    return f"{OFFICE}cases/{application.case.number}/decision/"


def test_each_list_holds_what_waits_for_it_longest_first(company, maud):
    first, second = (scenes.applied(company, scenes.sum_of(amount)) for amount in ("250000", "350000"))
    special, refused = (scenes.applied(company, scenes.sum_of(amount)) for amount in ("111111", "500000"))
    scenes.applied(company, scenes.sum_of("1000"))
    found = {path: maud.get(LIST + path) for path in ("", "special/", "reviews/")}
    rows = {path: [row.number for row in response.context["page"]] for path, response in found.items()}
    assert rows == {"": [first.number, second.number], "special/": [special.number], "reviews/": [refused.number]}
    assert [tab["count"] for tab in found[""].context["tabs"]] == [2, 1, 1]
    assert "R02_VERY_HIGH" in found[""].content.decode()
    today = {group.title: group.count for group in maud.get(OFFICE).context["groups"]}
    assert today["Waiting for an acceptor"] == 2 and today["Refusals to review"] == 1


NARROW = {
    "q=verbruggen": 2, "q=nobody": 0, "rule=R02_VERY_HIGH": 1, "rule=R01_HIGH": 2, "authority=above": 1,
    "authority=plain": 1, "desk=mine": 0, "desk=nobody": 2, "product=plans-test": 2, "adviser=direct": 2, "rule=x": 0,
}  # fmt: skip


def test_conditions_narrow_and_every_sort_works(company, maud):
    for amount in ("250000", "350000"):
        scenes.applied(company, scenes.sum_of(amount))
    for query, count in NARROW.items():
        assert maud.get(f"{LIST}?{query}").context["page"].paginator.count == count, query
    for key in maud.get(LIST).context["view"].sorts:
        assert len(maud.get(f"{LIST}?sort=-{key}").context["page"]) == 2


def test_the_filter_says_what_each_rule_says(company, maud):
    scenes.applied(company, scenes.sum_of("250000"))
    page = maud.get(LIST).content.decode()
    assert '<option value="R01_HIGH">R01_HIGH: Sum …</option>' in page


def test_application_is_taken_on_and_given_back(company, maud):
    application = scenes.applied(company, scenes.sum_of("250000"))
    scenes.person(company, "joris")
    joris = world.client_of("joris@duinhaven.example")
    response = maud.post(f"{LIST}{application.number}/take/", {"back": "list"}, follow=True)
    assert "is on your desk" in response.content.decode()
    assert maud.get(f"{LIST}?desk=mine").context["page"].paginator.count == 1
    assert "Maud works on" in joris.post(f"{LIST}{application.number}/take/", follow=True).content.decode()
    maud.post(f"{LIST}{application.number}/give-back/")
    assert maud.get(f"{LIST}?desk=nobody").context["page"].paginator.count == 1


def queries_of(client, address):
    """How many queries a page takes once what lasts longer than a request is known."""
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize(("path", "amount"), [("", "350000"), ("special/", "111111"), ("reviews/", "500000")])
def test_each_list_takes_the_same_number_of_queries_at_3_and_30_rows(company, maud, path, amount):
    given.adviser(company)
    few = 0
    for place in range(1, 31):
        application = scenes.applied(company, scenes.sum_of(amount), code="ilse-markus" if place % 2 else None)
        if place % 3 == 0:
            maud.post(f"{LIST}{application.number}/take/")
        few = few or (place == 3 and queries_of(maud, LIST + path))
    assert maud.get(LIST + path).context["page"].paginator.count == 30
    assert queries_of(maud, LIST + path) == few
    export = maud.get(f"{LIST}{path}?export=csv").content.decode("utf-8-sig")
    assert len(export.splitlines()) == 31 and "Ilse-Markus" in export


def test_decisions_page_takes_the_same_number_of_queries_at_3_and_30_decisions_and_deciders(company, maud):
    application = scenes.applied(company, scenes.sum_of("350000"))
    own = scenes.by_hand(company, clerk=scenes.person(company, "nora"))
    nora = world.client_of("nora@duinhaven.example")
    proposer, counter = scenes.person(company, "joris"), scenes.person(company, "lieke", Act.DECIDE_REFERRAL)
    counts = []
    for place in range(1, 31):
        scenes.countersigned(company, scenes.decided(company, application, proposer), counter, agreed=False)
        scenes.person(company, f"decider{place}")
        if place in {3, 30}:
            counts.append([queries_of(maud, page_of(application)), queries_of(nora, page_of(own))])
    page = maud.get(page_of(application)).context["page"]
    assert (len(page.decisions), len(page.deciders)) == (30, 35)
    assert counts[0] == counts[1]


def test_page_shows_all_and_accepting_with_a_term_releases_the_quotation(company, maud):
    application = scenes.applied(company, scenes.sum_of("250000"))
    text = maud.get(page_of(application)).content.decode()
    for shown in ("Sum €250,000.00.", "Rules that did not fire", "Premium, if it is accepted", "Safe", "decides alone"):
        assert shown in text
    told = {"verdict": "terms", "reason": "A safe is there.", "term_T09_SAFE": "High sum."}
    response = maud.post(page_of(application), told, follow=True)
    assert "The quotation goes out within seconds" in response.content.decode()
    assert "A safe is there." in response.content.decode()
    given.work(company)
    with given.inside(company):
        assert [term["key"] for term in Quotation.objects.get().evaluation["terms"]] == ["T01_STANDARD", "T09_SAFE"]


MISSING: list[tuple[dict[str, str], str]] = [
    ({}, "Choose an outcome"),
    ({"verdict": "accept"}, "Say why, for the file"),
    ({"verdict": "terms", "reason": "x"}, "at least one term"),
    ({"verdict": "accept", "reason": "x", "term_T09_SAFE": "y"}, "Terms are filled in"),
    ({"verdict": "terms", "reason": "x", "clause_1_title": "y"}, "this is missing"),
    ({"verdict": "decline", "reason": "x"}, "Say to the customer why"),
]


def test_what_is_missing_is_said_and_nothing_is_decided(company, maud):
    application = scenes.applied(company, scenes.sum_of("250000"))
    for told, message in MISSING:
        response = maud.post(page_of(application), told)
        assert response.status_code == 422 and message in response.content.decode(), message
    assert "In Dutch, as the customer reads" in response.content.decode()
    with given.inside(company):
        assert not Decision.objects.exists()


def test_second_acceptor_is_told_on_the_page_who_decided(company, maud):
    application = scenes.applied(company, scenes.sum_of("250000"))
    scenes.person(company, "joris")
    maud.post(page_of(application), {"verdict": "accept", "reason": "Fine."})
    joris = world.client_of("joris@duinhaven.example")
    assert "Maud decided this application" in joris.get(page_of(application)).content.decode()
    response = joris.post(page_of(application), {"verdict": "accept", "reason": "Fine."}, follow=True)
    assert "Maud decided this application" in response.content.decode()


def test_proposal_is_countersigned_on_the_page_by_another(company, maud):
    application = scenes.applied(company, scenes.sum_of("350000"))
    scenes.person(company, "joris", Act.DECIDE_REFERRAL)
    joris = world.client_of("joris@duinhaven.example")
    text = maud.get(page_of(application)).content.decode()
    assert "may countersign" in text and "Sign the proposal" in text
    maud.post(page_of(application), {"verdict": "accept", "reason": "Fine."})
    assert "You proposed this" in maud.get(page_of(application)).content.decode()
    assert "Maud proposes: accepted" in joris.get(page_of(application)).content.decode()
    with given.inside(company):
        signed = {"proposal": Decision.objects.get().pk, "agreed": "yes", "why": "Seen."}
    assert f'name="proposal" value="{signed["proposal"]}"' in joris.get(page_of(application)).content.decode()
    joris.post(page_of(application), signed)
    given.work(company)
    with given.inside(company):
        assert Quotation.objects.count() == 1
        assert RightUse.objects.filter(
            membership__user__email="joris@duinhaven.example", act="decide_referral"
        ).exists()


def test_nobody_countersigns_a_proposal_that_did_not_stand_on_his_page(company, maud):
    application = scenes.applied(company, scenes.sum_of("350000"))
    people = [scenes.person(company, name, Act.DECIDE_REFERRAL) for name in ("joris", "lieke")]
    joris = world.client_of("joris@duinhaven.example")
    maud.post(page_of(application), {"verdict": "accept", "reason": "Fine."})
    with given.inside(company):
        first = Decision.objects.get()
    scenes.countersigned(company, first, people[1], agreed=False)
    maud.post(page_of(application), {"verdict": "decline", "reason": "Too high.", "told": "Te hoog."})
    for old in ({"proposal": first.pk}, {}, {"proposal": "x\x00"}):
        page = joris.post(page_of(application), {**old, "agreed": "yes", "why": "Seen."}, follow=True)
        assert "changed since this page was opened" in page.content.decode()
    late = {"verdict": "accept", "reason": "Fine."}
    assert "changed since" in joris.post(page_of(application), late, follow=True).content.decode()
    with given.inside(company):
        assert Countersignature.objects.count() == 1
        second = Decision.objects.latest("pk")
    joris.post(page_of(application), {"proposal": second.pk, "agreed": "yes", "why": "Seen."})
    with given.inside(company):
        assert Countersignature.objects.get(agreed=True).decision_id == second.pk


def test_reader_without_the_right_sees_who_can(company):
    application = scenes.applied(company, scenes.sum_of("250000"))
    world.employee(
        company, "lieke@duinhaven.example", (PartCode.ACCEPTANCE, Right.VIEW), (PartCode.APPLICATIONS, Right.VIEW)
    )
    lieke = world.client_of("lieke@duinhaven.example")
    text = lieke.get(page_of(application)).content.decode()
    assert "Deciding this needs “Acceptance: Input”" in text and "Sign the decision" not in text and "Maud" in text
    assert lieke.post(page_of(application), {"verdict": "accept", "reason": "x"}).status_code == 403


def test_who_entered_it_by_hand_finds_no_button_and_reads_who_can(company, maud):
    nora = scenes.person(company, "nora")
    application = scenes.by_hand(company, clerk=nora)
    hers = world.client_of("nora@duinhaven.example")
    told = {"verdict": "accept", "reason": "Fine."}
    text = hers.get(page_of(application)).content.decode()
    assert "You filled in this application. Somebody else decides it. Who can: Approver, Maud." in text
    assert "Sign the decision" not in text and "Sign the decision" in maud.get(page_of(application)).content.decode()
    response = hers.post(page_of(application), told)
    assert response.status_code == 422 and "You filled in this application" in response.content.decode()
    assert "The quotation goes out" in maud.post(page_of(application), told, follow=True).content.decode()


def test_quotation_officer_completes_what_is_special(company):
    application = scenes.applied(company, scenes.sum_of("111111"))
    scenes.person(company, "otto", officer=True)
    otto = world.client_of("otto@duinhaven.example")
    assert "Valid for how many days" in otto.get(page_of(application)).content.decode()
    otto.post(page_of(application), {"verdict": "accept", "reason": "Fine.", "valid_days": "12"})
    given.work(company)
    with given.inside(company):
        quotation = Quotation.objects.get()
        assert (quotation.valid_until - quotation.valid_from).days == 12


OWN_WORDS = {
    "underwriter": "the rule asks for more than €300,000.00",
    "customer": "Zo hoog verzekeren wij niet.",
    "audit": "Hash of the definition",
}


def test_each_reader_has_his_own_sentences(company, maud):
    application = scenes.applied(company, scenes.sum_of("250000"))
    for reader, words in OWN_WORDS.items():
        assert words in maud.get(f"{page_of(application)}?reader={reader}").content.decode()
