"""What could make a document fetch, carry or show what nobody meant: as its source, and as a text in it (threat A7)."""

import dataclasses
import io
import itertools
from typing import Any

from pypdf import PdfReader

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


ODD = {
    "attachment-file": '<link rel="attachment" href="file:///etc/passwd">',
    "img-file": '<img src="file:///etc/passwd" alt="x">',
    "data-svg": '<img src="data:image/svg+xml,%3Csvg%3E%3Cimage href=%27{0}%27/%3E%3C/svg%3E" alt="x">',
    "data-css": '<link rel="stylesheet" href="data:text/css,@import url({0})">',
    "data-html": '<object data="data:text/html,<img src={0}>"></object>',
    "css-escape": '<p style="background:\\75rl({0})">x</p>',
    "css-break": '"; background: url({0}); x: "',
    "style-end": "</style><img src={0}>",
    "attribute-end": '"><img src={0}>',
    "title-end": "</title><link rel=attachment href={0}>",
    "comment-end": "--><img src={0}><!--",
    "entity": "<!DOCTYPE a [<!ENTITY b SYSTEM '{0}'>]><a>&b;</a>",
    "entity-bomb": "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]><a>&c;&c;</a>",
    "xinclude": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{0}" parse="text"/>',
    "xslt": '<?xml-stylesheet type="text/xsl" href="{0}"?>',
    "svg-script": '<svg onload=alert(1)><script href="{0}">alert(1)</script></svg>',
    "svg-foreign": '<svg><foreignObject><img src="{0}"></foreignObject></svg>',
    "svg-font": '<svg><defs><font-face-uri href="{0}"/></defs></svg>',
    "mathml": '<math><mtext href="{0}">x</mtext></math>',
    "name": "<a href=\"javascript:app.launchURL('{0}')\">x</a>",
    "include": "{{% include '/etc/passwd' %}}{{% load i18n %}}",
    "variable": "{{{{ brand.logo }}}}{{{{ settings.SECRET_KEY }}}}",
    "format": "%(name)s %s {{0.__class__}} {{name}}",
    "postscript": ") Tj ET Q BT (x) /JS (app.alert(1)) >> endobj",
    "latex": "\\input{{/etc/passwd}}",
}
VECTORS = FETCHED | QUIET | ODD


def hostile(address: str) -> list[str]:
    """Every vector with a plain http address, as a customer might type them."""
    return [vector.format(f"http://{address}/x.png") for vector in VECTORS.values()]


def addresses(pdf: bytes, host: str) -> list[str]:
    """The links of a PDF that lead to a host."""
    notes = (note.get_object() for page in PdfReader(io.BytesIO(pdf)).pages for note in page.get("/Annots", []))
    found = (str(note.get("/A", {}).get_object().get("/URI", "")) for note in notes if "/A" in note)
    return [address for address in found if host in address]


def attachments(pdf: bytes) -> list[Any]:
    """The files in a PDF."""
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
