"""One answer: from what the document stores to a typed value within the limits of its question; errors in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from common.money import cents
from products.language.dates import read_day
from products.language.errors import nearest
from products.language.limits import ANSWER_DECIMALS, ANSWER_DIGITS, FILE_BYTES, FILES
from products.language.numbers import LARGEST_AMOUNT, plain, read_number
from products.language.product import FieldPart
from products.language.reading import kind_of, shown, writable

MOST_CHARACTERS = 2000
FILE_NAME = 200
DIGITS = "0123456789"


class AnswerError(Exception):
    """An answer that isn't what its question asks for."""

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.values = code, message, values


def typed(part: FieldPart, value: Any) -> Any:
    """A stored answer as a typed value within its limits; raises `AnswerError`."""
    kind = part.spec.type
    found = READERS[kind](part, value)
    if part.least is not None or part.most is not None:
        check_limits(Decimal(len(found)) if kind in ("several_of", "file") else found, part.least, part.most)
    return found


def check_limits(found: Any, least: Any, most: Any) -> None:
    """Refuse a value, or a number of entries, below the least or above the most, which are both in."""
    if least is not None and found < least:
        raise AnswerError(
            "too_small",
            f"Expected at least {_word(least)}, found {_word(found)}.",
            least=_word(least),
            found=_word(found),
        )
    if most is not None and found > most:
        raise AnswerError(
            "too_large", f"Expected at most {_word(most)}, found {_word(found)}.", most=_word(most), found=_word(found)
        )


def _word(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _wrong(expected: str, value: Any, code: str) -> AnswerError:
    found = "an empty text" if value == "" else f"{kind_of(value)}: {shown(value)}"
    return AnswerError(code, f"Expected {expected}, found {found}.", found=shown(value))


def _too_long(value: str, most: int) -> AnswerError:
    found = len(value)
    return AnswerError("too_long", f"Expected at most {most} characters, found {found}.", most=most, found=found)


def _number(value: Any, expected: str, code: str) -> Decimal:
    found = read_number(value)
    if found is None or abs(found) >= 10**ANSWER_DIGITS or found != round(found, ANSWER_DECIMALS):
        raise _wrong(expected, value, code)
    return found


def _amount(part: FieldPart, value: Any) -> Decimal:
    found = _number(value, "an amount such as 1250.00", "not_an_amount")
    if found != cents(found) or abs(found) > LARGEST_AMOUNT:
        raise _wrong("an amount with at most two decimals", value, "not_an_amount")
    return cents(found)


def _decimal(part: FieldPart, value: Any) -> Decimal:
    found = _number(value, "a number such as 52.3", "not_a_number")
    if part.spec.decimals is not None and found != round(found, part.spec.decimals):
        most = part.spec.decimals
        raise AnswerError(
            "too_precise", f"Expected at most {most} decimals, found {plain(found)}.", most=most, found=plain(found)
        )
    return found


def _integer(part: FieldPart, value: Any) -> Decimal:
    found = _number(value, "a whole number", "not_a_whole_number")
    if found != found.to_integral_value() or (part.spec.type == "year" and not 1000 <= found <= 9999):
        expected = "a year of four digits" if part.spec.type == "year" else "a whole number"
        raise _wrong(expected, value, "not_a_whole_number")
    return found


def _date(part: FieldPart, value: Any) -> date:
    found = read_day(value)
    if found is None:
        raise _wrong("a day such as 2027-01-31", value, "not_a_day")
    return found


def _text(part: FieldPart, value: Any) -> str:
    most = part.spec.length or MOST_CHARACTERS
    if not isinstance(value, str) or not value.strip():
        raise _wrong("a text", value, "not_a_text")
    if len(value) > most:
        raise _too_long(value, most)
    _check_characters(part, value)
    return value


def _code(part: FieldPart, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong("a code as text", value, "not_a_code")
    if len(value) > MOST_CHARACTERS:
        raise _too_long(value, MOST_CHARACTERS)
    length = part.spec.length
    if length is not None and len(value) != length:
        raise AnswerError(
            "wrong_length", f"Expected {length} characters, found {len(value)}.", expected=length, found=len(value)
        )
    _check_characters(part, value)
    return value


def _check_characters(part: FieldPart, value: str) -> None:
    allowed = part.spec.characters
    fits = {
        "digits": not value.strip(DIGITS),
        "letters": value.isalpha(),
        "letters_and_digits": all(sign in DIGITS or sign.isalpha() for sign in value),
        "any": value.isprintable() or (part.spec.type == "text" and writable(value)),
    }
    if not fits[allowed]:
        words = allowed.replace("_", " ") if allowed != "any" else "ordinary characters"
        raise AnswerError(
            "characters", f"Expected {words} only, found “{shown(value)}”.", allowed=allowed, found=shown(value)
        )


def _one_of(part: FieldPart, value: Any) -> str:
    if not isinstance(value, str) or value not in part.type.options:
        hint = nearest(value, part.type.options) if isinstance(value, str) else ""
        message = f"Expected one of {', '.join(part.type.options)}, found {shown(value)}.{hint}"
        raise AnswerError("not_a_choice", message, found=shown(value))
    return value


def _several_of(part: FieldPart, value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise _wrong("a list of choices", value, "not_a_list")
    chosen = tuple(_one_of(part, item) for item in value[: len(part.type.options) + 1])
    if len(set(chosen)) < len(chosen) or len(value) > len(part.type.options):
        raise AnswerError("choice_twice", "Expected each choice once, found one twice.")
    return chosen


def _yes_no(part: FieldPart, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong("yes or no", value, "not_yes_or_no")
    return value


MEDIA_TYPES = {
    "pdf": ("application/pdf",),
    "image": ("image/jpeg", "image/png", "image/webp", "image/tiff", "image/heic"),
}
_FILE = {"sha256", "name", "media_type", "size"}


def _files(part: FieldPart, value: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(value, (list, tuple)):
        raise _wrong("a list of files", value, "not_a_list")
    found = tuple(_file(part, file) for file in value[: FILES + 1])
    if len({file["sha256"] for file in found}) < len(found):
        raise AnswerError("file_twice", "Expected each file once, found one twice.")
    return found


def _file(part: FieldPart, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != _FILE:
        raise _wrong("a file with sha256, name, media_type and size", value, "not_a_file")
    sha256, name, size = value["sha256"], value["name"], value["size"]
    if not isinstance(sha256, str) or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise _wrong("a sha256 of 64 small hexadecimal digits", sha256, "not_a_file")
    if not isinstance(name, str) or not 0 < len(name) <= FILE_NAME or not name.isprintable():
        raise _wrong(f"a file's name of at most {FILE_NAME} characters", name, "not_a_file")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 < size <= FILE_BYTES:
        raise _wrong(f"a size of 1 to {FILE_BYTES} bytes", size, "file_size")
    allowed = [kind for medium in part.spec.media or MEDIA_TYPES for kind in MEDIA_TYPES[medium]]
    if value["media_type"] not in allowed:
        raise _wrong(f"a file of {' or '.join(part.spec.media or MEDIA_TYPES)}", value["media_type"], "media_type")
    return dict(value)


READERS: dict[str, Callable[[FieldPart, Any], Any]] = {
    "money": _amount, "decimal": _decimal, "integer": _integer, "year": _integer, "date": _date, "code": _code,
    "text": _text, "one_of": _one_of, "several_of": _several_of, "yes_no": _yes_no, "file": _files,
}  # fmt: skip
