"""Rating: the steps in order, each with its rounding and operands, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from common.money import ZERO, cents, split
from products.language.errors import EvaluationError, Problem
from products.language.looking import look, seen_by
from products.language.numbers import CONTEXT, LARGEST_AMOUNT, amount_text, plain, round_to
from products.language.product import PlanPart, Product, SectionPart, StepPart
from products.language.result import (
    CommissionResult,
    ComponentResult,
    Look,
    Premium,
    SectionResult,
    StepResult,
    TaxLine,
)
from products.language.run import Run


class Failed(Exception):
    """An evaluation that can't be finished; `problem` says where and why."""

    def __init__(self, path: str, error: EvaluationError) -> None:
        super().__init__(error.message)
        self.problem = Problem(path, error.code, error.message, error.values)


def edition_of(run: Run) -> str:
    """The edition that holds in a run; raises `Failed` where there is none, or its day has no result."""
    try:
        return str(run.values.get("edition") or run.resolve("edition"))
    except EvaluationError as error:
        raise Failed("editions" if error.code == "no_edition" else "edition_by", error) from None


@dataclass
class Rated:
    """Rating under way for one plan."""

    run: Run
    steps: list[StepResult] = field(default_factory=list)
    components: list[ComponentResult] = field(default_factory=list)
    tax_lines: list[TaxLine] = field(default_factory=list)
    looked: list[Look] = field(default_factory=list)
    rounding: Decimal = ZERO
    total: Decimal = ZERO


def plan_values(plan: PlanPart) -> dict[str, Any]:
    """The built-in values of a plan."""
    spec = plan.spec
    return {
        "plan": spec.key,
        "plan_instalments": Decimal(spec.instalments),
        "plan_surcharge_percent": spec.surcharge_percent,
    }


def rate(product: Product, run: Run, *, indicative: bool) -> tuple[Premium, Rated]:
    """Work out every step for the plan in the run; raises `Failed` at the step that has no result."""
    rated = Rated(run)
    taken = {part.spec.key: _taken(run, part, place) for place, part in enumerate(product.sections.values())}
    for step in product.steps:
        if step.spec.section is not None and not taken[step.spec.section]:
            rated.looked.append(("step", step.spec.key, None, f"section {step.spec.section}", ()))
            continue
        try:
            _step(product, rated, step)
        except EvaluationError as error:
            raise Failed(f"rating.steps[{step.place}]", error) from None
    sections = _sections(product, rated, taken)
    net = rated.run.sum_of(("premium",))
    premium = Premium(
        indicative=indicative,
        steps=tuple(rated.steps),
        components=tuple(rated.components),
        tax_lines=tuple(rated.tax_lines),
        sections=sections,
        net=net,
        tax=rated.run.sum_of(("tax",)),
        fees=rated.run.sum_of(("fee",)),
        rounding=rated.rounding,
        total=rated.total,
        commission=_commission(product, net, sections),
    )
    return premium, rated


def _taken(run: Run, section: SectionPart, place: int) -> bool:
    try:
        return section.when is None or section.when.refused_by(run) is None
    except EvaluationError as error:
        raise Failed(f"sections[{place}].when", error) from None


def _step(product: Product, rated: Rated, step: StepPart) -> None:
    run, spec = rated.run, step.spec
    looked = look(run, "step", spec.key, step.when)
    if step.when is not None:
        rated.looked.append(looked)
    fired = looked[3] is None
    formula = step.formula if fired else step.otherwise
    if formula is None:
        return
    unrounded = formula.value(run)
    value = _rounded(step, unrounded)
    run.values[spec.key] = value
    if spec.component is not None:
        _component(product, rated, step, value)
    if spec.total:
        _total(product, rated, value)
    how = product.say(step.how, run.known) if step.how and fired else {}
    refused = looked[3] if not isinstance(looked[3], str) else None
    operands = dict(zip(formula.names, seen_by(formula.names, run), strict=True))
    rated.steps.append(StepResult(step, formula, value, unrounded, operands, refused, how, product.json_of))


def _rounded(step: StepPart, value: Any) -> Any:
    rounding = step.rounding
    if rounding is None or not isinstance(value, Decimal):
        return value
    return _amount(value) if step.spec.rounding is None else round_to(value, *rounding)


def _amount(value: Decimal) -> Decimal:
    rounded = cents(value)
    if abs(rounded) > LARGEST_AMOUNT:
        message = f"Expected an amount of at most 12 digits before the cents, found {plain(rounded)}."
        raise EvaluationError("amount_too_large", message, found=plain(rounded))
    return rounded


def _component(product: Product, rated: Rated, step: StepPart, value: Decimal) -> None:
    spec, component, run = step.spec, step.spec.component, rated.run
    if component is None:
        return
    if _amount(value) != value:
        message = f"Expected a part of the price in whole cents, found {plain(value)}."
        raise EvaluationError("not_cents", message, found=plain(value))
    amount = cents(value)
    base = None if step.base is None else _amount(step.base.value(run))
    rate_percent = None if step.rate is None else step.rate.value(run)
    run.sums[component.kind] = run.sum_of((component.kind,)) + amount
    rated.components.append(
        ComponentResult(spec.key, component.kind, spec.section, base, rate_percent, amount, component.taxed)
    )
    if component.kind == "tax" and spec.section is not None and base is not None and rate_percent is not None:
        rated.tax_lines.append(_tax_line(product, run, spec.key, spec.section, base, rate_percent, amount))


def _tax_line(
    product: Product, run: Run, key: str, section: str, base: Decimal, rate_percent: Decimal, amount: Decimal
) -> TaxLine:
    tax = product.taxes[str(product.sections[section].spec.tax)]
    country = tax.country.value(run)
    if len(country) != 2 or not (country.isascii() and country.isupper()):
        message = f"Expected a country of two capitals such as NL, found “{country[:20]}”."
        raise EvaluationError("country", message, found=country[:20])
    return TaxLine(
        key=key, tax=tax.spec.key, tax_class=tax.spec.tax_class, country=country, due_on=tax.due_on.value(run),
        section=section, base=base, rate=rate_percent, amount=amount, exemption=tax.spec.exemption,
    )  # fmt: skip


def _total(product: Product, rated: Rated, value: Decimal) -> None:
    """The total must be the sum of the components; a difference within the product's limit is shown as rounding."""
    summed = rated.run.sum_of(("premium", "tax", "fee", "rounding"))
    difference, limit = _amount(value) - summed, product.definition.rating.rounding_limit
    if abs(difference) > limit:
        message = (
            f"Expected a total of net, tax, fees and rounding of {amount_text(summed)} "
            f"(within {amount_text(limit)}), found {amount_text(value)}."
        )
        raise EvaluationError("total_differs", message, expected=amount_text(summed), found=amount_text(value))
    if value < 0:
        raise EvaluationError("negative_total", f"Expected a total of zero or more, found {amount_text(value)}.")
    rated.rounding = rated.run.sum_of(("rounding",)) + difference
    rated.total = cents(value)


def _sections(product: Product, rated: Rated, taken: Mapping[str, bool]) -> tuple[SectionResult, ...]:
    found: list[SectionResult] = []
    for place, (key, part) in enumerate(product.sections.items()):
        if not taken[key]:
            continue
        net = sum((c.amount for c in rated.components if c.section == key and c.kind == "premium"), ZERO)
        try:
            insured = None if part.insured_sum is None else _amount(part.insured_sum.value(rated.run))
        except EvaluationError as error:
            raise Failed(f"sections[{place}].insured_sum", error) from None
        found.append(SectionResult(key, part.spec.line_of_business, net, insured, part.spec.term_months))
    return tuple(found)


def _commission(product: Product, net: Decimal, sections: tuple[SectionResult, ...]) -> tuple[CommissionResult, ...]:
    found: list[CommissionResult] = []
    for spec in product.definition.commission:
        amount = cents(CONTEXT.divide(CONTEXT.multiply(net, spec.percent), Decimal(100)))
        found.append(CommissionResult(spec.receiver, spec.percent, net, amount, _by_section(amount, sections)))
    return tuple(found)


def _by_section(amount: Decimal, sections: tuple[SectionResult, ...]) -> dict[str, Decimal]:
    """The commission divided by the sections' net premiums, so that the parts are the whole."""
    if len(sections) == 1:
        return {sections[0].key: amount if sections[0].net else ZERO}
    weights = [abs(section.net) for section in sections]
    if not any(weights):
        return {section.key: ZERO for section in sections}
    return dict(zip([section.key for section in sections], split(amount, weights), strict=True))
