"""The receipt of a withdrawal: filed, mailed to whoever declared it, told to the adviser (Directive (EU) 2023/2673)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from common.db import step
from common.formats import moment, money, zone_name
from companies.actor import Actor
from companies.models import Company
from companies.trail import record
from correspondence.models import Addressee
from correspondence.services.mail import write
from documents.models import Document, DocumentKind
from documents.services.papers import Print, file_papers
from policies.contents import withdrawal_content, wording_of
from policies.models import Withdrawal
from quotations.offer import spoken


@step
def send_receipt(*, withdrawal: Withdrawal, company: Company, actor: Actor, on: date) -> Document:
    """File the receipt and write it, with content, day and time, to where the customer asked for it; the address of his
    application is told too where that is another, and his adviser in a message of his own, without a link.
    """
    policy = withdrawal.policy
    content = withdrawal_content(withdrawal, company)
    printed = Print(DocumentKind.WITHDRAWAL, f"withdrawal:{policy.number}", policy.number, content)
    (receipt,) = file_papers(case=policy.case, company=company, prints=[printed], on=on, actor=actor)
    words = wording_of(policy, company)
    known = str(words.holder["email"])
    for place, address in enumerate(dict.fromkeys((withdrawal.receipt_to, known))):
        key = f"withdrawal:{policy.number}" + (":known" if place else "")
        write_to_customer(withdrawal, company, [receipt], key=key, to=address)
    write_to_adviser(withdrawal, company, [receipt])
    record(receipt, "withdrawal.receipt", actor=actor, on=on, number=policy.number)
    return receipt


def values_of(withdrawal: Withdrawal, company: Company, language: str) -> dict[str, Any]:
    """What the mails tell, in a language."""
    words = wording_of(withdrawal.policy, company)
    return {
        "name": words.holder_name,
        "declared_by": withdrawal.declared_by,
        "number": withdrawal.policy.number,
        "product": spoken(words.definition.names, language),
        "moment": moment(withdrawal.received_at, ZoneInfo(company.time_zone), language),
        "zone": zone_name(withdrawal.received_at, ZoneInfo(company.time_zone), language),
        "back": money(withdrawal.to_pay_back, company.currency, language),
        "owed": money(withdrawal.still_to_pay, company.currency, language),
        "company": company.name,
    }


def write_to_customer(
    withdrawal: Withdrawal, company: Company, papers: Sequence[Document], *, key: str, to: str
) -> None:
    """The receipt on a durable medium: what was declared, by whom, when, and what follows."""
    language = withdrawal.policy.case.language
    with translation.override(language):
        values = values_of(withdrawal, company, language)
        body = _(
            "Dear %(name)s,\n\n"
            "We have received your withdrawal. This mail is the receipt; the letter with it says the same.\n\n"
            "Declaration: I withdraw from the contract %(number)s, %(product)s.\n"
            "Declared by: %(declared_by)s\n"
            "Received: %(moment)s (%(zone)s)\n\n"
            "%(follows)s %(money)s\n\n"
            "You have to do nothing more.\n\n"
            "Kind regards,\n%(company)s\n"
        )
        write(
            case=withdrawal.policy.case,
            key=key,
            addressee=Addressee.CUSTOMER,
            to=(values["name"], to),
            subject=_("Receipt of your withdrawal from policy %(number)s") % values,
            body=body % {**values, "follows": follows(withdrawal), "money": about_money(withdrawal, values)},
            documents=papers,
        )


def follows(withdrawal: Withdrawal) -> str:
    """What becomes of the contract, in a sentence."""
    if withdrawal.ended_on is None:
        return _(
            "The contract is treated as if it had never been made: nothing is insured by it, and you owe no premium."
        )
    return _("Cover has ended. We keep the premium for the time until your withdrawal; the rest is credited.")


def about_money(withdrawal: Withdrawal, values: dict[str, Any]) -> str:
    """What is paid back or still owed, in a sentence."""
    if withdrawal.to_pay_back:
        return _("You get %(back)s back within 30 days, to the account from which it came.") % values
    if withdrawal.still_to_pay:
        return _("Of the kept premium %(owed)s is still to be paid.") % values
    if withdrawal.kept_invoice_id is not None:
        return _("You have paid what we keep, so there is nothing to pay back.")
    return _("You have paid nothing, so there is nothing to pay back.")


def write_to_adviser(withdrawal: Withdrawal, company: Company, papers: Sequence[Document]) -> None:
    """The adviser's own message; it holds no address that could act for the customer."""
    adviser = withdrawal.policy.adviser
    if adviser is None or not adviser.email:
        return
    with translation.override(adviser.language):
        values = {**values_of(withdrawal, company, adviser.language), "adviser": adviser.name}
        body = _(
            "Dear %(adviser)s,\n\n"
            "%(name)s withdrew from policy %(number)s, %(product)s, on %(moment)s (%(zone)s). The receipt that your "
            "customer has comes with this mail. The commission on this policy is taken back in the same proportion.\n\n"
            "Kind regards,\n%(company)s\n"
        )
        write(
            case=withdrawal.policy.case,
            key=f"withdrawal:{withdrawal.policy.number}",
            addressee=Addressee.ADVISER,
            to=(adviser.name, adviser.email),
            subject=_("%(name)s withdrew from policy %(number)s") % values,
            body=body % values,
            documents=papers,
        )
