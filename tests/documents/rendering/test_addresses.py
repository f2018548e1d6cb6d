"""No document reaches anything but our own assets: not the network, not the disk (threat A7, S0-18)."""

import base64
import dataclasses
import io
import itertools
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from documents.rendering.brand import Brand
from documents.rendering.contents import Paper
from documents.rendering.errors import ForeignAddress
from documents.rendering.fetcher import BASE_URL, AssetFetcher
from documents.rendering.render import render, reprint
from tests.documents.rendering import given, reading
from tests.documents.rendering.conftest import Listener

FETCHED = {
    "img": '<img src="{0}" alt="x">',
    "img-srcset-base": '<base href="{0}/"><img src="x.png" alt="x">',
    "stylesheet": '<link rel="stylesheet" href="{0}">',
    "import": '<style>@import url("{0}");</style>',
    "font-face": '<style>@font-face {{ font-family: X; src: url("{0}") }} p {{ font-family: X }}</style><p>x</p>',
    "background": '<p style="background: url({0})">x</p>',
    "list-image": '<ul style="list-style-image: url({0})"><li>x</li></ul>',
    "content": '<style>p::before {{ content: url("{0}") }}</style><p>x</p>',
    "border-image": '<p style="border: 3px solid; border-image: url({0}) 3">x</p>',
    "page": '<style>@page {{ background: url("{0}") }}</style><p>x</p>',
    "object": '<object data="{0}">x</object>',
    "embed": '<embed src="{0}">',
    "svg-image": '<svg viewBox="0 0 9 9"><image href="{0}" width="9" height="9"/></svg>',
    "svg-xlink": '<svg viewBox="0 0 9 9"><image xlink:href="{0}" width="9" height="9"/></svg>',
    "attachment-link": '<link rel="attachment" href="{0}">',
    "attachment-anchor": '<a rel="attachment" href="{0}">x</a>',
}
QUIET = {
    "script": '<script src="{0}"></script>',
    "iframe": '<iframe src="{0}"></iframe>',
    "svg-use": '<svg viewBox="0 0 9 9"><use href="{0}#x"/></svg>',
    "svg-style": '<svg viewBox="0 0 9 9"><style>@import url("{0}");</style><rect width="9" height="9"/></svg>',
    "form": '<form action="{0}"><input name="x"></form>',
    "refresh": '<meta http-equiv="refresh" content="0; url={0}">',
    "video": '<video src="{0}" poster="{0}"></video>',
    "link": '<a href="{0}">x</a>',
    "prefetch": '<link rel="preload" as="image" href="{0}">',
}
SHAPES = [
    "http://{0}/x.png",
    "//{0}/x.png",
    "ftp://{0}/x.png",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file:/etc/passwd",
    "icons/../../../../../etc/passwd",
    "https://assets.invalid@{0}/icons/where.svg",
    "jar:http://{0}/",
]
PAGE = "<!DOCTYPE html><html lang=en><head><title>t</title></head><body>{}</body></html>"
HIDDEN_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="http://{0}/x.png"/></svg>'


def hostile(listener: Listener) -> list[str]:
    """Every vector with a plain http address, and the ways of hiding one, as a customer might type them."""
    url = f"http://{listener.address}/x.png"
    vectors = [vector.format(url) for vector in (FETCHED | QUIET).values()]
    return [
        *vectors,
        "{% include '/etc/passwd' %}",
        "{{ brand.logo }}",
        "{% load i18n %}",
        '"><img src=x>',
        "</style><p>",
    ]


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


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("content", given.all_documents(), ids=lambda content: content.template)
def test_hostile_text_in_every_field_stays_text(content: Paper, turn: int, brand: Brand, listener: Listener) -> None:
    """Each text of the document gets another vector; in four turns each field has had four of them."""
    vectors = hostile(listener)
    shift = turn * len(vectors) // 4
    poison = Poison([*vectors[shift:], *vectors[:shift]])
    rendered = render(content.template, poison.into(dict(content.context())), language="en", brand=brand)
    assert not attachments(rendered.pdf)
    assert listener.hits == 0
    marked = [vector for vector in poison.used if "<" in vector and "127.0.0.1" in vector]
    assert marked and not [vector for vector in marked if vector in rendered.source]
    printed = "".join(reading.text(rendered).split())
    assert sum("".join(vector[:14].split()) in printed for vector in poison.used) > len(poison.used) * 2 / 3


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


def attachments(pdf: bytes) -> list[Any]:
    return list(PdfReader(io.BytesIO(pdf)).attachments)


class Poison:
    """Puts a vector in front of every text that a person may have written, the next one in each."""

    KEPT = frozenset({"currency", "law", "kind", "iban", "bic", "time_zone", "size", "name", "note"})
    SHORT = 100

    def __init__(self, vectors: list[str]) -> None:
        self.vectors = itertools.cycle(vectors)
        self.used: list[str] = []

    def into(self, value: Any, name: str = "") -> Any:
        if isinstance(value, str) and name not in self.KEPT and value:
            vector = next(self.vectors)[: self.SHORT - len(value) if len(value) < self.SHORT else 0] or "<q>"
            self.used.append(vector)
            return vector + value
        if isinstance(value, dict):
            return {key: self.into(item, key) for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(self.into(item, name) for item in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return dataclasses.replace(value, **self.into(fields))
        return value
