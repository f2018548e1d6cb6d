"""The price of an application that a person accepts: by the same document, answers and day as the robot's."""

from collections.abc import Iterable, Mapping
from typing import Any

from acceptance.models import Decision
from applications.models import Application
from products.language import Evaluation, compile_definition, evaluate

ALWAYS = "1 = 1"


def rated_again(
    application: Application, *, terms: Iterable[str] = (), answers: Mapping[str, Any] | None = None
) -> Evaluation:
    """The application's evaluation of its own day, as if no rule had declined it, with the product's terms added.

    The price of the application's day stands (docs/chain.md). A refusal is read as a referral, so that it is priced;
    each added term is a rule of its own; `answers` are those that the product leaves to an acceptor. All else is the
    document as it was approved.
    """
    document: dict[str, Any] = application.version.definition
    rules = [referred(rule) for rule in document.get("acceptance") or []]
    added = [forcing(key, place, document["languages"]) for place, key in enumerate(terms, 1)]
    product = compile_definition({**document, "acceptance": rules + added}).beside(application.contracts)
    return evaluate(product, application.submitted_on, {**application.answers, **(answers or {})})


def rated_as_decided(application: Application, decision: Decision) -> Evaluation:
    """The evaluation of what a person signed: with the terms he named and the answers he set."""
    named = [term["key"] for term in decision.terms if "key" in term]
    return rated_again(application, terms=named, answers=decision.answers)


def referred(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule, with a person in the place of a refusal."""
    return {**rule, "outcome": "refer"} if rule["outcome"] == "decline" else rule


def forcing(term: str, place: int, languages: Iterable[str]) -> dict[str, Any]:
    """A rule that puts a term on the contract."""
    told = dict.fromkeys(languages, term)
    return {
        "key": f"BY_HAND_{place}",
        "when": ALWAYS,
        "outcome": "accept",
        "term": term,
        "customer": told,
        "underwriter": told,
    }
