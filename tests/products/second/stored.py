"""Stored answers read as values; None where an answer isn't right."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal
from typing import Any

PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
SIGNS: dict[str, Callable[[str], bool]] = {
    "digits": lambda text: bool(re.fullmatch("[0-9]*", text)),
    "letters": str.isalpha,
    "letters_and_digits": lambda text: re.sub("[0-9]", "a", text).isalpha(),
    "any": lambda text: keepable(text),
}
MEDIA = {"application/pdf": "pdf"} | {f"image/{kind}": "image" for kind in ("jpeg", "png", "webp", "tiff", "heic")}
WIDE = Context(prec=10_000)
Question = dict[str, Any]


def read(question: Question, answer: Any) -> Any:
    """The value of one answer (not of a list)."""
    value = READERS[question["type"]](question, answer)
    return value if value is not None and in_limits(question, value) else None


def in_limits(question: Question, value: Any) -> bool:
    """least and most are both in; of several they count."""
    one = 1 if question["type"] == "file" else None
    size: Any = len(value) if isinstance(value, list) else value
    kind: Callable[[Any], Any] = date.fromisoformat if question["type"] == "date" else Decimal
    least, most = question.get("least", one), question.get("most", one)
    return (least is None or size >= kind(str(least))) and (most is None or size <= kind(str(most)))


def number(question: Question, answer: Any) -> Decimal | None:
    """Text or whole number, plain digits with a point; how many stand before and behind it is counted by value."""
    if isinstance(answer, bool) or not isinstance(answer, (str, int)) or not PLAIN.fullmatch(str(answer)):
        return None
    if sum(sign.isdigit() for sign in str(answer)) > 20:
        return None
    value = Decimal(str(answer))
    places = {"money": 2, "decimal": question.get("decimals", 10), "integer": 0, "year": 0}[question["type"]]
    shifted = value.scaleb(places, WIDE)
    if question["type"] == "year" and not 1000 <= value <= 9999:
        return None
    most = Decimal(10) ** (12 if question["type"] == "money" else 15)
    return value if shifted == shifted.to_integral_value() and value.copy_abs() < most else None


def day(question: Question, answer: Any) -> date | None:
    if not isinstance(answer, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", answer):
        return None
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None


def code(question: Question, answer: Any) -> str | None:
    """A code keeps every character and has exactly its length."""
    if not isinstance(answer, str) or not answer or len(answer) > 2000:
        return None
    right = SIGNS[question.get("characters", "any")](answer) and answer.isprintable()
    return answer if right and len(answer) == question.get("length", len(answer)) else None


def keepable(text: str) -> bool:
    """No null, no half character."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def text(question: Question, answer: Any) -> str | None:
    if not isinstance(answer, str) or not answer.strip() or len(answer) > question.get("length", 2000):
        return None
    return answer if SIGNS[question.get("characters", "any")](answer) else None


def choice(question: Question, answer: Any) -> str | None:
    return answer if isinstance(answer, str) and answer in [row["key"] for row in question["choices"]] else None


def several(question: Question, answer: Any) -> list[str] | None:
    """Keys of choices, each once."""
    if not isinstance(answer, list) or any(choice(question, one) is None for one in answer):
        return None
    return answer if len(set(answer)) == len(answer) else None


def files(question: Question, answer: Any) -> list[Any] | None:
    """Each file once, of the media that are allowed."""
    if not isinstance(answer, list) or not all(file(question, one) for one in answer):
        return None
    return answer if len({one["sha256"] for one in answer}) == len(answer) else None


def file(question: Question, one: Any) -> bool:
    if not isinstance(one, dict) or set(one) != {"sha256", "name", "media_type", "size"}:
        return False
    texts = [one["sha256"], one["name"], one["media_type"]]
    if not all(isinstance(found, str) for found in texts) or isinstance(one["size"], bool):
        return False
    media = MEDIA.get(one["media_type"])
    return bool(
        re.fullmatch("[0-9a-f]{64}", one["sha256"])
        and 0 < len(one["name"]) <= 200
        and one["name"].isprintable()
        and media
        and media in question.get("media", [media])
        and isinstance(one["size"], int)
        and 1 <= one["size"] <= 50_000_000
    )


READERS: dict[str, Callable[[Question, Any], Any]] = {
    "money": number, "decimal": number, "integer": number, "year": number, "date": day, "code": code, "text": text,
    "one_of": choice, "several_of": several, "file": files,
    "yes_no": lambda question, answer: answer if isinstance(answer, bool) else None,
}  # fmt: skip
