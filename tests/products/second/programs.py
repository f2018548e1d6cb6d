"""Random formulas of each type over the page's whole example, put into steps, computed values, rules and plans."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.products.second.documents import add, whole_page
from tests.products.second.shapes import Writer

Json = dict[str, Any]
EXTRA: list[Json] = [
    {
        "key": f"all_{how}",
        "keys": [{"name": "worth", "type": "money", "match": "range", "least": "0"}],
        "results": [{"name": "points", "type": "number"}],
        "hit": "collect",
        "collect": how,
        "default": ["-7"],
        "rows": [
            {"when": [{"to": "1000"}], "then": ["1.5"]},
            {"when": [{"above": "400", "until": "5000"}], "then": ["2"]},
            {"when": [{"from": "1250", "to": "1250"}], "then": ["-4"]},
        ],
    }
    for how in ("sum", "min", "max", "count")
]
FIRST: Json = {
    "key": "firsts",
    "keys": [{"name": "code", "type": "code", "match": "range", "least": "1000", "most": "9999"},
             {"name": "lock", "type": "choice", "choices_of": "lock", "match": "set"},
             {"name": "from", "type": "date", "match": "date", "least": "1900-01-01"}],
    "results": [{"name": "points", "type": "number"}, {"name": "price", "type": "money"}],
    "hit": "first",
    "default": ["-1", "3.33"],
    "rows": [
        {"when": [{"from": "1100", "until": "2000"}, ["none", "ring"], None], "then": ["1", "10"]},
        {"when": [{"above": "1500"}, ["chain"], {"from": "2026-12-31", "until": "2027-02-01"}], "then": ["2", "20.20"]},
        {"when": [None, ["ring"], {"until": "2020-02-29"}], "then": ["3", "30.30"]},
    ],
}  # fmt: skip


def base() -> Json:
    """The page's product for all days since 2000, without holidays, with more tables."""
    document = whole_page()
    before = {"key": "2026", "valid_from": "2000-01-01", "valid_until": "2027-01-01"}
    document["editions"] = [before, *document["editions"]]
    agreed = next(table for table in document["tables"] if table["key"] == "agreed_rates")
    agreed["rows"].append({"when": ["2026", ["none", "ring", "chain"]], "then": ["9.25"]})
    document["questions"] = [row for row in document["questions"] if row["key"] != "holidays"]
    document["checks"] = [row for row in document["checks"] if row["at"] != "returns"]
    del document["rating"]["not_rated"]
    for table in (*EXTRA, FIRST):
        add(document, "tables", deepcopy(table))
    points = [f"lookup({table['key']}.points, value)" for table in EXTRA]
    rest = "lookup(firsts.points, postcode, lock, start_date) + number(lookup(firsts.price, postcode, lock, as_of))"
    add(document, "computed", {"key": "points", "formula": f"{' + '.join(points)} + {rest}"})
    add(document, "rating.steps", {"key": "points_step", "formula": "points", "how": {"en": "points"}})
    return document


def program(random: Random) -> Json:
    """The base with one random formula of each sort."""
    document, write = base(), Writer(random).write
    steps = document["rating"]["steps"]
    mode = random.choice(("half_up", "half_even", "up", "down"))
    kind, to = random.choice(("number", "amount", "date", "flag")), random.choice(("0.01", "0.05", "1", "0.5", "1000"))
    step: Json = {"key": "probe", "formula": write(kind, 4), "how": {"en": "probe"}}
    if kind in ("number", "amount"):
        step["rounding"] = random.choice(({"to": to, "mode": mode}, {"to": to}, "none"))
    if random.random() < 0.5:
        step |= {"when": write("flag", 2)} | ({"otherwise": write(kind, 2)} if random.random() < 0.7 else {})
    if random.random() < 0.5:
        del step["rounding" if "rounding" in step and step["rounding"] != "none" else "how"]
    steps.insert(0, step)
    part: Json = {"key": "part", "formula": write("amount", 3), "section": "bicycle", "how": {"en": "part"}}
    steps.insert(random.randint(5, len(steps) - 1), {**part, "component": {"kind": random.choice(("premium", "fee"))}})
    add(document, "acceptance", rule("R90_PROBE", write("flag", 3), random.choice(("refer", "special"))))
    add(document, "terms", {"key": "T90", "when": write("flag", 3), "names": {"en": "T"}, "text": {"en": "T"}})
    plans(document, random, write)
    total(document, random)
    if random.random() < 0.5:
        by_answer(document, random)
    return document


def total(document: Json, random: Random) -> None:
    """The total to a multiple, more or less of a difference allowed, sometimes a cent that is rounding of its own."""
    steps = document["rating"]["steps"]
    kinds = '"premium", "tax", "fee", "rounding"'
    steps[-1]["formula"] = f"sum_of({kinds})"
    if random.random() < 0.4:
        steps[-1]["rounding"] = {
            "to": random.choice(("0.05", "0.1", "1")),
            "mode": random.choice(("half_up", "up", "down")),
        }
        document["rating"]["rounding_limit"] = random.choice(("0.04", "0.5", "1.00"))
    if random.random() < 0.4:
        formula = f"round(sum_of({kinds}), 0.5) - sum_of({kinds})"
        steps.insert(-1, {"key": "even", "formula": formula, "component": {"kind": "rounding"}, "how": {"en": "even"}})


def by_answer(document: Json, random: Random) -> None:
    """An answer chooses the plan; one plan needs a further question, which its refusal looks at."""
    keys = [row["key"] for row in document["payment"]["plans"]]
    texts = {"label": {"en": "Paying?"}, "why": {"en": "We ask."}}
    choices = [{"key": key, "label": {"en": key}} for key in keys]
    asked = {"when": "value > 300"} if random.random() < 0.5 else {}
    add(document, "questions", {"key": "paying", "type": "one_of", "choices": choices, **asked, **texts})
    needs = f'value > 300 and paying in ["{random.choice(keys[1:])}", "monthly"]'
    add(document, "questions", {"key": "bank", "type": "yes_no", "when": needs, **texts})
    document["payment"]["question"] = "paying"
    refused = {"key": "P_BANK", "when": f"{needs} and not bank", "text": {"en": "By bank."}}
    for plan in document["payment"]["plans"][1:]:
        plan.setdefault("refusals", []).append(refused)


def rule(key: str, when: str, outcome: str) -> Json:
    return {
        "key": key,
        "when": when,
        "outcome": outcome,
        "customer": {"en": "A look."},
        "underwriter": {"en": "A look."},
    }


def plans(document: Json, random: Random, write: Callable[[str, int], str]) -> None:
    """Divisions, fees and refusals changed at random."""
    rows = document["payment"]["plans"]
    for plan in rows[1:]:
        if "deposit" not in plan:
            plan["division"] = random.choice(("cumulative", "last_takes_rest", "balance_anew"))
            for name in ("minimum_instalment", "minimum_last"):
                plan.pop(name, None)
            if plan["division"] == "balance_anew" and random.random() < 0.6:
                least = random.choice((5, 10, 25))
                plan |= {"minimum_instalment": f"{least}.00", "minimum_last": f"{random.choice((1, least))}.00"}
            plan["instalments"] = random.choice((2, 3, 4, 6, 12))
        plan["fee_per_payment"] = random.choice(("0", "1.50", "0.07"))
        if random.random() < 0.6:
            limit = random.choice(("3", "10", "20", "50"))
            plan["refusals"] = [{"key": f"P_{plan['key']}", "when": f"instalment < {limit}", "text": {"en": "Small."}}]
            plan["refusals"] += [{"key": "P_OTHER", "when": write("flag", 2), "text": {"en": "Other."}}]
            if random.random() < 0.8:
                plan["offered_instead"] = random.choice([row["key"] for row in rows if row is not plan])
