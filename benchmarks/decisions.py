"""Decisions a second of the product language beside zen-engine, by the same rules and values in turn in the same run.

30 rules of which 3 hold and 30 that all hold, both sides with their trace (zen's names the rows that hit, ours also the
part that refused each other rule); a rate table of 1,000 rows, both without trace; and whole quotes of each catalogue
product, with every plan, document line and the trace. zen computes in floats, ours in decimals. Use the ratios; the
figures belong to the machine.
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

from config.launch.places import ROOT  # noqa: E402
from products.language import Product, compile_definition, decide, evaluate, quoted  # noqa: E402
from products.language.schema import DecisionTable  # noqa: E402
from products.language.tables import compile_table  # noqa: E402
from proofs._record import keep_result  # noqa: E402
from tests.products.language.samples import example  # noqa: E402

AS_OF = date(2027, 1, 15)
CATALOGUE = ROOT / "products" / "catalogue"
INPUTS = ("value", "age", "claims", "years", "rooms", "distance")
VALUES = {"value": 50, "age": 40, "claims": 1, "years": 10, "rooms": 4, "distance": 12}
WANTED = {"ratio_3_of_30": 1.5, "ratio_30_of_30": 4, "ratio_table": 15, "quotes_nl_horse_trailer": 1500}


def rules(hitting: int) -> list[list[tuple[str, str, int]]]:
    """30 rules of three conditions each; so many hold for `VALUES`, the others fail at the first, second or third."""
    found = []
    for place in range(30):
        names = [INPUTS[(place + step) % len(INPUTS)] for step in range(3)]
        cells = [(name, ">", VALUES[name] - 1 - place % 3) for name in names]
        if hitting != 30 and place % 10:
            refusing = place % 3
            cells[refusing] = (names[refusing], ">", VALUES[names[refusing]] + 1 + place % 5)
        found.append(cells)
    return found


def ours(cells: list[list[tuple[str, str, int]]]) -> Product:
    """A product with these rules of acceptance."""
    document = example()
    document.update(cases=[], terms=[])
    text = {"en": "A sentence."}
    document["questions"] += [
        {"key": name, "type": "integer", "label": text, "why": text} for name in INPUTS if name != "value"
    ]
    document["questions"][1] = {"key": "value", "type": "money", "label": text, "why": text}
    document["acceptance"] = [
        {
            "key": f"R{place}", "when": " and ".join(" ".join(map(str, cell)) for cell in row), "outcome": "refer",
            "customer": text, "underwriter": text,
        }
        for place, row in enumerate(cells)
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
    """Both sides' decision from answers to reasons with its trace, found to agree."""
    cells = rules(hitting)
    product = ours(cells)
    base = {"start_date": "2027-02-01", "postcode": "8011", "electric": False, "lock": "chain"}
    answers: dict[str, Any] = {**base, **VALUES}
    rows = [
        {**{name: f"{operator} {bound}" for name, operator, bound in row}, "reason": f'"R{place}"'}
        for place, row in enumerate(cells)
    ]
    decision = zens(rows, list(INPUTS), "reason", "collect")
    mine = [reason.key for reason in decide(product, AS_OF, answers).reasons]
    theirs = [row["reason"] for row in decision(VALUES, {"trace": True})["result"]]
    if mine != theirs or len(mine) != hitting:
        raise ValueError(f"Expected {hitting} reasons from both sides, found {mine} and {theirs}.")
    return lambda: decide(product, AS_OF, answers), lambda: decision(VALUES, {"trace": True})


def rate_table() -> tuple[Callable[[], Any], Callable[[], Any]]:
    """A row of 1,000 by region and age, without trace; each side looks up the same places in turn."""
    bands = [(age, age + 4) for age in range(0, 80, 4)]
    cells = [(f"region{region}", low, high) for region in range(50) for low, high in bands]
    spec = DecisionTable.model_validate(
        {
            "key": "rates", "results": [{"name": "rate", "type": "number"}],
            "keys": [{"name": "region", "type": "text"}, {"name": "age", "type": "number", "match": "range"}],
            "rows": [{"when": [region, {"from": str(low), "until": str(high)}], "then": [str(place)]}
                     for place, (region, low, high) in enumerate(cells)],
        }
    )  # fmt: skip
    table, problems = compile_table(spec, "tables[0]", {})
    if table is None:
        raise ValueError(problems)
    rows = [
        {"region": f'"{region}"', "age": f"[{low}..{high})", "rate": str(place)}
        for place, (region, low, high) in enumerate(cells)
    ]
    decision = zens(rows, ["region", "age"], "rate", "first")
    places = [(f"region{n % 50}", (n * 7) % 80) for n in range(0, 1000, 37)]
    typed = [[region, Decimal(age)] for region, age in places]
    contexts = [{"region": region, "age": age} for region, age in places]
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
    whole = {path.stem: quotes(path) for path in sorted(CATALOGUE.glob("*.json"))}
    found: dict[str, list[float]] = {}
    for _round in range(rounds):
        for name, sides in pairs.items():
            for side, work in zip(("ours", "zen"), sides, strict=True):
                found.setdefault(f"{side}_{name}", []).append(rate(work, seconds))
        for name, work in whole.items():
            found.setdefault(f"quotes_{name.replace('-', '_')}", []).append(rate(work, seconds))
    middle = {name: median(values) for name, values in found.items()}
    ratios = {f"ratio_{name}": round(middle[f"ours_{name}"] / middle[f"zen_{name}"], 2) for name in pairs}
    return {**{f"{name}_per_second": round(value) for name, value in middle.items()}, **ratios}


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
