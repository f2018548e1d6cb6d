"""Evaluating a product for one set of answers on one day: decision, price, plans, documents and the whole trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from products.language.answers import Asked, ask
from products.language.errors import EvaluationError, Problem
from products.language.looking import look
from products.language.payment import Pricer
from products.language.pricing import Failed, edition_of
from products.language.product import PlanPart, Product, RulePart
from products.language.reading import shown
from products.language.result import (
    Evaluation,
    IpidLineResult,
    Look,
    PlanResult,
    Reason,
    TermResult,
    Texts,
    Trace,
)
from products.language.run import Run
from products.language.scope import Condition
from products.language.texts import Sentence
from products.language.weighing import Book, Weighed

SEVERITY = ("accept", "special", "refer", "decline")


def evaluate(
    product: Product,
    as_of: date,
    answers: Mapping[str, Any],
    plan: str | None = None,
    contracts: Sequence[Mapping[str, Any]] | None = None,
) -> Evaluation:
    """Decide and price for these answers on this day (S0-11, S0-12, S0-14; DESIGN section 5).

    `answers` are as stored: amounts and numbers as text or whole numbers, days as ISO text, several-of as lists.
    `plan` picks a payment plan, else the answer of the product's plan question or the first plan that exists here.
    `contracts` are those of the same order or held already: product, line_of_business and valid_from of each; unless
    given, those that the product stands beside (`Product.beside`). Missing, unasked, wrong or contradicting answers,
    and formulas without a result, come back in `errors`, each with path, code, values and message; then nothing is
    priced.
    """
    answers = _with_plan(product, answers, plan)
    asked = ask(product, as_of, answers, contracts=contracts)
    work = _Work(product, asked, answers)
    problems = [*asked.problems, *_plan_problems(product, plan)]
    if problems:
        return work.failed(problems)
    try:
        return work.finish(plan)
    except Failed as failure:
        return work.failed([failure.problem])


def problems(product: Product, as_of: date, answers: Mapping[str, Any]) -> list[Problem]:
    """What is missing or wrong in these answers; where nothing is, the payment plan they ask for and can't have."""
    found = ask(product, as_of, answers).problems
    judged = any(part.refusals or part.when for part in product.plans)
    if found or not judged or product.definition.payment.question is None:
        return list(found)
    evaluation = evaluate(product, as_of, answers)
    return [
        *(error for error in evaluation.errors if error.path.startswith("answers.")),
        *refused_plan(product, evaluation),
    ]


def refused_plan(product: Product, evaluation: Evaluation) -> list[Problem]:
    """At the question of the payment plan: the plan that was answered is refused, why, and which is possible."""
    question, payment = product.definition.payment.question, evaluation.payment
    if question not in evaluation.asked or payment is None or payment.allowed is not False:
        return []
    offered = next((plan.names for plan in evaluation.plans if plan.plan == payment.offered), {})
    message = f"Expected another plan than “{payment.plan}”, which {payment.reason} refuses."
    values = {"found": payment.plan, "texts": dict(payment.reason_text or {}), "offered": dict(offered)}
    return [Problem(f"answers.{question}", "plan_refused", message, values)]


def decide(product: Product, asked: Asked, answers: Mapping[str, Any]) -> Evaluation:
    """The decision with its reasons, terms and trace alone, without price and documents, for answers read by `ask`."""
    work = _Work(product, asked, answers)
    if asked.problems:
        return work.failed(asked.problems)
    try:
        edition, decision, reasons, terms = work.decided()
    except Failed as failure:
        return work.failed([failure.problem])
    return work.found(edition=edition, decision=decision, reasons=reasons, terms=terms, trace=work.trace(work.run))


def _with_plan(product: Product, answers: Mapping[str, Any], plan: str | None) -> dict[str, Any]:
    question = product.definition.payment.question
    if plan is not None and question is not None and answers.get(question) is not None:
        return {**answers, question: plan}
    return dict(answers)


def _plan_problems(product: Product, plan: str | None) -> list[Problem]:
    known = [part.spec.key for part in product.plans]
    if plan is None or plan in known:
        return []
    message = f"Expected one of the plans {', '.join(known)}, found “{shown(plan, 40)}”."
    return [Problem("plan", "unknown_plan", message, {"found": shown(plan, 40)})]


class _Work:
    def __init__(self, product: Product, asked: Asked, answers: Mapping[str, Any]) -> None:
        self.product, self.asked, self.answers, self.run = product, asked, answers, asked.run
        self.looked: list[Look | Weighed] = []

    def weigh(self, book: Book) -> list[int]:
        """The conditions of a book that hold, by number."""
        try:
            weighed = book.weigh(self.run)
        except EvaluationError:
            place, error = book.find_error(self.run)
            raise Failed(f"{book.path}[{place}].when", error) from None
        self.looked.append(weighed)
        return weighed.held

    def found(self, **outcome: Any) -> Evaluation:
        return Evaluation(
            product=self.product.key,
            sha256=self.product.sha256,
            as_of=self.run.as_of,
            answers={**self.answers, **self.asked.defaults},
            asked=tuple(self.asked.keys),
            **outcome,
        )

    def failed(self, problems: list[Problem]) -> Evaluation:
        return self.found(errors=tuple(problems))

    def look(self, parts: str, place: int, kind: str, key: str, condition: Condition | None) -> bool:
        try:
            looked = look(self.run, kind, key, condition)
        except EvaluationError as error:
            raise Failed(f"{parts}[{place}].when", error) from None
        self.looked.append(looked)
        return looked[3] is None

    def decided(self) -> tuple[str, str, tuple[Reason, ...], tuple[TermResult, ...]]:
        edition = edition_of(self.run)
        self.looked_at_questions()
        reasons, terms = self.reasons()
        return (
            edition,
            max((reason.outcome for reason in reasons), key=SEVERITY.index, default="accept"),
            reasons,
            terms,
        )

    def finish(self, plan: str | None) -> Evaluation:
        edition, decision, reasons, terms = self.decided()
        not_rated = self.not_rated() if decision != "decline" else None
        if decision == "decline" or not_rated is not None:
            return self.evaluation(edition, decision, reasons, terms, not_rated, None, (), self.run)
        plans = self.plans()
        chosen = self.chosen(plan, plans)
        pricer = Pricer(self.product, self.asked, self.answers, plans, indicative=decision in ("refer", "special"))
        payment, run = pricer.priced(chosen)
        offered = pricer.offered(chosen)
        if offered is not None:
            instead, run = pricer.priced(offered)
            payment = _with_offer(payment, instead)
        results = tuple(pricer.told(part) for part in plans)
        self.looked.extend(pricer.looked)
        return self.evaluation(edition, decision, reasons, terms, None, payment, results, run or self.run)

    def plans(self) -> tuple[PlanPart, ...]:
        """The plans that exist for these answers."""
        found = tuple(
            part
            for place, part in enumerate(self.product.plans)
            if part.when is None or self.look("payment.plans", place, "plan", part.spec.key, part.when)
        )
        if not found:
            raise Failed("payment.plans", EvaluationError("no_plan", "Expected a plan for these answers, found none."))
        return found

    def starts_on(self) -> date:
        try:
            day: date = self.product.starts_on.value(self.run)
        except EvaluationError as error:
            raise Failed("starts_on", error) from None
        return day

    def looked_at_questions(self) -> None:
        refused, records = self.asked.refused, self.asked.records
        for part, told in self.product.question_looks:
            key = told[1]
            self.looked.append(refused.get(key) or told)
            for number in range(len(records.get(key, ()))):
                for field in part.fields:
                    if field.when is not None:
                        name = f"{key}[{number}].{field.spec.key}"
                        self.looked.append(refused.get(name) or ("question", name, field.when, None, ()))
        self.looked.extend(self.asked.looked)

    def reasons(self) -> tuple[tuple[Reason, ...], tuple[TermResult, ...]]:
        rules = self.product.rules
        fired = [rules[place] for place in self.weigh(self.product.rule_book)]
        forced = {part.spec.term for part in fired}
        terms = [
            TermResult(part.spec.key, part.spec.names, self.say(part.text))
            for place, part in enumerate(self.product.terms)
            if part.spec.key in forced
            or (not part.spec.forced and self.look("terms", place, "term", part.spec.key, part.when))
        ]
        return tuple(self.reason(part) for part in fired if part.spec.outcome != "accept"), tuple(terms)

    def reason(self, part: RulePart) -> Reason:
        detail = None if part.detail is None else self.say(part.detail)
        return part.said or part.reason(part.spec, self.say(part.customer), self.say(part.underwriter), detail)

    def say(self, sentence: Sentence, run: Run | None = None) -> Texts:
        return self.product.say(sentence, (run or self.run).known)

    def not_rated(self) -> Texts | None:
        for place, part in enumerate(self.product.not_rated):
            if self.look("rating.not_rated", place, "not_rated", part.key, part.when):
                return self.say(part.text)
        return None

    def chosen(self, plan: str | None, plans: tuple[PlanPart, ...]) -> PlanPart:
        question = self.product.definition.payment.question
        wanted = plan or (self.run.values.get(question) if question else None)
        found = next((part for part in plans if part.spec.key == wanted), None if wanted else plans[0])
        if found is None:
            here = ", ".join(part.spec.key for part in plans)
            message = f"Expected one of the plans for these answers ({here}), found “{wanted}”."
            path = "plan" if plan or question is None else f"answers.{question}"
            raise Failed(path, EvaluationError("plan_not_here", message, found=wanted))
        return found

    def evaluation(
        self,
        edition: str,
        decision: str,
        reasons: tuple[Reason, ...],
        terms: tuple[TermResult, ...],
        not_rated: Texts | None,
        payment: PlanResult | None,
        plans: tuple[PlanResult, ...],
        run: Run,
    ) -> Evaluation:
        lines = self.lines(run)
        kinds = self.product.document_book.keys
        documents = tuple(kinds[place] for place in self.weigh(self.product.document_book))
        return self.found(
            edition=edition,
            starts_on=self.starts_on(),
            decision=decision,
            reasons=reasons,
            terms=terms,
            premium=None if payment is None else payment.premium,
            not_rated_because=not_rated,
            plan=None if payment is None else payment.plan,
            payment=payment,
            plans=plans,
            ipid=lines,
            documents=documents,
            trace=self.trace(run),
        )

    def lines(self, run: Run) -> tuple[IpidLineResult, ...]:
        lines = self.product.lines
        return tuple(
            lines[place].said or lines[place].line(lines[place].spec, self.say(lines[place].text, run))
            for place in self.weigh(self.product.line_book)
        )

    def trace(self, run: Run) -> Trace:
        mine, own = run.table_rows, self.run.table_rows
        rows = mine if run is self.run else [*mine, *(row for row in own if row not in mine)]
        spent = self.run.budget - min(self.run.left, run.left)
        return Trace(tuple(self.looked), dict(run.values), tuple(rows), spent, self.product.json_of)


def _with_offer(refused: PlanResult, offered: PlanResult) -> PlanResult:
    """The refused plan with the price and instalments of the plan that is offered instead."""
    return replace(
        refused,
        instalments=offered.instalments,
        fees=offered.fees,
        total=offered.total,
        premium=offered.premium,
        offered=offered.plan,
    )
