"""The information document keeps to Regulation (EU) 2017/1469: wording, order, marks, size of letters, two pages."""

import re
from decimal import Decimal

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from documents.rendering.brand import Brand
from documents.rendering.errors import ContentRefused, PaperTooLarge
from documents.rendering.fetcher import ASSETS
from documents.rendering.ipid import WORDS
from documents.rendering.render import IPID_SIZES, render
from tests.documents.rendering import given, reading

HEADINGS = {
    "en": (
        "What is this type of insurance?",
        "What is insured?",
        "What is not insured?",
        "Are there any restrictions on cover?",
        "Where am I covered?",
        "What are my obligations?",
        "When and how do I pay?",
        "When does the cover start and end?",
        "How do I cancel the contract?",
    ),
    "nl": (
        "Welk soort verzekering is dit?",
        "Wat is verzekerd?",
        "Wat is niet verzekerd?",
        "Zijn er dekkingsbeperkingen?",
        "Waar ben ik gedekt?",
        "Wat zijn mijn verplichtingen?",
        "Wanneer en hoe betaal ik?",
        "Wanneer begint en eindigt de dekking?",
        "Hoe zeg ik mijn contract op?",
    ),
    "de": (
        "Um welche Art von Versicherung handelt es sich?",
        "Was ist versichert?",
        "Was ist nicht versichert?",
        "Gibt es Deckungsbeschränkungen?",
        "Wo bin ich versichert?",
        "Welche Verpflichtungen habe ich?",
        "Wann und wie zahle ich?",
        "Wann beginnt und endet die Deckung?",
        "Wie kann ich den Vertrag kündigen?",
    ),
}
LEAST_X_HEIGHT = Decimal("1.2")  # millimetres, article 4(1)
POINT = Decimal("0.352778")  # millimetres


@pytest.mark.parametrize("language", HEADINGS)
def test_headings_in_wording_and_order(language: str, brand: Brand) -> None:
    rendered = render("ipid", given.ipid(), language=language, brand=brand)
    found = re.findall(r"<h2>(?:<img[^>]*>)?(.*?)</h2>", rendered.source)
    assert tuple(found) == WORDS[language].headings == HEADINGS[language]
    text = reading.text(rendered)
    places = [text.index(heading) for heading in HEADINGS[language]]
    assert places == sorted(places)


@pytest.mark.parametrize("language", HEADINGS)
def test_title_maker_and_statement_come_first(language: str, brand: Brand) -> None:
    source, words = render("ipid", given.ipid(), language=language, brand=brand).source, WORDS[language]
    body = source[source.index("<h1>") :]
    places = [body.index(part) for part in (words.title, brand.authorisation, words.statement, words.insured)]
    assert places == sorted(places)


def test_customer_and_number_stand_in_the_foot_of_each_page(brand: Brand) -> None:
    rendered = render("ipid", given.ipid(), language="nl", brand=brand)
    assert rendered.pages == 2
    for page in reading.pages(rendered):
        assert "Opgesteld voor mevrouw S. Terhaven · Offerte O-2026-001204 · 18 november 2026" in page.replace(
            "\xa0", " "
        )


def test_each_line_has_the_mark_of_its_heading_and_options_have_none(brand: Brand) -> None:
    source = render("ipid", given.ipid(), language="nl", brand=brand).source
    assert {"tick", "cross", "mark", "area", "dash"} == set(re.findall(r'<ul class="(\w+)">', source))
    assert "<p>Ongevallen van begeleiders.</p>" in source and "<li>Ongevallen" not in source


def test_x_height_holds_at_the_smallest_size() -> None:
    font = TTFont(ASSETS / "fonts" / "SourceSans3-Regular.ttf")
    x_height = Decimal(font["OS/2"].sxHeight) / Decimal(font["head"].unitsPerEm)
    css = (ASSETS / "print.css").read_text()
    sizes = {
        name: re.search(rf"\.ipid{name}(?:, [^{{]*)? {{[^}}]*font-size: ([\d.]+)pt", css)
        for name in ("", ".snug", ".tight")
    }
    foot = re.search(r"\.foot {[^}]*font-size: ([\d.]+)pt", css)
    assert len(sizes) == len(IPID_SIZES)
    for found in (*sizes.values(), foot):
        assert found and Decimal(found[1]) * x_height * POINT >= LEAST_X_HEIGHT


def test_marks_differ_in_grey() -> None:
    """A copy in black and white must read as well: the marks differ by shape, not by colour alone."""
    shapes = {
        name: re.findall(r' d="([^"]+)"', (ASSETS / "icons" / name).read_text())
        for name in ("tick-green.svg", "cross-red.svg", "mark-orange.svg")
    }
    assert len({tuple(shape) for shape in shapes.values()}) == 3


def test_much_text_is_printed_smaller_before_it_is_refused(brand: Brand) -> None:
    line = "Meld ons meteen een verhuizing, een verbouwing of dat de trailer langer dan 60 dagen ergens anders staat."
    rendered = render("ipid", given.ipid(cancellation=(line,) * 44), language="nl", brand=brand)
    assert rendered.pages == 2
    assert re.search(r'class="ipid (snug|tight)"', rendered.source)
    assert reading.text(rendered).count("verhuizing") == 44


def test_a_third_page_needs_its_reason(brand: Brand) -> None:
    long = {"cancellation": ("Een regel die wat langer is, zodat er veel tekst onder dit kopje komt te staan.",) * 90}
    with pytest.raises(PaperTooLarge, match="a third needs a reason"):
        render("ipid", given.ipid(**long), language="nl", brand=brand)
    rendered = render("ipid", given.ipid(**long, third_page_reason="Drie landen."), language="nl", brand=brand)
    assert rendered.pages == 3


def test_the_two_columns_must_end_on_page_one(brand: Brand) -> None:
    with pytest.raises(PaperTooLarge, match="fit on page one"):
        render("ipid", given.ipid(not_insured=("Oorlog",) * 80), language="nl", brand=brand)


@pytest.mark.parametrize(
    "heading", ["insured", "not_insured", "restrictions", "where", "obligations", "payment", "term", "cancellation"]
)
def test_no_heading_may_stand_empty(heading: str) -> None:
    with pytest.raises(ContentRefused, match=heading):
        given.ipid(**{heading: ()})
