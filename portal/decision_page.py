"""All that a person looks at before he decides an application, on one page (S0-11, S0-12, GDPR art. 22)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from acceptance import selectors
from acceptance.models import Assessment, Decision, Stage, Verdict
from acceptance.rating import rated_again
from acceptance.rules import authority_needed, promised_by, time_left
from acceptance.services.decide import who_decided
from acceptance.services.impartial import find_bias
from acceptance.telling import Chapter, for_auditor, for_customer, for_underwriter
from acceptance.ways import behind
from applications.models import Application, ApplicationState
from companies.actor import Actor
from companies.doors import Door
from companies.models import User
from portal.case_file import Told, answers_told
from portal.worksheet import Row, worksheet
from products.language import Evaluation, to_json
from products.selectors import compiled
from quotations.offer import Offer, spoken
from quotations.services.quote import offer_of

READERS = ("underwriter", "customer", "audit")


def authority_of(reason: Mapping[str, Any]) -> str:
    """Whom a rule asks for, in a sentence; empty where it names nobody."""
    found = str(reason.get("authority") or "")
    return _("an acceptor") if found == "acceptor" else found.replace("_", " ")


@dataclass(frozen=True)
class DecisionPage:
    """One application with its assessment as its decision's page shows it. Amounts are in the company's currency."""

    application: Application
    assessment: Assessment
    actor: Actor
    language: str
    on: date
    country: str  # whose working days a promise counts
    tried: Mapping[str, Any] | None = None  # what an acceptor would set, to see its price before he signs

    @cached_property
    def stage(self) -> Stage | None:
        """For what it waits; None where nobody has to decide."""
        stage = selectors.STAGE_OF.get(ApplicationState(self.application.state))
        if stage == Stage.REVIEW and not selectors.waits_for_review(self.application):
            return None
        return stage

    @cached_property
    def proposal(self) -> Decision | None:
        """A decision that waits for its second name."""
        return selectors.find_proposal(self.application)

    @cached_property
    def decisions(self) -> list[dict[str, Any]]:
        """What people decided and proposed, newest first."""
        return [
            {
                "decision": row,
                "terms": self.terms_told(row),
                "answers": self.answers_told(row),
                "reasons": [spoken(reason["underwriter"], self.language) or reason["key"] for reason in row.reasons],
                "second": next(iter(row.countersignatures.all()), None),
                "mark": "run" if row.verdict == Verdict.ACCEPT else "end",
            }
            for row in selectors.decisions_of(self.application)
        ]

    def terms_told(self, decision: Decision) -> list[dict[str, str]]:
        """Terms of a decision in the reader's words, each with its reason."""
        return [
            {
                "name": row.get("title") or spoken(row["names"], self.language) or row["key"],
                "text": row.get("text", ""),
                "reason": row["reason"],
            }
            for row in selectors.terms_of(decision, self.application.version.definition)
        ]

    def answers_told(self, decision: Decision) -> list[Told]:
        """What a decision set, in the reader's words."""
        return answers_told(decision.answers, self.application.version, self.language)

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """What is set: as it is tried, else by the proposal that waits, else by the decision that holds."""
        if self.tried is not None:
            return self.tried
        signed = self.proposal or selectors.find_decision(self.application)
        return signed.answers if signed else {}

    @property
    def authority(self) -> str:
        """What the rules ask beyond every acceptor's own authority, also by what is set."""
        return authority_needed([*self.assessment.reasons, *to_json(self.evaluation.reasons)])

    @cached_property
    def bias(self) -> str:
        """Why this reader may not decide, as a sentence."""
        return find_bias(self.application, self.actor.user_id)

    @property
    def settled(self) -> str:
        """Who decided, where nothing waits."""
        return who_decided(self.application)

    @cached_property
    def deciders(self) -> list[dict[str, Any]]:
        """Who may decide or countersign, and who of them not alone; the operator is shown no logins."""
        if self.actor.door == Door.OPERATOR:
            return []
        stage = self.stage or Stage.REFERRAL
        above = bool(self.authority)
        return [
            {"user": user, "holds": self.holds(user, holds, above=above), "enough": holds or not above}
            for user, holds in selectors.deciders(stage, above=above)
        ]

    def holds(self, user: User, named: bool, *, above: bool) -> str:
        """What a decider may do here."""
        if not above:
            return _("decides alone")
        if self.proposal is not None and self.proposal.signed_by_id == user.pk:
            return _("proposed it")
        return _("may countersign") if named else _("may propose")

    @cached_property
    def assigned(self) -> User | None:
        """On whose desk it lies."""
        return selectors.assigned_to(self.application)

    @cached_property
    def requests(self) -> list[Any]:
        """The customer's requests for a person, newest first."""
        return selectors.requests_of(self.application)

    @property
    def since(self) -> date:
        """The day from which the promise counts."""
        return self.requests[0].on if self.requests and self.stage == Stage.REVIEW else self.application.submitted_on

    @property
    def promise(self) -> dict[str, Any] | None:
        """By when an answer is promised, and which share of the time is left."""
        if self.stage is None:
            return None
        until = promised_by(self.stage, self.since, country=self.country)
        return {"until": until, "left": time_left(self.since, until, on=self.on)}

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The rules that left it to a person, in the underwriter's words."""
        return [
            {
                "key": reason["key"],
                "outcome": reason["outcome"],
                "text": spoken(reason.get("underwriter"), self.language),
                "detail": spoken(reason.get("detail"), self.language),
                "authority": authority_of(reason),
            }
            for reason in self.assessment.reasons
        ]

    @property
    def counted(self) -> dict[str, int]:
        """How many rules were looked at, and how many passed."""
        rules = [row for row in self.assessment.trace["trace"]["conditions"] if row["kind"] == "rule"]
        return {"all": len(rules), "passed": sum(not row["fired"] for row in rules)}

    def told(self, reader: str) -> list[Chapter]:
        """The robot's road in the words of a reader: underwriter, customer or audit."""
        product = compiled(self.application.version)
        if reader == "audit":
            return for_auditor(self.assessment.trace, product, language=self.language) + self.road_by_answers
        if reader == "underwriter":
            return for_underwriter(self.assessment.trace, product, language=self.language)
        return []

    @property
    def road_by_answers(self) -> list[Chapter]:
        """For audit: where the road is another one by what is set, chapter by chapter."""
        if not self.answers:
            return []
        product, found = compiled(self.application.version), to_json(self.evaluation)
        robots, anew = (
            for_auditor(trace, product, language=self.language)[1:] for trace in (self.assessment.trace, found)
        )
        return [
            Chapter(_("By what was set: %(title)s") % {"title": chapter.title}, chapter.lines)
            for chapter in anew
            if chapter not in robots
        ]

    def said(self) -> list[str]:
        """What the customer was told, in his own language."""
        language = self.application.language
        return for_customer(self.assessment.trace, compiled(self.application.version), language=language)

    @cached_property
    def looked_at(self) -> set[str]:
        """The answers that a rule which fired looks at; they stand out on the page."""
        fired = {reason["key"] for reason in self.assessment.reasons}
        rules = compiled(self.application.version).rules
        return {name for part in rules if part.spec.key in fired for name in part.when.names}

    @cached_property
    def evaluation(self) -> Evaluation:
        """The price that a person's acceptance would have."""
        return rated_again(self.application, answers=self.answers)

    @property
    def total_tried(self) -> Decimal | None:
        """What it would cost, with tax and fees, where something is tried that has a price."""
        payment = self.evaluation.payment
        return payment.total if self.tried is not None and payment is not None else None

    @property
    def why_no_price(self) -> str:
        """Why it can't be accepted; empty where there is a price."""
        if self.evaluation.premium is not None:
            return ""
        because = (self.evaluation.not_rated_because or {}).get(self.language, "")
        return because or _("the product has no tariff for it")

    def sheet(self, sections: Mapping[str, str]) -> list[Row]:
        """The indicative premium, step by step, on the plan that was asked for."""
        if self.evaluation.premium is None or self.evaluation.plan is None:
            return []
        offer = Offer(offer_of(self.evaluation), self.evaluation.plan)
        return worksheet(offer, sections=sections, language=self.language)

    @property
    def terms(self) -> list[dict[str, str]]:
        """The terms that are on it by the product's own conditions."""
        return [
            {"key": term.key, "name": spoken(term.names, self.language), "text": spoken(term.text, self.language)}
            for term in self.evaluation.terms
        ]

    @property
    def terms_to_add(self) -> dict[str, str]:
        """The product's other terms, by key with their name; what follows from what is set isn't added by hand."""
        product = compiled(self.application.version)
        on = {term.key for term in self.evaluation.terms}
        theirs = {part.spec.key for part in product.questions if part.spec.set_by}
        return {
            part.spec.key: spoken(part.spec.names, self.language)
            for part in product.terms
            if part.spec.key not in on
            and not (part.when and theirs.intersection(behind(product, list(part.when.names))))
        }
