"""Which questions are asked, what their answers are, and which are wrong; then the checks."""

from dataclasses import dataclass, field
from typing import Any

from tests.products.second.faults import Fault, Missing
from tests.products.second.scope import Scope
from tests.products.second.stored import in_limits, read


@dataclass
class Walk:
    """Keys asked, right values, paths of errors, and those that weren't answered."""

    asked: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)


def walk(scope: Scope, questions: list[dict[str, Any]], given: Any, path: str, place: str) -> Walk:
    """Questions in order, each by what is known so far; then the answers that nobody asked for."""
    found = Walk()
    for index, question in enumerate(questions):
        key = question["key"]
        try:
            decided = is_asked(scope.within(found.values), question, f"{place}[{index}]")
        except Fault as fault:  # told beside the other errors
            found.errors.append(f"{path}.{key}" if fault.code != "no_edition" else fault.path)
            decided = None
        if not decided:
            found.undecided += [key] if decided is None else []
            continue
        found.asked.append(key)
        answer = question.get("default") if given.get(key) is None else given[key]
        if no_answer(question, answer):
            if not question.get("optional"):
                found.errors.append(f"{path}.{key}")
                found.unanswered.append(key)
            continue
        value, wrong = value_of(scope.within(found.values), question, answer, f"{path}.{key}", f"{place}[{index}]")
        found.errors += wrong
        if not wrong:
            found.values[key] = value
    return strangers(found, questions, given, path)


def no_answer(question: dict[str, Any], answer: Any) -> bool:
    """null, and no file at all where files may be left out."""
    return answer is None or (answer == [] and question["type"] == "file" and bool(question.get("optional")))


def strangers(found: Walk, questions: list[dict[str, Any]], given: Any, path: str) -> Walk:
    """Answers that nobody asked for are errors; a null only where no question has that key."""
    keys = [question["key"] for question in questions]
    for key, value in given.items():
        if key not in keys or (value is not None and key not in (*found.asked, *found.undecided)):
            found.errors.append(f"{path}.{key}")
    return found


def is_asked(scope: Scope, question: dict[str, Any], place: str) -> bool | None:
    """Without `when`, or where it holds; None, undecided, where that needs an answer that isn't there."""
    try:
        return scope.holds(question, place)
    except Missing:
        return None


def value_of(scope: Scope, question: dict[str, Any], answer: Any, path: str, place: str) -> tuple[Any, list[str]]:
    """The value of an answer and the paths at which it is wrong."""
    if question["type"] != "list":
        value = read(question, answer)
        return value, [path] if value is None else []
    limits = {"least": 0, "most": 50, **question}
    if not isinstance(answer, list) or not in_limits(limits, answer):
        return None, [path]
    walks = [
        walk(scope, question["fields"], record, f"{path}[{index}]", f"{place}.fields")
        if isinstance(record, dict) else Walk(errors=[f"{path}[{index}]"])
        for index, record in enumerate(answer)
    ]  # fmt: skip
    scope.records[question["key"]] = {number: row.values for number, row in enumerate(walks) if not row.errors}
    return [row.values for row in walks], [error for row in walks for error in row.errors]


def contradictions(scope: Scope) -> list[str]:
    """The checks that hold, at the answer or at the field of each record."""
    found = []
    for index, check in enumerate(scope.document.get("checks", [])):
        path = f"checks[{index}]"
        if check["at"] in scope.values and contradicts(scope, check, path):
            found.append(f"answers.{check['at']}")
        for key, records in scope.records.items():
            for number, record in records.items():
                if check["at"] in record and contradicts(scope.within(record), check, path):
                    found.append(f"answers.{key}[{number}].{check['at']}")
    return found


def contradicts(scope: Scope, check: dict[str, Any], path: str) -> bool:
    """Whether a check holds where all it looks at is known."""
    try:
        return scope.holds(check, path)
    except Missing:
        return False
