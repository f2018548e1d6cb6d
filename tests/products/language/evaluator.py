"""Formulas on their own, in the scope of a product's questions and tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from products.language.answers import ask
from products.language.builder import Builder
from products.language.compiler import compile_formula
from products.language.limits import STEPS
from products.language.parts import CONTRACTS, question_symbol
from products.language.product import Product
from products.language.run import Run
from products.language.scope import Formula, Scope, Symbol


def scope_of(product: Product) -> Scope:
    """The questions, computed values, tables and built-in values of a product."""
    builder = Builder(product.definition)
    symbols = {name: Symbol(name, "builtin", product.types[name]) for name in ("as_of", "edition")}
    symbols["contracts"] = CONTRACTS
    for part in product.questions:
        symbols[part.spec.key] = question_symbol(builder, part.spec)
    for key, computed in product.computed.items():
        facts = builder.facts(computed.spec.when)
        symbols[key] = Symbol(key, "computed", product.types[key], facts)
    return Scope(symbols, product.tables)


def compiled(source: str, product: Product) -> Formula:
    """A formula in that scope."""
    return compile_formula(source, scope_of(product))


def run_for(product: Product, answers: Mapping[str, Any], *, as_of: date, budget: int = STEPS) -> Run:
    """A run with these answers."""
    asked = ask(product, as_of, answers, budget=budget)
    assert not asked.problems
    asked.run.values["edition"] = product.definition.editions[-1].key
    return asked.run
