"""Cleans what people wrote before it reaches a page: no control characters, no marks that turn text, no floods."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from documents.rendering.errors import PaperTooLarge

LONGEST_TEXT = 20_000
LONGEST_DOCUMENT = 400_000
MOST_VALUES = 20_000
DEEPEST = 12

# C0 and C1 controls except tab and newline, surrogates and non-characters, and all marks that reorder text:
# a name must not be able to print as another name.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text without what can't or mustn't be printed; line ends become plain newlines."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Cleaner:
    """Walks a document's content once, cleans each text and counts what it saw; one for each document."""

    def __init__(self) -> None:
        self.characters = 0
        self.values = 0

    def clean(self, value: Any, *, where: str = "content", depth: int = 0) -> Any:
        """The same value with clean texts. Raises PaperTooLarge where a limit is passed."""
        self._count(where, depth)
        if isinstance(value, str):
            return self._text(value, where)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
            cleaned = {
                name: self.clean(item, where=f"{where}.{name}", depth=depth + 1) for name, item in fields.items()
            }
            changed = {name: item for name, item in cleaned.items() if item is not fields[name]}
            return dataclasses.replace(value, **changed) if changed else value
        if isinstance(value, Mapping):
            return {key: self.clean(item, where=f"{where}.{key}", depth=depth + 1) for key, item in value.items()}
        if isinstance(value, tuple | list):
            return tuple(
                self.clean(item, where=f"{where}[{place}]", depth=depth + 1) for place, item in enumerate(value)
            )
        return value

    def _count(self, where: str, depth: int) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            raise PaperTooLarge(f"A document holds at most {MOST_VALUES} values; {where} is one too many.")
        if depth > DEEPEST:
            raise PaperTooLarge(f"A document's content is at most {DEEPEST} levels deep; {where} is deeper.")

    def _text(self, text: str, where: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise PaperTooLarge(f"A text holds at most {LONGEST_TEXT} characters; {where} has {len(text)}.")
        self.characters += len(text)
        if self.characters > LONGEST_DOCUMENT:
            raise PaperTooLarge(f"A document holds at most {LONGEST_DOCUMENT} characters; {where} passes that.")
        cleaned = printable(text)
        return text if cleaned == text else cleaned
