"""Ways out of a refusal: which other answer would be accepted, and for how much (GDPR art. 22, S0-12)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.models import Application
from products.language import Evaluation, Product, evaluate
from products.selectors import compiled
from products.words import COMPARED, Reader

MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class WayOut:
    """One other answer that would be accepted: the question, the answer in words, and the price with tax."""

    question: str
    answer: str
    total: Decimal


def declining(trace: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The reasons that declined; those that would merely have referred stay untold."""
    return [reason for reason in trace["reasons"] if reason["outcome"] == "decline"]


def counted(product: Product, trace: Mapping[str, Any]) -> list[str]:
    """The questions whose answers the declining rules look at, directly or by what is computed from them."""
    fired = {reason["key"] for reason in declining(trace)}
    names = [name for part in product.rules if part.spec.key in fired for name in part.when.names]
    theirs = {part.spec.key for part in product.questions if part.spec.set_by}  # the applicant can't answer these
    return [key for key in dict.fromkeys(behind(product, names)) if key in trace["asked"] and key not in theirs]


def behind(product: Product, names: list[str]) -> Iterator[str]:
    """The questions behind some names, in order; each computed value is followed to what it is made of."""
    for name in names:
        computed = product.computed.get(name)
        if computed is None:
            yield name
        else:
            yield from behind(product, list(computed.formula.names))


def ways_out(application: Application, trace: Mapping[str, Any]) -> list[WayOut]:
    """At most three single answers that would make the same application acceptable, each with its price."""
    product = compiled(application.version).beside(application.contracts)
    reader, found = Reader(product, application.language), []
    for name, value in others(product, trace):
        evaluation = evaluate(product, application.submitted_on, {**application.answers, name: value})
        total = price(evaluation)
        if total is not None:
            found.append(WayOut(reader.label(name), reader.value(name, value), total))
        if len(found) == MOST_WAYS:
            break
    return found


def price(evaluation: Evaluation) -> Decimal | None:
    """What it would cost, where it would be accepted."""
    accepted = evaluation.ok and evaluation.decision == "accept" and evaluation.payment is not None
    return evaluation.payment.total if accepted and evaluation.payment else None


def others(product: Product, trace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Other answers worth trying: each other choice, the other of yes and no, and the limit that a rule names."""
    asked, fired = counted(product, trace), {reason["key"] for reason in declining(trace)}
    specs = {part.spec.key: part.spec for part in product.questions}
    for name in asked:
        answer, spec = trace["answers"].get(name), specs[name]
        if spec.type == "yes_no":
            yield name, not answer
        elif spec.type == "one_of":
            yield from ((name, choice.key) for choice in spec.choices if choice.key != answer)
    for part in product.rules:
        for formula in part.when.parts if part.spec.key in fired else ():
            limit = COMPARED.fullmatch(formula.source.strip())
            if limit is not None and limit[1] in asked and limit[2] in {"<", ">"}:
                yield limit[1], limit[3]
