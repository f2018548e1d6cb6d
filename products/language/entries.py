"""A form's entries: from what people typed, as their language writes it, to what the document stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from common.money import AmountError, parse_amount
from products.language.answer_types import MOST_CHARACTERS, AnswerError
from products.language.dates import read_day
from products.language.errors import Problem
from products.language.limits import RECORDS
from products.language.numbers import read_number
from products.language.product import FieldPart, Product, QuestionPart
from products.language.reading import kind_of, shown


def read_form(product: Product, raw: Mapping[str, Any], language: str) -> tuple[dict[str, Any], list[Problem]]:
    """What people typed in a form as answers to store, with a problem for each entry that can't be read.

    Amounts and numbers are read as that language writes them (1.250,00 in nl and de). An empty entry is no answer; the
    empty list of a several-of question is the answer "none". For a list question `raw` holds a sequence of mappings,
    one a record, field to text; for files a sequence of the stored shape. Limits are checked later, by `ask` and
    `evaluate`.
    """
    problems: list[Problem] = []
    answers = _read(product.questions, raw, language, "answers", problems)
    return answers, problems


def _read(
    parts: Sequence[FieldPart], raw: Mapping[str, Any], language: str, path: str, problems: list[Problem]
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for part in parts:
        key = part.spec.key
        entry = raw.get(key)
        if entry is None or (isinstance(entry, str) and not entry.strip() and part.spec.type != "several_of"):
            continue
        try:
            if isinstance(part, QuestionPart) and part.spec.type == "list":
                answers[key] = _read_records(part, entry, language, f"{path}.{key}", problems)
            else:
                answers[key] = _entered(part, entry, language)
        except AnswerError as error:
            problems.append(Problem(f"{path}.{key}", error.code, error.message, {"key": key, **error.values}))
    return answers


def _read_records(
    part: QuestionPart, entry: Any, language: str, path: str, problems: list[Problem]
) -> list[dict[str, Any]]:
    if not isinstance(entry, (list, tuple)) or not all(isinstance(record, Mapping) for record in entry[: RECORDS + 1]):
        raise AnswerError("not_a_list", "Expected records, found something else.")
    return [
        _read(part.fields, record, language, f"{path}[{number}]", problems)
        for number, record in enumerate(entry[: RECORDS + 1])
    ]


def _entered(part: FieldPart, entry: Any, language: str) -> Any:
    if part.spec.type == "file":
        return entry
    if not isinstance(entry, (str, list, tuple)):
        raise AnswerError("not_a_text", f"Expected a text, found {kind_of(entry)}.")
    if part.spec.type == "several_of":
        return [item for item in ([entry] if isinstance(entry, str) else entry) if item]
    typed = entry if isinstance(entry, str) else entry[-1] if entry else ""
    if not isinstance(typed, str):
        raise AnswerError("not_a_text", f"Expected a text, found {kind_of(typed)}.")
    text = typed.strip()
    if len(text) > MOST_CHARACTERS:
        raise AnswerError(
            "too_long", f"Expected at most {MOST_CHARACTERS} characters, found {len(text)}.", most=MOST_CHARACTERS
        )
    if part.spec.type == "money":
        return _entered_amount(text, language)
    if part.spec.type == "decimal":
        return _entered_number(text, language)
    if part.spec.type in ("integer", "year"):
        return _entered_integer(text)
    if part.spec.type == "yes_no":
        return _entered_truth(text)
    if part.spec.type == "date":
        return _entered_day(text)
    return text


def _entered_amount(text: str, language: str) -> str:
    try:
        return f"{parse_amount(text, language):f}"
    except AmountError:
        example = "1,250.00" if language == "en" else "1.250,00"
        message = f"Expected an amount such as {example}, found “{shown(text)}”."
        raise AnswerError("not_an_amount", message, example=example, found=shown(text)) from None


def _entered_number(text: str, language: str) -> str:
    point, group = (".", ",") if language == "en" else (",", ".")
    whole, _, decimals = text.partition(point)
    groups = whole.split(group)
    regular = len(groups) == 1 or (1 <= len(groups[0].lstrip("-")) <= 3 and all(len(part) == 3 for part in groups[1:]))
    plain_text = "".join(groups) + (f".{decimals}" if decimals else "")
    if not regular or read_number(plain_text) is None:
        example = f"52{point}3"
        message = f"Expected a number such as {example}, found “{shown(text)}”."
        raise AnswerError("not_a_number", message, example=example, found=shown(text))
    return plain_text


def _entered_integer(text: str) -> int:
    found = read_number(text)
    if found is None or found != found.to_integral_value():
        raise AnswerError("not_a_whole_number", f"Expected a whole number, found “{shown(text)}”.", found=shown(text))
    return int(found)


def _entered_truth(text: str) -> bool:
    words = {
        "yes": True,
        "no": False,
        "true": True,
        "false": False,
        "ja": True,
        "nee": False,
        "nein": False,
        "1": True,
        "0": False,
    }
    if text.lower() not in words:
        raise AnswerError("not_yes_or_no", f"Expected yes or no, found “{shown(text)}”.", found=shown(text))
    return words[text.lower()]


def _entered_day(text: str) -> str:
    """A day as 2027-01-31 (what a date field sends) or 31-01-2027, 31.01.2027, 31/01/2027."""
    parts = text.replace(".", "-").replace("/", "-").split("-")
    if len(parts) == 3 and len(parts[0]) <= 2 and all(part.isascii() and part.isdigit() for part in parts):
        text = f"{parts[2]}-{parts[1].zfill(2)}-{parts[0].zfill(2)}"
    found = read_day(text)
    if found is None:
        raise AnswerError("not_a_day", f"Expected a day such as 2027-01-31, found “{shown(text)}”.", found=shown(text))
    return found.isoformat()
