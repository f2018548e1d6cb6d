"""A logo is a plain picture: an SVG that only draws, or a PNG; nothing in it may reach elsewhere or run."""

import base64
import re
from typing import Literal
from xml.etree import ElementTree

from documents.rendering.errors import BrandRefused

Kind = Literal["svg", "png"]
HEAD_OF_PICTURE: dict[Kind, str] = {"svg": "data:image/svg+xml;base64", "png": "data:image/png;base64"}
KIND_OF_PICTURE: dict[str, Kind] = {head: kind for kind, head in HEAD_OF_PICTURE.items()}
LARGEST_PICTURE = 200_000
MOST_ELEMENTS = 2_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 4_000

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {
    "svg", "g", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs",
    "linearGradient", "radialGradient", "stop", "clipPath",
}  # fmt: skip
ATTRIBUTES = {
    "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "id",
    "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
    "stroke-opacity", "stroke-miterlimit", "stroke-dasharray", "opacity", "transform", "offset", "stop-color",
    "stop-opacity", "gradientUnits", "gradientTransform", "clip-path", "clip-rule", "preserveAspectRatio", "version",
    "role", "aria-label", "color",
}  # fmt: skip
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# A reference may only name something inside the same picture: url(#sky).
REFERENCE = re.compile(r"url\s*\((?!\s*#[\w-]+\s*\))", re.IGNORECASE)


def check_picture(picture: bytes, kind: Kind) -> None:
    """Refuses what is not a plain picture of that kind. Raises BrandRefused with the place."""
    if len(picture) > LARGEST_PICTURE:
        raise BrandRefused(f"A logo holds at most {LARGEST_PICTURE} bytes; this one has {len(picture)}.")
    if kind == "svg":
        _check_svg(picture)
    else:
        _check_png(picture)


def data_url(picture: bytes, kind: Kind) -> str:
    """The picture as an address that carries it, so that a document's source stays whole without our disk."""
    return f"{HEAD_OF_PICTURE[kind]},{base64.b64encode(picture).decode('ascii')}"


def _check_png(picture: bytes) -> None:
    if not picture.startswith(PNG_SIGNATURE) or picture[12:16] != b"IHDR":
        raise BrandRefused("Expected a PNG picture, found other bytes.")
    width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise BrandRefused(f"A logo has at most {MOST_PIXELS} pixels each way; this one is {width} by {height}.")


def _check_svg(picture: bytes) -> None:
    # Entities and foreign character sets are refused before the parser sees them.
    text = picture.decode("utf-8", errors="replace")
    if "<!" in COMMENT.sub("", text) or "<?" in text.removeprefix("\ufeff")[5:] or "\0" in text:
        raise BrandRefused("Expected a plain SVG picture, found a document type, an instruction or a NUL in it.")
    try:
        # nosemgrep: xml-of-others (no document type gets here)
        root = ElementTree.fromstring(text)  # noqa: S314 - no document type gets here
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise BrandRefused(f"Expected an SVG picture, found something else: {error}.") from error
    if root.tag != f"{SVG}svg":
        raise BrandRefused(f"Expected an SVG picture, found the root element {root.tag[:60]}.")
    for place, element in enumerate(root.iter()):
        if place >= MOST_ELEMENTS:
            raise BrandRefused(f"A logo holds at most {MOST_ELEMENTS} elements.")
        _check_element(element)


def _check_element(element: ElementTree.Element) -> None:
    name = str(element.tag).removeprefix(SVG)
    if name not in ELEMENTS:
        raise BrandRefused(f"A logo only draws; found the element {name[:60]}.")
    for attribute, value in element.attrib.items():
        if attribute not in ATTRIBUTES:
            raise BrandRefused(f"A logo only draws; found the attribute {attribute[:60]} on {name}.")
        if REFERENCE.search(value) or "\\" in value:
            raise BrandRefused(f"A logo refers to nothing outside itself; found {value[:60]} in {attribute} of {name}.")
