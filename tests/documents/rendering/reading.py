"""Reads a printed document the way a reader, a screen reader or an inspector would."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

from documents.rendering.render import Rendered


def reader(rendered: Rendered) -> PdfReader:
    return PdfReader(io.BytesIO(rendered.pdf))


def pages(rendered: Rendered) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader(rendered).pages]


def text(rendered: Rendered) -> str:
    return " ".join(pages(rendered))


def root(rendered: Rendered) -> Any:
    """The catalogue of the file."""
    return reader(rendered).trailer["/Root"]


def title(rendered: Rendered) -> str:
    metadata = reader(rendered).metadata
    return str(metadata.title) if metadata else ""


def elements(rendered: Rendered) -> Iterator[Any]:
    """All structure elements of the tag tree, in reading order."""
    waiting = [root(rendered)["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        if "/S" in element:
            yield element
        children = element.get("/K", [])
        children = children if isinstance(children, list) else [children]
        objects = [child.get_object() for child in children]
        waiting.extend(child for child in reversed(objects) if isinstance(child, dict) and "/K" in child)


def fonts(rendered: Rendered) -> list[Any]:
    """The descriptor of each font that a page uses."""
    found = []
    for page in reader(rendered).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            found.append(descendant["/FontDescriptor"].get_object())
    return found


def rightmost(rendered: Rendered) -> float:
    """Where the last piece of text to the right begins, in points from the left edge."""
    found = [0.0]

    def visit(text: str, page: list[float], line: list[float], font: object, size: float) -> None:
        if text.strip():
            found.append(line[4] * page[0] + page[4])

    for page in reader(rendered).pages:
        page.extract_text(visitor_text=visit)
    return max(found)
