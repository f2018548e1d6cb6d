"""Every information document that the catalogue can make: each cover, plan and language, read again and in grey.

A variant is a product, the set of lines that stand on the paper, a payment plan and a language. The answers that a
line's condition or the plan looks at are put together in all ways; what isn't accepted or not allowed has no paper.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product as every
from typing import Any

import pytest

from documents.rendering.brand import Brand, demo_brand
from documents.rendering.contents import IpidContent
from documents.rendering.fetcher import ASSETS
from documents.rendering.grey import grey_findings, mark_files
from documents.rendering.ipid_check import ipid_findings
from documents.rendering.render import render
from documents.rendering.tagged import tagged_findings
from products.ipid import ipid_lines
from products.language import Evaluation, to_json
from tests.products.catalogue.files import KEYS, accepted, document, priced

WORDS = re.compile(r"[a-z_][a-z0-9_]*")
NUMBERS = {"age_months": (0, 30, 70, 90), "catalogue_value": ("8500.00", "25000.00"), "dogs": (0, 1)}
# What is found today; a product that gains a cover or a plan changes its figure here.
COUNTED = {"de-contents-glass": 42, "nl-horse-trailer": 12, "nl-private-liability": 72}
WITH_PAPER = [key for key in KEYS if document(key).get("ipid")]


def choices(key: str) -> dict[str, tuple[Any, ...]]:
    """The questions that decide on lines or plan, with the answers to try."""
    told = document(key)
    conditions = " ".join(line.get("when") or "" for line in told["ipid"]["lines"])
    asked = {*WORDS.findall(conditions), told["payment"].get("question") or "", "direct_debit"}
    found: dict[str, tuple[Any, ...]] = {}
    for question in told["questions"]:
        if question["key"] in asked:
            if question["type"] == "yes_no":
                found[question["key"]] = (True, False)
            elif question["type"] == "one_of":
                found[question["key"]] = tuple(choice["key"] for choice in question["choices"])
            else:
                found[question["key"]] = NUMBERS[question["key"]]
    return found


def evaluations(key: str) -> Iterator[Evaluation]:
    """Accepted and priced evaluations of all combinations, from each accepted worked case, on each plan."""
    ways = choices(key)
    for case in accepted(key):
        for values in every(*ways.values()):
            answers = {**case["answers"], **dict(zip(ways, values, strict=True))}
            found = priced(key, case["as_of"], answers)
            answers = {name: value for name, value in answers.items() if name in found.asked}
            for plan in document(key)["payment"]["plans"]:
                found = priced(key, case["as_of"], answers, plan["key"])
                if found.decision == "accept" and found.premium is not None and found.plan == plan["key"]:
                    yield found


def variants(key: str) -> dict[tuple[frozenset[str], str, str], list[dict[str, Any]]]:
    """The lines of each variant by its set of lines, plan and language."""
    found: dict[tuple[frozenset[str], str, str], list[dict[str, Any]]] = {}
    for evaluation in evaluations(key):
        rows = to_json(evaluation)["ipid"]
        for language in document(key)["languages"]:
            found.setdefault((frozenset(row["key"] for row in rows), str(evaluation.plan), language), rows)
    return found


@pytest.fixture(scope="module")
def brand() -> Brand:
    return demo_brand("duinbaken")


@pytest.mark.slow
@pytest.mark.parametrize("key", WITH_PAPER)
def test_every_variant_keeps_the_regulation_is_tagged_and_reads_in_grey(key, brand):
    ipid, found = document(key)["ipid"], variants(key)
    for (lines, plan, language), rows in found.items():
        content = IpidContent(
            number="O-2026-000001", issued_on=date(2026, 11, 23), kind=ipid["type_name"][language],
            product=ipid["product_name"][language], prepared_for="Mara Feldhoff", **ipid_lines(rows, language),
        )  # fmt: skip
        rendered = render("ipid", content, language=language, brand=brand)
        where = (key, plan, language, sorted(lines))
        assert ipid_findings(rendered.source, pages=rendered.pages, language=language) == [], where
        assert tagged_findings(rendered.pdf, language=language) == [], where
        assert grey_findings() == []
    print(f"{key}: {len(found)} information documents")
    assert len(found) == COUNTED[key]


BROKEN = [
    ("tick-green.svg", "#1a7a3c", "#b5e8c6", "stands out by"),  # too pale on a copy
    ("restrictions.svg", "#cc5c00", "#ffd9b0", "stands out by"),
    ("cross-red.svg", "m3.300 3.600 9.400 9.400M12.700 3.600 3.300 13", "m2.500 8.800 3.900 4L13.500 3.600", "shape"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_can_not_be_told_apart_in_grey_is_named(name, old, new, said, tmp_path, monkeypatch):
    icons = tmp_path / "icons"
    icons.mkdir()
    for path in (ASSETS / "icons").iterdir():
        text = path.read_text(encoding="utf-8")
        (icons / path.name).write_text(text.replace(old, new) if path.name == name else text, encoding="utf-8")
    (tmp_path / "print.css").write_text((ASSETS / "print.css").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr("documents.rendering.grey.ASSETS", tmp_path)
    grey_findings.cache_clear()
    try:
        assert any(name in finding and said in finding for finding in grey_findings())
    finally:
        grey_findings.cache_clear()


def test_the_sheet_gives_each_mark_its_drawing():
    assert mark_files() == {
        "tick": "tick-green.svg", "cross": "cross-red.svg", "mark": "mark-orange.svg", "area": "tick-blue.svg",
    }  # fmt: skip
