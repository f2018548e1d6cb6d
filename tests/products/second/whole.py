"""A product worked out: questions, checks, decision, terms, plans, price, payments."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.products.second.asking import Walk, contradictions, walk
from tests.products.second.contracts import read_contracts
from tests.products.second.faults import Fault
from tests.products.second.figures import to_cent
from tests.products.second.plans import payments, refusal
from tests.products.second.rating import Price, plan_values, rate
from tests.products.second.scope import Scope

WORST = ("accept", "special", "refer", "decline")
Json = dict[str, Any]


@dataclass
class Offered:
    """One plan as it comes out: priced, or missing answers to these questions."""

    plan: Json
    missing: list[str]
    price: Price | None = None
    parts: list[Decimal] | None = None
    days: list[date] | None = None
    reason: str | None = None
    offered: str | None = None

    @property
    def allowed(self) -> bool | None:
        return None if self.price is None else self.reason is None


@dataclass
class Order:
    """What is asked of the evaluator."""

    document: Json
    as_of: date
    answers: Json
    plan: str | None
    contracts: list[Json]

    def start(self) -> Scope:
        return Scope(self.document, {"as_of": self.as_of, "contracts": read_contracts(self.contracts)[0]})


def second(document: Json, as_of: date, answers: Json, plan: str | None = None, contracts: Any = ()) -> Json:
    """The result in the shape of `expected`, with `plans` beside it; or the paths of the errors."""
    order = Order(document, as_of, answers, plan, list(contracts))
    try:
        return result(order)
    except Fault as fault:
        return {"errors": [fault.path]}


def result(order: Order) -> Json:
    scope = order.start()
    walked = walk_with(order, scope, order.plan)
    scope.values.update(walked.values)
    errors = [*walked.errors, *contradictions(scope), *unknown_plan(order), *read_contracts(order.contracts)[1]]
    if errors:
        return {"errors": errors}
    edition = scope.edition()
    reasons, named = decided(scope)
    decision = max([row["outcome"] for row in reasons], key=WORST.index, default="accept")
    told: Json = {"asked": walked.asked, "decision": decision, "reasons": reasons, "terms": terms(scope, named)}
    told |= {"edition": edition, "premium": None, "not_rated_because": None, "payment": None, "plans": []}
    if decision != "decline":
        told["not_rated_because"] = not_rated(scope)
        if told["not_rated_because"] is None:
            told |= priced(order, scope, indicative=decision != "accept")
    lines = (order.document.get("ipid") or {"lines": []})["lines"]
    for part, rows in (("ipid.lines", lines), ("documents", order.document["documents"])):
        told[part] = [row.get("key", row.get("kind")) for i, row in enumerate(rows) if scope.holds(row, f"{part}[{i}]")]
    return told


def walk_with(order: Order, scope: Scope, plan: str | None) -> Walk:
    """The questions; a plan's key replaces the answer to the question that chooses one, where that is answered."""
    questions, question = order.document["questions"], order.document["payment"].get("question")
    walked = walk(scope, questions, order.answers, "answers", "questions")
    if plan is None or question not in walked.asked or order.answers.get(question) is None:
        return walked
    return walk(scope, questions, {**order.answers, question: plan}, "answers", "questions")


def unknown_plan(order: Order) -> list[str]:
    """A plan that the document doesn't have."""
    plans = [None, *(row["key"] for row in order.document["payment"]["plans"])]
    return [] if order.plan in plans else ["plan"]


def decided(scope: Scope) -> tuple[list[Json], set[str]]:
    """The reasons in order, and the terms that rules which hold name."""
    held = [row for i, row in enumerate(scope.document["acceptance"]) if scope.holds(row, f"acceptance[{i}]")]
    reasons = [{"key": row["key"], "outcome": row["outcome"]} for row in held if row["outcome"] != "accept"]
    return reasons, {row["term"] for row in held if "term" in row}


def terms(scope: Scope, named: set[str]) -> list[str]:
    """Those a rule names, and those that aren't forced and hold."""
    return [
        row["key"]
        for index, row in enumerate(scope.document["terms"])
        if row["key"] in named or (not row.get("forced") and scope.holds(row, f"terms[{index}]"))
    ]


def not_rated(scope: Scope) -> str | None:
    """The sentence of the first reason for which there is no premium, in English, else in the first language."""
    for index, row in enumerate(scope.document["rating"].get("not_rated", [])):
        if scope.holds(row, f"rating.not_rated[{index}]"):
            return str(row["text"].get("en", row["text"][scope.document["languages"][0]]))
    return None


def priced(order: Order, scope: Scope, indicative: bool) -> Json:
    """Every plan that is there; told is the chosen one, its money that of the plan offered where it is refused."""
    rows = order.document["payment"]["plans"]
    there = [row for index, row in enumerate(rows) if scope.holds(row, f"payment.plans[{index}]")]
    if not there:
        raise Fault("no_plan", "payment.plans")
    question = order.document["payment"].get("question")
    key = order.plan or scope.values.get(question, there[0]["key"])
    if key not in [row["key"] for row in there]:
        raise Fault("plan_not_here", "plan" if order.plan else f"answers.{question}")
    chosen = offer(order, scope, next(row for row in there if row["key"] == key), there, key)
    plans = {row["key"]: chosen if row["key"] == key else offer(order, scope, row, there, key) for row in there}
    settle(plans)
    money = plans.get(chosen.offered or key)
    money = money if money and money.allowed else None
    return {
        "premium": premium_told(money, indicative),
        "payment": payment_told(chosen, money),
        "plans": [plan_told(one) for one in plans.values()],
        **({} if money is None or money.price is None else vars(money.price)),
    }


def offer(order: Order, scope: Scope, plan: Json, there: list[Json], chosen: str) -> Offered:
    """One plan priced as if it had been chosen."""
    question = order.document["payment"].get("question")
    path = f"payment.plans[{order.document['payment']['plans'].index(plan)}]"
    if plan["key"] != chosen and question in scope.values:
        other = order.start()
        walked = walk_with(order, other, plan["key"])
        if walked.unanswered:
            return Offered(plan, walked.unanswered)
        other.values.update(walked.values)
        other.edition()
        scope = other
    price = rate(scope, plan)
    total, inside = price.sums["total"], scope.within(plan_values(plan))
    parts, days = payments(inside, plan, total, path)
    reason = refusal(inside, plan, parts[0], total, path)
    return Offered(plan, [], price, parts, days, reason)


def settle(plans: dict[str, Offered]) -> None:
    """Of each refused plan the one that is offered."""
    for one in plans.values():
        if one.allowed is False:
            one.offered = next_allowed(plans, one)


def next_allowed(plans: dict[str, Offered], one: Offered) -> str | None:
    """By what each refused plan names; where that leads nowhere the first allowed plan."""
    passed: list[str] = []
    while one.allowed is False and one.plan["key"] not in passed:
        passed.append(one.plan["key"])
        named = one.plan.get("offered_instead")
        if named not in plans:
            break
        one = plans[named]
    allowed = [key for key, each in plans.items() if each.allowed]
    return str(one.plan["key"]) if one.allowed else next(iter(allowed), None)


def premium_told(money: Offered | None, indicative: bool) -> Json | None:
    if money is None or money.price is None:
        return None
    sums = money.price.sums
    return {
        "indicative": indicative,
        "steps": [{"key": key, "value": value} for key, value in money.price.steps],
        "net": sums["premium"],
        "tax": sums["tax"],
        "fees": sums["fee"],
        "rounding": sums["rounding"],
        "total": sums["total"],
    }


def payment_told(chosen: Offered, money: Offered | None) -> Json:
    """The chosen plan with the payments of the plan that is in force, which is the one it offers."""
    told: Json = {"plan": chosen.plan["key"], "allowed": chosen.allowed}
    if chosen.reason and chosen.parts:
        told |= {"reason": chosen.reason, "refused_instalment": chosen.parts[0], "offered": chosen.offered}
    return told | (money_told(money) if money else {"instalments": [], "fees": Decimal(0), "total": Decimal(0)})


def money_told(money: Offered) -> Json:
    assert money.parts is not None and money.price is not None
    fee = to_cent(Decimal(str(money.plan.get("fee_per_payment", 0))))
    fees = fee * len(money.parts)
    return {
        "instalments": [part + fee for part in money.parts],
        "fees": fees,
        "total": money.price.sums["total"] + fees,
    }


def plan_told(one: Offered) -> Json:
    """A plan on its own, as it stands among all plans; a refused one has no payments."""
    told: Json = {"plan": one.plan["key"], "allowed": one.allowed, "missing": one.missing}
    told |= {"reason": one.reason, "offered": one.offered, "refused_instalment": None}
    nothing = {"instalments": [], "days": [], "fees": Decimal(0), "total": Decimal(0), "commission": []}
    if one.allowed and one.price:
        return told | money_told(one) | {"days": one.days, "commission": one.price.commission}
    return told | nothing | ({"refused_instalment": one.parts[0]} if one.parts else {})
