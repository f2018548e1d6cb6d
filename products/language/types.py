"""The types of the product language: number, money, date, text, code, yes/no, choice, set of choices, list, file."""

from __future__ import annotations

from dataclasses import dataclass, replace

NAMES = {
    "number": "a number",
    "money": "an amount",
    "date": "a date",
    "text": "a text",
    "code": "a code",
    "boolean": "yes or no",
    "choice": "one of the choices",
    "set": "several of the choices",
    "list": "a list of records",
    "file": "files",
}


@dataclass(frozen=True)
class Type:
    """The type of a value; `options` are the choices of a choice or set, `literal` marks a constant that still adapts.

    A constant 35 is a number and serves as an amount; a constant "flat" is a text and serves as a choice or code.
    """

    kind: str
    options: tuple[str, ...] = ()
    literal: bool = False

    def __str__(self) -> str:
        return NAMES[self.kind]


NUMBER = Type("number")
MONEY = Type("money")
DATE = Type("date")
TEXT = Type("text")
CODE = Type("code")
BOOLEAN = Type("boolean")
LIST = Type("list")
FILE = Type("file")
NUMBER_LITERAL = Type("number", literal=True)
TEXT_LITERAL = Type("text", literal=True)
NUMERIC = ("number", "money")
WORDS = ("text", "code", "choice")
GATHERED = ("list", "file")  # counted and gone through, never a value of a formula
ORDERED = ("number", "money", "date", "code")


def fits(found: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where the other is wanted; choices are compared by their options."""
    if found.kind == wanted.kind:
        return not wanted.options or set(found.options) <= set(wanted.options)
    if found.literal and found.kind == "number":
        return wanted.kind == "money"
    if found.literal and found.kind == "text":
        return wanted.kind in WORDS
    return found.kind == "choice" and wanted.kind == "text"


def common(left: Type, right: Type) -> Type | None:
    """The type two values share, when they are compared or stand in two branches; None if they have none."""
    if left == right:
        return left
    if left.kind == right.kind:
        if left.kind in ("choice", "set"):
            return replace(left, options=tuple(dict.fromkeys(left.options + right.options)))
        return replace(left, literal=left.literal and right.literal)
    if fits(left, right):
        return right
    return left if fits(right, left) else None
