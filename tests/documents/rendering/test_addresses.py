"""No document reaches anything but our own assets: not the network, not the disk (threat A7, S0-18)."""

import base64
from collections.abc import Callable

import pytest
from weasyprint.urls import FatalURLFetchingError

from documents.intake import child
from documents.rendering.brand import Brand
from documents.rendering.contents import Paper
from documents.rendering.errors import ForeignAddress
from documents.rendering.fetcher import BASE_URL, AssetFetcher
from documents.rendering.render import render, reprint
from tests.documents.rendering import given, reading
from tests.documents.rendering.conftest import Listener
from tests.hostile import WHOLE
from tests.hostile.papers import (
    FETCHED,
    HIDDEN_SVG,
    PAGE,
    QUIET,
    SHAPES,
    VECTORS,
    Poison,
    addresses,
    attachments,
    hostile,
)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("vector", FETCHED.values(), ids=FETCHED)
def test_an_address_in_a_source_stops_the_document(vector: str, shape: str, listener: Listener) -> None:
    with pytest.raises(ForeignAddress, match="Expected one of our own assets"):
        reprint(PAGE.format(vector.format(shape.format(listener.address))))
    assert listener.hits == 0


@pytest.mark.parametrize("vector", QUIET.values(), ids=QUIET)
def test_what_a_page_ignores_reaches_nothing(vector: str, listener: Listener) -> None:
    for shape in SHAPES:
        try:
            rendered = reprint(PAGE.format(vector.format(shape.format(listener.address))))
        except ForeignAddress:
            continue
        assert b"root:" not in rendered.pdf and not attachments(rendered.pdf)
    assert listener.hits == 0


TURNS = len(VECTORS) if WHOLE else 4  # in the whole run each field has each vector once


@pytest.mark.parametrize("turn", range(TURNS))
@pytest.mark.parametrize("content", given.all_documents(), ids=lambda content: content.template)
def test_hostile_text_in_every_field_stays_text(
    content: Paper, turn: int, brand: Brand, listener: Listener, figure: Callable[..., None]
) -> None:
    """Each text of the document gets another vector; turn by turn each field has another one."""
    vectors = hostile(listener.address)
    shift = turn * len(vectors) // TURNS
    poison = Poison([*vectors[shift:], *vectors[:shift]])
    rendered = render(content.template, poison.into(dict(content.context())), language="en", brand=brand)
    assert pdf_of(rendered.pdf) == "application/pdf", (
        "it would be taken as a plain paper: nothing in it acts or is carried"
    )
    assert not attachments(rendered.pdf) and not addresses(rendered.pdf, listener.address)
    assert listener.hits == 0
    marked = [vector for vector in poison.used if "<" in vector and "127.0.0.1" in vector]
    assert marked and not [vector for vector in marked if vector in rendered.source]
    text = reading.text(rendered)
    assert "root:x:0" not in text
    printed = "".join(text.split())
    shown = sum("".join(vector[:14].split()) in printed for vector in poison.used)
    assert shown > len(poison.used) * 2 / 3
    figure("papers with hostile texts", 1)
    figure("hostile texts put into papers", len(poison.used), least=5)
    figure("hostile texts read in papers as they were written", shown)
    figure("papers: fetched at the listener", listener.hits, least=0)
    figure("papers: files carried", len(attachments(rendered.pdf)), least=0)


def test_there_are_forty_vectors_and_each_is_a_text_of_its_own() -> None:
    assert len(set(hostile("127.0.0.1:9"))) == len(VECTORS) >= 40


def pdf_of(content: bytes) -> str:
    """The kind of a paper, read as the file of a stranger would be."""
    return child.pdf(content)[0]


def test_a_picture_in_the_text_may_not_hide_another(listener: Listener) -> None:
    body = HIDDEN_SVG.format(listener.address)
    for url in (
        f"data:image/svg+xml;base64,{base64.b64encode(body.encode()).decode()}",
        f"data:image/svg+xml,{body}",
        "data:text/css,@import url(http://x)",
        "data:image/svg+xml;base64,????",
    ):
        with pytest.raises(FatalURLFetchingError):
            AssetFetcher().fetch(url)
    assert listener.hits == 0


@pytest.mark.parametrize(
    "path",
    [
        "brands/duinbaken.json",
        "print.css",
        "fonts/fonts.conf",
        "icons/",
        "icons/%2e%2e/print.css",
        "icons/..%2fprint.css",
        "icons/where.svg%00",
        "fonts/../../rendering/render.py",
        "",
    ],
)
def test_the_fetcher_gives_pictures_and_fonts_alone(path: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        AssetFetcher().fetch(BASE_URL + path)


def test_the_fetcher_gives_our_icons() -> None:
    assert AssetFetcher().fetch(BASE_URL + "icons/where.svg").read().startswith(b"<svg")
