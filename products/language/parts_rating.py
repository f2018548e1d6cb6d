"""Compiles the rating steps, in order, and the payment plans that divide what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from common.money import CENT
from products.language import product as made
from products.language import schema
from products.language.builder import Builder
from products.language.scope import PLAN_NAMES, Condition, Formula, Scope, Symbol
from products.language.syntax import facts_if_false
from products.language.types import DATE, MONEY, NUMBER, Type


@dataclass(frozen=True)
class RatingParts:
    """The compiled steps and the names known after them."""

    steps: tuple[made.StepPart, ...]
    not_rated: tuple[made.ConditionText, ...]
    scope: Scope


def build_rating(builder: Builder, scope: Scope, sections: dict[str, made.SectionPart]) -> RatingParts:
    """Compile each step with the names of the steps before it; steps rely on no reason not to rate holding.

    A reason not to rate relies on those before it not holding.
    """
    rating = builder.definition.rating
    plan_free = Scope({n: s for n, s in scope.symbols.items() if n not in PLAN_NAMES}, scope.tables)
    not_rated: list[made.ConditionText] = []
    for place, reason in enumerate(rating.not_rated):
        not_rated += _condition_texts(builder, "rating.not_rated", [reason], plan_free, first=place)
        node = builder.read(reason.when)
        if node is not None:
            plan_free, scope = plan_free.knowing(facts_if_false(node)), scope.knowing(facts_if_false(node))
    scope = replace(scope, sums=True)
    steps: list[made.StepPart] = []
    later = {step.key for step in rating.steps}
    for place, spec in enumerate(rating.steps):
        step = _step(builder, place, spec, scope, sections, later)
        later.discard(spec.key)
        if step is None:
            builder.failed.add(spec.key)
            continue
        steps.append(step)
        section = sections.get(spec.section or "")
        conditions = builder.facts(section.spec.when if section else None, None if spec.otherwise else spec.when)
        scope = scope.with_symbols(Symbol(spec.key, "step", step.type, conditions))
    return RatingParts(tuple(steps), tuple(not_rated), scope)


def _step(
    builder: Builder,
    place: int,
    spec: schema.Step,
    scope: Scope,
    sections: dict[str, made.SectionPart],
    later: set[str],
) -> made.StepPart | None:
    path = f"rating.steps[{place}]"
    section = sections.get(spec.section or "")
    scope = scope.knowing(builder.facts(section.spec.when if section else None))
    if _looks_ahead(builder, path, spec, later):
        return None
    when = builder.condition(f"{path}.when", spec.when, scope)
    inner = scope.knowing(builder.facts(spec.when))
    wanted = MONEY if spec.component or spec.total else None
    formula = builder.formula(f"{path}.formula", spec.formula, inner, wanted)
    if formula is None or (spec.when and when is None):
        return None
    kind = replace(formula.type, literal=False)
    node = builder.read(spec.when)
    other = scope.knowing(facts_if_false(node) if node is not None else frozenset())
    otherwise = builder.formula(f"{path}.otherwise", spec.otherwise, other, kind)
    with_step = inner.with_symbols(Symbol(spec.key, "step", kind))
    base, rate = _component(builder, path, spec, with_step if not spec.otherwise else scope)
    how = builder.sentence(f"{path}.how", spec.how) if spec.how else None
    return made.StepPart(spec, place, kind, when, formula, otherwise, base, rate, how, _rounding(spec, kind))


def _rounding(spec: schema.Step, kind: Type) -> tuple[Decimal, str] | None:
    """To what a step is rounded: as it says, else an amount to the cent."""
    if isinstance(spec.rounding, schema.Rounding):
        return spec.rounding.to, spec.rounding.mode
    return (CENT, "half_up") if spec.rounding is None and kind.kind == "money" else None


def _looks_ahead(builder: Builder, path: str, spec: schema.Step, later: set[str]) -> bool:
    names = builder.names_in(spec.formula) | builder.names_in(spec.when) | builder.names_in(spec.otherwise)
    ahead = sorted(names & later)
    if ahead:
        where = "is this step" if ahead[0] == spec.key else "comes later"
        message = f"Expected names of earlier steps, found “{ahead[0]}”, which {where}."
        builder.add(f"{path}.formula", "looks_ahead", message, name=ahead[0])
        builder.used |= names
    return bool(ahead)


def _component(builder: Builder, path: str, spec: schema.Step, scope: Scope) -> tuple[Formula | None, Formula | None]:
    if spec.component is None:
        return None, None
    base = builder.formula(f"{path}.component.base", spec.component.base, scope, MONEY)
    rate = builder.formula(f"{path}.component.rate", spec.component.rate, scope, NUMBER)
    return base, rate


def _condition_texts(
    builder: Builder, path: str, specs: Sequence[schema.NotRated | schema.Refusal], scope: Scope, first: int = 0
) -> tuple[made.ConditionText, ...]:
    found: list[made.ConditionText] = []
    for place, spec in enumerate(specs, first):
        when: Condition | None = builder.condition(f"{path}[{place}].when", spec.when, scope)
        text = builder.sentence(f"{path}[{place}].text", spec.text)
        if when is not None:
            found.append(made.ConditionText(spec.key, when, text))
    return tuple(found)


def build_payment(builder: Builder, scope: Scope) -> tuple[tuple[made.PlanPart, ...], Formula | None]:
    """Compile the plans; their conditions may use the answers, the steps, the instalment and the total."""
    payment = builder.definition.payment
    amounts = scope.with_symbols(Symbol("instalment", "builtin", MONEY), Symbol("premium_total", "builtin", MONEY))
    plain = Scope({n: s for n, s in scope.symbols.items() if s.kind != "step" and n not in PLAN_NAMES}, scope.tables)
    plans: list[made.PlanPart] = []
    for place, spec in enumerate(payment.plans):
        path = f"payment.plans[{place}]"
        when = builder.condition(f"{path}.when", spec.when, plain)
        deposit = builder.formula(f"{path}.deposit", spec.deposit, plain.knowing(builder.facts(spec.when)), NUMBER)
        refusals = _condition_texts(builder, f"{path}.refusals", spec.refusals, amounts)
        plans.append(made.PlanPart(spec, when, deposit, refusals))
    return tuple(plans), builder.formula("payment.first_due", payment.first_due, plain, DATE)
