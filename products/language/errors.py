"""What can be wrong with a definition, its answers or its evaluation: where, what was expected, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its JSON path, a code with named values to translate by, and the English sentence."""

    path: str
    code: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """The key of the question at which an answer is wrong: `losses` of `answers.losses[0].cause`."""
        return self.path.removeprefix("answers.").split("[")[0]

    @property
    def name(self) -> str:
        """The key of the question or field itself: `cause` of `answers.losses[0].cause`."""
        return self.path.rpartition(".")[2].split("[")[0]

    def as_json(self) -> dict[str, Any]:
        """The shape for callers that translate: path, message, code and values."""
        return {"path": self.path, "message": self.message, "code": self.code, "values": self.values}


class DefinitionError(Exception):
    """A product definition that can't be used; `problems` says each thing that is wrong and where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems[:5]))
        self.problems = list(problems)


class FormulaError(Exception):
    """A formula that can't be read or typed; `at` is the character (from 1) where it goes wrong."""

    def __init__(self, code: str, message: str, at: int, **values: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.at, self.values = code, message, at, values

    def problem(self, path: str) -> Problem:
        """The same at the path of the formula in its document."""
        return Problem(path, self.code, f"{self.message} (at character {self.at})", {**self.values, "at": self.at})


class EvaluationError(Exception):
    """A formula that is right but has no result for these answers: division by zero, a value outside a table."""

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.values = code, message, values


class BudgetExceeded(EvaluationError):
    """An evaluation that would take more than its budget of steps, digits or exponent."""


class Absent(EvaluationError):
    """A value that isn't there: a question that wasn't asked or isn't answered yet, a step that doesn't apply."""

    def __init__(self, name: str) -> None:
        super().__init__("absent", f"“{name}” has no value here.", name=name)
        self.name = name


def nearest(word: str, words: Iterable[str]) -> str:
    """A sentence that suggests the known word most like the unknown one; empty if none is."""
    found = get_close_matches(word[:100], sorted(words)[:5000], n=1, cutoff=0.6)
    return f" Did you mean “{found[0]}”?" if found else ""
