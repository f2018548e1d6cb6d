"""Reads a printed information document again and says where it breaks Regulation (EU) 2017/1469."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from documents.rendering.fetcher import ASSETS
from documents.rendering.ipid import WORDS

ICONS = (
    "", "insured.svg", "not-insured.svg", "restrictions.svg", "where.svg", "obligations.svg", "pay.svg", "term.svg",
    "cancel.svg",
)  # fmt: skip
MARKS = ("", "tick", "cross", "mark", "area", "dash", "", "", "dash")  # of the items under each heading, article 6
COVER = 1  # the heading whose plain lines are covers that weren't chosen
PAGES, PAGES_WITH_REASON = 2, 3
LEAST_X_HEIGHT = 1.2  # millimetres, article 4(1); a measure, not money, hence floats
POINT = 25.4 / 72  # millimetres
SMALLEST = "foot"


@dataclass
class Block:
    """What stands under one heading: its icon, the marks of its items, items and plain lines."""

    heading: str = ""
    icon: str = ""
    marks: set[str] = field(default_factory=set)
    items: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)


class Reading(HTMLParser):
    """The source of an information document as its blocks, with what stands above them, language and size."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.language = self.size = ""
        self.before: list[str] = []  # the lines above the first heading
        self._heading = False
        self._into: list[str] | None = None
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = told.get("lang", "")
        elif tag == "body":
            self.size = told.get("class", "").removeprefix("ipid").strip()
        elif tag == "h2":
            self.blocks.append(Block())
        elif tag == "img" and self.blocks and not self.blocks[-1].heading:
            self.blocks[-1].icon = told.get("src", "").rpartition("/")[2]
        elif tag == "ul" and self.blocks:
            self.blocks[-1].marks.add(told.get("class", ""))
        self._heading = tag == "h2" or (self._heading and tag == "img")
        self._into = self._place(tag)
        if self._into is not None:
            self._into.append("")

    def _place(self, tag: str) -> list[str] | None:
        """The list that takes the text of an element; `br`, `b` and the like go on in the one that is open."""
        if tag in {"li", "p", "h1"}:
            if not self.blocks:
                return self.before
            return self.blocks[-1].items if tag == "li" else self.blocks[-1].plain
        return None if tag in {"h2", "h3", "div", "ul", "style", "title"} else self._into

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data
        elif self._heading:
            self.blocks[-1].heading += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"li", "p", "h1"}:
            self._into = None
        elif tag == "h2":
            self._heading = False


def ipid_findings(source: str, *, pages: int, language: str, third_page_reason: str = "") -> list[str]:
    """What the regulation asks and the printed document doesn't have, each as expected and found; empty if it is right.

    Articles 1 to 4, 6 and 7: one language, title and statement first, nine headings in their order with their icon,
    items with their mark and no mark on optional covers, two pages (three with a reason), an x-height of 1.2 mm.
    """
    read = Reading(source)
    return [
        *_head(read, language),
        *_blocks(read, language),
        *_pages(pages, third_page_reason),
        *_letters(read.size),
    ]


def _head(read: Reading, language: str) -> Iterator[str]:
    words = WORDS[language]
    if read.language != language:
        yield f"Expected a document in {language}; found {read.language!r}."
    for part in (words.title, words.statement):
        if part not in read.before:
            yield f"Expected “{part}” above the first heading; it isn't there."


def _blocks(read: Reading, language: str) -> Iterator[str]:
    headings = WORDS[language].headings
    found = tuple(block.heading for block in read.blocks)
    if found != headings:
        yield f"Expected the headings {', '.join(headings)}; found {', '.join(found)}."
        return
    for place, (block, icon, mark) in enumerate(zip(read.blocks, ICONS, MARKS, strict=True)):
        if block.icon != icon:
            yield f"Expected the icon {icon or 'none'} at “{block.heading}”; found {block.icon or 'none'}."
        if block.marks != ({mark} if mark else set()):
            yield f"Expected the mark {mark or 'none'} under “{block.heading}”; found {sorted(block.marks)}."
        lines = block.items if mark else block.plain
        if not any(line.strip() for line in lines):
            yield f"Expected a line under “{block.heading}”; found none."
        if mark and block.plain and place != COVER:
            yield f"Expected each line under “{block.heading}” to have its mark; found “{block.plain[0]}” without."


def _pages(pages: int, reason: str) -> Iterator[str]:
    most = PAGES_WITH_REASON if reason else PAGES
    if pages > most:
        yield f"Expected at most {most} pages; found {pages}."


def _letters(size: str) -> Iterator[str]:
    for name in (f"ipid.{size}" if size else "ipid", SMALLEST):
        height = x_height(name)
        if height < LEAST_X_HEIGHT:
            yield f"Expected an x-height of {LEAST_X_HEIGHT} mm or more in {name}; found {height:.2f} mm."


@cache
def x_height(name: str) -> float:
    """The height of a small x in millimetres, from the sheet's size of a class and the font's own measure."""
    css = (ASSETS / "print.css").read_text(encoding="utf-8")
    size = re.search(rf"^\.{re.escape(name)}(?:, [^{{]*)? {{[^}}]*font-size: ([\d.]+)pt", css, re.MULTILINE)
    font = TTFont(ASSETS / "fonts" / "SourceSans3-Regular.ttf")
    share: float = font["OS/2"].sxHeight / font["head"].unitsPerEm
    return float(size[1]) * share * POINT if size else 0.0
