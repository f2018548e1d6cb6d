"""Answers that a product rates, drawn from its questions: a worked case of its own, moved to the day and varied."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from products.language import Evaluation, Product, evaluate, fill_system_answers
from products.language.product import QuestionPart

TRIES = 4  # with ever fewer changes, at last with none
VARIED = 0.5  # how many answers of a case are drawn anew at first
FLIPPED = 0.1  # how many of them where a yes or no is one


def draw(product: Product, *, on: date, decision: str, random: Random) -> tuple[dict[str, Any], Evaluation] | None:
    """Answers on a day that come out with a decision, and a price where it's an acceptance, with their evaluation; None
    where the product has none on that day.
    """
    parts = {part.spec.key: part for part in product.questions}
    cases = [case for case in product.definition.cases if comes_out(case, decision)]
    tries = [(random.choice(cases), VARIED / 2**turn) for turn in range(TRIES)] if cases else []
    for case, share in [*tries, *((case, 0.0) for case in random.sample(cases, len(cases)))]:
        later = on - date.fromisoformat(case["as_of"])
        answers = {
            key: drawn(parts[key], value, random) if random.random() < share else value
            for key, value in moved(case["answers"], later).items()
            if parts[key].spec.to_applicant
        }
        found = evaluate(product, on, fill_system_answers(product, on, answers))
        if found.ok and found.decision == decision and (is_priced(found) if decision == "accept" else may_pay(found)):
            return answers, found
    return None


def is_priced(evaluation: Evaluation) -> bool:
    """Whether it has a price on the plan that was asked for."""
    return evaluation.premium is not None and evaluation.payment is not None and may_pay(evaluation)


def may_pay(evaluation: Evaluation) -> bool:
    """Whether the plan that was asked for isn't refused."""
    return evaluation.payment is None or evaluation.payment.allowed is True


def comes_out(case: Mapping[str, Any], decision: str) -> bool:
    """Whether a worked case stands alone and comes out with a decision."""
    expected = case.get("expected")
    return isinstance(expected, dict) and expected.get("decision") == decision and not case.get("contracts")


def moved(value: Any, by: timedelta) -> Any:
    """A worked case's answers with every day in them moved."""
    if isinstance(value, dict):
        return {key: moved(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [moved(each, by) for each in value]
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return (date.fromisoformat(value) + by).isoformat()
    return value


def drawn(part: QuestionPart, value: Any, random: Random) -> Any:
    """Another answer to a question, near the one of the worked case and within the question's limits."""
    spec, kind = part.spec, part.spec.type
    if kind == "yes_no":
        return not value if random.random() < FLIPPED else value
    if kind == "one_of":
        return random.choice([choice.key for choice in spec.choices])
    if kind == "several_of":
        keys = [choice.key for choice in spec.choices]
        return [key for key in keys if (key in value) != (random.random() < 1 / len(keys))]
    if kind == "integer":
        return int(within(Decimal(value) + random.randint(-3, 3), spec))
    if kind in {"money", "decimal"}:
        return str(within((Decimal(value) * random.randint(70, 140) / 100).quantize(step_of(Decimal(value))), spec))
    if kind == "date":
        return (date.fromisoformat(value) + timedelta(days=random.randint(0, 21))).isoformat()
    return value


def step_of(value: Decimal) -> Decimal:
    """People tell large amounts in round figures."""
    return Decimal(1) if value >= 1000 else Decimal("0.01")


def within(value: Decimal, spec: Any) -> Decimal:
    """A number inside the limits of its question."""
    for limit, better in ((spec.least, max), (spec.most, min)):
        try:
            value = better(value, Decimal(str(limit)))
        except ArithmeticError:  # none, or a formula
            continue
    return value
