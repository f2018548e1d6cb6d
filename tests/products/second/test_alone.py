"""The second evaluator by itself: the worked cases, the formulas and the plans that the page prints."""

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.products.second.compare import by_value
from tests.products.second.documents import PAGE, documents, whole_page
from tests.products.second.faults import Fault
from tests.products.second.plans import divide
from tests.products.second.scope import Scope
from tests.products.second.whole import second
from tests.products.second.worked import unlike

CASES = [(key, row) for key, document in documents().items() for row in document["cases"] if key != "bicycle-whole"]
FORMULAS = re.findall(
    r"^\| [^|]*(?:\\\|[^|]*)*\| `((?:[^`|]|\\\|)+)` \| `([^`]+)` \|$", PAGE.read_text(encoding="utf-8"), re.M
)
LOSSES = [
    {"loss_date": date(2026, 5, 1), "cause": "theft", "amount": Decimal(400), "reported": True},
    {"loss_date": date(2024, 3, 3), "cause": "damage", "amount": Decimal(150)},
]
KNOWN = {
    "as_of": date(2027, 1, 15), "start_date": date(2027, 2, 1), "value": Decimal(1250), "postcode": "8011",
    "electric": False, "lock": "chain", "use": ["work", "sport"], "losses": LOSSES, "contracts": [],
}  # fmt: skip


@pytest.mark.parametrize(("key", "case"), CASES, ids=[f"{key} {row['id']}" for key, row in CASES])
def test_the_worked_case_comes_out(key, case):
    found = second(
        documents()[key],
        date.fromisoformat(case["as_of"]),
        case["answers"],
        case.get("plan"),
        case.get("contracts", ()),
    )
    assert unlike(case["expected"], found) == []


def test_the_page_prints_its_formulas():
    assert len(FORMULAS) > 55


@pytest.mark.parametrize(("formula", "gives"), FORMULAS, ids=[row[0] for row in FORMULAS])
def test_the_pages_formula_gives_what_stands_beside_it(formula, gives):
    found = Scope(whole_page(), dict(KNOWN)).work(formula.replace("\\|", "|"), "")
    shown = ("yes" if found else "no") if isinstance(found, bool) else by_value(found)
    rounded = (
        shown.quantize(Decimal("0.01")) if isinstance(shown, Decimal) and "." in gives and len(gives) > 4 else shown
    )
    assert rounded == by_value(gives)


@pytest.mark.parametrize(
    ("division", "total", "parts"),
    [
        ({"instalments": 3}, "100.00", ["33.33", "33.34", "33.33"]),
        ({"instalments": 12, "division": "last_takes_rest"}, "131.96", ["11.00"] * 11 + ["10.96"]),
        ({"instalments": 4, "division": "balance_anew"}, "745.01", ["186.25", "186.25", "186.26", "186.25"]),
        ({"instalments": 4, "division": "balance_anew", "minimum_instalment": "25.00", "minimum_last": "10.00"},
         "80.00", ["25.00", "25.00", "30.00"]),
        ({"instalments": 6, "division": "deposit"}, "120.05", ["40.02", "20.01", "20.01", "20.01", "20.00"]),
    ],
)  # fmt: skip
def test_the_pages_plan_is_divided_as_it_says(division, total, parts):
    assert divide(int(Decimal(total) * 100), division, 2) == [int(Decimal(part) * 100) for part in parts]


@pytest.mark.parametrize(
    ("formula", "code"),
    [("value / 0", "division_by_zero"), ("max(losses.amount where amount > 1000)", "empty_list"),
     ("interpolate(limits.premium, money(1))", "outside_points"), ("add_days(as_of, 100001)", "whole_number"),
     ("lookup(regions.percent, \"0999\")", "no_row"), ("1000000000000000 * 1000000000000000 * 10", "out_of_range")],
)  # fmt: skip
def test_what_the_page_calls_an_error_is_one(formula, code):
    with pytest.raises(Fault) as refused:
        Scope(whole_page(), dict(KNOWN)).work(formula, "computed[0]")
    assert (refused.value.code, refused.value.path) == (code, "computed[0]")
