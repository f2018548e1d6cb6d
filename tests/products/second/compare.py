"""Both evaluators side by side: where they differ, field by field, and what came out."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from products.language import DefinitionError, Product, compile_definition, evaluate, quoted
from tests.products.second.generate import Asked, Generator
from tests.products.second.programs import program
from tests.products.second.whole import second

Json = dict[str, Any]
NAMED = {"accept": "accepted", "special": "special", "refer": "referred", "decline": "declined"}
TAX_LINE = ("section", "base", "rate", "amount", "country", "due_on")
PLAN = ("plan", "allowed", "missing", "reason", "refused_instalment", "offered", "fees", "total")


def compare_many(document: Json, seed: int, count: int, spoiled: float = 0.12) -> Counter[str]:
    """Random orders, the same for the same seed, until one differs; how many came out which way."""
    product, generator = compile_definition(document), Generator(document, seed, spoiled)
    outcomes: Counter[str] = Counter()
    for number in range(count):
        order = generator.order()
        found = second(document, order.as_of, order.answers, order.plan, order.contracts)
        differing = differences(first(product, document, order), found)
        if differing:
            asked = json.dumps({"number": number, **asdict(order)}, default=str)
            raise AssertionError("\n".join([f"{document['key']} differs for {asked}", *differing]))
        outcomes.update(outcomes_of(found))
    return outcomes


def compare_programs(seed: int, count: int, orders: int) -> Counter[str]:
    """Documents with random formulas, a few orders each; those the first one refuses are counted as refused."""
    outcomes: Counter[str] = Counter()
    for number in range(count):
        try:
            outcomes += compare_many(program(Random(f"{seed} {number}")), number, orders, spoiled=0.02)
        except DefinitionError:
            outcomes["refused"] += 1
        except AssertionError as differing:
            raise AssertionError(f"program {number} of seed {seed}: {differing}") from None
    return outcomes


def outcomes_of(found: Json) -> Iterator[str]:
    """What a result counts as."""
    yield "in error" if "errors" in found else NAMED[found["decision"]]
    if found.get("premium"):
        yield "priced"
    if found.get("not_rated_because"):
        yield "not rated"
    if found.get("payment") and found["payment"]["allowed"] is False:
        yield "plan refused"


def first(product: Product, document: Json, order: Asked) -> Json:
    """The first evaluator's result: as quoted, with all plans, sections, tax lines, commission, lines and documents."""
    evaluation = evaluate(product, order.as_of, order.answers, order.plan, order.contracts)
    told = quoted(product, evaluation, "en" if "en" in document["languages"] else document["languages"][0])
    if "errors" in told:
        return {"errors": [row["path"] for row in told["errors"]]}
    return {**told, "behind": evaluation}


def differences(one: Json, other: Json) -> list[str]:
    """A line for each field in which both differ, by value."""
    left, right = dict(flat(comparable_first(one))), dict(flat(comparable_second(other)))
    return [
        f"{path}: first {left.get(path, 'nothing')!r}, second {right.get(path, 'nothing')!r}"
        for path in sorted({*left, *right})
        if left.get(path) != right.get(path)
    ]


def comparable_first(found: Json) -> Json:
    """What both tell, from the first."""
    if "errors" in found:
        return {"errors": sorted(set(found["errors"]))}
    told, behind = common(found), found["behind"]
    told["edition"] = behind.edition
    told["plans"] = [plan_of_first(row) for row in behind.plans]
    if behind.premium:
        told |= {
            "sections": [[row.key, row.net, row.insured_sum] for row in behind.premium.sections],
            "tax_lines": [[getattr(row, part) for part in TAX_LINE] for row in behind.premium.tax_lines],
            "commission": [[row.receiver, row.amount] for row in behind.premium.commission],
        }
    return told


def plan_of_first(row: Any) -> Json:
    """One plan among all."""
    told = {part: getattr(row, part) for part in PLAN}
    earned = row.premium.commission if row.premium else []
    return told | {
        "instalments": [part.amount for part in row.instalments],
        "days": [part.due_on for part in row.instalments],
        "commission": [[one.receiver, one.amount] for one in earned],
    }


def comparable_second(found: Json) -> Json:
    """What both tell, from the second."""
    if "errors" in found:
        return {"errors": sorted(set(found["errors"]))}
    extra = ("edition", "plans", "sections", "tax_lines", "commission")
    return common(found) | {part: found[part] for part in extra if part in found}


def common(found: Json) -> Json:
    """The shape of `expected`; reasons and terms as sets, the steps by key and value."""
    premium = found["premium"] and {
        **found["premium"],
        "steps": [[row["key"], row["value"]] for row in found["premium"]["steps"]],
    }
    return {
        "asked": found["asked"],
        "decision": found["decision"],
        "reasons": sorted([row["key"], row["outcome"]] for row in found["reasons"]),
        "terms": sorted(found["terms"]),
        "premium": premium,
        "not_rated_because": found["not_rated_because"],
        "payment": found["payment"],
    }


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each leaf with its path; numbers by their value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        yield f"{path}#", len(value)
        for index, inner in enumerate(value):
            yield from flat(inner, f"{path}[{index}]")
    else:
        yield path, by_value(value)


def by_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) or (isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)):
        return Decimal(value)
    return value
