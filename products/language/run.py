"""One evaluation under way: the values known, the budget left, what tables gave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from common.money import ZERO
from products.language.errors import Absent, BudgetExceeded, EvaluationError
from products.language.limits import STEPS

if TYPE_CHECKING:
    from products.language.product import ComputedPart, Product


class Run:
    """Values by name, filled as they are needed; spends at most `STEPS` steps (DESIGN section 5)."""

    def __init__(self, product: Product, *, as_of: date, values: Mapping[str, Any], budget: int = STEPS) -> None:
        self.product, self.as_of = product, as_of
        self.values: dict[str, Any] = {"as_of": as_of, **values}
        self.left = self.budget = budget
        self.table_rows: list[tuple[str, list[Any], int | list[int] | None]] = []
        self.sums: dict[str, Decimal] = {}
        self.open: set[str] = set()
        self.records: dict[str, Mapping[str, Any]] = {}  # of each list the record that is being looked at

    def spend(self, steps: int) -> None:
        """Take steps from the budget; raises `BudgetExceeded` when there are none left."""
        self.left -= steps
        if self.left < 0:
            self.overspent()

    def overspent(self) -> NoReturn:
        """Refuse to go on."""
        raise BudgetExceeded("steps", f"Expected an evaluation of at most {self.budget} steps, found more.")

    def resolve(self, name: str) -> Any:
        """Work out a computed value the first time it is needed; raises `Absent` for what has no value."""
        if name == "edition":
            self.values[name] = edition = self.product.edition_on(self.product.edition_by.value(self))
            return edition
        computed = self.product.computed.get(name)
        if computed is None:
            raise Absent(name)
        if name in self.open:
            raise EvaluationError("cycle", f"Expected “{name}” not to depend on itself.", name=name)
        self.open.add(name)
        looked_at, self.records = self.records, {}  # it may go through a list whose records are being looked at
        try:
            if not self._applies(computed):
                raise Absent(name)
            value = computed.formula.value(self)
        finally:
            self.open.discard(name)
            self.records = looked_at
        self.values[name] = value
        return value

    def has(self, name: str) -> bool:
        """Whether a name has a value here."""
        if name in self.values:
            return True
        computed = self.product.computed.get(name)
        if computed is None or not self._applies(computed):
            return False
        self.resolve(name)
        return True

    def _applies(self, computed: ComputedPart) -> bool:
        """Whether a computed value's condition holds, whatever record is being looked at."""
        if computed.when is None:
            return True
        looked_at, self.records = self.records, {}
        try:
            return computed.when.refused_by(self) is None
        finally:
            self.records = looked_at

    def known(self, name: str) -> Any:
        """A value for a sentence or the trace, or None."""
        try:
            return self.values[name] if name in self.values else self.resolve(name)
        except EvaluationError:
            return None

    def saw_table(self, table: str, keys: list[Any], row: int | list[int] | None) -> None:
        """Remember which row of a table served, for the trace."""
        self.table_rows.append((table, keys, row))

    def sum_of(self, kinds: tuple[str, ...]) -> Decimal:
        """The components of some kinds so far."""
        total, sums = ZERO, self.sums
        for kind in kinds:
            if kind in sums:
                total += sums[kind]
        return total

    def fork(self, values: Mapping[str, Any]) -> Run:
        """A run that starts from this one's values and these, to price a plan; it spends what this one has left."""
        child = Run(self.product, as_of=self.as_of, values={**self.values, **values}, budget=self.left)
        child.table_rows = list(self.table_rows)
        return child
