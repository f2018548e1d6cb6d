"""The customer's will: an order of a valid quotation, once, by its own link, with a fact that stands in no mail
(S0-22).
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from common.formats import day_in_prose
from companies.actor import Actor
from companies.models import Command, Link
from companies.moves import check_move
from companies.rows import insert_rows, update_rows
from companies.trail import Note, record_many
from correspondence.models import Addressee
from documents.models import ENCLOSED, Document, DocumentKind
from quotations.models import QUOTATION_MOVES, Order, Quotation, QuotationState

MOST_WRONG_FACTS = 5
BEFORE_ORDER = (  # what the customer has before his eyes, in the order of his page
    DocumentKind.IPID, DocumentKind.SUMMARY, DocumentKind.QUOTATION, DocumentKind.APPLICATION, *ENCLOSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Will:
    """That a customer wants a quotation: his command by his link, on a day, with the papers he had before his eyes."""

    quotation: Quotation
    command: Command
    link: Link
    on: date
    papers: list[dict[str, Any]]


class OrderRefused(BusinessError):
    """An order that can't be taken; the message says why and what to do."""

    default_code = "order_refused"


def quotation_for_update(case_id: int) -> Quotation | None:
    """The case's last quotation, locked, with all that it stands on, in one statement."""
    found = Quotation.objects.select_for_update(of=("self",)).select_related(
        "case", "assessment__application__adviser", "assessment__application__version__product"
    )
    unread = found.defer("assessment__trace", "assessment__application__version__definition")
    return unread.filter(case=case_id).order_by("-pk").first()


@step
def take_order(*, command: Command, actor: Actor, on: date) -> tuple[Order, bool]:
    """Record the order of the case's open quotation; the order and whether it is new.

    The same quotation ordered again gives the first order. Raises OrderRefused: a link that isn't the customer's, wrong
    fact (code wrong_fact; after five a person must help), expired, papers that changed since they were shown.
    """
    link = Link.objects.get(pk=command.link_id or 0)
    check_customer(link)
    quotation = quotation_for_update(command.case_id)
    if quotation is None:
        raise OrderRefused(_("There is no quotation in this file."), code="no_quotation")
    check_guesses(quotation, command)
    check_fact(quotation, command)
    if quotation.state == QuotationState.ORDERED:
        return Order.objects.get(quotation=quotation), False
    check_valid(quotation, on)
    check_plan(quotation, command)
    papers = shown_papers(quotation, command)
    return record_orders([Will(quotation, command, link, on, papers)], actor=actor)[0], True


@step
def take_orders(wills: Sequence[Will], *, actor: Actor) -> list[Order]:
    """Record orders of open quotations, each on its day; raises OrderRefused as `take_order` does, and keeps none."""
    for will in wills:
        check_customer(will.link)
        check_fact(will.quotation, will.command)
        check_valid(will.quotation, will.on)
        check_plan(will.quotation, will.command)
    return record_orders(wills, actor=actor)


def record_orders(wills: Sequence[Will], *, actor: Actor) -> list[Order]:
    """The orders' rows: by which link, from where, when, with which papers before the customer's eyes."""
    orders = insert_rows([order_of(will) for will in wills])
    for order in orders:
        check_move(QUOTATION_MOVES, order.quotation.state, QuotationState.ORDERED)
        order.quotation.state = QuotationState.ORDERED
    update_rows([order.quotation for order in orders], "state")
    notes = [
        Note(order, "quotation.ordered", order.on, case_id=order.quotation.case_id,
             details={"number": order.quotation.number, "plan": order.plan})
        for order in orders
    ]  # fmt: skip
    record_many(notes, actor=actor)
    return orders


def order_of(will: Will) -> Order:
    return Order(
        quotation=will.quotation,
        plan=str(will.command.payload["plan"]),
        link=will.link,
        command=will.command,
        address=will.command.address,
        ordered_at=will.command.recorded_at,
        on=will.on,
        fact=fact_asked(will.quotation),
        documents=will.papers,
    )


def check_customer(link: Link) -> None:
    """Only the customer's link orders."""
    if link.addressee != Addressee.CUSTOMER:
        raise OrderRefused(
            _("Only the customer can order, by the link in the mail to the customer."), code="not_customer"
        )


def check_guesses(quotation: Quotation, command: Command) -> None:
    """Guessing the fact is over after five wrong ones by a link.

    Wrong ones are counted by what was sent before, done or still waiting: guesses sent together gain nothing.
    """
    fact = fact_asked(quotation)
    told = quotation.assessment.application.parties["policyholder"].get(fact) or ""
    earlier = Command.objects.filter(link_id=command.link_id, kind=command.kind, pk__lt=command.pk)
    if earlier.exclude(**{f"payload__{fact}": told}).count() >= MOST_WRONG_FACTS:
        raise OrderRefused(
            _("Too many wrong answers were given by this link. Call us; we are glad to help."), code="closed"
        )


def check_fact(quotation: Quotation, command: Command) -> None:
    """The day of birth as the applicant told it."""
    fact = fact_asked(quotation)
    told = quotation.assessment.application.parties["policyholder"].get(fact) or ""
    if not told or not hmac.compare_digest(str(command.payload.get(fact, "")).encode(), str(told).encode()):
        raise OrderRefused(
            _("That isn't the date of birth in the application.")
            if fact == "birth_date"
            else _("That isn't the registration number in the application."),
            code="wrong_fact",
        )


def fact_asked(quotation: Quotation) -> str:
    """What the order asks for and no mail holds: a person's day of birth, an organisation's registration number."""
    holder = quotation.assessment.application.parties["policyholder"]
    return "birth_date" if holder.get("birth_date") else "registration_number"


def fact_words(quotation: Quotation) -> str:
    """The fact as the customer is asked for it."""
    return _("your date of birth") if fact_asked(quotation) == "birth_date" else _("your registration number")


def check_valid(quotation: Quotation, on: date) -> None:
    """An offer ends; ordering after it is refused with the way to a new one (S0-23)."""
    if quotation.state == QuotationState.EXPIRED or not quotation.valid_from <= on < quotation.valid_until:
        raise OrderRefused(
            _("Quotation %(number)s was valid until %(day)s. Apply again, and you get a new one within a minute.")
            % {"number": quotation.number, "day": last_day(quotation)},
            code="expired",
        )


def check_plan(quotation: Quotation, command: Command) -> None:
    """An order picks one of the plans that were quoted."""
    if str(command.payload.get("plan", "")) not in plans_of(quotation):
        raise OrderRefused(_("Choose one of the payment plans of the quotation."), code="plan")


def last_day(quotation: Quotation) -> str:
    """The last day of an offer in the reader's language."""
    return day_in_prose(quotation.valid_until - timedelta(days=1), get_language() or "en")


def shown_papers(quotation: Quotation, command: Command) -> list[dict[str, Any]]:
    """The papers the customer had before his eyes, by hash; refused if they aren't those in the file."""
    binding = Document.objects.filter(case=quotation.case_id, kind__in=BEFORE_ORDER, translates=None)
    filed = [
        {"kind": row.kind, "reference": row.reference, "sha256": row.file.sha256}
        for row in binding.select_related("file").order_by("pk")
    ]
    shown = {str(row.get("sha256")) for row in command.payload.get("documents", []) if isinstance(row, dict)}
    if not filed or shown != {row["sha256"] for row in filed}:
        raise OrderRefused(
            _("The papers of this quotation have changed. Open the page again and read them."), code="papers"
        )
    return filed


def plans_of(quotation: Quotation) -> dict[str, dict[str, Any]]:
    """The payment plans that the quotation offers, by key."""
    return {plan["plan"]: plan for plan in quotation.evaluation["plans"] if plan.get("allowed", True)}
