"""Reads a printed PDF again and says where it isn't PDF/UA-1 (ISO 14289-1), as far as a machine can tell.

Held: the mark of the standard, language, title and that it is shown, the tag tree with known kinds of element, one way
of headings without a gap, tables whose heads have a scope and whose rows are as wide as each other, figures with a text
in their place, all that is drawn either tagged or an artefact, fonts embedded with their meanings.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

STANDARD = {
    "Document", "Part", "Sect", "Div", "P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table",
    "TR", "TH", "TD", "THead", "TBody", "TFoot", "Caption", "Span", "Link", "Figure", "NonStruct", "Art", "BlockQuote",
    "Quote",
}  # fmt: skip
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
DRAWS = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "INLINE IMAGE"}
BEGIN, END = {"BMC", "BDC"}, "EMC"


def tagged_findings(pdf: bytes, *, language: str) -> list[str]:
    """What the standard asks and the file doesn't have, each as expected and found; empty if nothing is missing."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        root: Any = file.Root
        elements = list(elements_of(root.get("/StructTreeRoot")))
        return [
            *about_file(file, root, language),
            *about_elements(elements),
            *about_tables(elements),
            *about_pages(file),
        ]


def about_file(file: Any, root: Any, language: str) -> Iterator[str]:
    """The file as a whole: standard, language, title."""
    with file.open_metadata() as told:
        if str(told.get("pdfuaid:part")) != "1":
            yield f"Expected the mark of PDF/UA-1; found part {told.get('pdfuaid:part')}."
        if not str(told.get("dc:title") or "").strip():
            yield "Expected a title; found none."
    if str(root.get("/Lang", "")) != language:
        yield f"Expected the language {language}; found {str(root.get('/Lang', '')) or 'none'}."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "Expected viewers to show the title; they show the file's name."
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "Expected a tagged file; found one that says it isn't."


def elements_of(element: Any) -> Iterator[Any]:
    """All elements below one in the tag tree, in the order of reading."""
    children: Any = element.get("/K", []) if isinstance(element, pikepdf.Dictionary) else []
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements_of(child)


def kind(element: Any) -> str:
    return str(element.S).removeprefix("/")


def about_elements(elements: list[Any]) -> Iterator[str]:
    """Kinds of element, headings in steps of one from the first, figures with their text."""
    if not elements:
        yield "Expected a tag tree; found none."
    for name in sorted({kind(element) for element in elements} - STANDARD):
        yield f"Expected standard elements; found {name}."
    level = 0
    for element in elements:
        if kind(element) in HEADINGS:
            here = HEADINGS.index(kind(element)) + 1
            if here > level + 1:
                yield f"Expected a heading H{level + 1} or above; found H{here}."
            level = here
        if kind(element) == "Figure" and not str(element.get("/Alt", "")).strip():
            yield "Expected a text in place of each figure; found one without."
    if "H1" not in {kind(element) for element in elements}:
        yield "Expected a heading H1; found none."


def about_tables(elements: list[Any]) -> Iterator[str]:
    """Heads with a scope, and rows of one width."""
    for element in elements:
        if kind(element) == "TH" and scope_of(element) not in {"/Row", "/Column", "/Both"}:
            yield f"Expected a scope at each head of a table; found {scope_of(element) or 'none'}."
        if kind(element) == "Table":
            rows = [row for row in elements_of(element) if kind(row) == "TR"]
            widths = {sum(span(cell) for cell in elements_of(row) if kind(cell) in {"TH", "TD"}) for row in rows}
            if len(widths) > 1:
                yield f"Expected rows of one width in a table; found {sorted(widths)}."


def attributes(element: Any) -> Iterator[Any]:
    found = element.get("/A", [])
    yield from (found if isinstance(found, pikepdf.Array) else [found])


def scope_of(element: Any) -> str:
    return next((str(row.Scope) for row in attributes(element) if "/Scope" in row), "")


def span(element: Any) -> int:
    """How many columns a cell takes."""
    return next((int(row.ColSpan) for row in attributes(element) if "/ColSpan" in row), 1)


def about_pages(file: Any) -> Iterator[str]:
    """Nothing is drawn outside tags and artefacts; readers go by the tags; fonts are whole."""
    for number, page in enumerate(file.pages, 1):
        if loose := list(drawn_loose(page)):
            yield f"Expected all that page {number} draws to be tagged or an artefact; found {len(loose)} that isn't."
        if page.get("/Annots") is not None and str(page.get("/Tabs", "")) != "/S":
            yield f"Expected the tabs of page {number} to follow the tags; they don't."
        for name, font in page.Resources.get("/Font", {}).items():
            if not embedded(font):
                yield f"Expected font {name} of page {number} embedded with the meanings of its signs; it isn't."


def drawn_loose(page: Any) -> Iterator[str]:
    """The operators that draw something outside marked content."""
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        depth += (operator in BEGIN) - (operator == END)
        if operator in DRAWS and not depth:
            yield operator


def embedded(font: Any) -> bool:
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    told = inner.get("/FontDescriptor", {})
    return "/ToUnicode" in font and any(name in told for name in ("/FontFile", "/FontFile2", "/FontFile3"))
