"""What every part of a product needs while it is built: compiling at a path, and collecting the problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from products.language import schema
from products.language.cells import CellError, read_scalar
from products.language.compiler import compile_condition, compile_formula
from products.language.errors import DefinitionError, FormulaError, Problem
from products.language.fields import Part, Texts
from products.language.limits import PROBLEMS, STEPS
from products.language.parser import measured
from products.language.scope import Condition, Formula, Scope
from products.language.syntax import Call, Name, Node, facts_if_true, parts
from products.language.texts import Sentence, Template, read_template, sentence_of
from products.language.types import DATE, NUMBER, Type


class Builder:
    """Collects problems; a part with a problem is left out, so that one mistake isn't told many times."""

    def __init__(self, definition: schema.Definition) -> None:
        self.definition = definition
        self.problems: list[Problem] = []
        self.failed: set[str] = set()  # names whose own formula is wrong: using them is no second mistake
        self.used: set[str] = set()
        self.mentioned: set[str] = set()  # every name in any formula, tables among them
        self.looked_up: set[str] = set()  # tables in a lookup(), which must have a row for everything
        self.conditions: list[tuple[str, str]] = []  # each with its path
        self.size = 0  # parts of all formulas that were read
        self.nodes: dict[str, Node | None] = {}  # each formula as it was read
        self.cost = 0
        self.unread = 0  # formulas with a mistake: what they were to use isn't known
        self.templates: list[tuple[str, Template]] = []

    def read_all(self) -> None:
        """Read every formula once, before any is compiled: a document with too many is refused at once."""
        for source in formulas_in(self.definition):
            self.read(source)

    def add(self, path: str, code: str, message: str, **values: Any) -> None:
        """Note a problem."""
        self.note(Problem(path, code, message, values))

    def note(self, problem: Problem) -> None:
        """Note a problem; where there are very many, the rest isn't looked for."""
        self.problems.append(problem)
        if len(self.problems) >= PROBLEMS:
            raise self.refusal()

    def refusal(self) -> DefinitionError:
        """Everything that is wrong, in the order of the document."""
        return DefinitionError(sorted(self.problems, key=lambda problem: self.order(problem.path)))

    def order(self, path: str) -> tuple[int, ...]:
        """Where a path stands in the document, for sorting."""
        head = path.replace("[", ".").split(".")
        names = list(schema.Definition.model_fields)
        place = names.index(head[0]) if head[0] in names else -1
        return (place, *[int(part.rstrip("]")) for part in head[1:] if part.rstrip("]").isdigit()])

    def formula(self, path: str, source: str | None, scope: Scope, wanted: Type | None = None) -> Formula | None:
        """Compile a formula, or note what is wrong with it."""
        if source is None:
            return None
        self.mention(source)
        try:
            formula = compile_formula(source, scope, wanted, self.read(source))
        except FormulaError as error:
            self.fail(path, source, error)
            return None
        self.used.update(formula.names)
        self.cost += formula.most_cost
        self.check_cost(self.cost)
        return formula

    def condition(self, path: str, source: str | None, scope: Scope) -> Condition | None:
        """Compile a condition, or note what is wrong with it."""
        if source is None:
            return None
        self.mention(source)
        try:
            condition = compile_condition(source, scope, self.read(source))
        except FormulaError as error:
            self.fail(path, source, error)
            return None
        self.used.update(condition.names)
        self.cost += sum(part.most_cost for part in condition.parts)
        self.check_cost(self.cost)
        self.conditions.append((path, source))
        return condition

    def fail(self, path: str, source: str, error: FormulaError) -> None:
        """Note a formula's problem, unless it only uses a name that is wrong itself; its names count as used."""
        self.used.update(self.names_in(source))
        self.unread += 1
        if error.code in ("unknown_name", "unknown_table") and error.values.get("name") in self.failed:
            return
        self.note(error.problem(path))

    def mention(self, source: str) -> None:
        """Remember every name of a formula, and what stands after a point: a column or a field."""
        node = self.read(source)
        if node is not None:
            self.mentioned.update(name for part in named_in(node) for name in (part.name, part.column) if name)
            self.looked_up.update(tables_looked_up(node))

    def names_in(self, source: str | None) -> set[str]:
        """The names in a formula, empty where it can't be read."""
        node = self.read(source)
        return set() if node is None else set(names_of(node))

    def read(self, source: str | None) -> Node | None:
        """The parsed formula, or None where it can't be read."""
        if source is None:
            return None
        if source not in self.nodes:
            self.nodes[source] = self._parsed(source)
        return self.nodes[source]

    def _parsed(self, source: str) -> Node | None:
        try:
            node, count = measured(source)
        except FormulaError:
            return None
        self.size += count
        self.check_cost(self.size)
        return node

    def check_cost(self, cost: int) -> None:
        """Refuse a document whose formulas cost more than one evaluation may, for each plan and once more."""
        steps = cost * (len(self.definition.payment.plans) + 1)
        if steps > STEPS:
            message = f"Expected formulas of at most {STEPS} steps in all, found {steps}."
            self.problems = [Problem("$", "too_costly", message)]
            raise self.refusal()

    def facts(self, *sources: str | None) -> frozenset[str]:
        """What is known where all these conditions hold."""
        facts: frozenset[str] = frozenset()
        for source in sources:
            node = self.read(source)
            facts |= frozenset() if node is None else facts_if_true(node)
        return facts

    def sentence(self, path: str, texts: Texts | None) -> Sentence:
        """Read the texts with values in braces."""
        found: dict[str, Template] = {}
        for language, text in (texts or {}).items():
            try:
                found[language] = read_template(text)
            except FormulaError as error:
                self.note(error.problem(f"{path}.{language}"))
                continue
            self.templates.append((f"{path}.{language}", found[language]))
        return sentence_of(found)

    def limit(self, path: str, value: Any, kind: str) -> Decimal | date | None:
        """A limit of a question, by its type."""
        if value is None:
            return None
        try:
            found = read_scalar(value, DATE if kind == "date" else NUMBER)
        except CellError as error:
            self.add(path, "limit", str(error))
            return None
        return found if isinstance(found, (Decimal, date)) else None

    def unique(self, path: str, keys: Iterable[str]) -> None:
        """Each key once."""
        seen: set[str] = set()
        for place, key in enumerate(keys):
            if key in seen:
                self.add(f"{path}[{place}].key", "key_twice", f"Expected each key once, found “{key}” twice.", key=key)
            seen.add(key)


FORMULAS = frozenset(
    ("when", "formula", "otherwise", "system_value", "country", "due_on", "insured_sum", "base", "rate", "deposit",
     "first_due", "edition_by"),
)  # fmt: skip


def formulas_in(value: Any, name: str = "") -> Iterator[str]:
    """Every formula of a document or a part of it."""
    if isinstance(value, Part):
        for field in type(value).model_fields:
            if field != "cases":
                yield from formulas_in(getattr(value, field), field)
    elif isinstance(value, list):
        for item in value:
            yield from formulas_in(item)
    elif isinstance(value, str) and name in FORMULAS:
        yield value


def names_of(node: Node) -> list[str]:
    """The names in a parsed formula."""
    return [part.name for part in named_in(node)]


def tables_looked_up(node: Node) -> list[str]:
    """The tables in whose rows a formula looks, as against the lines between them."""
    return [
        part.arguments[0].name
        for part in nodes_in(node)
        if isinstance(part, Call)
        and part.function == "lookup"
        and part.arguments
        and isinstance(part.arguments[0], Name)
    ]


def nodes_in(node: Node) -> Iterator[Node]:
    """Every part of a parsed formula."""
    stack = [node]
    while stack:
        part = stack.pop()
        yield part
        stack.extend(parts(part))


def named_in(node: Node) -> list[Name]:
    """Every name in a parsed formula, as it stands there."""
    return [part for part in nodes_in(node) if isinstance(part, Name)]
