"""Sentences of a product with values in braces, put together in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from common.formats import day_in_prose, money, number
from products.language.errors import FormulaError
from products.language.limits import TEXT_PLACES, TEXT_VALUE
from products.language.reading import shown

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
YES_NO = {"nl": ("ja", "nee"), "de": ("ja", "nein"), "en": ("yes", "no")}
UNKNOWN = "–"


@dataclass(frozen=True)
class Template:
    """A text as its fixed parts and the names between them."""

    parts: tuple[tuple[bool, str], ...]  # (is a name, text)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that stand in braces."""
        return tuple(dict.fromkeys(text for is_name, text in self.parts if is_name))

    def render(self, value_of: Callable[[str], str]) -> str:
        """The sentence with its values."""
        return "".join(value_of(text) if is_name else text for is_name, text in self.parts)


def read_template(text: str) -> Template:
    """Read a text with `{name}` in it; `{{` and `}}` are braces. Raises `FormulaError`."""
    parts: list[tuple[bool, str]] = []
    place = 0
    for found in _PLACE.finditer(text):
        parts.append((False, text[place : found.start()]))
        place = found.end()
        if found[0] in ("{{", "}}"):
            parts.append((False, found[0][0]))
        elif found[1] is not None and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", found[1], re.ASCII):
            parts.append((True, found[1]))
        else:
            message = "Expected a name in braces such as {total}, or two braces for one."
            raise FormulaError("template", message, found.start() + 1)
    parts.append((False, text[place:]))
    if sum(is_name for is_name, _text in parts) > TEXT_PLACES:
        raise FormulaError("template", f"Expected at most {TEXT_PLACES} values in a text, found more.", 1)
    return Template(tuple(part for part in parts if part[1]))


@dataclass(frozen=True)
class Sentence:
    """A text per language; `plain` is the text itself where it holds no value."""

    templates: Mapping[str, Template]
    names: tuple[str, ...]
    plain: Mapping[str, str] | None


def sentence_of(templates: Mapping[str, Template]) -> Sentence:
    """A sentence of these templates."""
    names = tuple(dict.fromkeys(name for template in templates.values() for name in template.names))
    plain = {language: template.render(str) for language, template in templates.items()}
    return Sentence(templates, names, None if names else plain)


class Said(Mapping[str, str]):
    """A sentence with its values, put into words where a language is read."""

    __slots__ = ("_sentence", "_values", "_words")

    def __init__(self, sentence: Sentence, values: Mapping[str, Any], words: Callable[[str, Any, str], str]) -> None:
        self._sentence, self._values, self._words = sentence, values, words

    def __getitem__(self, language: str) -> str:
        template, values, words = self._sentence.templates[language], self._values, self._words
        return template.render(lambda name: words(name, values[name], language))

    def __iter__(self) -> Iterator[str]:
        return iter(self._sentence.templates)

    def __len__(self) -> int:
        return len(self._sentence.templates)

    def __repr__(self) -> str:
        return repr(dict(self))


def labelled(label: str, words: str) -> str:
    """An answer behind its label: a question mark needs no colon."""
    return f"{label} {words}" if label.endswith("?") else f"{label}: {words}"


def in_words(value: Any, kind: str, language: str, currency: str, labels: Mapping[str, Mapping[str, str]]) -> str:
    """A value as a reader of that language sees it in a sentence."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return YES_NO.get(language, YES_NO["en"])[0 if value else 1]
    if isinstance(value, Decimal):
        return money(value, currency, language) if kind == "money" else number(value, language)
    if isinstance(value, date):
        return day_in_prose(value, language)
    if isinstance(value, tuple):
        return ", ".join(in_words(item, kind, language, currency, labels) for item in value) or UNKNOWN
    label = labels.get(value, {})
    return label.get(language) or label.get("en") or next(iter(label.values()), "") or shown(str(value), TEXT_VALUE)
