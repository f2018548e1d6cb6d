"""Where a formula without a result is told: at its own place, wherever in the document it stands."""

from datetime import date

import pytest

from products.language import compile_definition, evaluate, run_cases
from tests.products.language.samples import ANSWERS, added, changed, example

AS_OF = date(2027, 1, 15)
ZERO = "number(value - 1250)"  # of the page's answers
CHOICES = [{"key": key, "label": {"en": key}} for key in ("annual", "monthly")]
PAYING = {"key": "paying", "type": "one_of", "choices": CHOICES, "label": {"en": "x"}, "why": {"en": "x"}}
PLACES = {
    "sections.0.when": ("sections[0].when", f"1 / {ZERO} > 1"),
    "sections.0.insured_sum": ("sections[0].insured_sum", f"value / {ZERO}"),
    "computed.0.formula": ("acceptance[1].when", f"value / {ZERO} + default(battery_value, 0)"),
    "acceptance.0.when": ("acceptance[0].when", f"1 / {ZERO} > 1"),
    "terms.0.when": ("terms[0].when", f"1 / {ZERO} > 1"),
    "edition_by": ("edition_by", f"add_days(as_of, 1 / {ZERO})"),
    "starts_on": ("starts_on", f"add_days(start_date, 1 / {ZERO})"),
    "taxes.0.due_on": ("rating.steps[4]", f"add_days(start_date, 1 / {ZERO})"),
    "taxes.0.country": ("rating.steps[4]", f'if 1 / {ZERO} > 1 then "NL" else "DE"'),
    "rating.steps.1.when": ("rating.steps[1]", f"1 / {ZERO} > 1"),
    "rating.steps.3.component.base": ("rating.steps[3]", f"value / {ZERO}"),
    "rating.steps.4.component.rate": ("rating.steps[4]", f"21 / {ZERO}"),
    "payment.first_due": ("payment.plans[0]", f"add_days(start_date, 1 / {ZERO})"),
    "payment.plans.1.when": ("payment.plans[1].when", f"1 / {ZERO} > 1"),
    "payment.plans.1.refusals.0.when": ("payment.plans[1].refusals[0].when", f"1 / {ZERO} > 1"),
    "ipid.lines.2.when": ("ipid.lines[2].when", f"1 / {ZERO} > 1"),
    "documents.1.when": ("documents[1].when", f"1 / {ZERO} > 1"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_formula_without_a_result_is_told_at_its_place(place):
    path, formula = PLACES[place]
    [problem] = evaluate(compile_definition(changed(place, formula, wider())), AS_OF, ANSWERS).errors
    assert (problem.path, problem.code) == (path, "division_by_zero")


def wider():
    """The page's example, with another line that need not be there."""
    line = {"key": "more", "heading": "not_insured", "text": {"en": "More"}}
    document = added("ipid.lines", line)
    document["ipid"]["lines"].insert(2, document["ipid"]["lines"].pop())
    return document


def test_a_deposit_without_a_result_is_told_at_its_plan():
    deposit = {"key": "deposit", "names": {"en": "x"}, "instalments": 12, "interval_months": 1, "division": "deposit"}
    product = compile_definition(added("payment.plans", {**deposit, "deposit": f"1 / {ZERO}"}))
    [problem] = evaluate(product, AS_OF, ANSWERS).errors
    assert (problem.path, problem.code) == ("payment.plans[2]", "division_by_zero")


@pytest.mark.parametrize(
    ("day", "path", "code"),
    [(f"add_days(as_of, 1 / {ZERO})", "edition_by", "division_by_zero"),
     ('date("2000-01-01")', "editions", "no_edition")],
)  # fmt: skip
def test_an_edition_that_only_another_plan_lacks_is_told_at_its_place(day, path, code):
    document = added("questions", PAYING)
    document["payment"]["question"] = "paying"
    document["edition_by"] = f'if paying = "monthly" then {day} else as_of'
    [problem] = evaluate(compile_definition(document), AS_OF, {**ANSWERS, "paying": "annual"}).errors
    assert (problem.path, problem.code) == (path, code)


def test_a_case_may_expect_the_error_of_a_section():
    document = changed("sections.0.when", f"1 / {ZERO} > 1")
    case = {**example()["cases"][0], "expected": {"errors": ["sections[0].when"]}}
    assert run_cases(document, [case])["cases"][0]["differences"] == []
