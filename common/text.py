"""Texts from outside: keys to sort and find by, and lines without characters that deceive."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError

_WITHOUT_ACCENT = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ı": "i", "ŋ": "n"}
)
_BREAKS = re.compile(r"[\r\n\v\f\u0085\u2028\u2029]+")
_KEPT_FORMATS = "\u200c\u200d"  # joiners that some scripts need
_ENDLESS = re.compile(r"\s+")


class LineError(BusinessError):
    """A line holds a character that may not stand in it; `str()` names it and its place."""

    default_code = "line"


def fold(text: str) -> str:
    """A key to sort and find by: no case, no accents, one blank between words. "Sørensen", "SORENSEN" are the same.

    The database compares bytes, so lists order by this key (own column), never by the name itself.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_WITHOUT_ACCENT)
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return one_line(bare.casefold())


def clean_line(text: str) -> str:
    """One line as it may be stored and mailed: breaks become a blank; control and direction marks vanish."""
    joined = _BREAKS.sub(" ", unicodedata.normalize("NFC", text)).replace("\t", " ")
    return one_line("".join(character for character in joined if not _deceives(character)))


def check_line(text: str, *, field: str | None = None) -> str:
    """The line as it is, where silently dropping a character would change its meaning: addresses, headers, file names.

    Raises LineError naming the first character that may not stand there, by its code and its place.
    """
    for place, character in enumerate(text, start=1):
        if _BREAKS.match(character) or character == "\t" or _deceives(character):
            params = {"code": f"U+{ord(character):04X}", "place": place}
            raise LineError(
                _("Expected one line of text, found the sign %(code)s in place %(place)s."), field=field, params=params
            )
    return text


def one_line(text: str, limit: int | None = None) -> str:
    """All white space as single blanks, and, where a limit is given, cut at a word with an ellipsis within it."""
    line = _ENDLESS.sub(" ", text).strip()
    if limit is None or len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, _blank, tail = cut.rpartition(" ")
    return (head if head and len(tail) < limit // 2 and line[limit - 1] != " " else cut).rstrip() + "…"


def _deceives(character: str) -> bool:
    """Controls, direction marks, invisible formats, lone surrogates and private or unassigned code points."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character not in _KEPT_FORMATS
