"""An underwriter changes the rules in screens, and the next application obeys them (S0-09)."""

import pytest

from companies.models import Act, PartCode, Right
from products.models import ProductVersion
from tests import given, world
from tests.chain import scenes

pytestmark = pytest.mark.django_db
BASE = "/duinhaven/office/products/plans-test/"
EDITS = [(PartCode.PRODUCTS, right) for right in Right]
RULE = {
    "key": "R07_LARGE", "when": "insured_sum > 150000", "outcome": "refer", "authority": "acceptor",
    "customer_nl": "Een medewerker kijkt.", "customer_en": "A person looks.",
    "underwriter_nl": "Bedrag {insured_sum}.", "underwriter_en": "Sum {insured_sum}.",
}  # fmt: skip


@pytest.fixture
def company():
    company = given.provider("duinhaven", given.PLANS)
    world.employee(company, "una@duinhaven.example", *EDITS)
    world.employee(company, "boss@duinhaven.example", *EDITS, acts=tuple(Act))
    return company


@pytest.fixture
def una(company):
    return world.client_of("una@duinhaven.example")


def drafted(una):
    """The address of a new draft's rules."""
    return una.post(f"{BASE}1/rules/draft/", follow=True).redirect_chain[-1][0]


def keys(company, number=2):
    with given.inside(company):
        version = ProductVersion.objects.get(product__slug="plans-test", number=number)
        return [rule["key"] for rule in version.definition["acceptance"]]


def test_rule_added_in_a_screen_is_obeyed_by_the_next_application(company, una):
    rules = drafted(una)
    assert una.post(f"{rules}new/", RULE, follow=True).status_code == 200
    assert keys(company) == ["R01_LARGE_SUM", "R07_LARGE"]
    una.post(f"{BASE}2/submit/")
    boss = world.client_of("boss@duinhaven.example")
    for step, told in (("approve", {}), ("test", {}), ("live", {"evidence": "Tried."})):
        boss.post(f"{BASE}2/{step}/", told)
    with given.inside(company):
        assert ProductVersion.objects.get(product__slug="plans-test", state="live").number == 2
    command = scenes.applied(company, given.draft(company, answers={**scenes.PLANS_ANSWERS, "insured_sum": "160000"}))
    assert (command.outcome["outcome"], command.outcome["reasons"][0]["en"]) == ("refer", "A person looks.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"when": "insured_sum >"}, "when"),
        ({"when": "no_such_answer > 1"}, "when"),
        ({"key": "R 7"}, "key"),
        ({"key": "R01_LARGE_SUM"}, "key"),
        ({"underwriter_en": "Sum {no_such}."}, "underwriter_en"),
        ({"customer_nl": ""}, "customer_nl"),
    ],
)
def test_mistake_is_said_at_its_field_and_nothing_is_kept(company, una, changes, field):
    rules = drafted(una)
    response = una.post(f"{rules}new/", {**RULE, **changes})
    assert response.status_code == 422
    assert field in response.context["form"].errors, response.context["form"].errors
    assert keys(company) == ["R01_LARGE_SUM"]


def test_rule_is_changed_moved_and_taken_away(company, una):
    rules = drafted(una)
    una.post(f"{rules}new/", RULE)
    una.post(f"{rules}R07_LARGE/move/", {"way": "up"})
    assert keys(company) == ["R07_LARGE", "R01_LARGE_SUM"]
    una.post(f"{rules}R07_LARGE/change/", {**RULE, "when": "insured_sum > 170000"})
    with given.inside(company):
        version = ProductVersion.objects.get(product__slug="plans-test", number=2)
        assert version.definition["acceptance"][0]["when"] == "insured_sum > 170000"
    una.post(f"{rules}R01_LARGE_SUM/remove/")
    assert keys(company) == ["R07_LARGE"]


def test_only_the_author_changes_a_draft_and_nobody_what_is_live(company, una):
    rules = drafted(una)
    boss = world.client_of("boss@duinhaven.example")
    assert "is the draft of Una" in boss.post(f"{rules}new/", RULE).content.decode()
    assert "is no draft" in una.post(f"{BASE}1/rules/new/", RULE).content.decode()
    assert "New rule" not in boss.get(rules).content.decode()
    assert keys(company) == keys(company, 1) == ["R01_LARGE_SUM"]


def test_what_cannot_be_undone_says_so_before_it_is_done(company, una):
    live = una.get(f"{BASE}1/").content.decode()
    assert '<summary class="btn btn-danger btn-wide">Withdraw…</summary>' in live
    assert "it can’t be made live again" in live and "Withdraw version 1</button>" in live
    drafted(una)
    una.post(f"{BASE}2/submit/")
    boss = world.client_of("boss@duinhaven.example")
    assert "what is to change from then on takes a new version" in boss.get(f"{BASE}2/").content.decode()
