"""Each product's information document, in each language, for each worked case that is accepted: as the law wants it."""

import re
from datetime import date
from typing import Any

import pytest

from documents.rendering.brand import Brand, demo_brand
from documents.rendering.contents import IpidContent
from documents.rendering.errors import ContentRefused
from documents.rendering.ipid_check import Reading, ipid_findings
from documents.rendering.render import Rendered, render
from products.ipid import ipid_lines
from products.language import to_json
from tests.documents.rendering import reading
from tests.products.catalogue.files import KEYS, accepted, document, priced

DAY = date(2026, 11, 23)
PRINTED = [
    pytest.param(key, language, case, id=f"{case['id']}-{language}")
    for key in KEYS
    if document(key).get("ipid")
    for language in document(key)["languages"]
    for case in accepted(key)
]


@pytest.fixture(scope="module")
def brand() -> Brand:
    return demo_brand("duinbaken")


def rows_of(key: str, case: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines that a case's answers bring into the document."""
    rows: list[dict[str, Any]] = to_json(priced(key, case["as_of"], case["answers"], case.get("plan")))["ipid"]
    return rows


def printed(key: str, language: str, rows: list[dict[str, Any]], brand: Brand) -> Rendered:
    ipid = document(key)["ipid"]
    content = IpidContent(
        number="O-2026-000001", issued_on=DAY, kind=ipid["type_name"][language], product=ipid["product_name"][language],
        prepared_for="Mara Feldhoff", **ipid_lines(rows, language),
    )  # fmt: skip
    return render("ipid", content, language=language, brand=brand)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(("key", "language", "case"), PRINTED)
def test_the_document_keeps_the_regulation_and_says_what_the_answers_bring(key, language, case, brand):
    rows = rows_of(key, case)
    rendered = printed(key, language, rows, brand)
    # then: headings, marks, letters, language; two pages without any reason for a third
    assert ipid_findings(rendered.source, pages=rendered.pages, language=language) == []
    # and: on paper stand the lines whose condition holds and no other
    shown = {row["key"] for row in rows}
    paper = squeezed(reading.text(rendered))
    for row in rows:
        assert squeezed(row["text"][language]) in paper, row["key"]
    spoken = {row["text"][language] for row in rows}
    for line in document(key)["ipid"]["lines"]:
        text = line["text"][language]
        if line["key"] not in shown and "{" not in text:
            assert text not in spoken and f">{text}<" not in rendered.source, line["key"]


@pytest.mark.parametrize("key", KEYS)
def test_each_line_with_a_condition_is_there_in_one_case_and_away_in_another(key):
    seen = [{row["key"] for row in rows_of(key, case)} for case in document(key)["cases"]]
    for line in document(key).get("ipid", {}).get("lines", []):
        if line.get("when"):
            there = [line["key"] in keys for keys in seen]
            assert any(there) and not all(there), line["key"]


@pytest.mark.parametrize("key", KEYS)
def test_a_cover_that_was_not_chosen_has_no_mark(key, brand):
    for case in accepted(key):
        rows = rows_of(key, case)
        options = [row["text"]["en"] for row in rows if row["heading"] == "insured" and row["mark"] == "none"]
        if options:
            block = Reading(printed(key, "en", rows, brand).source).blocks[1]
            assert block.plain == options and not set(options) & set(block.items)


def broken(rendered: Rendered, old: str, new: str) -> list[str]:
    assert old in rendered.source
    return ipid_findings(rendered.source.replace(old, new), pages=rendered.pages, language="en")


@pytest.fixture(scope="module")
def right(brand) -> Rendered:
    return printed(KEYS[0], "en", rows_of(KEYS[0], accepted(KEYS[0])[0]), brand)


BREAKS = [
    ("another language", '<html lang="en">', '<html lang="nl">', "Expected a document in en"),
    ("no statement", "Complete pre-contractual", "Some pre-contractual", "above the first heading"),
    ("another heading", "Where am I covered?", "Where does it hold?", "Expected the headings"),
    ("a wrong icon", "icons/where.svg", "icons/pay.svg", "Expected the icon where.svg"),
    ("a wrong mark", '<ul class="cross">', '<ul class="tick">', "Expected the mark cross"),
    ("a line without mark", "<li>Damage that you cause on purpose</li>", "</ul><p>On purpose</p><ul class='cross'>",
     "to have its mark"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in BREAKS], ids=[row[0] for row in BREAKS])
def test_what_breaks_the_regulation_is_named(old, new, said, right):
    assert ipid_findings(right.source, pages=right.pages, language="en") == []
    assert any(said in finding for finding in broken(right, old, new))


def test_three_pages_need_a_reason(right):
    assert ipid_findings(right.source, pages=3, language="en") == ["Expected at most 2 pages; found 3."]
    assert ipid_findings(right.source, pages=3, language="en", third_page_reason="Three countries.") == []


def test_letters_too_small_to_read_are_named(right, monkeypatch):
    monkeypatch.setattr("documents.rendering.ipid_check.LEAST_X_HEIGHT", 1.5)
    assert ipid_findings(right.source, pages=2, language="en") == [
        "Expected an x-height of 1.5 mm or more in foot; found 1.37 mm."
    ]


def test_a_document_that_breaks_the_regulation_does_not_go_out(brand, monkeypatch):
    monkeypatch.setattr("documents.rendering.ipid_check.LEAST_X_HEIGHT", 1.5)
    with pytest.raises(ContentRefused, match="x-height"):
        printed(KEYS[0], "en", rows_of(KEYS[0], accepted(KEYS[0])[0]), brand)
