"""A worked case beside a result, by the table of the page: what is compared, and how."""

from typing import Any

from tests.products.second.compare import by_value, flat

Json = dict[str, Any]


def unlike(expected: Json, found: Json) -> list[str]:
    """A line for each figure of a worked case that differs."""
    if "errors" in expected or "errors" in found:
        paths = [sorted(set(one.get("errors", []))) for one in (expected, found)]
        return [] if paths[0] == paths[1] else [f"errors: expected {paths[0]}, found {paths[1]}"]
    left, right = dict(flat(told(expected, expected))), dict(flat(told(found, expected)))
    differing = [path for path in sorted({*left, *right}) if left.get(path) != right.get(path)]
    return [f"{path}: expected {left.get(path)!r}, found {right.get(path)!r}" for path in differing]


def told(result: Json, expected: Json) -> Json:
    """Asked in order, reasons and terms as sets, the price without gaps, the payment as far as named."""
    return {
        "asked": result["asked"],
        "decision": result["decision"],
        "reasons": sorted([row["key"], row["outcome"]] for row in result["reasons"]),
        "terms": sorted(result["terms"]),
        "premium": price(result["premium"]),
        "not_rated_because": result.get("not_rated_because"),
        "payment": payment(result["payment"], expected["payment"]),
    }


def price(premium: Json | None) -> Json | None:
    if premium is None:
        return None
    parts = {part: by_value(premium.get(part, "0")) for part in ("net", "tax", "fees", "rounding", "total")}
    steps = [[row["key"], row["value"]] for row in premium["steps"]]
    return {**parts, "indicative": premium.get("indicative", False), "steps": steps}


def payment(result: Json | None, expected: Json | None) -> Json | None:
    """What the case names; the reason and the plan offered always."""
    if result is None or expected is None:
        return result
    return {part: result.get(part) for part in {*expected, "reason", "offered"}}
