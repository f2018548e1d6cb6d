"""What the product language finds wrong, said in the reader's language, wherever a page shows it."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from products.sentences import SENTENCES, WORDS

PLACE = re.compile(r"%\((\w+)\)s")
AT = re.compile(r"(?P<message>.+) \(at character (?P<at>\d+)\)", re.DOTALL)
HINT = re.compile(r"(?P<message>.+) Did you mean “(?P<name>.+)”\?", re.DOTALL)


def said(message: str) -> str:
    """An English sentence of the product language in the reader's language; one that nobody translated as it is."""
    if found := AT.fullmatch(message):
        return _("%(message)s (at character %(at)s)") % {"message": said(found["message"]), "at": found["at"]}
    if found := HINT.fullmatch(message):
        return _("%(message)s Did you mean “%(name)s”?") % {"message": said(found["message"]), "name": found["name"]}
    for pattern, sentence in patterns():
        if found := pattern.fullmatch(message):
            return gettext(sentence) % {name: in_words(value) for name, value in found.groupdict().items()}
    return message


def said_all(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings as `check` gives them, each said."""
    return [said_of(finding) for finding in findings]


def said_of(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {**finding, "message": said(str(finding["message"]))}


def in_words(value: str) -> str:
    """What stands at a place of a sentence: a word of ours in the reader's language, anything else as it is."""
    return pgettext("in a definition", value) if value in WORDS else value


@cache
def patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each sentence with what it looks like in English, those that say most by themselves first."""
    return [(pattern_of(one), one) for one in sorted(SENTENCES, key=lambda one: -len(PLACE.sub("", one)))]


def pattern_of(sentence: str) -> re.Pattern[str]:
    """A sentence with anything at its places."""
    parts = PLACE.split(sentence)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if turn % 2 else re.escape(part) for turn, part in enumerate(parts)), re.DOTALL
    )
