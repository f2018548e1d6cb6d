"""German contents and glass: the dossier's cases and look-ups, and what its answers change beyond them."""

import json
from typing import Any

import pytest

from products.language import check, run_cases
from tests.products.catalogue.files import case, document, priced, product
from tests.shared import shared

KEY = "de-contents-glass"
CASES = [f"CG-{number:02}" for number in range(1, 17)]
CONTENTS: dict[str, Any] = case(KEY, "CG-01")["answers"]
BOTH: dict[str, Any] = case(KEY, "CG-06")["answers"]
GLASS: dict[str, Any] = case(KEY, "CG-09")["answers"]


@pytest.mark.parametrize("case_id", CASES)
def test_the_dossiers_case_comes_out_to_the_cent(case_id):
    cases = json.loads(shared("products", KEY, "cases.json").read_text(encoding="utf-8"))["cases"]
    found = run_cases(document(KEY), [row for row in cases if row["id"] == case_id])
    assert found == {"passed": 1, "failed": 0, "cases": [{"id": case_id, "ok": True, "differences": []}]}


def test_the_document_carries_the_dossiers_cases_and_has_no_mistake():
    assert [row["id"] for row in document(KEY)["cases"]] == CASES
    assert check(document(KEY)) == {"ok": True, "errors": []}


def test_each_postcode_of_the_dossier_is_in_its_zone():
    checks = json.loads(shared("products", KEY, "cases.json").read_text(encoding="utf-8"))["zone_checks"]
    assert len(checks) == 8
    for row in checks:
        found = priced(KEY, "2012-01-01", {**CONTENTS, "postcode": row["postcode"]})
        zones = [step.value for step in found.premium.steps if step.key == "zone"] if found.premium else []
        assert zones == ([row["zone"]] if row["zone"] else []), row
        assert ("R01_ZONE_NOT_LISTED" in [reason.key for reason in found.reasons]) is (row["zone"] is None), row


@pytest.mark.parametrize(
    ("kind", "area", "net"),
    [("house", "80", "40.00"), ("house", "80.01", "45.00"), ("house", "220", "45.00"), ("house", "220.01", "80.00"),
     ("flat", "80", "36.00"), ("flat", "80.01", "40.00"), ("flat", "220", "40.00"), ("flat", "220.01", "80.00")],
)  # fmt: skip
def test_glass_costs_by_kind_and_area_up_to_and_including(kind, area, net):
    asked = {"other_glass_buildings": False, "conservatory": False} if kind == "house" else {}
    answers = {**GLASS, **asked, "living_area_m2": area, "dwelling_type": kind, "payment_frequency": "annual"}
    del answers["direct_debit"]
    found = priced(KEY, "2012-01-01", answers)
    assert found.premium is not None and str(found.premium.net) == net


@pytest.mark.parametrize(("area", "insured"), [("51.53", "33000.00"), ("51.54", "34000.00"), ("52.3", "34000.00")])
def test_the_sum_insured_is_rounded_to_the_nearest_thousand(area, insured):
    found = priced(KEY, "2012-01-01", {**CONTENTS, "living_area_m2": area})
    assert found.premium is not None and str(found.premium.sections[0].insured_sum) == insured


@pytest.mark.parametrize(("as_of", "percent"), [("2012-12-31", "18"), ("2013-01-01", "16.15"), ("2026-11-23", "16.15")])
def test_contents_bear_the_tax_rate_of_the_day_and_glass_its_own(as_of, percent):
    found = priced(KEY, as_of, BOTH)
    assert found.premium is not None
    assert [(row.section, str(row.rate)) for row in found.premium.tax_lines] == [("contents", percent), ("glass", "19")]


def test_the_house_of_140_m2_costs_today_what_the_printed_invoice_says():
    found = priced(KEY, "2026-11-23", BOTH)
    assert found.premium is not None and found.payment is not None
    assert [str(row.amount) for row in found.premium.tax_lines] == ["27.25", "8.81"]
    assert [str(part.amount) for part in found.payment.instalments] == ["125.56", "125.56"]


def test_who_chooses_nothing_is_declined():
    answers = {"contents": False, "glass": False, "living_area_m2": "60", "payment_frequency": "annual"}
    found = priced(KEY, "2026-11-23", answers)
    assert (found.decision, [reason.key for reason in found.reasons]) == ("decline", ["D02_NOTHING_CHOSEN"])


def test_a_half_yearly_instalment_below_15_needs_direct_debit():
    # given: glass of 36.00, half-yearly 22.07
    allowed = priced(KEY, "2012-01-01", {**GLASS, "payment_frequency": "half_yearly"})
    assert allowed.payment is not None and allowed.payment.allowed
    # and: contents of 13,000, half-yearly 14.22
    least = {**CONTENTS, "living_area_m2": "20", "payment_frequency": "half_yearly", "direct_debit": False}
    refused = priced(KEY, "2012-01-01", least)
    assert refused.payment is not None and refused.payment.reason == "P02_INSTALMENT_BELOW_15"
    assert str(refused.payment.refused_instalment) == "14.22"
    collected = priced(KEY, "2012-01-01", {**least, "direct_debit": True})
    assert collected.payment is not None and collected.payment.allowed


def test_every_question_says_why_in_both_languages():
    for part in product(KEY).questions:
        assert part.spec.why and set(part.spec.why) == {"de", "en"}, part.spec.key


def test_the_field_terms_are_those_of_a_german_contract():
    text = json.dumps(document(KEY), ensure_ascii=False)
    for term in ("Hausrat", "Glas", "Versicherungssumme", "Versicherungsteuer", "Versicherungsschein", "Beitrag"):
        assert term in text
    for wrong in ("Versicherungssteuer", "Prämie", "Police"):
        assert wrong not in text
