"""The smallest closures that formulas are made of: constants, names, comparisons with a constant."""

from __future__ import annotations

from typing import Any

from products.language.errors import Absent
from products.language.scope import Call, Symbol


def compared_with(operator: str, first: Call, fixed: Any) -> Call:
    """A comparison with a constant, which most are."""
    closures: dict[str, Call] = {
        "=": lambda run: first(run) == fixed,
        "<>": lambda run: first(run) != fixed,
        "<": lambda run: first(run) < fixed,
        "<=": lambda run: first(run) <= fixed,
        ">": lambda run: first(run) > fixed,
        ">=": lambda run: first(run) >= fixed,
    }
    return closures[operator]


def constant(value: Any) -> Call:
    """A closure that gives a constant."""
    return lambda run: value


def reference(symbol: Symbol) -> Call:
    """A closure that gives the value of a name, working it out the first time; a field's from the record looked at."""
    name, of = symbol.name, symbol.of

    def field(run: Any) -> Any:
        try:
            return run.records[of][name]
        except KeyError:
            raise Absent(name) from None

    def value(run: Any) -> Any:
        try:
            return run.values[name]
        except KeyError:
            return run.resolve(name)

    return value if of is None else field


def presence(symbol: Symbol) -> Call:
    """A closure that tells whether a name has a value."""
    name, of = symbol.name, symbol.of
    if of is None:
        return lambda run: run.has(name)
    return lambda run: name in run.records.get(of, ())
