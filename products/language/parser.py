"""Reading a formula: a tokenizer and a Pratt parser, bounded in length, count and depth (DESIGN section 5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from products.language.errors import FormulaError
from products.language.limits import FORMULA_CHARACTERS, FORMULA_DEPTH, FORMULA_HEIGHT, FORMULA_TOKENS, LITERAL_DIGITS
from products.language.syntax import (
    Binary,
    Call,
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
    measure,
)

WORDS = {"and", "or", "not", "in", "if", "then", "else", "case", "of", "end", "yes", "no", "where"}
QUOTES = "'`´‘’‚‛“”„‟«»"  # what a word processor, or a habit, puts for a straight double quote
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r'|(?P<text>"(?:[^"]|"")*")'
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><>|<=|>=|[-+*/%=<>()\[\],.:|])",
    re.ASCII,
)
_POWER = {"or": 10, "and": 20, "=": 40, "<>": 40, "<": 40, "<=": 40, ">": 40, ">=": 40, "in": 40, "not": 40,
          "+": 50, "-": 50, "*": 60, "/": 60, "%": 80}  # fmt: skip
_NOT_POWER, _MINUS_POWER = 30, 70
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "in", "not")


@dataclass(frozen=True)
class Token:
    """A word of a formula: `kind` is number, text, name, word, sign or end."""

    kind: str
    value: str
    at: int

    @property
    def shown(self) -> str:
        """The token in a message."""
        return "the end" if self.kind == "end" else f"“{self.value[:40]}”"


def parse(source: str) -> Node:
    """Read a formula; raises `FormulaError` naming the character where it goes wrong."""
    return measured(source)[0]


def measured(source: str) -> tuple[Node, int]:
    """Read a formula; with how many parts it has."""
    node = _Parser(tokens_of(source)).whole()
    count, height = measure(node)
    if height > FORMULA_HEIGHT:
        message = f"Expected at most {FORMULA_HEIGHT} operations inside each other, found more."
        raise FormulaError("formula_too_deep", message, 1)
    return node, count


def tokens_of(source: str) -> list[Token]:
    """The words of a formula, with an end after them."""
    if len(source) > FORMULA_CHARACTERS:
        message = f"Expected a formula of at most {FORMULA_CHARACTERS} characters, found {len(source)}."
        raise FormulaError("formula_too_long", message, 1, found=len(source))
    tokens: list[Token] = []
    place = 0
    while place < len(source):
        found = _TOKEN.match(source, place)
        if not found:
            raise _unreadable(source, place)
        if found.lastgroup != "space":
            tokens.append(_token(str(found.lastgroup), found[0], place + 1))
        place = found.end()
        if len(tokens) > FORMULA_TOKENS:
            raise FormulaError("formula_too_long", f"Expected at most {FORMULA_TOKENS} words, found more.", place)
    return [*tokens, Token("end", "", len(source) + 1)]


def _token(kind: str, value: str, at: int) -> Token:
    if kind == "number" and len(value.replace(".", "")) > LITERAL_DIGITS:
        message = f"Expected a number of at most {LITERAL_DIGITS} digits, found one of {len(value)}."
        raise FormulaError("number_too_long", message, at)
    if kind == "name" and value in WORDS:
        return Token("word", value, at)
    return Token(kind, value, at)


def _unreadable(source: str, place: int) -> FormulaError:
    character = source[place]
    if character == '"':
        return FormulaError("text_open", "Expected a closing quote, found the end.", place + 1)
    if character in QUOTES:
        message = f'Expected a text in straight double quotes such as "none", found {character}.'
        return FormulaError("character", message, place + 1, character=character)
    message = f"Expected a name, number, text or sign, found the character U+{ord(character):04X}."
    return FormulaError("character", message, place + 1, character=f"U+{ord(character):04X}")


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.tokens[self.place]
        self.place += token.kind != "end"
        return token

    def at(self, *values: str) -> bool:
        return self.next.kind in ("word", "sign") and self.next.value in values

    def expect(self, value: str) -> Token:
        if not self.at(value):
            raise FormulaError("syntax", f"Expected “{value}”, found {self.next.shown}.", self.next.at, expected=value)
        return self.take()

    def whole(self) -> Node:
        node = self.expression(0)
        if self.next.kind != "end":
            raise FormulaError("syntax", f"Expected an operator or the end, found {self.next.shown}.", self.next.at)
        return node

    def expression(self, power: int) -> Node:
        self.depth += 1
        if self.depth > FORMULA_DEPTH:
            message = f"Expected at most {FORMULA_DEPTH} levels inside each other, found more."
            raise FormulaError("formula_too_deep", message, self.next.at)
        left = self.prefix()
        while self.next.kind in ("word", "sign") and power < _POWER.get(self.next.value, 0):
            left = self.infix(left)
        self.depth -= 1
        return left

    def prefix(self) -> Node:
        token = self.take()
        match token.kind, token.value:
            case "number", value:
                return Number(token.at, Decimal(value))
            case "text", value:
                return Text(token.at, value[1:-1].replace('""', '"'))
            case "word", "yes" | "no":
                return Truth(token.at, token.value == "yes")
            case "word", "not":
                return Unary(token.at, "not", self.expression(_NOT_POWER))
            case "sign", "-":
                return Unary(token.at, "-", self.expression(_MINUS_POWER))
            case "sign", "(":
                inner = self.expression(0)
                self.expect(")")
                return inner
            case "word", "if":
                return self.conditional(token)
            case "word", "case":
                return self.case(token)
            case "name", _:
                return self.name(token)
        raise FormulaError("syntax", f"Expected a value, found {token.shown}.", token.at)

    def infix(self, left: Node) -> Node:
        token = self.take()
        operator = token.value
        if operator == "%":
            return Unary(left.at, "%", left)
        if operator in ("in", "not"):
            if operator == "not":
                self.expect("in")
            node: Node = Within(left.at, left, self.items("[", "]", self.whole_expression), operator == "not")
        else:
            node = Binary(left.at, operator, left, self.expression(_POWER[operator]))
        if operator in _COMPARISONS and self.at(*_COMPARISONS):
            raise FormulaError("syntax", "Expected one comparison; join two with “and”.", self.next.at)
        return node

    def whole_expression(self) -> Node:
        return self.expression(0)

    def argument(self) -> Node:
        """A function's argument: a formula, or a list with the condition its records must meet."""
        node = self.expression(0)
        if not self.at("where"):
            return node
        self.take()
        return Where(node.at, node, self.expression(0))

    def items(self, opening: str, closing: str, item: Callable[[], Node]) -> tuple[Node, ...]:
        self.expect(opening)
        items: list[Node] = []
        while not self.at(closing):
            if items:
                self.expect(",")
            items.append(item())
        self.take()
        return tuple(items)

    def name(self, token: Token) -> Node:
        if self.at("("):
            return Call(token.at, token.value, self.items("(", ")", self.argument))
        if self.at("."):
            self.take()
            column = self.take()
            if column.kind != "name":
                raise FormulaError("syntax", f"Expected a column's name, found {column.shown}.", column.at)
            return Name(token.at, token.value, column.value)
        return Name(token.at, token.value)

    def conditional(self, token: Token) -> Node:
        condition = self.expression(0)
        self.expect("then")
        then = self.expression(0)
        self.expect("else")
        return If(token.at, condition, then, self.expression(0))

    def case(self, token: Token) -> Node:
        operand = self.expression(0)
        self.expect("of")
        branches: list[tuple[tuple[Text, ...], Node]] = []
        otherwise: Node | None = None
        while not self.at("end"):
            if branches:
                self.expect(",")
            if self.at("else"):
                self.take()
                self.expect(":")
                otherwise = self.expression(0)
                break
            keys = self.keys()
            self.expect(":")
            branches.append((keys, self.expression(0)))
        self.expect("end")
        return Case(token.at, operand, tuple(branches), otherwise)

    def keys(self) -> tuple[Text, ...]:
        keys: list[Text] = []
        while True:
            key = self.take()
            if key.kind != "text":
                raise FormulaError("syntax", f"Expected a choice in quotes, found {key.shown}.", key.at)
            keys.append(Text(key.at, key.value[1:-1].replace('""', '"')))
            if not self.at("|"):
                return tuple(keys)
            self.take()
