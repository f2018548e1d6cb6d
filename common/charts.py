"""Bars as SVG, drawn on the server: one voice and grey, zero based, each figure in words beside its bar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

VOICES = ("bar-fill", "bar-soft", "bar-quiet")  # what the first, second and third part of a bar is drawn in
SPAN = 360  # the longest bar, in units of the drawing, which is as wide as its place


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, and its parts, none below zero, in the order of the voices."""

    label: str
    parts: Sequence[Decimal | int]

    @property
    def whole(self) -> Decimal:
        return sum((Decimal(part) for part in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class Segment:
    """A rectangle: where it begins, how wide it is, and its voice."""

    x: int
    width: int
    voice: str


@dataclass(frozen=True, slots=True)
class Row:
    """A drawn bar: its label, its rectangles and its figure."""

    label: str
    segments: list[Segment]
    figure: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as templates/common/figures.html shows it; `told` names all figures for who can't see it."""

    rows: list[Row]
    told: str
    span: int = SPAN


def drawn(bars: Sequence[Bar], *, figure: Callable[[Decimal], str]) -> Drawing:
    """Bars beneath each other; the longest takes the whole span. `figure` writes a sum in the reader's language."""
    longest = max((bar.whole for bar in bars), default=Decimal(0)) or Decimal(1)
    rows = []
    for bar in bars:
        edges, reached = [0], Decimal(0)
        for part in bar.parts:
            reached += Decimal(part)
            edges.append(int(reached / longest * SPAN))
        pairs = zip(edges, edges[1:], VOICES, strict=False)
        segments = [Segment(start, end - start, voice) for start, end, voice in pairs if end > start]
        rows.append(Row(bar.label, segments, figure(bar.whole)))
    told = "; ".join(f"{bar.label}: {figure(bar.whole)}" for bar in bars)
    return Drawing(rows, told)
