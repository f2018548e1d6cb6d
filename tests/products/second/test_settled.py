"""Both evaluators side by side where the page was once open, or one of them wrong: the same result, and which."""

from datetime import date

import pytest

from products.language import compile_definition
from tests.products.second.compare import differences, first
from tests.products.second.documents import example
from tests.products.second.generate import Asked
from tests.products.second.whole import second

CASE = example()["cases"][0]
AS_OF = date.fromisoformat(CASE["as_of"])


def both(document, plan=None, contracts=(), **answers):
    """What both find for the page's first case with other answers; fails where they differ."""
    given = {**CASE["answers"], **answers}
    found = second(document, AS_OF, given, plan, contracts)
    order = Asked(AS_OF, given, plan, list(contracts))
    assert differences(first(compile_definition(document), document, order), found) == []
    return found


def bicycle(**parts):
    """The page's product without its cases, with other parts."""
    return {**example(), "cases": [], **parts}


PATHS = {
    "sections[0].when": ("sections", 0, "when", "1 / number(value - 1250) > 1"),
    "sections[0].insured_sum": ("sections", 0, "insured_sum", "value / number(value - 1250)"),
    "acceptance[0].when": ("acceptance", 0, "when", "1 / number(value - 1250) > 1"),
    "terms[0].when": ("terms", 0, "when", "1 / number(value - 1250) > 1"),
    "rating.steps[4]": ("taxes", 0, "due_on", "add_days(start_date, 1 / number(value - 1250))"),
    "documents[1].when": ("documents", 1, "when", "1 / number(value - 1250) > 1"),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_formula_without_a_result_is_told_at_the_same_place(path):
    part, place, name, formula = PATHS[path]
    document = bicycle()
    document[part][place][name] = formula
    assert both(document) == {"errors": [path]}
