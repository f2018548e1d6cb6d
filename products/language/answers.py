"""Answers: from what people typed to what the document stores, and from that to typed values; errors in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from common.money import AmountError, cents, parse_amount
from products.language.dates import read_day
from products.language.errors import Absent, EvaluationError, Problem, nearest
from products.language.limits import ANSWER_DECIMALS, ANSWER_DIGITS, ANSWERS, STEPS
from products.language.numbers import LARGEST_AMOUNT, plain, read_number
from products.language.product import Product, QuestionPart
from products.language.reading import kind_of, shown
from products.language.run import Run

MOST_CHARACTERS = 2000


class AnswerError(Exception):
    """An answer that isn't what its question asks for."""

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.values = code, message, values


@dataclass(frozen=True)
class Refused:
    """The condition that didn't hold, with the values it looked at."""

    condition: str
    values: dict[str, Any]


@dataclass
class Asked:
    """The questions that the answers make necessary, in order, with what is known and what is wrong."""

    run: Run
    keys: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)  # depend on an answer that isn't there yet
    refused: dict[str, Refused] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def ask(product: Product, as_of: date, answers: Mapping[str, Any], *, budget: int = STEPS) -> Asked:
    """Which questions are asked for these answers; notes missing, wrong and unasked ones (path `answers.key`)."""
    asked = Asked(Run(product, as_of=as_of, values={}, budget=budget))
    for part in product.questions:
        _ask_one(asked, part, answers)
    _note_unasked(product, asked, answers)
    return asked


def _ask_one(asked: Asked, part: QuestionPart, answers: Mapping[str, Any]) -> None:
    key, path = part.spec.key, f"answers.{part.spec.key}"
    try:
        refusing = part.when.refused_by(asked.run) if part.when else None
    except Absent:
        asked.undecided.append(key)
        return
    except EvaluationError as error:
        asked.problems.append(Problem(path, error.code, error.message, error.values))
        asked.undecided.append(key)
        return
    if refusing is not None:
        asked.refused[key] = Refused(refusing.source, {name: asked.run.known(name) for name in refusing.names})
        return
    asked.keys.append(key)
    value = answers.get(key)
    if value is None:
        if not part.spec.optional:
            asked.problems.append(Problem(path, "missing", f"Expected an answer to “{key}”, found none.", {"key": key}))
        return
    try:
        asked.run.values[key] = typed(part, value)
    except AnswerError as error:
        asked.problems.append(Problem(path, error.code, error.message, {"key": key, **error.values}))


def _note_unasked(product: Product, asked: Asked, answers: Mapping[str, Any]) -> None:
    known = [part.spec.key for part in product.questions]
    if len(answers) > ANSWERS:
        message = f"Expected at most {ANSWERS} answers, found {len(answers)}."
        asked.problems.append(Problem("answers", "too_many", message, {"found": len(answers)}))
        return
    for key in answers:
        name = shown(key)
        if key not in known:
            message = f"Expected an answer to a known question, found “{name}”.{nearest(name, known)}"
            asked.problems.append(Problem(f"answers.{name}", "unknown_question", message, {"key": name}))
        elif key in asked.refused and answers[key] is not None:
            because = asked.refused[key].condition
            message = f"Expected no answer to “{name}”, which isn't asked unless {because}."
            asked.problems.append(Problem(f"answers.{name}", "unasked", message, {"key": name, "condition": because}))


def typed(part: QuestionPart, value: Any) -> Any:
    """A stored answer as a typed value within its limits; raises `AnswerError`."""
    spec = part.spec
    readers: dict[str, Callable[[QuestionPart, Any], Any]] = {
        "money": _amount, "decimal": _decimal, "integer": _integer, "year": _integer, "date": _date, "code": _code,
        "text": _text, "one_of": _one_of, "several_of": _several_of, "yes_no": _yes_no,
    }  # fmt: skip
    found = readers[spec.type](part, value)
    measured: Any = Decimal(len(found)) if spec.type == "several_of" else found
    _check_limits(measured, part.least, part.most)
    return found


def _check_limits(found: Any, least: Any, most: Any) -> None:
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
    found = f"{kind_of(value)}: {shown(value)}"
    return AnswerError(code, f"Expected {expected}, found {found}.", found=shown(value))


def _number(value: Any, expected: str, code: str) -> Decimal:
    found = read_number(value)
    if found is None or abs(found) >= 10**ANSWER_DIGITS or found != round(found, ANSWER_DECIMALS):
        raise _wrong(expected, value, code)
    return found


def _amount(part: QuestionPart, value: Any) -> Decimal:
    found = _number(value, "an amount such as 1250.00", "not_an_amount")
    if found != cents(found) or abs(found) > LARGEST_AMOUNT:
        raise _wrong("an amount with at most two decimals", value, "not_an_amount")
    return cents(found)


def _decimal(part: QuestionPart, value: Any) -> Decimal:
    found = _number(value, "a number such as 52.3", "not_a_number")
    if part.spec.decimals is not None and found != round(found, part.spec.decimals):
        most = part.spec.decimals
        raise AnswerError(
            "too_precise", f"Expected at most {most} decimals, found {plain(found)}.", most=most, found=plain(found)
        )
    return found


def _integer(part: QuestionPart, value: Any) -> Decimal:
    found = _number(value, "a whole number", "not_a_whole_number")
    if found != found.to_integral_value() or (part.spec.type == "year" and not 1000 <= found <= 9999):
        expected = "a year of four digits" if part.spec.type == "year" else "a whole number"
        raise _wrong(expected, value, "not_a_whole_number")
    return found


def _date(part: QuestionPart, value: Any) -> date:
    found = read_day(value)
    if found is None:
        raise _wrong("a day such as 2027-01-31", value, "not_a_day")
    return found


def _text(part: QuestionPart, value: Any) -> str:
    most = part.spec.length or MOST_CHARACTERS
    if not isinstance(value, str) or not value.strip():
        raise _wrong("a text", value, "not_a_text")
    if len(value) > most:
        raise AnswerError(
            "too_long", f"Expected at most {most} characters, found {len(value)}.", most=most, found=len(value)
        )
    _check_characters(part, value)
    return value


def _code(part: QuestionPart, value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > MOST_CHARACTERS:
        raise _wrong("a code as text", value, "not_a_code")
    length = part.spec.length
    if length is not None and len(value) != length:
        raise AnswerError(
            "wrong_length", f"Expected {length} characters, found {len(value)}.", expected=length, found=len(value)
        )
    _check_characters(part, value)
    return value


def _check_characters(part: QuestionPart, value: str) -> None:
    allowed = part.spec.characters
    fits = {
        "digits": value.isascii() and value.isdigit(),
        "letters": value.isalpha(),
        "letters_and_digits": value.isalnum(),
        "any": value.isprintable() or part.spec.type == "text",
    }
    if not fits[allowed]:
        words = allowed.replace("_", " ") if allowed != "any" else "ordinary characters"
        raise AnswerError(
            "characters", f"Expected {words} only, found “{shown(value)}”.", allowed=allowed, found=shown(value)
        )


def _one_of(part: QuestionPart, value: Any) -> str:
    if not isinstance(value, str) or value not in part.type.options:
        hint = nearest(value, part.type.options) if isinstance(value, str) else ""
        message = f"Expected one of {', '.join(part.type.options)}, found {shown(value)}.{hint}"
        raise AnswerError("not_a_choice", message, found=shown(value))
    return value


def _several_of(part: QuestionPart, value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise _wrong("a list of choices", value, "not_a_list")
    chosen = tuple(_one_of(part, item) for item in value[: len(part.type.options) + 1])
    if len(set(chosen)) < len(chosen) or len(value) > len(part.type.options):
        raise AnswerError("choice_twice", "Expected each choice once, found one twice.")
    return chosen


def _yes_no(part: QuestionPart, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong("yes or no", value, "not_yes_or_no")
    return value


def read_form(
    product: Product, raw: Mapping[str, str | Sequence[str]], language: str
) -> tuple[dict[str, Any], list[Problem]]:
    """What people typed in a form as answers to store, with a problem for each entry that can't be read.

    Amounts and numbers are read as that language writes them (1.250,00 in nl and de). An empty entry is no answer; the
    empty list of a several-of question is the answer "none". Limits are checked later, by `ask` and `evaluate`.
    """
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    for part in product.questions:
        key = part.spec.key
        entry = raw.get(key)
        if entry is None or (isinstance(entry, str) and not entry.strip() and part.spec.type != "several_of"):
            continue
        try:
            answers[key] = _entered(part, entry, language)
        except AnswerError as error:
            problems.append(Problem(f"answers.{key}", error.code, error.message, {"key": key, **error.values}))
    return answers, problems


def _entered(part: QuestionPart, entry: str | Sequence[str], language: str) -> Any:
    if part.spec.type == "several_of":
        return [item for item in ([entry] if isinstance(entry, str) else entry) if item]
    text = (entry if isinstance(entry, str) else entry[-1] if entry else "").strip()
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


def fill_system_answers(product: Product, as_of: date, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with those that the system gives, where their formulas can be worked out and nothing is given yet."""
    filled = dict(answers)
    for part in product.questions:
        if part.system_value is None or filled.get(part.spec.key) is not None:
            continue
        run = ask(product, as_of, filled).run
        try:
            if part.when is None or part.when.refused_by(run) is None:
                filled[part.spec.key] = _stored(part, part.system_value.value(run))
        except EvaluationError:
            continue
    return filled


def _stored(part: QuestionPart, value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if part.spec.type in ("integer", "year") else plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
