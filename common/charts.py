"""Bars as SVG, drawn on the server: one voice and grey, zero based, each figure in words beside its bar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

VOICES = ("bar-fill", "bar-soft", "bar-quiet")  # what the first, second and third part of a bar is drawn in
LABEL, SPAN, STEP = 190, 360, 26  # widths in units of the drawing: of the labels, of the longest bar; height of a row


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
    """A drawn bar: the upper edge of its row, its label, rectangles, and its figure with the place of it."""

    top: int
    label: str
    segments: list[Segment]
    end: int
    figure: str

    @property
    def base(self) -> int:
        """The line on which label and figure stand."""
        return self.top + 17


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as templates/common/chart.html shows it; `told` names all figures for who can't see it."""

    rows: list[Row]
    height: int
    told: str
    axis: int = LABEL


def drawn(bars: Sequence[Bar], *, figure: Callable[[Decimal], str]) -> Drawing:
    """Bars beneath each other; the longest takes the whole span. `figure` writes a sum in the reader's language."""
    longest = max((bar.whole for bar in bars), default=Decimal(0)) or Decimal(1)
    rows = []
    for place, bar in enumerate(bars):
        edges = [LABEL]
        reached = Decimal(0)
        for part in bar.parts:
            reached += Decimal(part)
            edges.append(LABEL + int(reached / longest * SPAN))
        pairs = zip(edges, edges[1:], VOICES, strict=False)
        segments = [Segment(start, end - start, voice) for start, end, voice in pairs if end > start]
        rows.append(Row(place * STEP, shortened(bar.label), segments, edges[-1] + 6, figure(bar.whole)))
    told = "; ".join(f"{bar.label}: {figure(bar.whole)}" for bar in bars)
    return Drawing(rows, len(rows) * STEP, told)


def shortened(label: str, most: int = 30) -> str:
    """A label that fits beside its bar; the table holds it whole."""
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
