"""A product of two sections with two tax rates, a plan question and refused plans: the shape of a German tariff."""

from __future__ import annotations

from typing import Any

from tests.products.language.samples import example

T = {"en": "A sentence."}


def _question(
    key: str, kind: str, when: str | None = None, choices: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    found = {"key": key, "type": kind, "label": T, "why": T, **more}
    if when:
        found["when"] = when
    if choices:
        found["choices"] = [{"key": choice, "label": {"en": choice}} for choice in choices]
    return found


def _section(key: str) -> list[dict[str, Any]]:
    net, loaded, tax = f"{key}_net", f"{key}_net_with_instalment_surcharge", f"{key}_tax"
    percent = "18" if key == "contents" else "19"
    formula = {
        "contents": "contents_sum_insured * 1.8 / 1000",
        "glass": "lookup(glass, dwelling_type, living_area_m2)",
    }[key]
    return [
        {"key": net, "section": key, "formula": formula},
        {
            "key": loaded, "section": key, "when": "plan_surcharge_percent > 0",
            "formula": f"{net} * (1 + plan_surcharge_percent%)", "otherwise": net, "component": {"kind": "premium"},
        },
        {
            "key": tax, "section": key, "formula": f"{loaded} * {percent}%",
            "component": {"kind": "tax", "base": loaded, "rate": percent},
        },
    ]  # fmt: skip


def _plan(key: str, count: int, surcharge: str, refusals: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "key": key, "names": {"en": key}, "instalments": count, "interval_months": 12 // count,
        "division": "last_takes_rest", "surcharge_percent": surcharge,
        "refusals": [{"key": name, "when": when, "text": T} for name, when in refusals],
    }  # fmt: skip


GLASS = [("house", None, "80", "40"), ("house", "80", "220", "45"), ("house", "220", None, "80"),
         ("flat", None, "80", "36"), ("flat", "80", "220", "40"), ("flat", "220", None, "80")]  # fmt: skip


def product() -> dict[str, Any]:
    """The document."""
    document = example()
    document.pop("starts_on", None)  # as it is where a document says nothing
    document.update(key="contents-glass", cases=[], computed=[], terms=[], edition_by="as_of")
    document["editions"] = [{"key": "2010", "valid_from": "2010-01-01"}]
    document["questions"] = [
        _question("contents", "yes_no"),
        _question("glass", "yes_no"),
        _question("living_area_m2", "decimal", least="1", most="5000"),
        _question("dwelling_type", "one_of", "glass", ("house", "flat")),
        _question("contents_policy_elsewhere", "yes_no", "glass and not contents"),
        _question("payment_frequency", "one_of", None, ("annual", "half_yearly", "quarterly", "monthly")),
        _question("direct_debit", "yes_no", 'payment_frequency <> "annual"'),
    ]
    document["tables"] = [
        {
            "key": "glass_premiums",
            "keys": [
                {"name": "dwelling", "type": "choice", "choices_of": "dwelling_type"},
                {"name": "area", "type": "number", "match": "range"},
            ],
            "results": [{"name": "net", "type": "money"}],
            "rows": [{"when": [kind, {"above": low, "to": high}], "then": [net]} for kind, low, high, net in GLASS],
        }
    ]
    document["acceptance"] = [
        {
            "key": "D01_GLASS_NEEDS_CONTENTS", "outcome": "decline", "customer": T, "underwriter": T,
            "when": "glass and not contents and not contents_policy_elsewhere",
        }
    ]  # fmt: skip
    document["taxes"] = [
        {"key": key, "names": T, "tax_class": f"DE-{key}", "country": '"DE"', "due_on": "as_of"}
        for key in ("contents_tax_law", "glass_tax_law")
    ]
    document["sections"] = [
        {"key": key, "names": {"en": key}, "line_of_business": key, "tax": f"{key}_tax_law", "when": key}
        for key in ("contents", "glass")
    ]
    steps = [
        {
            "key": "contents_sum_insured", "section": "contents", "formula": "money(living_area_m2 * 650)",
            "rounding": {"to": "1000"},
        },
        *_section("contents"),
        *_section("glass"),
        {"key": "total", "total": True, "formula": 'sum_of("premium", "tax")'},
    ]  # fmt: skip
    for step in steps:
        step["formula"] = step["formula"].replace("lookup(glass,", "lookup(glass_premiums,")
    document["rating"] = {"steps": steps}
    below_15 = ("P02_INSTALMENT_BELOW_15", "answered(direct_debit) and not direct_debit and instalment < 15")
    document["payment"] = {
        "first_due": "as_of",
        "question": "payment_frequency",
        "plans": [
            _plan("annual", 1, "0", []),
            _plan("half_yearly", 2, "3", [below_15]),
            _plan("quarterly", 4, "5", [below_15]),
            _plan("monthly", 12, "5", [
                ("P01_MONTHLY_NEEDS_DIRECT_DEBIT", "answered(direct_debit) and not direct_debit"),
                ("P03_MONTHLY_INSTALMENT_BELOW_5", "instalment < 5"),
            ]),
        ],
    }  # fmt: skip
    for line in document["ipid"]["lines"]:
        line["text"] = T
    return document
