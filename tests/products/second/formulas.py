"""Formulas as trees, read by plain recursive descent, one function for each strength of binding."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from tests.products.second.faults import Tree

TOKEN = re.compile(r'\s*(?:([0-9]+(?:\.[0-9]+)?)|([A-Za-z][A-Za-z0-9_]*)|"([^"]*)"|(<=|>=|<>|[<>=+\-*/%()\[\],|:.]))')
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


@cache  # the tree of a text is always the same; nothing that is worked out is kept
def read_formula(text: str) -> Tree:
    """The tree of a whole formula."""
    reader = Reader(text)
    tree = reader.formula()
    reader.expect("end", None)
    return tree


def tokens(text: str) -> list[tuple[str, Any]]:
    """Numbers, names, texts and signs from left to right, then the end."""
    found: list[tuple[str, Any]] = []
    place = 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if not match:
            raise ValueError(f"Expected a formula, found {text[place:]!r}.")
        number, name, quoted, sign = match.groups()
        if number is not None:
            found.append(("number", Decimal(number)))
        elif name is not None:
            found.append(("name", name))
        else:
            found.append(("text", quoted) if quoted is not None else ("sign", sign))
        place = match.end()
    return [*found, ("end", None)]


class Reader:
    """One formula with the place that is reached."""

    def __init__(self, text: str) -> None:
        self.tokens, self.place = tokens(text), 0

    def sees(self, *values: str) -> bool:
        """Whether the next token is one of these signs or words."""
        kind, value = self.tokens[self.place]
        return kind in ("sign", "name") and value in values

    def take(self) -> Any:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def takes(self, *values: str) -> bool:
        """Take the next token where it is one of these."""
        found = self.sees(*values)
        self.place += found
        return found

    def expect(self, kind: str, value: str | None) -> None:
        if self.tokens[self.place] != (kind, value):
            raise ValueError(f"Expected {value or kind}, found {self.tokens[self.place]}.")
        self.place += 1

    def formula(self) -> Tree:
        return self.chain(self.conjunction, "or")

    def conjunction(self) -> Tree:
        return self.chain(self.negation, "and")

    def chain(self, lower: Callable[[], Tree], *signs: str) -> Tree:
        """Parts of one strength, joined from the left."""
        tree = lower()
        while self.sees(*signs):
            tree = (self.take(), tree, lower())
        return tree

    def negation(self) -> Tree:
        return ("not", self.negation()) if self.takes("not") else self.comparison()

    def comparison(self) -> Tree:
        """One comparison at a time."""
        left = self.sum()
        if self.sees(*COMPARISONS):
            return (self.take(), left, self.sum())
        if self.takes("in"):
            return ("in", left, self.values())
        if self.takes("not"):
            self.expect("name", "in")
            return ("not", ("in", left, self.values()))
        return left

    def values(self) -> list[Tree]:
        self.expect("sign", "[")
        return self.listed(self.formula, "]")

    def listed(self, one: Callable[[], Tree], closing: str) -> list[Tree]:
        """Parts between commas up to the closing sign."""
        found: list[Tree] = []
        while not self.takes(closing):
            if found:
                self.expect("sign", ",")
            found.append(one())
        return found

    def sum(self) -> Tree:
        return self.chain(self.product, "+", "-")

    def product(self) -> Tree:
        return self.chain(self.signed, "*", "/")

    def signed(self) -> Tree:
        return ("minus", self.signed()) if self.takes("-") else self.percent()

    def percent(self) -> Tree:
        tree = self.single()
        while self.takes("%"):
            tree = ("percent", tree)
        return tree

    def single(self) -> Tree:
        """A constant, a name, a call, brackets, a choice between branches."""
        kind, value = self.tokens[self.place]
        self.place += 1
        if kind in ("number", "text"):
            return ("constant", value)
        if (kind, value) == ("sign", "("):
            tree = self.formula()
            self.expect("sign", ")")
            return tree
        if kind != "name":
            raise ValueError(f"Expected a value, found {value!r}.")
        if value in ("yes", "no"):
            return ("constant", value == "yes")
        if value in ("if", "case"):
            return self.choice() if value == "if" else self.cases()
        return self.named(value)

    def named(self, name: str) -> Tree:
        if self.takes("("):
            return ("call", name, self.listed(self.argument, ")"))
        if self.takes("."):
            return ("field", name, self.take())
        return ("name", name)

    def argument(self) -> Tree:
        """What stands in a call; of a list also with a condition behind it."""
        tree = self.formula()
        return ("where", tree, self.formula()) if self.takes("where") else tree

    def choice(self) -> Tree:
        condition = self.formula()
        self.expect("name", "then")
        taken = self.formula()
        self.expect("name", "else")
        return ("if", condition, taken, self.formula())

    def cases(self) -> Tree:
        """case X of "a" | "b": 1, else: 2 end"""
        branches: list[tuple[list[Tree], Tree]] = []
        subject, other = self.formula(), None
        self.expect("name", "of")
        while not self.takes("end"):
            if branches:
                self.expect("sign", ",")
            if self.takes("else"):
                self.expect("sign", ":")
                other = self.formula()
                self.expect("name", "end")
                break
            labels = [self.sum()]
            while self.takes("|"):
                labels.append(self.sum())
            self.expect("sign", ":")
            branches.append((labels, self.formula()))
        return ("case", subject, branches, other)
