"""Whether an information document still reads on a copy in black and white (Regulation (EU) 2017/1469, article 6).

Grey keeps the luminance of a colour and nothing else: what stands out by luminance stands out on the copy, and what
differs by its drawing differs there too.
"""

import re
from functools import cache

from documents.rendering.brand import contrast
from documents.rendering.fetcher import ASSETS
from documents.rendering.ipid_check import ICONS

LEAST = 3.0  # to 1, of a drawing on its ground (WCAG 2.2, 1.4.11); a measure, hence a float
WHITE = "#ffffff"
COLOUR = re.compile(r'(?:fill|stroke)="(#[0-9a-f]{3,6})"')
DRAWING = re.compile(r' (?:d|cx|cy|r|rx|ry|x|y|width|height)="([^"]+)"')
MARK = re.compile(r"^\.ipid \.(\w+) li \{ background-image: url\(icons/([\w-]+\.svg)\)", re.MULTILINE)
SAME_MEANING = {"area": "tick"}  # where one is covered is covered too


def mark_files() -> dict[str, str]:
    """The drawing before the items of each class, by the sheet."""
    return dict(MARK.findall((ASSETS / "print.css").read_text(encoding="utf-8")))


@cache
def grey_findings() -> list[str]:
    """What of icons and marks can't be read or told apart in grey, each as expected and found; empty if all can."""
    marks, icons = mark_files(), [name for name in ICONS if name]
    return [
        *[finding for name in dict.fromkeys([*marks.values(), *icons]) for finding in pale(name)],
        *alike({mark: name for mark, name in marks.items() if mark not in SAME_MEANING}),
        *alike({name: name for name in icons}),
    ]


def pale(name: str) -> list[str]:
    """The colours of a drawing that vanish beside white, which is its ground or what is drawn on it."""
    found = {full(colour) for colour in COLOUR.findall(drawn(name))} - {WHITE}
    return [
        f"Expected {colour} in {name} to stand out from white by {LEAST:.0f} to 1; it stands out by {ratio:.2f}."
        for colour in sorted(found)
        if (ratio := contrast(colour, WHITE)) < LEAST
    ]


def alike(names: dict[str, str]) -> list[str]:
    """Drawings of different meaning that have one shape."""
    shapes: dict[tuple[str, ...], str] = {}
    found = []
    for name in names.values():
        shape = tuple(DRAWING.findall(drawn(name)))
        if shape in shapes:
            found.append(f"Expected {name} and {shapes[shape]} to differ by their shape; found the same.")
        shapes[shape] = name
    return found


def drawn(name: str) -> str:
    return (ASSETS / "icons" / name).read_text(encoding="utf-8")


def full(colour: str) -> str:
    """#fff as #ffffff."""
    return colour if len(colour) == 7 else "#" + "".join(sign * 2 for sign in colour[1:])
