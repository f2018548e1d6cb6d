"""Everything that docs/products.md shows, run."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from common.money import balance_anew, divide
from products.language import check, compile_definition, evaluate, json_schema, schema
from products.language.fields import Part
from products.language.functions import FUNCTIONS
from products.language.result import value_json
from tests.products.language.evaluator import compiled, run_for
from tests.products.language.programs import LOSSES
from tests.products.language.samples import ANSWERS, PAGE, errors, example, fragment, fragments


def table_rows() -> list[tuple[str, str, str]]:
    found = re.findall(r"^\| (.+?) \| `(.+)` \| `([^`]*)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [(name, formula.replace("\\|", "|"), gives) for name, formula, gives in found]


def with_use():
    """The example with the page's several-of, list and file questions."""
    return compile_definition(fragment("use", "losses", "photos", "limits", "duties", "agreed_rates"))


def test_the_published_schema_is_that_of_the_language():
    published = PAGE.with_name("products.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == json_schema()


def test_the_example_is_a_product():
    assert check(example()) == {"ok": True, "errors": []}


@pytest.mark.parametrize("key", [parts[0][1]["key"] for parts in fragments()])
def test_a_fragment_can_be_added(key):
    assert errors(fragment(key)) == {}


def test_the_page_has_its_rows():
    assert len(table_rows()) >= 30


@pytest.mark.parametrize(("formula", "gives"), [row[1:] for row in table_rows()], ids=[row[0] for row in table_rows()])
def test_a_construct_gives_what_the_page_says(formula, gives):
    product = with_use()
    run = run_for(product, {**ANSWERS, "use": ["work", "sport"], "losses": LOSSES}, as_of=date(2027, 1, 15))
    result = compiled(formula, product)
    found = value_json(result.value(run), result.type.kind)
    assert {True: "yes", False: "no"}.get(found, found) == gives


def test_fragments_do_what_they_say():
    product = compile_definition(fragment(*(parts[0][1]["key"] for parts in fragments())))
    answers = {
        **ANSWERS,
        "reference_date": "2027-01-15",
        "use": ["work"],
        "losses": [],
        "holidays": [],
        "chip_number": "1",
        "assistance": False,
        "no_theft": False,
        "free_years": 5,
    }
    found = evaluate(product, date(2027, 1, 15), answers)
    by_plan = {plan.plan: [str(i.amount) for i in plan.instalments] for plan in found.plans}
    assert by_plan["quarterly"] == ["28.73", "28.72", "28.73", "28.72"]
    assert by_plan["annual"] == ["108.90"] and by_plan["half_yearly"] == ["54.45", "54.45"]
    assert by_plan["deposit"][:2] == ["9.08", "9.07"]
    assert len(by_plan["deposit"]) == 12
    ring = evaluate(product, date(2027, 1, 15), {**answers, "lock": "ring"})
    assert (ring.decision, [term.key for term in ring.terms]) == ("accept", ["T01_CHAIN"])
    early = evaluate(product, date(2027, 1, 15), {**answers, "start_date": "2025-12-31"})
    assert early.not_rated_because == {"en": "no tariff before 2026"}
    assert early.premium is None and early.payment is None and early.decision == "accept"


def test_an_optional_section_and_a_part_taken_out_again():
    answers = {**ANSWERS, "assistance": True, "no_theft": True}
    found = evaluate(compile_definition(fragment("assistance", "no_theft")), date(2027, 1, 15), answers)
    assert found.premium is not None
    assert [(c.key, str(c.amount)) for c in found.premium.components] == [
        ("net", "90.00"), ("tax", "18.90"), ("road_net", "15.00"), ("road_tax", "3.15"), ("theft_out", "-27.00"),
    ]  # fmt: skip
    assert [(section.key, str(section.net)) for section in found.premium.sections] == [
        ("bicycle", "63.00"), ("road", "15.00"),
    ]  # fmt: skip
    assert str(found.premium.total) == "100.05"
    without = evaluate(compile_definition(fragment("assistance")), date(2027, 1, 15), {**ANSWERS, "assistance": False})
    assert without.premium is not None and [section.key for section in without.premium.sections] == ["bicycle"]


DIVISIONS = [
    ("cumulative", "100.00", 3, "33.33, 33.34, 33.33"),
    ("last_takes_rest", "131.96", 12, "11 times 11.00, then 10.96"),
    ("balance_anew", "745.01", 4, "186.25, 186.25, 186.26, 186.25"),
    ("balance_anew with minimum 25.00, last 10.00", "80.00", 4, "25.00, 25.00, 30.00"),
    ("deposit of 2", "120.05", 6, "40.02, 20.01, 20.01, 20.01, 20.00"),
]


@pytest.mark.parametrize(("name", "total", "count", "parts"), DIVISIONS)
def test_a_division_gives_what_the_page_says(name, total, count, parts):
    assert re.search(rf"^\| {name} \| [^|]+ \| {total} in {count}: {parts} \|$", PAGE.read_text(), re.MULTILINE)
    if "minimum" in name:
        found = balance_anew(Decimal(total), count, at_least=Decimal(25), last_at_least=Decimal(10))
    else:
        found = divide(Decimal(total), count, rule=name.split()[0], down=2)
    told = ", ".join(map(str, found)).replace(", ".join(["11.00"] * 11) + ",", "11 times 11.00, then")
    assert told == parts


def test_every_function_stands_on_the_page():
    named = set(re.findall(r"`([a-z_]+)[(`]", PAGE.read_text(encoding="utf-8")))
    assert set(FUNCTIONS) <= named


def test_every_field_of_the_document_stands_on_the_page():
    words = set(re.findall(r"[A-Za-z_]+", PAGE.read_text(encoding="utf-8")))
    parts = [part for part in vars(schema).values() if isinstance(part, type) and issubclass(part, Part)]
    fields = {field.alias or name for part in parts for name, field in part.model_fields.items()}
    assert fields - words == set()
