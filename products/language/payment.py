"""Payment plans: each priced, divided to the cent with its due days, or refused with what is offered instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from common.money import ZERO, balance_anew, divide
from products.language.answers import Asked, ask
from products.language.dates import add_months
from products.language.errors import EvaluationError
from products.language.looking import look
from products.language.numbers import plain
from products.language.pricing import Failed, Rated, edition_of, plan_values, rate
from products.language.product import PlanPart, Product
from products.language.result import Instalment, Look, PlanResult, Premium
from products.language.run import Run


class Pricer:
    """Prices plans for one set of answers, each at most once."""

    def __init__(
        self,
        product: Product,
        asked: Asked,
        answers: Mapping[str, Any],
        plans: Sequence[PlanPart],
        *,
        indicative: bool,
    ) -> None:
        self.product, self.asked, self.answers, self.plans = product, asked, answers, plans
        self.indicative = indicative
        self.looked: list[Look] = []
        self.results: dict[str, tuple[PlanResult, Run | None]] = {}
        self._shared: tuple[Premium, Rated] | None = None

    def priced(self, plan: PlanPart) -> tuple[PlanResult, Run | None]:
        """The plan's result with the run that priced it; a refused plan has no instalments."""
        key = plan.spec.key
        if key not in self.results:
            self.results[key] = self._price(plan)
        return self.results[key]

    def told(self, plan: PlanPart) -> PlanResult:
        """The plan's result; of a refused one with the plan that is offered instead."""
        result, instead = self.priced(plan)[0], self.offered(plan)
        return result if instead is None else replace(result, offered=instead.spec.key)

    def offered(self, plan: PlanPart) -> PlanPart | None:
        """The plan offered where this one is refused, always an allowed one; None where none is.

        The one it names, of a refused one the one that names, and so on; else the first that is allowed.
        """
        here, seen, result = {part.spec.key: part for part in self.plans}, set(), self.priced(plan)[0]
        if result.allowed is not False:
            return None
        while result.allowed is False and plan.spec.key not in seen and plan.spec.offered_instead in here:
            seen.add(plan.spec.key)
            plan = here[plan.spec.offered_instead]
            result = self.priced(plan)[0]
        return plan if result.allowed else next((part for part in self.plans if self.priced(part)[0].allowed), None)

    def _price(self, plan: PlanPart) -> tuple[PlanResult, Run | None]:
        run = self._run_for(plan)
        if isinstance(run, tuple):
            return PlanResult(plan.spec.key, plan.spec.names, None, missing=run), None
        premium, rated = self._rate(run)
        place = self.product.plans.index(plan)
        priced = rated.run.fork(plan_values(plan))
        try:
            instalments = _instalments(self.product, plan, priced, premium.total)
        except EvaluationError as error:
            raise Failed(f"payment.plans[{place}]", error) from None
        priced.values |= {"instalment": instalments[0].premium, "premium_total": premium.total}
        fees = sum((instalment.fee for instalment in instalments), ZERO)
        result = PlanResult(
            plan=plan.spec.key,
            names=plan.spec.names,
            allowed=True,
            instalments=instalments,
            fees=fees,
            total=premium.total + fees,
            premium=premium,
        )
        return self._refused(plan, place, result, priced), priced

    def _run_for(self, plan: PlanPart) -> Run | tuple[str, ...]:
        """The run in which this plan is chosen; or the questions that must be answered before it can be."""
        question = self.product.definition.payment.question
        base = self.asked.run
        if question is None or question not in self.asked.keys or base.values.get(question) == plan.spec.key:
            return base.fork(plan_values(plan))
        answers = {**self.answers, question: plan.spec.key}
        other = ask(self.product, base.as_of, answers, budget=base.left, contracts=base.values["contracts"])
        missing = tuple(problem.values["key"] for problem in other.problems if problem.code == "missing")
        if missing or other.undecided:
            return missing or tuple(other.undecided)
        edition_of(other.run)
        return other.run.fork(plan_values(plan))

    def _rate(self, run: Run) -> tuple[Premium, Rated]:
        """Rate once for all plans where no step depends on the plan."""
        if self.product.plan_matters:
            return rate(self.product, run, indicative=self.indicative)
        if self._shared is None:
            self._shared = rate(self.product, run, indicative=self.indicative)
            self.looked.extend(self._shared[1].looked)
        return self._shared

    def _refused(self, plan: PlanPart, place: int, result: PlanResult, run: Run) -> PlanResult:
        for number, refusal in enumerate(plan.refusals):
            try:
                looked = look(run, "plan_refusal", f"{plan.spec.key}/{refusal.key}", refusal.when)
            except EvaluationError as error:
                raise Failed(f"payment.plans[{place}].refusals[{number}].when", error) from None
            self.looked.append(looked)
            if looked[3] is None:
                return replace(
                    result,
                    allowed=False,
                    reason=refusal.key,
                    reason_text=self.product.say(refusal.text, run.known),
                    refused_instalment=result.instalments[0].premium,
                    instalments=(),
                    fees=ZERO,
                    total=ZERO,
                    premium=None,
                )
        return result


def _instalments(product: Product, plan: PlanPart, run: Run, total: Decimal) -> tuple[Instalment, ...]:
    spec, down = plan.spec, 1
    if plan.deposit is not None:
        down = _shares(plan.deposit.value(run), spec.instalments)
    if spec.division == "balance_anew":
        parts = balance_anew(
            total, spec.instalments, at_least=spec.minimum_instalment or ZERO, last_at_least=spec.minimum_last or ZERO
        )
    else:
        parts = divide(total, spec.instalments, rule=spec.division, down=down)
    first = product.first_due.value(run)
    fee, found = spec.fee_per_payment, []
    for number, part in enumerate(parts):
        months = (number + down - 1 if number else 0) * spec.interval_months
        found.append(Instalment(number + 1, _due(first, months), part, fee, part + fee))
    return tuple(found)


def _shares(value: Decimal, instalments: int) -> int:
    if value != value.to_integral_value() or not 1 <= value < instalments:
        message = f"Expected a deposit of 1 to {instalments - 1} shares, found {plain(value)}."
        raise EvaluationError("deposit", message, found=plain(value))
    return int(value)


def _due(first: date, months: int) -> date:
    day = add_months(first, months)
    if day is None:
        raise EvaluationError("date_range", "Expected a due day in the years 1 to 9999, found one outside.")
    return day
