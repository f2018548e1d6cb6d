"""What the names of a formula mean, and the compiled formula that comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import DecimalException
from typing import TYPE_CHECKING, Any

from products.language.comparing import Said
from products.language.numbers import refusal
from products.language.types import Type

if TYPE_CHECKING:
    from products.language.run import Run
    from products.language.tables import Table

Call = Callable[["Run"], Any]
PLAN_NAMES = ("plan", "plan_instalments", "plan_surcharge_percent")


@dataclass(frozen=True)
class Symbol:
    """A name with its type. `conditions` are the facts under which it has a value; `optional`: it may be left out.

    A list has `fields`, of which it holds at most `most` records; a field names its list in `of`.
    """

    name: str
    kind: str  # question, computed, step, builtin or field
    type: Type
    conditions: frozenset[str] = frozenset()
    optional: bool = False
    of: str | None = None
    fields: tuple[Symbol, ...] = ()
    most: int = 0


@dataclass(frozen=True)
class Scope:
    """The names a formula may use, and what is known wherever it is evaluated."""

    symbols: Mapping[str, Symbol]
    tables: Mapping[str, Table] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    sums: bool = False  # whether sum_of() may be used: in rating steps, after the components before

    def knowing(self, facts: frozenset[str]) -> Scope:
        """The same names where more is known."""
        return replace(self, facts=self.facts | facts)

    def with_symbols(self, *symbols: Symbol) -> Scope:
        """More names."""
        return replace(self, symbols={**self.symbols, **{symbol.name: symbol for symbol in symbols}})


@dataclass(frozen=True)
class Formula:
    """A formula ready to be evaluated: its type, the names it uses and the cost it is charged.

    `most_cost` is what it costs where its lists are as long as they may be.
    """

    source: str
    type: Type
    call: Call
    names: tuple[str, ...]
    tables: tuple[str, ...]
    cost: int
    most_cost: int
    said: Said | None = None  # of a part of a condition that compares one name with constants

    def value(self, run: Run) -> Any:
        """Evaluate within the run's budget; raises `EvaluationError`."""
        run.left -= self.cost
        if run.left < 0:
            run.overspent()
        try:
            return self.call(run)
        except DecimalException as error:
            raise refusal(error) from None


@dataclass(frozen=True)
class Condition:
    """A condition as its parts joined by `and`, so that the trace can name the one that refused."""

    source: str
    parts: tuple[Formula, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names used, each once, in order."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names))

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables used."""
        return tuple(dict.fromkeys(table for part in self.parts for table in part.tables))

    def refused_by(self, run: Run) -> Formula | None:
        """The first part that doesn't hold, or None where the condition holds."""
        try:
            for part in self.parts:
                run.left -= part.cost
                if run.left < 0:
                    run.overspent()
                if not part.call(run):
                    return part
        except DecimalException as error:
            raise refusal(error) from None
        return None
