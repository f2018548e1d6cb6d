"""Random formulas of each type over the page's whole example, put into steps, computed values, rules and plans."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.products.second.documents import add, whole_page

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
    document["editions"] = [
        {"key": "2026", "valid_from": "2000-01-01", "valid_until": "2027-01-01"}, {"key": "2027", "valid_from": "2027-01-01"},
    ]  # fmt: skip
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
    return document


def rule(key: str, when: str, outcome: str) -> Json:
    return {"key": key, "when": when, "outcome": outcome, "customer": {"en": "A look."}, "underwriter": {"en": "A look."}}


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
            plan["offered_instead"] = random.choice([row["key"] for row in rows if row is not plan])


class Writer:
    """Formulas of a type, at most so deep."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def write(self, kind: str, depth: int) -> str:
        """One of the shapes of a type; near the ground a name or a constant."""
        shapes = LEAVES[kind] if depth <= 0 or self.random.random() < 0.1 else SHAPES[kind]
        return self.fill(self.random.choice(shapes), depth)

    def fill(self, shape: str, depth: int) -> str:
        """{n} a number, {a} an amount, {d} a date, {f} yes or no, {i} a small whole number, {l} a condition of a loss."""
        for sign, kind in (("{n}", "number"), ("{a}", "amount"), ("{d}", "date"), ("{f}", "flag"), ("{i}", "small"), ("{l}", "loss")):
            while sign in shape:
                shape = shape.replace(sign, self.write(kind, depth - 1), 1)
        return shape


LEAVES = {
    "number": ["0", "1", "2.5", "7%", "12.345", "-3", "free_years", "ladder_percent", "agreed_percent", "points", "length(postcode)",
               "count(use)", "count(losses)", "default(members, 0)", "lookup(regions, postcode)"],
    "amount": ["value", "insured_sum", "default(battery_value, 0)", "money(35)", "large_sum", "duty", "sum(losses.amount)"],
    "date": ["start_date", "as_of", "reference_date", 'date("2028-02-29")', 'date("2026-01-31")'],
    "flag": ["electric", "assistance", "no_theft", 'lock = "chain"', 'edition = "2027"', "answered(battery_value)", "answered(members)",
             'contains(use, "work")', "any(contracts where valid_from < as_of)"],
    "small": ["0", "1", "-1", "11", "12", "-13", "29", "round(free_years, 1)", "count(losses)"],
    "loss": ['cause = "theft"', "amount > 150", "amount >= value / 5", "loss_date >= start_date", '(cause <> "theft" or reported)',
             '(cause = "theft" and reported)'],
}  # fmt: skip
SHAPES = {
    "number": ["({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / {n})", "(-{n})", "({n})%", "({a} / {a})", "number({a})", "min({n}, {n})",
               "max({n}, {n}, {n})", "abs({n})", "round({n}, 0.1)", "round_up({n}, 2.5)", "round_down({n}, 1)", "round_half_even({n}, 0.5)",
               "(if {f} then {n} else {n})", 'case lock of "none" | "ring": {n}, "chain": {n} end', "years_between({d}, {d})",
               'case edition of "2026": {n}, else: {n} end', "months_between({d}, {d})", "days_between({d}, {d})",
               "year({d})", "month({d})", "day({d})", "count(losses where {l})", "count(losses where electric or {l})",
               'lookup(firsts.points, "1500", lock, {d})', "lookup(all_sum.points, {a})", "lookup(all_count, {a})", "default(members, {n})"],
    "amount": ["({a} + {a})", "({a} - {a})", "({a} * {n})", "({a} / {n})", "(-{a})", "money({n})", "min({a}, {a})", "max({a}, 25)", "abs({a})",
               "round({a}, 1)", "round_up({a}, 0.05)", "round_half_even({a}, 10)", "(if {f} then {a} else {a})", "sum(losses.amount where {l})",
               "default(max(losses.amount where {l}), {a})", "default(min(losses.amount), 0)", "max(losses.amount)",
               "interpolate(limits.premium, {a})", "extrapolate(limits.premium, 90000 + abs({a}))", "brackets(duties.rate, abs({a}))",
               "lookup(firsts.price, postcode, lock, {d})", "(if electric then battery_value else {a})", "default(battery_value, {a})"],
    "date": ["add_days({d}, {i})", "add_months({d}, {i})", "add_years({d}, {i})", "min({d}, {d})", "max({d}, {d}, {d})",
             "(if {f} then {d} else {d})", "default(max(losses.loss_date where {l}), {d})"],
    "flag": ["({n} < {n})", "({n} = {n})", "({a} >= {a})", "({a} <> {a})", "({d} <= {d})", "({d} = {d})", "(not {f})", "({f} and {f})",
             "({f} or {f})", "({n} in [{n}, {n}])", 'lock not in ["none", "ring"]', 'postcode >= "5000"', 'starts_with(postcode, "1")',
             'only(use, "work")', 'any_of(use, "work", "sport")', 'all_of(use, "work", "sport")', "any(losses where {l})",
             "all(losses where {l})", "(electric and battery_value > {a})", "(if {f} then {f} else {f})",
             'any(losses where {l} and no_theft)', 'any(contracts where product = "bicycle" and valid_from <= start_date)'],
    "small": ["({i} + {i})", "(-{i})", "count(losses where {l})", "{n}"],
    "loss": ["({l} and {l})", "({l} or {l})", "(not {l})", "years_between(loss_date, start_date) < 2",
             "amount < insured_sum / 3", "loss_date < add_days(as_of, -1000)"],
}  # fmt: skip
