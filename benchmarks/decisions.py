"""Decisions a second of the product language beside zen-engine, by the same rules and values in turn in the same run.

30 rules of which 3 hold and 30 that all hold, both sides with their trace (zen's names the rows that hit, ours also the
part that refused each other rule); a rate table of 1,000 rows, both without trace; and whole quotes of each catalogue
product, with every plan, document line and the trace, and the share of its time that each part takes. zen computes in
floats, ours in decimals. Use the ratios; the figures belong to the machine.
Run with bin/bench decisions [rounds] [seconds a measure]. Prints one JSON object and keeps it in docs/benchmarks.md.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import zen  # noqa: E402

from benchmarks._phases import shares  # noqa: E402
from config.launch.places import ROOT  # noqa: E402
from products.language import Product, ask, compile_definition, decide, evaluate, quoted  # noqa: E402
from products.language.schema import DecisionTable  # noqa: E402
from products.language.tables import compile_table  # noqa: E402
from proofs._record import keep_result  # noqa: E402
from tests.products.language.samples import example  # noqa: E402

AS_OF = date(2027, 1, 15)
BASE = {"start_date": "2027-02-01", "postcode": "8011", "motor": False, "lock": "chain"}
CATALOGUE = ROOT / "products" / "catalogue"
NUMBERS = {"value": 5000, "age": 40, "claims": 1, "years": 10, "rooms": 4, "distance": 12}
CHOICES = {
    "construction": ["brick", "wood", "steel", "other"],
    "roof": ["tiles", "thatch", "flat"],
    "purpose": ["private", "business", "both"],
    "region": ["north", "east", "south", "west"],
}
TRUTHS = ("electric", "student")
VALUES: dict[str, Any] = {**NUMBERS, **{name: keys[0] for name, keys in CHOICES.items()}, **dict.fromkeys(TRUTHS, True)}
WANTED = {"ratio_3_of_30": 1.5, "ratio_30_of_30": 4, "ratio_table": 15, "quotes_nl_horse_trailer": 1500}


def cell(name: str, turn: int, *, holds: bool) -> tuple[str, str]:
    """What a rule asks of an input: as a formula of ours and as a cell of zen's."""
    if name in NUMBERS:
        bound = NUMBERS[name] + (-1 - turn % 3 if holds else 1 + turn % 3)
        return f"{name} > {bound}", f"> {bound}"
    if name in TRUTHS:
        return (name, "true") if holds else (f"not {name}", "false")
    keys = CHOICES[name]
    wanted = keys[: 1 + turn % 2] if holds else keys[1 : 2 + turn % 2]
    listed = ", ".join(f'"{key}"' for key in wanted)
    return f"{name} in [{listed}]", listed


def rules(hitting: int) -> list[dict[str, tuple[str, str]]]:
    """30 rules of three conditions; so many hold for `VALUES`, the others fail at their first, second or third."""
    inputs, found = list(VALUES), []
    for place in range(30):
        names = [inputs[(place * 5 + step * 4) % len(inputs)] for step in range(3)]
        failing = None if hitting == 30 or place % 10 == 0 else names[place % 3]
        found.append({name: cell(name, place, holds=name != failing) for name in names})
    return found


def ours(rows: list[dict[str, tuple[str, str]]]) -> Product:
    """A product with these rules of acceptance."""
    document = example()
    document.update(cases=[], terms=[])
    text = {"en": "A sentence."}

    def question(name: str, kind: str, **more: Any) -> dict[str, Any]:
        return {"key": name, "type": kind, "label": text, "why": text, "recorded": True, **more}

    document["questions"][1] = question("value", "money")
    document["questions"][3]["key"] = "motor"
    document["questions"][4]["when"] = "motor"
    document["questions"] += [question(name, "integer") for name in NUMBERS if name != "value"]
    document["questions"] += [question(name, "yes_no") for name in TRUTHS]
    for name, keys in CHOICES.items():
        choices = [{"key": key, "label": text} for key in keys]
        document["questions"].append(question(name, "one_of", choices=choices))
    document["acceptance"] = [
        {
            "key": f"R{place}", "when": " and ".join(formula for formula, _cell in row.values()), "outcome": "refer",
            "customer": text, "underwriter": text,
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip
    return compile_definition(document)


def zens(rows: list[dict[str, str]], inputs: list[str], output: str, hit: str) -> Callable[..., Any]:
    """zen's decision on a table, its content prepared once, as its loader may keep it."""
    columns = {name: f"i{place}" for place, name in enumerate(inputs)}
    table = {
        "hitPolicy": hit,
        "inputs": [{"id": key, "name": name, "field": name} for name, key in columns.items()],
        "outputs": [{"id": "out", "name": output, "field": output}],
        "rules": [
            {"_id": f"r{place}", **{key: row.get(name, "") for name, key in columns.items()}, "out": row[output]}
            for place, row in enumerate(rows)
        ],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
        {"id": "end", "type": "outputNode", "name": "end", "content": {}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "end"},
    ]
    content = zen.ZenDecisionContent(json.dumps({"nodes": nodes, "edges": edges}))
    engine = zen.ZenEngine({"loader": lambda key: content})
    return lambda values, options: engine.evaluate("table", values, options)


def acceptance(hitting: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Both sides' decision from values to reasons with its trace, found to agree. Ours has read the answers before."""
    rows = rules(hitting)
    product = ours(rows)
    answers: dict[str, Any] = {**BASE, **VALUES}
    cells = [
        {**{name: written for name, (_formula, written) in row.items()}, "reason": f'"R{place}"'}
        for place, row in enumerate(rows)
    ]
    decision = zens(cells, list(VALUES), "reason", "collect")
    asked = ask(product, AS_OF, answers)

    def mine() -> tuple[list[str], list[Any]]:
        """The reasons, and of every rule what refused it with what it saw."""
        asked.run.left = asked.run.budget
        found = decide(product, asked, answers)
        return [reason.key for reason in found.reasons], found.trace.looks

    theirs = [row["reason"] for row in decision(VALUES, {"trace": True})["result"]]
    reasons, looks = mine()
    refused = [look for look in looks if look[0] == "rule" and look[3] is not None]
    if reasons != theirs or len(reasons) != hitting or len(refused) != 30 - hitting:
        raise ValueError(f"Expected {hitting} reasons from both sides, found {reasons} and {theirs}.")
    return mine, lambda: decision(VALUES, {"trace": True})


def with_reading(hitting: int) -> Callable[[], Any]:
    """Our decision with the reading and checking of the answers before it, which zen leaves to its caller."""
    product = ours(rules(hitting))
    answers: dict[str, Any] = {**BASE, **VALUES}
    return lambda: decide(product, ask(product, AS_OF, answers), answers).trace.looks


def rate_table() -> tuple[Callable[[], Any], Callable[[], Any]]:
    """A row of 1,000 by region, age and distance, without trace; each side looks up the same places in turn."""
    tens = range(10)
    cells = [
        (f"region{a}", (18 + 7 * b, 25 + 7 * b), (500 * c, 500 * c + 500)) for a in tens for b in tens for c in tens
    ]
    band = {"type": "number", "match": "range"}
    spec = DecisionTable.model_validate(
        {
            "key": "rates", "results": [{"name": "rate", "type": "number"}],
            "keys": [{"name": "region", "type": "text"}, {"name": "age", **band}, {"name": "distance", **band}],
            "rows": [{"when": [region, *({"from": str(low), "until": str(high)} for low, high in bands)],
                      "then": [str(place)]} for place, (region, *bands) in enumerate(cells)],
        }
    )  # fmt: skip
    table, problems = compile_table(spec, "tables[0]", {})
    if table is None:
        raise ValueError(problems)
    rows = [
        {"region": f'"{region}"', "age": f"[{ages[0]}..{ages[1]})", "distance": f"[{kms[0]}..{kms[1]})",
         "rate": str(place)}
        for place, (region, ages, kms) in enumerate(cells)
    ]  # fmt: skip
    decision = zens(rows, ["region", "age", "distance"], "rate", "first")
    places = [(f"region{n % 10}", 18 + (n * 7) % 70, (n * 131) % 5000) for n in range(0, 1000, 37)]
    typed = [[region, Decimal(age), Decimal(distance)] for region, age, distance in places]
    contexts = [{"region": region, "age": age, "distance": distance} for region, age, distance in places]
    mine = [int(table.value_at(values, 0)) for values in typed]
    theirs = [int(decision(context, {})["result"]["rate"]) for context in contexts]
    if mine != theirs:
        raise ValueError(f"Expected the same rows from both sides, found {mine} and {theirs}.")
    value_at = table.value_at
    return in_turn(lambda values: value_at(values, 0), typed), in_turn(lambda values: decision(values, {}), contexts)


def in_turn(work: Callable[[Any], Any], values: list[Any]) -> Callable[[], Any]:
    """Work on all the values, one after the other; `per_call` of the measure divides by their number."""

    def all_of_them() -> int:
        for value in values:
            work(value)
        return len(values)

    return all_of_them


def quotes(path: Path) -> Callable[[], int]:
    """The whole answer of `product_quote` for each worked case of a catalogue product."""
    product = compile_definition(path.read_bytes())
    cases = [(date.fromisoformat(case["as_of"]), case["answers"]) for case in product.definition.cases]
    language = product.language()

    def all_of_them() -> int:
        for as_of, answers in cases:
            quoted(product, evaluate(product, as_of, answers), language)
        return len(cases)

    return all_of_them


def rate(work: Callable[[], Any], seconds: float) -> float:
    """Calls a second, over at least so many seconds of the processor."""
    count, begun = 0, time.process_time()
    while True:
        for _time in range(10):
            found = work()
            count += found if isinstance(found, int) else 1
        spent = time.process_time() - begun
        if spent >= seconds:
            return count / spent


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """Medians over the rounds, both sides in turn."""
    pairs = {"3_of_30": acceptance(3), "30_of_30": acceptance(30), "table": rate_table()}
    reading = {"ours_3_of_30_with_reading": with_reading(3), "ours_30_of_30_with_reading": with_reading(30)}
    whole = {path.stem: quotes(path) for path in sorted(CATALOGUE.glob("*.json"))}
    found: dict[str, list[float]] = {}
    for _round in range(rounds):
        for name, sides in pairs.items():
            for side, work in zip(("ours", "zen"), sides, strict=True):
                found.setdefault(f"{side}_{name}", []).append(rate(work, seconds))
        for name, work in reading.items():
            found.setdefault(name, []).append(rate(work, seconds))
        for name, work in whole.items():
            found.setdefault(f"quotes_{name.replace('-', '_')}", []).append(rate(work, seconds))
    middle = {name: median(values) for name, values in found.items()}
    ratios = {f"ratio_{name}": round(middle[f"ours_{name}"] / middle[f"zen_{name}"], 2) for name in pairs}
    parts = {f"parts_of_{name.replace('-', '_')}": in_words(shares(work, seconds)) for name, work in whole.items()}
    return {**{f"{name}_per_second": round(value) for name, value in middle.items()}, **ratios, **parts}


def in_words(found: dict[str, int]) -> str:
    """Shares as one reads them: rules 12 %, tables 3 %."""
    return ", ".join(f"{phase} {percent} %" for phase, percent in found.items())


def main(arguments: list[str]) -> int:
    """Print and keep the medians and ratios; 0 where each is as fast as it must be."""
    rounds, seconds = (int(arguments[0]) if arguments else 5), (float(arguments[1]) if len(arguments) > 1 else 1.0)
    result = measure(rounds, seconds)
    missed = [name for name, least in WANTED.items() if result.get(name, result.get(f"{name}_per_second", 0)) < least]
    print(json.dumps({**result, "missed": missed}), flush=True)
    if not arguments:
        keep_result("decisions", result, ROOT / "docs" / "benchmarks.md")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
