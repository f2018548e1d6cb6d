"""What the names of a formula mean at one moment: answers, fields of a record, computed values, steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.products.second import working
from tests.products.second.faults import EmptyList, Fault, Missing
from tests.products.second.formulas import read_formula

Part = tuple[str, str | None, Decimal]  # kind, section, value


@dataclass
class Scope:
    """A document with the values that are known."""

    document: dict[str, Any]
    values: dict[str, Any]
    records: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)  # of each list the right records
    parts: list[Part] = field(default_factory=list)  # components of the price so far

    def within(self, values: dict[str, Any]) -> "Scope":
        """The same with more values."""
        return Scope(self.document, {**self.values, **values}, self.records, self.parts)

    def value(self, name: str) -> Any:
        """What a name stands for; a computed value is worked out anew each time."""
        if name in self.values:
            return self.values[name]
        if name == "edition":
            return self.edition()
        for computed in self.document.get("computed", []):
            if computed["key"] == name:
                if not self.holds(computed, ""):
                    raise Missing(name)
                return self.computed(computed["formula"])
        raise Missing(name)

    def computed(self, formula: Any) -> Any:
        """A computed value; one that came to nothing is an error, whatever `default` stands around its name."""
        try:
            return self.work(formula, "")
        except EmptyList as nothing:
            raise Fault(nothing.code) from None

    def edition(self) -> str:
        """The edition whose days hold the day that decides."""
        day = self.work(self.document.get("edition_by", "as_of"), "edition_by")
        for row in self.document["editions"]:
            until = row.get("valid_until")
            if date.fromisoformat(row["valid_from"]) <= day and (until is None or day < date.fromisoformat(until)):
                return str(row["key"])
        raise Fault("no_edition", "editions")

    def work(self, formula: Any, path: str) -> Any:
        """The value of a formula; what goes wrong, also in a computed value that it needs, stands at its path."""
        with at(path):
            return working.work(read_formula(str(formula)), self)

    def holds(self, part: dict[str, Any], path: str) -> bool:
        """Whether a part's `when` holds or isn't there."""
        return part.get("when") is None or bool(self.work(part["when"], path and f"{path}.when"))

    def table(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = next(table for table in self.document["tables"] if table["key"] == key)
        return found


@contextmanager
def at(path: str) -> Iterator[None]:
    """Write the path on an error that has none yet."""
    try:
        yield
    except Fault as fault:
        fault.path = fault.path or path
        raise
