"""From a formula's text to a typed closure: names, types, choices and guards are checked, nothing is generated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from products.language.closures import compared_with, constant, reference
from products.language.comparing import said_of
from products.language.errors import FormulaError, nearest
from products.language.numbers import CONTEXT
from products.language.parser import parse
from products.language.scope import Call, Condition, Formula, Scope, Symbol
from products.language.syntax import (
    Binary,
    Case,
    If,
    Name,
    Node,
    Number,
    Text,
    Truth,
    Unary,
    Where,
    Within,
    conjuncts,
    facts_if_false,
    facts_if_true,
    measure,
    written,
)
from products.language.syntax import Call as CallNode
from products.language.types import (
    BOOLEAN,
    GATHERED,
    NUMBER_LITERAL,
    NUMERIC,
    ORDERED,
    TEXT_LITERAL,
    WORDS,
    Type,
    common,
    fits,
)

Facts = frozenset[str]


@dataclass(frozen=True)
class Typed:
    """A part of a formula with its type and closure."""

    node: Node
    type: Type
    call: Call


def compile_formula(source: str, scope: Scope, wanted: Type | None = None, node: Node | None = None) -> Formula:
    """Compile a formula; `wanted` is the type it must have, `node` what it was read as. Raises `FormulaError`."""
    return formula_of(node or parse(source), source, scope, wanted)


def formula_of(node: Node, source: str, scope: Scope, wanted: Type | None = None) -> Formula:
    """Compile a parsed formula."""
    compiler = Compiler(scope)
    typed = compiler.compile(node, scope.facts)
    if wanted is not None:
        check_type(typed, wanted)
    kind = typed.type if wanted is None or wanted.options else wanted
    names, tables = tuple(compiler.names), tuple(compiler.tables)
    cost = measure(node)[0] + compiler.extra_cost
    return Formula(source, kind, typed.call, names, tables, cost, cost + compiler.records_cost)


def compile_condition(source: str, scope: Scope, node: Node | None = None) -> Condition:
    """Compile a condition part by part: a part may rely on the parts before it."""
    node = node or parse(source)
    parts: list[Formula] = []
    joined = conjuncts(node)
    for part in joined:
        text = source if part is node else bare(part)
        formula = formula_of(part, text, scope, BOOLEAN)
        said = said_of(part)
        if said is not None and scope.symbols[said[0]].of is None:
            formula = replace(formula, said=said)
        parts.append(formula)
        if part is not joined[-1]:
            scope = scope.knowing(facts_if_true(part))
    return Condition(source, tuple(parts))


def bare(node: Node) -> str:
    """A part's canonical text without its outer brackets."""
    text = written(node)
    return text[1:-1] if isinstance(node, (Binary, Within, If, Case)) else text


def check_type(typed: Typed, wanted: Type) -> None:
    """Refuse a part of another type than wanted."""
    if fits(typed.type, wanted):
        return
    if wanted.kind in ("choice", "set") and typed.type.kind == wanted.kind:
        unknown = [option for option in typed.type.options if option not in wanted.options]
        message = f"Expected one of the choices {', '.join(wanted.options)}, found “{unknown[0]}”."
        raise FormulaError("wrong_choice", message, typed.node.at, found=unknown[0])
    message = f"Expected {wanted}, found {typed.type}."
    raise FormulaError("wrong_type", message, typed.node.at, expected=str(wanted), found=str(typed.type))


def check_choice(text: Text, kind: Type) -> None:
    """Refuse a constant that isn't one of the choices it is compared with."""
    if text.value not in kind.options:
        hint = nearest(text.value, kind.options)
        message = f"Expected one of the choices {', '.join(kind.options)}, found “{text.value[:60]}”.{hint}"
        raise FormulaError("unknown_choice", message, text.at, found=text.value[:60])


class Compiler:
    """Compiles one formula in a scope, collecting the names and tables it uses."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names: dict[str, None] = {}
        self.tables: dict[str, None] = {}
        self.extra_cost = 0
        self.records_cost = 0  # at most, for the records of the lists it goes through
        self.inside: tuple[str, ...] = ()  # the lists whose records are being looked at

    def within_records(self, of: Symbol) -> Compiler:
        """A compiler for what is said about each record: it also knows the fields, and shares names and tables."""
        inner = Compiler(self.scope.with_symbols(*of.fields))
        inner.names, inner.tables, inner.inside = self.names, self.tables, (*self.inside, of.name)
        return inner

    def compile(self, node: Node, facts: Facts) -> Typed:
        """Type and closure of a part, given what is known where it stands."""
        match node:
            case Number():
                return Typed(node, NUMBER_LITERAL, constant(node.value))
            case Text():
                return Typed(node, TEXT_LITERAL, constant(node.value))
            case Truth():
                return Typed(node, BOOLEAN, constant(node.value))
            case Name():
                return self.name(node, facts)
            case Unary():
                return self.unary(node, facts)
            case Binary():
                return self.binary(node, facts)
            case Within():
                return self.within(node, facts)
            case If():
                return self.conditional(node, facts)
            case Case():
                return self.case(node, facts)
            case CallNode():
                return self.function(node, facts)
            case Where():
                message = "Expected “where” in count(), any(), all(), sum(), min() or max() of a list only."
                raise FormulaError("not_here", message, node.at)
        raise TypeError(f"Expected a part of a formula, found {type(node).__name__}.")

    def symbol(self, node: Name) -> Symbol:
        """What a name stands for; an unknown one is refused with the nearest known."""
        symbol = self.scope.symbols.get(node.name)
        if symbol is None or node.column is not None:
            hint = nearest(node.name, self.scope.symbols) if symbol is None else ""
            message = f"Expected a known name, found “{written(node)[:80]}”.{hint}"
            raise FormulaError("unknown_name", message, node.at, name=node.name[:80])
        if symbol.of not in self.inside:
            self.names[node.name] = None
        return symbol

    def name(self, node: Name, facts: Facts) -> Typed:
        symbol = self.symbol(node)
        if symbol.type.kind in GATHERED:
            message = f"Expected one value, found {symbol.type} in “{symbol.name}”: use count() and the like."
            raise FormulaError("wrong_type", message, node.at, name=symbol.name)
        return self.known(node, symbol, facts)

    def known(self, node: Name, symbol: Symbol, facts: Facts) -> Typed:
        """A name's value; refused where it may be missing."""
        known = f"answered({symbol.name})" in facts
        if not known and (symbol.optional or not symbol.conditions <= facts):
            raise self._unguarded(node, symbol, facts)
        return Typed(node, symbol.type, reference(symbol))

    def _unguarded(self, node: Name, symbol: Symbol, facts: Facts) -> FormulaError:
        missing = sorted(symbol.conditions - facts)
        reason = f"only has a value when {' and '.join(missing)}" if missing else "may be left out"
        message = (
            f"“{symbol.name}” {reason}: put that condition before it, or use answered({symbol.name}) "
            f"or default({symbol.name}, ...)."
        )
        return FormulaError("unguarded", message, node.at, name=symbol.name)

    def unary(self, node: Unary, facts: Facts) -> Typed:
        operand = self.compile(node.operand, facts)
        inner = operand.call
        if node.operator == "not":
            check_type(operand, BOOLEAN)
            return Typed(node, BOOLEAN, lambda run: not inner(run))
        if node.operator == "-":
            self._numeric(operand)
            return Typed(node, operand.type, lambda run: CONTEXT.minus(inner(run)))
        check_type(operand, Type("number"))
        hundredth = Decimal("0.01")
        if isinstance(node.operand, Number):
            return Typed(node, operand.type, constant(CONTEXT.multiply(node.operand.value, hundredth)))
        return Typed(node, operand.type, lambda run: CONTEXT.multiply(inner(run), hundredth))

    def _numeric(self, typed: Typed) -> None:
        if typed.type.kind not in NUMERIC:
            message = f"Expected a number or an amount, found {typed.type}."
            raise FormulaError("wrong_type", message, typed.node.at, found=str(typed.type))

    def binary(self, node: Binary, facts: Facts) -> Typed:
        if node.operator in ("and", "or"):
            return self.logical(node, facts)
        left, right = self.compile(node.left, facts), self.compile(node.right, facts)
        if node.operator in ("+", "-", "*", "/"):
            return self.arithmetic(node, left, right)
        return self.comparison(node, left, right)

    def logical(self, node: Binary, facts: Facts) -> Typed:
        both = node.operator == "and"
        left = self.compile(node.left, facts)
        right = self.compile(node.right, facts | (facts_if_true if both else facts_if_false)(node.left))
        check_type(left, BOOLEAN)
        check_type(right, BOOLEAN)
        first, second = left.call, right.call
        if both:
            return Typed(node, BOOLEAN, lambda run: first(run) and second(run))
        return Typed(node, BOOLEAN, lambda run: first(run) or second(run))

    def arithmetic(self, node: Binary, left: Typed, right: Typed) -> Typed:
        self._numeric(left)
        self._numeric(right)
        result = _arithmetic_type(node.operator, left.type, right.type)
        if result is None:
            message = f"Expected operands that go with “{node.operator}”, found {left.type} and {right.type}."
            raise FormulaError("wrong_type", message, node.at, left=str(left.type), right=str(right.type))
        operations = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}
        operation, first, second = operations[node.operator], left.call, right.call
        return Typed(node, result, lambda run: operation(first(run), second(run)))

    def comparison(self, node: Binary, left: Typed, right: Typed) -> Typed:
        shared = self.shared(left, right)
        ordering = node.operator not in ("=", "<>")
        if shared.kind == "set" or (ordering and shared.kind not in ORDERED):
            message = f"Expected values that can be compared by “{node.operator}”, found {left.type}."
            raise FormulaError("wrong_type", message, node.at, found=str(left.type))
        first, second = left.call, right.call
        fixed = right.node.value if isinstance(right.node, (Number, Text)) else None
        if fixed is not None:
            return Typed(node, BOOLEAN, compared_with(node.operator, first, fixed))
        closures: dict[str, Call] = {
            "=": lambda run: first(run) == second(run),
            "<>": lambda run: first(run) != second(run),
            "<": lambda run: first(run) < second(run),
            "<=": lambda run: first(run) <= second(run),
            ">": lambda run: first(run) > second(run),
            ">=": lambda run: first(run) >= second(run),
        }
        return Typed(node, BOOLEAN, closures[node.operator])

    def shared(self, left: Typed, right: Typed) -> Type:
        """The type two parts share; a constant must be one of the choices of the other side."""
        for constant_side, other in ((left, right), (right, left)):
            if isinstance(constant_side.node, Text) and other.type.kind == "choice":
                check_choice(constant_side.node, other.type)
        shared = common(left.type, right.type)
        if shared is None:
            message = f"Expected two values of one type, found {left.type} and {right.type}."
            raise FormulaError("wrong_type", message, right.node.at, left=str(left.type), right=str(right.type))
        return shared

    def within(self, node: Within, facts: Facts) -> Typed:
        operand = self.compile(node.operand, facts)
        items = [self.compile(item, facts) for item in node.items]
        if operand.type.kind == "set":
            message = "Expected one value before “in”, found several of the choices: use any_of() or all_of()."
            raise FormulaError("wrong_type", message, node.operand.at)
        for item in items:
            self.shared(operand, item)
        first, calls, negated = operand.call, tuple(item.call for item in items), node.negated

        def holds(run: Any) -> bool:
            value = first(run)
            return any(value == call(run) for call in calls) is not negated

        return Typed(node, BOOLEAN, holds)

    def conditional(self, node: If, facts: Facts) -> Typed:
        condition = self.compile(node.condition, facts)
        check_type(condition, BOOLEAN)
        then = self.compile(node.then, facts | facts_if_true(node.condition))
        otherwise = self.compile(node.otherwise, facts | facts_if_false(node.condition))
        kind = self.shared(then, otherwise)
        test, first, second = condition.call, then.call, otherwise.call
        return Typed(node, kind, lambda run: first(run) if test(run) else second(run))

    def case(self, node: Case, facts: Facts) -> Typed:
        operand = self.compile(node.operand, facts)
        if operand.type.kind not in WORDS or operand.type.literal:
            message = f"Expected one of the choices, a text or a code after “case”, found {operand.type}."
            raise FormulaError("wrong_type", message, node.operand.at, found=str(operand.type))
        self._check_branches(node, operand.type)
        of = written(node.operand)
        branches: dict[str, Call] = {}
        values: list[Typed] = []
        for keys, value in node.branches:
            known = facts | ({f"({of} = {written(keys[0])})"} if len(keys) == 1 else set())
            values.append(self.compile(value, frozenset(known)))
            branches.update({key.value: values[-1].call for key in keys})
        other = None if node.otherwise is None else self.compile(node.otherwise, facts)
        kind = self._branch_type([*values, *([] if other is None else [other])])
        subject, rest = operand.call, None if other is None else other.call

        def choose(run: Any) -> Any:
            call = branches.get(subject(run), rest)
            return call(run)  # type: ignore[misc]  # every choice has its branch, which was checked above

        return Typed(node, kind, choose)

    def _branch_type(self, values: list[Typed]) -> Type:
        kind = values[0].type
        for value in values[1:]:
            kind = self.shared(Typed(value.node, kind, value.call), value)
        return kind

    def _check_branches(self, node: Case, kind: Type) -> None:
        seen: set[str] = set()
        for keys, _value in node.branches:
            for key in keys:
                if kind.kind == "choice":
                    check_choice(key, kind)
                if key.value in seen:
                    raise FormulaError(
                        "case_twice", f"Expected each case once, found “{key.value[:60]}” twice.", key.at
                    )
                seen.add(key.value)
        if not node.branches:
            raise FormulaError("syntax", "Expected at least one case, found none.", node.at)
        missing = [option for option in kind.options if option not in seen]
        if node.otherwise is None and (missing or kind.kind != "choice"):
            named = f"the missing {', '.join(missing[:10])}" if missing else "every other text"
            raise FormulaError("missing_case", f"Expected a case for {named}, or else.", node.at, missing=missing[:10])

    def function(self, node: CallNode, facts: Facts) -> Typed:
        from products.language.functions import FUNCTIONS  # functions build on this module

        builder = FUNCTIONS.get(node.function)
        if builder is None:
            hint = nearest(node.function, FUNCTIONS)
            message = f"Expected a known function, found “{node.function[:60]}”.{hint}"
            raise FormulaError("unknown_function", message, node.at, name=node.function[:60])
        return builder(self, node, facts)


def _arithmetic_type(operator: str, left: Type, right: Type) -> Type | None:
    kinds = (left.kind, right.kind)
    if operator in ("+", "-"):
        return common(left, right)
    if kinds == ("number", "number"):
        return Type("number", literal=left.literal and right.literal)
    if operator == "*":
        return None if kinds == ("money", "money") else Type("money")
    if kinds == ("money", "number"):
        return Type("money")
    return Type("number") if kinds == ("money", "money") or left.literal else None


Builder = Callable[[Compiler, CallNode, Facts], Typed]
