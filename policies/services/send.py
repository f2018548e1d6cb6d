"""The papers of a policy and the mails that carry them, with the application copy a second time (S0-24 to S0-27)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from common.formats import day_in_prose
from companies.actor import Actor
from companies.links import open_link
from companies.models import Company, Link, LinkKind
from companies.trail import record
from correspondence.models import Addressee
from correspondence.services.mail import write
from documents.models import Document, DocumentKind
from documents.rendering.contents import Paper
from documents.services.papers import Print, file_papers, file_told
from policies.contents import invoice_content, policy_content, wording_of
from policies.models import Invoice, Policy

OPEN_FOR = timedelta(days=120)


@step
def send_policy(*, policy: Policy, invoice: Invoice, company: Company, actor: Actor, on: date) -> None:
    """File policy and invoice, and write to customer and adviser, each with the application copy of the quotation."""
    copies = Document.objects.select_related("file").filter(case=policy.case_id, kind=DocumentKind.APPLICATION)
    copy = next((row for row in copies if row.translates_id is None), None)
    if copy is None:  # its job runs first; a retry finds it
        raise BusinessError(_("The copy of the application isn't filed yet."), code="copy_missing")
    numbers = {DocumentKind.POLICY: policy.number, DocumentKind.INVOICE: invoice.number}
    prints = [
        Print(kind, f"{kind.value}:{numbers[kind]}", numbers[kind], content)
        for kind, content in contents_of(policy, invoice, company).items()
    ]
    papers = file_papers(case=policy.case, company=company, prints=prints, on=on, actor=actor)
    language = policy.adviser.language if policy.adviser is not None else policy.case.language
    told = file_told(
        case=policy.case, company=company, papers=papers, language=language,
        spoken=wording_of(policy, company).definition.languages,
        tell=partial(contents_of, policy, invoice, company), on=on, actor=actor,
    )  # fmt: skip
    told += [row for row in copies if told and row.language == language]
    write_mails(policy, invoice, company, [*papers, copy], told)
    record(policy, "policy.sent", actor=actor, on=on, number=policy.number)


def contents_of(policy: Policy, invoice: Invoice, company: Company, language: str = "") -> dict[DocumentKind, Paper]:
    """What policy and invoice say, in the language of the case or in another one that the product speaks."""
    return {
        DocumentKind.POLICY: policy_content(policy, company, language),
        DocumentKind.INVOICE: invoice_content(invoice, company, language),
    }


def withdrawal_link(policy: Policy, company: Company) -> Link:
    """The customer's own address of his file; it lives well beyond the days in which he may withdraw."""
    expires = datetime.combine(policy.order.on + OPEN_FOR, time.min, ZoneInfo(company.time_zone))
    return open_link(kind=LinkKind.CASE, case_id=policy.case_id, addressee=Addressee.CUSTOMER, expires_at=expires)


def how_to_withdraw() -> str:
    """The right and the page for it, as the customer's mail says them."""
    return " ".join(
        (
            _("You may withdraw within the days named in the policy."),
            _("You can do it online: open this page and choose “Withdraw from this contract here”:\n{link}"),
        )
    )


def write_mails(
    policy: Policy, invoice: Invoice, company: Company, papers: Sequence[Document], told: Sequence[Document]
) -> None:
    """One message to the customer and, where there is one, one to the adviser, who has the papers as `told` too."""
    words = wording_of(policy, company)
    values = {
        "name": words.holder_name,
        "number": policy.number,
        "invoice": invoice.number,
        "product": words.product_name,
        "company": company.name,
    }
    with translation.override(words.language):
        values["start"] = day_in_prose(policy.starts_on)
        link = withdrawal_link(policy, company) if words.definition.withdrawal.days else None
        values["withdrawal"] = f" {how_to_withdraw()}" if link else ""
        body = _(
            "Dear %(name)s,\n\n"
            "Your order has become policy %(number)s, %(product)s: you are insured from %(start)s. With this mail come "
            "the policy, invoice %(invoice)s and a copy of your application.\n\n"
            "Check the policy against your application.%(withdrawal)s\n\n"
            "Kind regards,\n%(company)s\n"
        )
        write(
            case=policy.case,
            key=f"policy:{policy.number}",
            addressee=Addressee.CUSTOMER,
            to=(words.holder_name, words.holder["email"]),
            subject=_("Your policy %(number)s") % values,
            body=body % values,
            documents=papers,
            link=link,
        )
    adviser = policy.adviser
    if adviser is None or not adviser.email:
        return
    with translation.override(adviser.language):
        body = _(
            "Dear %(adviser)s,\n\n"
            "%(name)s has ordered: policy %(number)s, %(product)s, stands in your portfolio. With this mail come "
            "the policy, invoice %(invoice)s and a copy of the application.\n\n"
            "Kind regards,\n%(company)s\n"
        )
        write(
            case=policy.case,
            key=f"policy:{policy.number}",
            addressee=Addressee.ADVISER,
            to=(adviser.name, adviser.email),
            subject=_("Policy %(number)s of %(name)s") % values,
            body=body % {**values, "adviser": adviser.name},
            documents=[*papers, *told],
        )
