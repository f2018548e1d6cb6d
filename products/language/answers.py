"""Which questions the answers make necessary, with their typed values, and what is missing, wrong or unasked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from products.language.answer_types import AnswerError, check_limits, typed
from products.language.dates import read_day
from products.language.errors import Absent, EvaluationError, Problem, nearest
from products.language.limits import ANSWERS, HINTS, RECORDS, STEPS
from products.language.looking import look, refusing_source, seen_by
from products.language.numbers import plain
from products.language.product import CheckPart, FieldPart, Product, QuestionPart
from products.language.reading import kind_of, shown, writable
from products.language.result import Look
from products.language.run import Run


@dataclass
class Asked:
    """The questions that the answers make necessary, in order, with what is known and what is wrong."""

    run: Run
    keys: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)  # depend on an answer that isn't there yet
    refused: dict[str, Look] = field(default_factory=dict)  # what refused them, as in `Trace.looked`
    problems: list[Problem] = field(default_factory=list)
    records: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)  # of each list the fields asked, per record
    right: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)  # of each list, by number
    looked: list[Look] = field(default_factory=list)  # the checks
    without_edition: bool = False  # whether no edition holds on its day
    hints: int = 0  # how many unknown keys were compared with the known ones
    defaults: dict[str, Any] = field(default_factory=dict)  # of what an acceptor sets and nobody has set


def ask(
    product: Product,
    as_of: date,
    answers: Mapping[str, Any],
    *,
    budget: int = STEPS,
    contracts: Sequence[Mapping[str, Any]] | None = None,
) -> Asked:
    """Which questions are asked for these answers; notes missing, wrong and unasked ones (path `answers.key`).

    Answers that contradict each other are noted too, where all that a check looks at is known. `contracts` are those
    that the product stands beside, unless others are given.
    """
    asked = Asked(Run(product, as_of=as_of, values={}, budget=budget))
    held = product.held if contracts is None else contracts
    asked.run.values["contracts"] = read_contracts(held, asked.problems)
    for part in product.questions:
        _ask_one(asked, part, answers)
    _note_unasked(asked, answers, product.keys)
    for place, check in enumerate(product.checks):
        _check(asked, check, f"checks[{place}]")
    return asked


def _ask_one(asked: Asked, part: QuestionPart, answers: Mapping[str, Any]) -> None:
    key = part.spec.key
    if not _is_asked(asked, part, key):
        return
    asked.keys.append(key)
    value = answers.get(key)
    if value is None and part.spec.set_by is not None:
        value = asked.defaults[key] = part.spec.default
    if part.spec.type == "list" and value is not None:
        _read_records(asked, part, value)
    else:
        _read(asked, part, key, value, asked.run.values)


def _is_asked(asked: Asked, part: FieldPart, name: str, record: Mapping[str, Any] | None = None) -> bool:
    """Whether a question's or field's condition holds; notes what refused, or that it can't be decided yet."""
    run = asked.run
    try:
        refusing = part.when.refused_by(run) if part.when else None
    except Absent:
        asked.undecided.append(name)
        return False
    except EvaluationError as error:
        asked.undecided.append(name)
        if error.code != "no_edition":
            asked.problems.append(Problem(f"answers.{name}", error.code, error.message, error.values))
        elif not asked.without_edition:  # told once, whatever asks for it
            asked.without_edition = True
            asked.problems.append(Problem("editions", error.code, error.message, error.values))
        return False
    if refusing is not None:
        seen = seen_by(refusing.names, run, record)
        asked.refused[name] = ("question", name, part.when, refusing, seen)
    return refusing is None


def _read(asked: Asked, part: FieldPart, name: str, value: Any, into: dict[str, Any]) -> None:
    """Keep an answer as a typed value, or note that it is missing or wrong."""
    key, path = part.spec.key, f"answers.{name}"
    if value is None or (value == [] and part.spec.type == "file" and part.spec.optional):
        if not part.spec.optional:
            message = f"Expected an answer to “{key}”, found none."
            asked.problems.append(Problem(path, "missing", message, {"key": key}))
        return
    try:
        into[key] = typed(part, value)
    except AnswerError as error:
        asked.problems.append(Problem(path, error.code, error.message, {"key": key, **error.values}))


def _read_records(asked: Asked, part: QuestionPart, value: Any) -> None:
    """The records of a list, of each the fields that are asked; problems stand at `answers.losses[0].cause`.

    The list has a value only where every record is right; the right ones are checked all the same.
    """
    key = part.spec.key
    try:
        if not isinstance(value, (list, tuple)):
            raise AnswerError("not_a_list", f"Expected a list of records, found {kind_of(value)}.")
        check_limits(Decimal(len(value)), part.least, part.most)
        asked.run.spend(len(value) * len(part.fields))
    except (AnswerError, EvaluationError) as error:
        asked.problems.append(Problem(f"answers.{key}", error.code, error.message, {"key": key, **error.values}))
        return
    records = [_read_record(asked, part, f"{key}[{number}]", record) for number, record in enumerate(value)]
    asked.records[key] = [fields for fields, _record in records]
    right = {number: record for number, (_fields, record) in enumerate(records) if record is not None}
    asked.right[key] = right
    if len(right) == len(records):
        asked.run.values[key] = tuple(right.values())


def _read_record(
    asked: Asked, part: QuestionPart, name: str, given: Any
) -> tuple[tuple[str, ...], dict[str, Any] | None]:
    """The fields that are asked in a record, and their values where all of them are right."""
    before = len(asked.problems)
    if not isinstance(given, dict):
        message = f"Expected a record, found {kind_of(given)}: {shown(given)}."
        asked.problems.append(Problem(f"answers.{name}", "not_a_record", message, {"key": part.spec.key}))
        return (), None
    record: dict[str, Any] = {}
    fields: list[str] = []
    asked.run.records[part.spec.key] = record
    for inner in part.fields:
        key = inner.spec.key
        if _is_asked(asked, inner, f"{name}.{key}", record):
            fields.append(key)
            _read(asked, inner, f"{name}.{key}", given.get(key), record)
    _note_unasked(asked, given, part.keys, f"{name}.")
    return tuple(fields), record if len(asked.problems) == before else None


def _note_unasked(asked: Asked, answers: Mapping[str, Any], known: Collection[str], within: str = "") -> None:
    """Note answers to questions, or fields of a record, that aren't there or aren't asked."""
    if len(answers) > ANSWERS:
        message = f"Expected at most {ANSWERS} answers, found {len(answers)}."
        path = f"answers.{within}".removesuffix(".")
        asked.problems.append(Problem(path, "too_many", message, {"found": len(answers)}))
        return
    for key in answers:
        if key in known and f"{within}{key}" not in asked.refused:
            continue
        name = shown(key)
        path = f"answers.{within}{name}"
        if key not in known:
            asked.hints += 1
            hint = nearest(name, known) if asked.hints <= HINTS else ""
            message = f"Expected an answer to a known question, found “{name}”.{hint}"
            asked.problems.append(Problem(path, "unknown_question", message, {"key": name}))
        elif answers[key] is not None:
            because = refusing_source(asked.refused[f"{within}{key}"])
            message = f"Expected no answer to “{name}”, which isn't asked unless {because}."
            asked.problems.append(Problem(path, "unasked", message, {"key": name, "condition": because}))


def _check(asked: Asked, check: CheckPart, path: str) -> None:
    """Note a contradiction at its question, or at its field in each right record; skipped where not all is known."""
    run, at = asked.run, check.spec.at
    if check.of is None:
        if at in run.values:
            _look_at_check(asked, check, path, at, {})
        return
    for number, record in asked.right.get(check.of, {}).items():
        if at in record:
            run.records[check.of] = record
            _look_at_check(asked, check, path, f"{check.of}[{number}].{at}", record)


def _look_at_check(asked: Asked, check: CheckPart, path: str, name: str, record: Mapping[str, Any]) -> None:
    run, key = asked.run, check.spec.key
    try:
        looked = look(run, "check", key, check.when, record)
    except Absent:
        return
    except EvaluationError as error:
        asked.problems.append(Problem(f"{path}.when", error.code, error.message, error.values))
        return
    asked.looked.append(looked)
    if looked[3] is None:
        texts = run.product.say(check.text, run.known)
        message = texts[run.product.language()]
        values = {"key": check.spec.at, "check": key, "texts": dict(texts)}
        asked.problems.append(Problem(f"answers.{name}", "contradiction", message, values))


def read_contracts(contracts: Any, problems: list[Problem]) -> tuple[dict[str, Any], ...]:
    """The contracts of the same order or held already; what is wrong with them stands at `contracts[0].valid_from`."""
    if not isinstance(contracts, (list, tuple)) or len(contracts) > RECORDS:
        found = f"{len(contracts)}" if isinstance(contracts, (list, tuple)) else kind_of(contracts)
        message = f"Expected a list of at most {RECORDS} contracts, found {found}."
        problems.append(Problem("contracts", "not_a_list", message))
        return ()
    return tuple(_contract(contract, f"contracts[{place}]", problems) for place, contract in enumerate(contracts))


def _contract(contract: Any, path: str, problems: list[Problem]) -> dict[str, Any]:
    names = {"product", "line_of_business", "valid_from"}
    if not isinstance(contract, dict) or set(contract) != names:
        message = f"Expected a contract with {', '.join(sorted(names))}, found {kind_of(contract)}."
        problems.append(Problem(path, "not_a_record", message))
        return {}
    day = read_day(contract["valid_from"])
    if day is None:
        message = f"Expected a day such as 2027-01-31, found {shown(contract['valid_from'])}."
        problems.append(Problem(f"{path}.valid_from", "not_a_day", message))
    for name in ("product", "line_of_business"):
        if not isinstance(contract[name], str) or not contract[name] or not writable(contract[name]):
            message = f"Expected a key, found {kind_of(contract[name])}: {shown(contract[name])}."
            problems.append(Problem(f"{path}.{name}", "not_a_text", message))
    return {**contract, "valid_from": day}


def read_answer(product: Product, key: str, stored: Any) -> Any:
    """A stored answer as the typed value that `Product.words` takes; raises `AnswerError` for one that isn't right."""
    part = next(part for part in product.questions if part.spec.key == key)
    if part.spec.type != "list":
        return typed(part, stored)
    fields = {inner.spec.key: inner for inner in part.fields}
    return tuple(
        {name: typed(fields[name], value) for name, value in record.items() if value is not None} for record in stored
    )


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
