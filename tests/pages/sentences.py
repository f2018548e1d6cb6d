"""Reads the sentences to be translated out of templates and code, as they stand in a catalogue."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

NAMES = ("_", "gettext", "gettext_lazy", "now", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext")
KEYWORDS: Any = dict.fromkeys(NAMES)
Sentence = tuple[str | None, str]  # context, text


def sentences(path: Path) -> Iterator[Sentence]:
    """Context and text (of a plural its first form) of each sentence in a template or a module."""
    source = path.read_text(encoding="utf-8")
    if path.suffix in {".html", ".txt"}:
        source = templatize(source, origin=str(path))
    calls: Any = extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for _line, name, found, _comments in calls:
        texts = [found] if isinstance(found, str) else [text for text in found or () if text is not None]
        if texts and "pgettext" in name:
            yield texts[0], texts[1]
        elif texts:
            yield None, texts[0]
