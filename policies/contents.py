"""What policy and invoice say, put together from what was issued and booked."""

from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from applications.letterhead import lines_of
from common.formats import day_in_prose, town_line
from companies.models import Company
from companies.models.company import Profile
from documents.rendering.contents import (
    Charge,
    Fact,
    InvoiceContent,
    InvoiceInstalment,
    InvoiceLine,
    PolicyContent,
    Remittance,
    Transfer,
    WithdrawalContent,
)
from policies.models import Invoice, Policy, Withdrawal
from policies.services.invoicing import ROUNDING
from products.withdrawing import TIME_OF_COVER, keeps
from quotations.offer import ZERO, Offer, spoken
from quotations.wording import Wording


def wording_of(policy: Policy, company: Company, language: str = "") -> Wording:
    """The words of a policy on the plan that was ordered."""
    quotation = policy.order.quotation
    offer = Offer(quotation.evaluation, policy.order.plan)
    return Wording(quotation.assessment.application, offer, company, language)


def policy_content(policy: Policy, company: Company, language: str = "") -> PolicyContent:
    """The policy, equal to the quotation on the ordered plan (S0-25)."""
    words = wording_of(policy, company, language)
    with translation.override(words.language):
        return PolicyContent(
            number=policy.number,
            issued_on=policy.order.on,
            law=company.country,
            rehearsal=company.is_rehearsal,
            version=1,
            reason=_("New insurance, ordered on %(day)s") % {"day": day_in_prose(policy.order.on, words.language)},
            product=words.product_name,
            edition=words.edition,
            currency=company.currency,
            addressee=words.addressee,
            customer_number=policy.holder.number,
            adviser=words.adviser,
            valid_from=policy.starts_on,
            term_until=policy.renews_on,
            parties=(
                Fact(label=_("Policyholder"), value=", ".join(words.addressee.lines)),
                *(Fact(label=role, value=", ".join(lines_of(told, company.country))) for role, told in words.others),
            ),
            risk=words.risk,
            cover=words.cover,
            premium=words.premium,
            plan=words.plan(words.offer.chosen, chosen=True),
            clauses=words.clauses,
            terms=(words.conditions,),
            quotation_number=policy.order.quotation.number,
            applied_on=words.application.submitted_on,
            commission=words.commission,
            withdrawal_days=words.definition.withdrawal.days,
            withdrawal_keeps=keeps(words.definition) == TIME_OF_COVER,
        )


def invoice_content(invoice: Invoice, company: Company, language: str = "") -> InvoiceContent:
    """The invoice as booked: its lines, tax and instalments; what is due first can be paid by its QR code (S0-26)."""
    words = wording_of(invoice.policy, company, language)
    lines, instalments = list(invoice.lines.order_by("position")), list(invoice.instalments.order_by("position"))
    premiums, fees = [line for line in lines if line.section_id], [line for line in lines if not line.section_id]
    first = instalments[0]
    to_pay = next((row for row in instalments if row.amount), first)  # some plans begin with nothing
    taxed = {row["key"] for row in words.offer.components("fee") if row["taxed"] and words.taxes}
    with translation.override(words.language):
        return InvoiceContent(
            number=invoice.number,
            issued_on=invoice.invoiced_on,
            law=company.country,
            rehearsal=company.is_rehearsal,
            policy_number=invoice.policy.number,
            product=words.product_name,
            currency=company.currency,
            addressee=words.addressee,
            customer_number=invoice.debtor.number,
            adviser=words.adviser,
            period_from=invoice.term_from,
            period_until=invoice.term_until,
            lines=tuple(
                InvoiceLine(name=spoken(line.names, words.language), premium=line.net, taxed=line.tax_class != "exempt")
                for line in premiums
            ),
            charges=tuple(
                Charge(name=spoken(line.names, words.language), amount=line.net, taxed=line.kind in taxed)
                for line in fees
                if line.kind != ROUNDING
            ),
            taxes=words.taxes,
            rounding=sum((line.net for line in fees if line.kind == ROUNDING), start=0 * invoice.net),
            total=invoice.total,
            tax_due_on=first.due_on,
            schedule=tuple(
                InvoiceInstalment(due_on=row.due_on, amount=row.amount, collected=False) for row in instalments
            ),
            transfer=transfer_of(invoice, to_pay),
            remittance=remittance_of(invoice, to_pay),
            first_premium=True,
        )


def transfer_of(invoice: Invoice, first: Any) -> Transfer | None:
    """To which account the first instalment goes; a company without a European account prints none."""
    profile = Profile.objects.first()
    if profile is None or not profile.iban or not first.amount:
        return None
    return Transfer(
        payee=company_name(invoice),
        iban=profile.iban,
        bic=profile.bic,
        amount=first.amount,
        reference=invoice.payment_reference,
        due_on=last_day_to_pay(invoice, first),
    )


def remittance_of(invoice: Invoice, first: Any) -> Remittance | None:
    """By check or by a transfer that is asked for: how a company without a European account is paid."""
    profile = Profile.objects.first()
    if profile is None or profile.iban or not first.amount:
        return None
    return Remittance(
        payee=company_name(invoice),
        address=(profile.street, town_line(profile.postcode, profile.city, invoice.company.country)),
        amount=first.amount,
        reference=invoice.payment_reference,
        due_on=last_day_to_pay(invoice, first),
        phone=profile.phone,
        mail=profile.email,
    )


def last_day_to_pay(invoice: Invoice, first: Any) -> date:
    """The first due day, but never sooner than two weeks after the invoice."""
    last: date = max(first.due_on, invoice.invoiced_on + timedelta(days=14))
    return last


def company_name(invoice: Invoice) -> str:
    return Company.objects.only("name").get(pk=invoice.company_id).name


def withdrawal_content(withdrawal: Withdrawal, company: Company, language: str = "") -> WithdrawalContent:
    """The receipt of a withdrawal: what was declared and when, what was invoiced, what is kept and what comes back."""
    policy = withdrawal.policy
    words = wording_of(policy, company, language)
    note, kept = withdrawal.credit_note, withdrawal.kept_invoice
    invoiced, stays = -note.total if note else ZERO, kept.total if kept else ZERO
    with translation.override(words.language):
        return WithdrawalContent(
            number=policy.number,
            issued_on=withdrawal.on,
            law=company.country,
            rehearsal=company.is_rehearsal,
            product=words.product_name,
            currency=company.currency,
            addressee=words.addressee,
            customer_number=policy.holder.number,
            adviser=words.adviser,
            declared_by=withdrawal.declared_by,
            received_at=withdrawal.received_at,
            time_zone=company.time_zone,
            receipt_to=withdrawal.receipt_to,
            starts_on=policy.starts_on,
            ended_on=withdrawal.ended_on,
            invoiced=invoiced,
            kept=stays,
            credited=invoiced - stays,
            credit_note=note.number if note else "",
            kept_invoice=kept.number if kept else "",
            to_pay_back=withdrawal.to_pay_back,
            still_to_pay=withdrawal.still_to_pay,
        )
