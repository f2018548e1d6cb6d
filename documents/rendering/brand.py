"""The look of a company on paper: four colours, a logo, a window and its lines."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from documents.rendering.errors import BrandRefused
from documents.rendering.pictures import Kind, check_picture, data_url

COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
LEAST_CONTRAST = 4.5
MUTED = "#58636a"  # the grey of labels in print.css; it has to stay readable on the tint
COLUMNS_OF_LEGAL = 3
MOST_LEGAL_LINES = 4
BRANDS = Path(__file__).resolve().parent.parent / "assets" / "brands"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb by WCAG 2.2; a measure of light, not of money, hence a float."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2.2, from 1 (equal) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True, kw_only=True)
class Brand:
    """What a company sets once for all its documents (design notes: four colours, logo and window, nothing else).

    `window` says where the address shows: "nl" for an EA5/6 envelope, "de" for DIN 5008 form B with fold marks.
    `legal` are three columns of lines in the foot of page one; `authorisation` is the sentence about the licence that
    the information document prints behind the maker's name. Raises BrandRefused where a rule is broken.
    """

    name: str
    country: str
    brand: str
    brand_ink: str
    tint: str
    line: str
    logo: bytes = field(repr=False)
    logo_kind: Kind
    window: Literal["nl", "de"]
    sender: str
    legal: tuple[tuple[str, ...], ...]
    phone: str
    mail: str
    website: str
    authorisation: str
    signatory: str = ""
    complaints: str = ""
    insurance_tax_number: str = ""

    def __post_init__(self) -> None:
        for name in ("brand", "brand_ink", "tint", "line"):
            if not COLOUR.match(getattr(self, name)):
                raise BrandRefused(f"Expected a colour such as #1b4f8f for {name}, found {getattr(self, name)[:20]!r}.")
        self._check_contrast()
        if self.window not in ("nl", "de"):
            raise BrandRefused(f"Expected the window nl or de, found {self.window!r}.")
        if len(self.legal) > COLUMNS_OF_LEGAL or any(len(column) > MOST_LEGAL_LINES for column in self.legal):
            raise BrandRefused(f"The foot holds {COLUMNS_OF_LEGAL} columns of {MOST_LEGAL_LINES} lines at most.")
        if self.logo:
            check_picture(self.logo, self.logo_kind)

    def _check_contrast(self) -> None:
        grounds = {"white": "#ffffff", "the tint": self.tint}
        pairs = [("brand", self.brand, "white"), ("brand_ink", self.brand_ink, "white"),
                 ("brand_ink", self.brand_ink, "the tint"), ("the grey of labels", MUTED, "the tint")]  # fmt: skip
        for name, colour, ground in pairs:
            found = contrast(colour, grounds[ground])
            if found < LEAST_CONTRAST:
                raise BrandRefused(
                    f"Expected {name} {colour} to stand out from {ground} by {LEAST_CONTRAST} to 1 or more, "
                    f"found {found:.2f} to 1."
                )

    @property
    def logo_url(self) -> str:
        """The logo as an address that carries the picture itself."""
        return data_url(self.logo, self.logo_kind)

    @classmethod
    def of(cls, values: Mapping[str, Any], *, logo: bytes) -> Self:
        """A brand from plain values, as a company's settings or a file of the demo hold them."""
        plain = dict(values)
        plain["legal"] = tuple(tuple(column) for column in plain["legal"])
        return cls(logo=logo, **plain)

    def kept(self) -> bytes:
        """The look as the archive keeps it: JSON, the logo in base64; the same look gives the same bytes."""
        told = {**asdict(self), "logo": base64.b64encode(self.logo).decode()}
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def read(cls, kept: bytes) -> Self:
        """The look that `kept` wrote down. Raises BrandRefused where it is another shape."""
        try:
            values = json.loads(kept)
            return cls.of(values, logo=base64.b64decode(values.pop("logo"), validate=True))
        except (ValueError, TypeError, LookupError) as error:
            raise BrandRefused(f"The kept look has another shape: {error}.") from error


def demo_brand(name: str) -> Brand:
    """One of the brands of the demo companies: see documents/assets/brands."""
    values = json.loads((BRANDS / f"{name}.json").read_text(encoding="utf-8"))
    return Brand.of(values, logo=(BRANDS / f"{name}.{values['logo_kind']}").read_bytes())
