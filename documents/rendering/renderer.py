"""What is dear to make and made once in a process: fonts, the parsed sheet, the picture cache, the fingerprint."""

import ctypes.util
import gc
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from documents.rendering.fetcher import ASSETS, BASE_URL, AssetFetcher

# Before the first FontConfiguration: only our own fonts count, so that a page doesn't depend on the machine's.
os.environ["FONTCONFIG_FILE"] = str(ASSETS / "fonts" / "fonts.conf")

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "documents"
VARIANT = "pdf/ua-1"
MOST_CACHED_PICTURES = 64
SHORT = 12
PARTS = re.compile(r'{%\s*(?:extends|include)\s+"([^"]+)"')


@dataclass
class Machine:
    """The renderer of one process; not made for threads, a worker process has one and prints one document at a time."""

    fetcher: AssetFetcher = field(default_factory=AssetFetcher)
    fonts: FontConfiguration = field(default_factory=FontConfiguration)
    pictures: dict[str, Any] = field(default_factory=dict)
    sheet: CSS = field(init=False)

    def __post_init__(self) -> None:
        text = (ASSETS / "print.css").read_text(encoding="utf-8")
        self.sheet = CSS(string=text, base_url=BASE_URL, font_config=self.fonts, url_fetcher=self.fetcher)

    def lay_out(self, source: str) -> Document:
        """The pages of a source, not yet written."""
        if len(self.pictures) > MOST_CACHED_PICTURES:
            self.pictures.clear()
        html = HTML(string=source, base_url=BASE_URL, url_fetcher=self.fetcher)
        return html.render(
            font_config=self.fonts, stylesheets=[self.sheet], cache=self.pictures, pdf_variant=VARIANT,
        )  # fmt: skip

    def write(self, document: Document) -> bytes:
        """The pages as PDF/UA bytes, the same for the same source in every process."""
        pdf = document.write_pdf(finisher=set_header_scope, pdf_variant=VARIANT, pdf_identifier=None)
        return bytes(pdf or b"")


@contextmanager
def garbage_waits() -> Iterator[None]:
    """Python looks for garbage after a document and not while it grows, when nearly all of it is still in use."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()


def set_header_scope(document: Document, pdf: Any) -> None:
    """PDF/UA asks each TH for its scope; WeasyPrint 70 writes IDs and Headers but no Scope."""
    objects = pdf.objects

    def parent(element: Any) -> Any:
        return objects[int(element["P"].split()[0])]

    for element in objects:
        if isinstance(element, dict) and element.get("S") == "/TH":
            group = parent(parent(element))["S"]
            element["A"]["Scope"] = "/Column" if group == "/THead" else "/Row"


@cache
def machine() -> Machine:
    """The renderer of this process, made at the first document."""
    return Machine()


@cache
def fingerprint() -> str:
    """One hash of what makes documents here. Equal sources under an equal fingerprint give equal bytes."""
    return sha256(" ".join(f"{name}={value}" for name, value in ingredients().items()).encode()).hexdigest()


@cache
def ingredients() -> Mapping[str, str]:
    """Versions of the renderer and its libraries, short hashes of fonts, assets and templates, by name."""
    return {
        **programs(),
        "assets": _hash_of(ASSETS / "icons", ASSETS / "print.css"),
        "templates": _hash_of(TEMPLATES),
    }


@cache
def programs() -> Mapping[str, str]:
    """Versions of the renderer and its libraries, and a short hash of the fonts: the machine, not what it prints."""
    return {
        **{name: version(name) for name in ("weasyprint", "pydyf", "fonttools")},
        "pango": _pango_version(),
        "harfbuzz": _harfbuzz_version(),
        "subset": "harfbuzz" if ctypes.util.find_library("harfbuzz-subset") else "fonttools",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "fonts": _hash_of(ASSETS / "fonts"),
    }


@cache
def pattern(template: str) -> Mapping[str, str]:
    """The version of a template: short hashes of its file, of what it extends and includes, of the sheet and icons."""
    found: dict[str, str] = {}
    waiting = [f"{template}.html"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _hash_of(TEMPLATES / name)
            waiting += PARTS.findall((TEMPLATES / name).read_text(encoding="utf-8"))
    return {
        **dict(sorted(found.items())),
        "print.css": _hash_of(ASSETS / "print.css"),
        "icons": _hash_of(ASSETS / "icons"),
    }


def _pango_version() -> str:
    number = int(pango.pango_version())
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _harfbuzz_version() -> str:
    name = ctypes.util.find_library("harfbuzz")
    if name is None:
        return "unknown"
    library = ctypes.CDLL(name)
    library.hb_version_string.restype = ctypes.c_char_p
    return bytes(library.hb_version_string()).decode("ascii")


def _hash_of(*places: Path) -> str:
    """One short hash over files, by name and content."""
    files = [file for place in places for file in (sorted(place.rglob("*")) if place.is_dir() else [place])]
    total = sha256()
    for file in files:
        if file.is_file():
            total.update(file.name.encode() + b"\0" + sha256(file.read_bytes()).digest())
    return total.hexdigest()[:SHORT]
