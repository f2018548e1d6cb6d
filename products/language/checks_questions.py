"""What is checked of a question and of a field of a record alike: choices, limits and what belongs to its type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from products.language import schema
from products.language.answer_types import AnswerError, typed
from products.language.builder import Builder
from products.language.dates import read_day
from products.language.limits import FILES, RECORDS
from products.language.numbers import plain, read_number
from products.language.product import FieldPart

_LIMITED = ("money", "decimal", "integer", "year", "date", "several_of", "list", "file")
_COUNTED = {"several_of": 500, "list": RECORDS, "file": FILES}  # the limits of these are numbers of entries
_BELONGS = {
    "least": _LIMITED, "most": _LIMITED, "decimals": ("decimal",), "length": ("code", "text"), "media": ("file",),
    "record_name": ("list",),
}  # fmt: skip
Asking = schema.Question | schema.RecordField


def check_asking(builder: Builder, path: str, asking: Asking) -> None:
    """Note what is wrong with the fields of a question or of a record's field."""
    chosen = asking.type in ("one_of", "several_of")
    if chosen != bool(asking.choices):
        message = f"Expected {'choices' if chosen else 'no choices'} with the type {asking.type}."
        builder.add(f"{path}.choices", "choices", message)
    builder.unique(f"{path}.choices", [choice.key for choice in asking.choices])
    for name, types in _BELONGS.items():
        if getattr(asking, name, None) not in (None, []) and asking.type not in types:
            message = f"Expected {name} only with {', '.join(types)}, found it with {asking.type}."
            builder.add(f"{path}.{name}", "limit", message)
    if asking.type in _LIMITED:
        _check_limits(builder, path, asking)


def check_set_by(builder: Builder, path: str, question: schema.Question) -> None:
    """Note what is wrong with a question that an acceptor sets: it has one value, and always one."""
    if (question.set_by is None) != (question.default is None):
        builder.add(f"{path}.default", "default", "Expected “default” exactly where “set_by” is.")
    if question.set_by is None:
        return
    if question.set_by_system:
        message = "Expected one who answers it, found the acceptor and the system."
        builder.add(f"{path}.set_by_system", "set_by", message)
    if question.optional:
        builder.add(f"{path}.optional", "set_by", "Expected no “optional” where the default stands.")
    if question.type in ("list", "file"):
        message = f"Expected one value from the acceptor, found the type {question.type}."
        builder.add(f"{path}.set_by", "set_by", message)


def check_default(builder: Builder, path: str, part: FieldPart, default: Any) -> None:
    """Note a default that would be no right answer to its question."""
    if default is None or part.spec.type in ("list", "file"):
        return
    try:
        typed(part, default)
    except AnswerError as error:
        builder.add(f"{path}.default", error.code, error.message)


def _check_limits(builder: Builder, path: str, asking: Asking) -> None:
    least, most = (_read(given, asking.type) for given in (asking.least, asking.most))
    if asking.type in _COUNTED:
        for name, found in (("least", least), ("most", most)):
            _check_count(builder, f"{path}.{name}", found, _COUNTED[asking.type])
    if least is not None and most is not None and least > most:
        builder.add(f"{path}.most", "limit", f"Expected at least {least}, found {most}.")


def _read(given: str | int | None, kind: str) -> Any:
    """A limit as a value; None where there is none, or one that can't be read, which is told where it is compiled."""
    if given is None:
        return None
    return read_day(given) if kind == "date" else read_number(given)


def _check_count(builder: Builder, path: str, found: Any, most: int) -> None:
    if isinstance(found, Decimal) and (found != found.to_integral_value() or not 0 <= found <= most):
        builder.add(path, "limit", f"Expected a whole number of 0 to {most}, found {plain(found)}.")
