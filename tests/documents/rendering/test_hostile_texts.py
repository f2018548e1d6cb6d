"""Texts that were written to break a page: they print as text, fit the page or are refused by name."""

import pytest

from documents.rendering.brand import Brand
from documents.rendering.contents import Addressee, Fact, Paper, QuotationContent
from documents.rendering.errors import ContentRefused, PaperTooLarge
from documents.rendering.printable import LONGEST_TEXT, printable
from documents.rendering.render import render
from tests.documents.rendering import given, reading


def answered(answer: str) -> QuotationContent:
    return given.quotation(risk=(Fact(label="Merk en type", value=answer),))


def test_a_script_is_printed_and_not_run(brand: Brand) -> None:
    rendered = render("quotation", answered('<script>alert(1)</script> & "x"'), language="en", brand=brand)
    assert "<script" not in rendered.source
    assert '<script>alert(1)</script> & "x"' in reading.text(rendered)


@pytest.mark.parametrize("content", given.all_documents(), ids=lambda content: content.template)
def test_a_word_of_5000_letters_stays_on_the_paper(content: Paper, brand: Brand) -> None:
    field = {
        "quotation": "subject",
        "policy": "product",
        "invoice": "product",
        "application": "decision",
        "ipid": "kind",
        "summary": "product",
        "decision": "product",
        "withdrawal": "product",
    }
    template = content.template
    long = "W" * (5000 if template != "ipid" else 400)
    rendered = render(template, {**content.context(), field[template]: long}, language="en", brand=brand)
    assert "".join(reading.text(rendered).split()).count("W") >= len(long)
    assert reading.rightmost(rendered) < 595


def test_nul_and_turning_marks_are_taken_out(brand: Brand) -> None:
    rendered = render(
        "quotation", answered("Jan\x00sen \u202egnihtyna\u202c\u2066x\u2069\ufeff"), language="en", brand=brand
    )
    assert "Jansen gnihtynax" in reading.text(rendered)
    assert not set("\x00\u202e\u202c\u2066\u2069\ufeff") & set(rendered.source)


def test_other_scripts_print_with_a_glyph(brand: Brand) -> None:
    rendered = render("quotation", answered("Žofie Şahin Ελένη Мария אברהם"), language="en", brand=brand)
    assert "Žofie Şahin Ελένη Мария" in reading.text(rendered)


def test_a_line_that_overflows_the_letterhead_is_refused() -> None:
    with pytest.raises(ContentRefused, match="the reason of at most 120 signs, found 5000"):
        given.policy(reason="W" * 5000)
    with pytest.raises(ContentRefused, match="an address line"):
        Addressee(lines=("W" * 121,), name="W", called="W")


def test_line_ends_become_one_kind() -> None:
    assert printable("a\r\nb\rc\td") == "a\nb\nc\td"


def test_a_lone_surrogate_is_taken_out(brand: Brand) -> None:
    assert printable("a\ud800b") == "ab"


def test_too_long_a_text_is_refused_with_its_place(brand: Brand) -> None:
    with pytest.raises(PaperTooLarge, match=r"content\.risk\[0\]\.value has 20001"):
        render("quotation", answered("x" * (LONGEST_TEXT + 1)), language="en", brand=brand)


def test_too_much_text_is_refused(brand: Brand) -> None:
    facts = tuple(Fact(label=str(place), value="x" * LONGEST_TEXT) for place in range(21))
    with pytest.raises(PaperTooLarge, match="at most 400000 characters"):
        render("quotation", given.quotation(risk=facts), language="en", brand=brand)


def test_too_many_rows_are_refused(brand: Brand) -> None:
    facts = tuple(Fact(label="x", value="x") for _ in range(10_000))
    with pytest.raises(PaperTooLarge, match="at most 20000 values"):
        render("quotation", given.quotation(risk=facts), language="en", brand=brand)
