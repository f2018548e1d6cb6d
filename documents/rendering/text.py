"""Reads the text of a printed PDF back, page by page, by the tables that our renderer puts beside its fonts."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf

CHARACTERS = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
CODE = 2  # bytes of a sign in a font of ours


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page in the order in which it was drawn, without white space: it is for comparing."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return ["".join("".join(drawn(page)).split()) for page in file.pages]


def drawn(page: Any) -> Iterator[str]:
    """The strings that a page draws, each read by the font that holds there."""
    fonts = {name: meanings(font) for name, font in page.Resources.get("/Font", {}).items()}
    known: Mapping[bytes, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "Tf":
                known = fonts[str(operands[0])]
            case "Tj":
                yield said(bytes(operands[0]), known)
            case "TJ":
                yield from (said(bytes(part), known) for part in operands[0] if isinstance(part, pikepdf.String))


def said(codes: bytes, known: Mapping[bytes, str]) -> str:
    """A string's codes as signs."""
    return "".join(known.get(codes[at : at + CODE], "\N{REPLACEMENT CHARACTER}") for at in range(0, len(codes), CODE))


def meanings(font: Any) -> Mapping[bytes, str]:
    """Which signs a font's codes stand for, by its table ToUnicode."""
    table = font.ToUnicode.read_bytes()
    found = {
        bytes.fromhex(code.decode()): signs(text)
        for block in BLOCK.findall(table)
        for code, text in CHARACTERS.findall(block)
    }
    for block in RANGES.findall(table):
        for first, last, text in RANGE.findall(block):
            start, base = int(first, 16), int(text, 16)
            found |= {code.to_bytes(CODE, "big"): chr(base + code - start) for code in range(start, int(last, 16) + 1)}
    return found


def signs(text: bytes) -> str:
    """UTF-16 in hex, as such tables hold it."""
    return bytes.fromhex(text.decode()).decode("utf-16-be")
