"""Every kind of mistake in a document, found where it stands."""

import json

import pytest

from products.language import check
from tests.products.language.samples import added, changed, errors, example, fragment

TEXT = {"en": "A sentence."}


def rule(when):
    return changed("acceptance.0.when", when)


def table(**changes):
    document = example()
    document["cases"] = []
    document["tables"][0].update(changes)
    return document


def rows(*cells):
    return table(rows=[{"when": [cell], "then": ["1"]} for cell in cells])


RULE, STEP = "acceptance[0].when", "rating.steps[0].formula"
COMPUTED = {"key": "a", "formula": "b"}, {"key": "b", "formula": "a + 1"}
MISTAKES = {
    # names and types in formulas
    "unknown name": (rule("lokc = 1"), RULE, "“lokc”. Did you mean “lock”? (at character 1)"),
    "unknown function": (rule("ruond(value, 1) > 2"), RULE, "“ruond”. Did you mean “round”?"),
    "unknown table": (changed("rating.steps.0.formula", "insured_sum * lookup(region, postcode)%"), STEP, "“regions”?"),
    "unknown column": (
        changed("rating.steps.0.formula", "insured_sum * lookup(regions.percnt, postcode)%"),
        STEP,
        "“percent”?",
    ),
    "unknown choice": (rule('lock = "chian"'), RULE, "Expected one of the choices none, ring, chain, found “chian”"),
    "wrong type": (rule("value + electric > 1"), RULE, "Expected a number or an amount, found yes or no."),
    "amount by amount": (rule("value * value > 1"), RULE, "Expected operands that go with “*”"),
    "amount plus number": (rule("value + year(start_date) > 1"), RULE, "found an amount and a number"),
    "comparing unlike": (rule("value > start_date"), RULE, "Expected two values of one type"),
    "condition that isn't one": (rule("value + 1"), RULE, "Expected yes or no, found an amount."),
    "no order": (rule('lock > "ring"'), RULE, "Expected values that can be compared by “>”"),
    "arity": (rule("round(value) > 1"), RULE, "Expected 2 values in round(), found 1."),
    "missing case": (
        rule('case lock of "none": yes, "ring": no end'),
        RULE,
        "Expected a case for the missing chain, or",
    ),
    "case twice": (rule('case lock of "none": yes, "none": no, else: no end'), RULE, "found “none” twice"),
    "unknown case": (rule('case lock of "nnoe": yes, else: no end'), RULE, "Did you mean “none”?"),
    "unguarded": (rule("battery_value > 100"), RULE, "“battery_value” only has a value when electric"),
    "unguarded after or": (rule("electric or battery_value > 100"), RULE, "only has a value when electric"),
    "wrong date": (rule('start_date > date("2027-02-30")'), RULE, "Expected a day such as"),
    "syntax": (rule("value >"), RULE, "Expected a value, found the end. (at character 8)"),
    "two comparisons": (rule("100 < value < 200"), RULE, "Expected one comparison"),
    "open text": (rule('lock = "ring'), RULE, "Expected a closing quote"),
    "single quotes": (rule("lock = 'none'"), RULE, 'straight double quotes such as "none", found \''),
    "quotes of a word processor": (rule("lock = “none”"), RULE, "found “. (at character 8)"),
    "a tax rate as a fraction": (
        changed("rating.steps.4.component.rate", "0.21"),
        "rating.steps[4].component.rate",
        "Expected the rate of the formula in percent, 21, found 0.21.",
    ),
    "a year's cover that ends after a month": (
        changed("renewal", {"kind": "ends", "term_months": 1, "text": TEXT}),
        "renewal.term_months",
        "Expected the term_months of a section, 12, where the contract ends, found 1.",
    ),
    "strange character": (rule("value > 1 ; drop"), RULE, "found the character U+003B"),
    "sum_of in a rule": (rule('sum_of("premium") > 1'), RULE, "sum_of() belongs in rating steps"),
    "a step in a rule": (rule("net > 1"), RULE, "Expected a known name, found “net”"),
    "the plan in a question": (changed("questions.4.when", 'plan = "annual"'), "questions[4].when", "found “plan”"),
    # order and cycles
    "cycle": (changed("computed", [*COMPUTED]), "computed[0].formula", "doesn't depend on itself, found a → b → a"),
    "cycle of one": (
        changed("computed.0.formula", "insured_sum + 1"),
        "computed[0].formula",
        "insured_sum → insured_sum",
    ),
    "cycle by a question": (
        changed("questions.4.when", "insured_sum > 1"),
        "questions[4].when",
        "battery_value → insured_sum → battery_value",
    ),
    "question ahead": (
        changed("questions.4.when", 'lock = "ring"'),
        "questions[4].when",
        "“lock”, which is asked later",
    ),
    "step ahead": (changed("rating.steps.0.formula", "net + 1"), STEP, "“net”, which comes later"),
    "step itself": (changed("rating.steps.0.formula", "base_premium"), STEP, "“base_premium”, which is this step"),
    # tables
    "gap": (
        rows({"from": "1000", "to": "4999"}, {"from": "6000", "to": "9999"}),
        "tables[0].rows",
        "from 5000 until 6000",
    ),
    "overlap": (
        rows({"from": "1000", "to": "5000"}, {"from": "5000", "to": "9999"}),
        "tables[0].rows[1]",
        "rows 0 and 1",
    ),
    "unreachable": (
        table(hit="first", rows=[{"when": [None], "then": ["1"]}, {"when": [{"from": "2000"}], "then": ["2"]}]),
        "tables[0].rows[1]",
        "found one that never is",
    ),
    "empty range": (rows({"from": "2000", "until": "2000"}, None), "tables[0].rows[0].when[0]", "found an empty one"),
    "two bounds": (rows({"from": "1", "above": "2"}, None), "tables[0].rows[0].when[0]", "found two"),
    "cell of another type": (rows("1000"), "tables[0].rows[0].when[0]", "Expected a range"),
    "result of another type": (
        table(rows=[{"when": [None], "then": ["abc"]}]),
        "tables[0].rows[0].then[0]",
        "Expected a number, found a text",
    ),
    "cells missing": (
        table(rows=[{"when": [None, None], "then": ["1"]}]),
        "tables[0].rows[0].when",
        "Expected 1 cells",
    ),
    "collect without how": (table(hit="collect"), "tables[0].collect", "sum, min, max or count"),
    "choices of nothing": (
        table(keys=[{"name": "lock", "type": "choice", "choices_of": "value"}]),
        "tables[0].keys[0].choices_of",
        "“value”",
    ),
    "ranges of choices": (
        table(keys=[{"name": "lock", "type": "choice", "choices_of": "lock", "match": "range"}]),
        "tables[0].keys[0].match",
        "Expected a number, amount, date or code for ranges",
    ),
    "unused table": (changed("rating.steps.0.formula", "insured_sum * 8%"), "tables[0].key", "found “regions”"),
    # questions
    "unneeded question": (
        added("questions", {"key": "colour", "type": "text", "label": TEXT, "why": TEXT}),
        "questions[6].key",
        "nothing uses",
    ),
    "key twice": (added("computed", {"key": "value", "formula": "1"}), "computed[1].key", "found “value”"),
    "built-in key": (added("computed", {"key": "plan", "formula": "1"}), "computed[1].key", "a built-in value"),
    "word of the language": (
        changed("computed.0.key", "and"),
        "computed[0].key",
        "isn't a word of the formula language",
    ),
    "no choices": (changed("questions.5.choices", []), "questions[5].choices", "Expected choices with the type one_of"),
    "choice twice": (
        changed("questions.5.choices.1.key", "none"),
        "questions[5].choices[1].key",
        "found “none” twice",
    ),
    "limit of another type": (changed("questions.1.least", "2027-01-01"), "questions[1].least", "Expected a number"),
    "limit without use": (changed("questions.3.most", "1"), "questions[3].most", "found it with yes_no"),
    "no reason to ask": (changed("questions.0.why", ...), "questions[0].why", "Expected why this is asked"),
    "system without value": (changed("questions.0.set_by_system", True), "questions[0].system_value", "system_value"),
    # texts
    "text missing": (changed("languages", ["en", "nl"]), "questions[0].label.nl", "Expected a text in nl, found none."),
    "language too many": (changed("names.de", "Fahrrad"), "names.de", "found one in “de”"),
    "empty text": (changed("terms.0.text.en", " "), "terms[0].text.en", "Expected a text in en"),
    "unknown value in a text": (changed("terms.0.text.en", "{insured_sun}"), "terms[0].text.en", "“insured_sum”?"),
    "open brace": (changed("terms.0.text.en", "{insured_sum"), "terms[0].text.en", "Expected a name in braces"),
    # references and rating
    "unknown term": (changed("acceptance.0.term", "T02"), "acceptance[0].term", "found “T02”"),
    "forced by nobody": (changed("terms.0.forced", True), "terms[0].forced", "found none"),
    "unknown tax": (changed("sections.0.tax", "insurance_taks"), "sections[0].tax", "Did you mean “insurance_tax”?"),
    "unknown section": (changed("rating.steps.0.section", "bike"), "rating.steps[0].section", "found “bike”"),
    "no total": (changed("rating.steps.5.total", False), "rating.steps", "exactly one step with “total”"),
    "tax without base": (changed("rating.steps.4.component.base", ...), "rating.steps[4].component", "base and rate"),
    "premium without section": (
        changed("rating.steps.3.section", ...),
        "rating.steps[3].section",
        "section of a premium",
    ),
    "unrounded component": (changed("rating.steps.3.rounding", "none"), "rating.steps[3].rounding", "to the cent"),
    "component that is no amount": (changed("rating.steps.3.formula", "yes"), "rating.steps[3].formula", "an amount"),
    "editions overlap": (
        added("editions", {"key": "x", "valid_from": "2028-01-01"}),
        "editions[1].valid_from",
        "starts when the one before",
    ),
    "edition without days": (changed("editions.0.valid_until", "2026-01-01"), "editions[0].valid_until", "a day after"),
    "no policyholder": (changed("parties.0.role", "payer"), "parties", "policyholder"),
    # conditions that never hold
    "always no": (rule("no"), RULE, "Expected a condition that can hold"),
    "constants": (rule("electric and 2 > 3"), RULE, "never does"),
    "two choices at once": (rule('lock = "ring" and lock = "chain"'), RULE, "never does"),
    "no choice left": (rule('lock not in ["none", "ring"] and lock <> "chain"'), RULE, "never does"),
    "yes and no": (rule("electric and not electric"), RULE, "never does"),
    "outside the limits": (rule("value > 10000"), RULE, "never does"),
    "crossing bounds": (rule("insured_sum > 500 and 500 >= insured_sum"), RULE, "never does"),
    "crossing days": (rule('start_date > date("2027-02-01") and start_date <= date("2027-02-01")'), RULE, "never does"),
    "a step that never applies": (
        changed("rating.steps.1.when", 'lock = "chain" and lock in ["ring"]'),
        "rating.steps[1].when",
        "never does",
    ),
    "a line that is never there": (
        added("ipid.lines", {"key": "x", "heading": "insured", "when": "value < 50", "text": TEXT}),
        "ipid.lines[9].when",
        "never does",
    ),
    "a question that is never asked": (changed("questions.4.when", "value < 100"), "questions[4].when", "never does"),
    # curves and editions
    "table that is no curve": (
        rule("interpolate(regions.percent, value) > 1"),
        RULE,
        "one number or amount as its key",
    ),
    "place of another type": (
        {**fragment("limits"), "computed": [{"key": "a", "formula": "interpolate(limits, as_of)"}]},
        "computed[0].formula",
        "Expected an amount, found a date.",
    ),
    "points looked up": (
        {**fragment("limits"), "computed": [{"key": "insured_sum", "formula": "value + lookup(limits, value)"}]},
        "tables[1].rows",
        "Expected a row for any other limit, found none.",
    ),
    "edition without a row": (
        changed(
            "editions",
            [
                {"key": "2026", "valid_from": "2026-01-01", "valid_until": "2027-01-01"},
                {"key": "2027", "valid_from": "2027-01-01"},
            ],
            fragment("agreed_rates"),
        ),
        "tables[1].rows",
        "Expected a row for edition “2026”, lock",
    ),
    # plans and information document
    "surcharge unused": (
        changed("rating.steps.3.formula", "after_minimum"),
        "payment.plans[1].surcharge_percent",
        "plan_surcharge_percent",
    ),
    "deposit missing": (changed("payment.plans.1.division", "deposit"), "payment.plans[1].deposit", "deposit"),
    "minimum elsewhere": (
        changed("payment.plans.1.minimum_instalment", "5.00"),
        "payment.plans[1].minimum_instalment",
        "balance_anew",
    ),
    "commission above all": (changed("commission.0.percent", "101"), "commission[0].percent", "0 to 100, found 101"),
    "negative fee": (
        changed("payment.plans.1.fee_per_payment", "-1.00"),
        "payment.plans[1].fee_per_payment",
        "found -1",
    ),
    "unknown offer": (
        changed("payment.plans.1.offered_instead", "anual"),
        "payment.plans[1].offered_instead",
        "“annual”?",
    ),
    "plans aren't the choices": (changed("payment.question", "lock"), "payment.question", "annual, monthly"),
    "empty heading": (changed("ipid.lines.4", ...), "ipid.lines", "under the heading where"),
    "heading only sometimes": (changed("ipid.lines.4.when", "electric"), "ipid.lines", "under the heading where"),
    # the document's shape
    "unknown field": (changed("questions.0.lable", TEXT), "questions[0].lable", "Did you mean “label”?"),
    "missing field": (changed("currency", ...), "currency", "Expected the field “currency”, found nothing."),
    "float": (changed("commission.0.percent", 0.2), "commission[0].percent", "found the float 0.2"),
    "exponent": (changed("commission.0.percent", "1e400000"), "commission[0].percent", "found a text: 1e400000"),
    "amount with three decimals": (
        changed("payment.plans.0.fee_per_payment", "1.005"),
        "payment.plans[0].fee_per_payment",
        "at most two decimals",
    ),
    "no day": (changed("editions.0.valid_from", "2027-02-30"), "editions[0].valid_from", "Expected a day such as"),
    "unknown type": (changed("questions.0.type", "dat"), "questions[0].type", "found a text: dat"),
    "language": (changed("languages", ["english"]), "languages[0]", "two small letters"),
    "list expected": (changed("questions", {}), "questions", "found an object"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_stands(name):
    document, path, part = MISTAKES[name]
    found = errors(document)
    assert path in found, found
    assert part in found[path]


def test_the_example_without_a_mistake_has_none():
    assert errors(changed("key", "bicycle-2")) == {}


def test_one_mistake_is_told_once():
    assert list(errors(changed("computed.0.formula", "valeu"))) == ["computed[0].formula"]


def test_errors_come_in_the_order_of_the_document():
    document = rule("lokc = 1")
    document["questions"][4]["when"] = "elctric"
    document["rating"]["steps"][0]["formula"] = "nothing"
    assert [error["path"] for error in check(document)["errors"]][:3] == [
        "questions[4].when",
        "acceptance[0].when",
        "rating.steps[0].formula",
    ]
    assert all(set(error) == {"path", "message"} for error in check(document)["errors"])


def test_guards_hold_in_every_branch():
    for when in (
        "electric and battery_value > 100",
        "not electric or battery_value > 100",
        "if electric then battery_value > 100 else no",
        "if not electric then no else battery_value > 100",
        "answered(battery_value) and battery_value > 100",
        "default(battery_value, 0) > 100",
        'lock = "ring" and electric and (value > 5 or battery_value > 100)',
    ):
        assert errors(rule(when)) == {}, when


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("{", "line 1"),
        ("[]", "Expected a JSON object, found a list."),
        ('{"key": 1, "key": 2}', "found “key” twice"),
        ('{"key": NaN}', "the float nan"),
        ('{"key": -Infinity}', "the float -inf"),
        ("[" * 100_000, "24 levels"),
        ('{"a":' * 30 + "1" + "}" * 30, "24 levels"),
        (b"\xff{}", "Expected"),
        ('{"n": ' + "9" * 5000 + "}", "Expected"),
        ('{"n": "' + "x" * 20_000 + '"}', "at most 10000 characters"),
        (" " * 4_000_001, "at most 4000000 bytes"),
        ('{"n": "\\ud800"}', "half character"),
        (json.dumps({"n": [0] * 500_000}), "at most 400000 values"),
    ],
    ids=range(13),
)
def test_a_file_that_is_no_document(source, part):
    found = check(source)
    assert not found["ok"]
    assert part in found["errors"][0]["message"]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ('{"a": 1, "b": {"c": [{"d": 1, "d": 2}]}}', "b.c[0]"),
        ('{"a": 1, "b": {"c": [NaN]}}', "b.c[0]"),
        ('{"a": 1, "b": {"c": [' + "9" * 5000 + "]}}", "b.c[0]"),
        ('{"a": 1, "b": {"c": "' + "x" * 20_000 + '"}}', "b.c"),
    ],
    ids=["twice", "no number", "digits", "text"],
)
def test_what_makes_a_file_unreadable_is_named_at_its_place(source, path):
    assert [error["path"] for error in check(source)["errors"]] == [path]


def test_a_file_may_begin_with_the_mark_that_some_editors_write():
    assert check("\ufeff".encode() + json.dumps(example()).encode())["ok"]


def test_a_table_of_two_keys_knows_its_gaps():
    document = example()
    document["cases"] = []
    keys = [
        {"name": "lock", "type": "choice", "choices_of": "lock"},
        {"name": "worth", "type": "money", "match": "range", "least": "0", "most": "10000"},
    ]
    cells = [["ring", {"to": "500"}], ["ring", {"above": "500"}], ["chain", {"to": "500"}], ["none", None]]
    document["tables"].append(
        {
            "key": "bands",
            "keys": keys,
            "results": [{"name": "percent", "type": "number"}],
            "rows": [{"when": cell, "then": ["1"]} for cell in cells],
        }
    )
    document["rating"]["steps"][0]["formula"] += " + insured_sum * lookup(bands, lock, value)"
    assert errors(document) == {
        "tables[1].rows": "Expected a row for lock “chain”, worth above 500 to 10000, found none."
    }
    document["tables"][1]["rows"].append({"when": ["chain", {"above": "500"}], "then": ["2"]})
    assert errors(document) == {}


@pytest.mark.parametrize(
    "when",
    [
        "value >= 10000",
        "value > 100 and value < 100.01",
        'lock <> "ring" and lock <> "none"',
        "insured_sum >= 500 and 500 >= insured_sum",
        'lock = "ring" and (lock = "chain" or electric)',
        "not (value > 1) or electric",
        "value > -1 and 3 > 2",
    ],
)
def test_a_condition_that_may_hold_is_none(when):
    assert errors(rule(when)) == {}
