"""The same evaluation told to customer, underwriter and auditor, in each language (DESIGN section 5)."""

import json
from datetime import date
from typing import Any

import pytest

from acceptance.telling import Chapter, for_auditor, for_customer, for_underwriter
from products.language import Product, compile_definition, evaluate, fill_system_answers, to_json
from products.words import Reader
from tests import given

DAY = date(2026, 6, 1)
PLANS = {"start_date": "2027-01-31", "insured_sum": "600000"}


def told(file: str, answers: dict[str, Any], **changes: Any) -> tuple[Product, dict[str, Any]]:
    """A product with its evaluation as it is stored."""
    product = compile_definition(json.loads((given.ROOT / file).read_text(encoding="utf-8")) | changes)
    return product, to_json(evaluate(product, DAY, fill_system_answers(product, DAY, answers)))


def chapter(product: Product, evaluation: dict[str, Any], title: str) -> Chapter:
    """One chapter of what the auditor reads."""
    return next(found for found in for_auditor(evaluation, product, language="en") if found.title == title)


TRAILER = {**given.TRAILER_ANSWERS, "theft_devices": []}


@pytest.mark.parametrize(
    ("language", "first", "reason", "last"),
    [
        ("en", "One of our people looks at your application.", "neither a coupling lock", "within one working day"),
        ("nl", "Een van onze mensen bekijkt uw aanvraag.", "geen koppelingsslot", "binnen één werkdag"),
        (
            "de",
            "Einer unserer Mitarbeiter sieht sich Ihren Antrag an.",
            "neither a coupling lock",
            "eines Arbeitstages",
        ),
    ],
)
def test_customer_reads_his_reasons_and_what_comes_next(language, first, reason, last):
    product, evaluation = told(given.TRAILER, TRAILER)
    sentences = for_customer(evaluation, product, language=language)
    assert sentences[0] == first
    assert reason in sentences[1]
    assert last in sentences[-1]


@pytest.mark.parametrize(
    ("language", "fired", "found", "wanted"),
    [
        ("en", "Value €8,500.00, below 20,000", "is €8,500.00", "at least €20,000.00"),
        ("nl", "Waarde €\xa08.500,00, onder 20.000", "is €\xa08.500,00", "ten minste €\xa020.000,00"),
        ("de", "Value €8,500.00, below 20,000", "ist 8.500,00\xa0€", "mindestens 20.000,00\xa0€"),
    ],
)
def test_underwriter_reads_what_fired_and_the_cell_that_refused(language, fired, found, wanted):
    product, evaluation = told(given.TRAILER, TRAILER)
    held, quiet = for_underwriter(evaluation, product, language=language)
    assert [line.held for line in held.lines] == [True] and fired in held.lines[0].text
    assert held.lines[0].small.startswith("R02_NO_THEFT_DEVICE")
    third = next(line for line in quiet.lines if line.small == "R03_TWO_THEFT_DEVICES")
    assert found in third.text and wanted in third.text
    first = next(line for line in quiet.lines if line.small == "R01_USE_OUTSIDE_AREA")
    assert "only(area_of_use" in first.text


def test_auditor_reads_the_whole_road():
    product, evaluation = told(given.TRAILER, TRAILER)
    chapters = {
        chapter.title: [line.text for line in chapter.lines]
        for chapter in for_auditor(evaluation, product, language="en")
    }
    assert f"Hash of the definition: {product.sha256}." in chapters["Document"]
    assert any("edition" in line for line in chapters["Document"])
    assert len(chapters["Questions"]) == len(product.questions)
    assert any("Asked because “age_months < 60” holds." in line for line in chapters["Questions"])
    assert len(chapters["Rules"]) == len(product.rules)
    assert any(line.startswith("Table insurance_tax_rates: row ") for line in chapters["Tables"])
    step = next(line for line in chapters["Steps of the premium"] if "1.375%" in line)
    assert step == (
        "116.88 by “catalogue_value * 1.375%”. With catalogue_value = 8500.00. Rounded from 116.875 to 0.01 (half_up)."
    )
    assert any("doesn't hold, so its other value counts" in line for line in chapters["Steps of the premium"])
    assert any("Found" in line for line in chapters["Other conditions"])


def test_question_that_was_not_asked_says_why():
    older = {**{key: value for key, value in TRAILER.items() if key != "bought_new"}, "age_months": 72}
    product, evaluation = told(given.TRAILER, older)
    line = next(row for row in chapter(product, evaluation, "Questions").lines if row.small == "bought_new")
    assert not line.held
    assert "Not asked: “age_months < 60” doesn't hold" in line.text and "72" in line.text


def test_refused_plan_says_which_instalment_and_what_is_offered():
    payment = json.loads((given.ROOT / given.PLANS).read_text(encoding="utf-8"))["payment"]
    refusal = {"key": "P01", "when": "instalment < 500", "text": {"nl": "te klein", "en": "too small"}}
    payment["plans"][2] |= {"refusals": [refusal], "offered_instead": "annual"}
    product, evaluation = told(given.PLANS, {**PLANS, "insured_sum": "1000"}, payment=payment, cases=[])
    lines = {line.small: line for line in chapter(product, evaluation, "Payment plans").lines}
    assert lines["annual"].held and not lines["monthly"].held
    for said in ("is refused: too small.", "The instalment would be", "Offered instead: annual."):
        assert said in lines["monthly"].text


def test_a_computed_value_is_called_by_its_label():
    product = compile_definition(
        json.loads((given.ROOT / "products/catalogue/de-contents-glass.json").read_text("utf-8"))
    )
    assert Reader(product, "de").label("postcode_zone") == "Tarifzone"
    assert Reader(product, "de").label("somebody_else") == "somebody else"


def test_declined_has_no_premium_and_says_so():
    rules = [{"key": "D01", "when": "insured_sum > 1", "outcome": "decline", "customer": {"nl": "Nee.", "en": "No."},
              "underwriter": {"nl": "Nee.", "en": "No."}}]  # fmt: skip
    product, evaluation = told(given.PLANS, PLANS, acceptance=rules, cases=[])
    steps = chapter(product, evaluation, "Steps of the premium")
    assert [line.text for line in steps.lines] == ["No premium was worked out: the application was declined."]
    assert for_customer(evaluation, product, language="de")[0] == "Nach unseren Regeln können wir das nicht versichern."
