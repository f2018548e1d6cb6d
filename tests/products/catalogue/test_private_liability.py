"""Dutch private liability: its worked cases look at every rule, boundary, term and plan of the tariff."""

from typing import Any

import pytest

from products.language import check, run_cases
from tests.products.catalogue.files import case, document, priced, product

KEY = "nl-private-liability"
CASES = document(KEY)["cases"]
ONE: dict[str, Any] = case(KEY, "PL-01")["answers"]
FAMILY: dict[str, Any] = case(KEY, "PL-04")["answers"]


@pytest.mark.parametrize("row", CASES, ids=[row["id"] for row in CASES])
def test_the_worked_case_comes_out_to_the_cent(row):
    assert run_cases(document(KEY), [row])["cases"] == [{"id": row["id"], "ok": True, "differences": []}]


def test_the_document_has_no_mistake():
    assert check(document(KEY)) == {"ok": True, "errors": []}


def test_the_cases_see_every_rule_term_plan_and_refusal():
    expected = [row["expected"] for row in CASES]
    assert len(CASES) >= 12
    assert {r["key"] for e in expected for r in e["reasons"]} == {row["key"] for row in document(KEY)["acceptance"]}
    assert {key for e in expected for key in e["terms"]} == {row["key"] for row in document(KEY)["terms"]}
    paid = [e["payment"] for e in expected if e["payment"]]
    assert {p["plan"] for p in paid if p["allowed"]} == {row["key"] for row in document(KEY)["payment"]["plans"]}
    assert {len(p["instalments"]) for p in paid} == {1, 2, 3, 4, 6, 12}
    assert {p.get("reason") for p in paid} == {None, "P01_INSTALMENT_BELOW_5"}
    assert {e["decision"] for e in expected} == {"accept", "refer", "decline"}


@pytest.mark.parametrize(
    ("household", "insured", "net", "total"),
    [("single", "1250000", "39.60", "47.92"), ("single", "2500000", "46.80", "56.63"),
     ("family", "1250000", "57.60", "69.70"), ("family", "2500000", "68.40", "82.76")],
)  # fmt: skip
def test_the_tariffs_four_premiums_with_21_percent_tax(household, insured, net, total):
    base = FAMILY if household == "family" else ONE
    found = priced(KEY, "2026-11-23", {**base, "household": household, "insured_sum": insured})
    assert found.premium is not None
    assert (str(found.premium.net), str(found.premium.total)) == (net, total)
    assert [str(row.rate) for row in found.premium.tax_lines] == ["21"]
    assert [row.receiver for row in found.premium.commission] == ["adviser"]


@pytest.mark.parametrize(
    ("claims", "decision"), [(0, "accept"), (1, "accept"), (2, "refer"), (3, "decline"), (50, "decline")]
)
def test_claims_in_three_years_decide_at_two_and_three(claims, decision):
    assert priced(KEY, "2026-11-23", {**ONE, "claims": claims}).decision == decision


@pytest.mark.parametrize(
    ("plan", "count"),
    [("annual", 1), ("half_yearly", 2), ("four_monthly", 3), ("quarterly", 4), ("two_monthly", 6), ("monthly", 12)],
)
def test_every_plan_is_priced_and_its_instalments_are_its_total(plan, count):
    found = priced(KEY, "2026-11-23", FAMILY, plan)
    assert found.payment is not None and found.premium is not None and found.payment.allowed
    assert len(found.payment.instalments) == count
    assert sum(part.amount for part in found.payment.instalments) == found.premium.total
    assert {part.due_on.day for part in found.payment.instalments} == {1}


def test_one_quotation_prices_all_six_plans():
    keys = [row["key"] for row in document(KEY)["payment"]["plans"]]
    found = priced(KEY, "2026-11-23", FAMILY).plans
    assert [(row.plan, row.allowed) for row in found] == [(key, True) for key in keys]


def test_the_tariff_says_that_it_is_ours_and_every_question_why():
    assert "invented" in document(KEY)["editions"][0]["source"]
    for part in product(KEY).questions:
        assert part.spec.why and set(part.spec.why) == {"nl", "en"}, part.spec.key
