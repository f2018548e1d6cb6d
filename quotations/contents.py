"""What the papers of a quotation say, put together from the application, its assessment and the offer."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from acceptance.selectors import find_decision
from applications.filler import client_name, filler_name
from applications.letterhead import lines_of
from applications.models import Application
from common.formats import day_in_prose
from companies.actor import ActorKind
from companies.models import Company
from companies.models.people import name_of
from documents.rendering.contents import (
    ApplicationCopyContent,
    IpidContent,
    Question,
    QuestionGroup,
    QuotationContent,
    SummaryContent,
)
from products.ipid import ipid_lines
from products.models import Channel
from products.withdrawing import TIME_OF_COVER, keeps
from quotations.models import Quotation
from quotations.services.orders import fact_words
from quotations.wording import Wording, wording_of


def quotation_content(quotation: Quotation, company: Company, language: str = "") -> QuotationContent:
    """The quotation by name (S0-18)."""
    words = wording_of(quotation, company, language)
    application = words.application
    with translation.override(words.language):
        return QuotationContent(
            number=quotation.number,
            issued_on=quotation.valid_from,
            law=company.country,
            rehearsal=company.is_rehearsal,
            product=words.product_name,
            edition=words.edition,
            subject=_("For %(name)s") % {"name": words.holder_name},
            currency=company.currency,
            addressee=words.addressee,
            adviser=words.adviser,
            application_number=application.number,
            applied_on=application.submitted_on,
            starts_on=words.offer.starts_on,
            ends_on=words.offer.ends_on,
            valid_until=quotation.valid_until - timedelta(days=1),
            risk=words.risk,
            cover=words.cover,
            premium=words.premium,
            plans=words.plans,
            clauses=words.clauses,
            terms=(words.conditions,),
            commission=words.commission,
            order_fact=fact_words(quotation),
            withdrawal_days=words.definition.withdrawal.days,
            withdrawal_keeps=keeps(words.definition) == TIME_OF_COVER,
            enclosures=(words.information, _("Copy of your application")),
            summarised=words.definition.ipid is None,
            released_by=released_by(application, words.language),
        )


def released_by(application: Application, language: str) -> str:
    """Who accepted what the robot left to a person; empty where the robot accepted."""
    decision = find_decision(application)
    if decision is None:
        return ""
    day = day_in_prose(decision.on, language)
    return _("Accepted by %(name)s on %(day)s.") % {"name": name_of(decision, "signed_by"), "day": day}


def ipid_content(quotation: Quotation, company: Company, language: str = "") -> IpidContent:
    """The information document of the chosen cover, by name (S0-14, S0-19)."""
    words = wording_of(quotation, company, language)
    ipid = words.definition.ipid
    if ipid is None:
        raise ValueError(f"Product {words.definition.key} has no information document.")
    return IpidContent(
        number=quotation.number,
        issued_on=quotation.valid_from,
        law=company.country,
        rehearsal=company.is_rehearsal,
        kind=words.say(ipid.type_name),
        product=words.say(ipid.product_name),
        prepared_for=words.holder_name,
        **ipid_lines(quotation.evaluation["ipid"], words.language),
    )


def summary_content(quotation: Quotation, company: Company, language: str = "") -> SummaryContent:
    """What is insured, what decided the price and how the contract ends, where there is no information document."""
    words = wording_of(quotation, company, language)
    with translation.override(words.language):
        return SummaryContent(
            number=quotation.number,
            issued_on=quotation.valid_from,
            law=company.country,
            rehearsal=company.is_rehearsal,
            product=words.product_name,
            edition=words.edition,
            currency=company.currency,
            prepared_for=words.holder_name,
            starts_on=words.offer.starts_on,
            ends_on=words.offer.ends_on,
            cover=words.cover,
            decided=words.risk,
            premium=words.premium,
            clauses=words.clauses,
            renewal=words.say(words.definition.renewal.text),
            cancellation=words.say(words.definition.cancellation.text),
            withdrawal=words.say(words.definition.withdrawal.text),
        )


def application_content(quotation: Quotation, company: Company, language: str = "") -> ApplicationCopyContent:
    """The application as submitted, question by question (S0-20)."""
    words = wording_of(quotation, company, language)
    application = words.application
    with translation.override(words.language):
        return ApplicationCopyContent(
            number=application.number,
            issued_on=application.submitted_on,
            law=company.country,
            rehearsal=company.is_rehearsal,
            version=1,
            product=words.product_name,
            edition=words.edition,
            applicant=words.holder_name,
            filled_in_by=filled_in_words(application, company),
            submitted_at=application.submitted_at,
            time_zone=company.time_zone,
            submitted_how=sent_how(application),
            groups=(product_questions(words), *person_questions(words)),
            declaration=declaration_of(application),
            confirmation=confirmation_of(application, company),
            decision=_("Your application was accepted."),
        )


def filled_in_words(application: Application, company: Company) -> str:
    """Who filled it in and for whom, as the copy says it (S0-05)."""
    names = {"client": client_name(application.parties), "filler": filler_name(application), "company": company.name}
    if application.filled_in_by == ActorKind.ADVISER:
        return _("%(filler)s, adviser, on behalf of %(client)s") % names
    if application.filled_in_by == ActorKind.EMPLOYEE:
        return _("%(filler)s of %(company)s on behalf of %(client)s") % names
    return names["client"]


def sent_how(application: Application) -> str:
    """By which way it came in."""
    if application.filled_in_by == ActorKind.EMPLOYEE:
        return _("by our office")
    if application.filled_in_by == ActorKind.ADVISER:
        by_client = application.declared_by == ActorKind.VISITOR
        return _("by the applicant, from the adviser's application") if by_client else _("by the adviser")
    return _("by the adviser's link") if application.channel == Channel.ADVISER else _("on our website")


def declaration_of(application: Application) -> str:
    """What was declared, in the words of who did."""
    if application.declared_by == ActorKind.VISITOR:
        return _("I have answered all questions truthfully and left nothing out.")
    return _(
        "The applicant gave these answers. He was told that they must be true and complete, and that wrong or "
        "incomplete answers can have consequences."
    )


def confirmation_of(application: Application, company: Company) -> str:
    """Who declared it."""
    if application.declared_by == ActorKind.VISITOR:
        name = client_name(application.parties)
        return _("Confirmed by %(name)s when the application was submitted.") % {"name": name}
    return _("Declared by %(name)s when the application was submitted.") % {
        "name": filled_in_words(application, company)
    }


def product_questions(words: Wording) -> QuestionGroup:
    """The questions of the product in the wording of its version; what the system filled in says so."""
    return QuestionGroup(
        title=words.product_name,
        questions=tuple(
            Question(
                number=str(place),
                text=words.say(spec.label),
                answer=words.answer(key),
                records=words.records(key),
                answered_by=_("the system") if spec.set_by_system else words.holder_name,
                help=words.say(spec.help),
                why=words.say(spec.why),
            )
            for place, (key, spec) in enumerate(words.submitted(), 1)
        ),
    )


def person_questions(words: Wording) -> list[QuestionGroup]:
    """Who applies and who else was named, with the day of birth masked."""
    numbers = count(1)
    return [
        QuestionGroup(
            title=title,
            questions=tuple(
                Question(number=f"P{next(numbers)}", text=label, answer=value, answered_by=words.holder_name, kind=kind)
                for label, value, kind in details_of(party, words.company.country)
            ),
        )
        for title, party in [(_("Policyholder"), words.holder), *words.others]
    ]


def details_of(party: Mapping[str, Any], country: str) -> list[tuple[str, str, Any]]:
    """What was told of a party: label, words, and what must not stand in full on paper."""
    name, *address = lines_of(party, country)
    rows = [
        (_("Name"), name, ""),
        (_("Registration number in the trade register"), party.get("registration_number"), ""),
        (_("Date of birth"), party.get("birth_date"), "birth_date"),
        (_("Address"), ", ".join(address), ""),
        (_("E-mail"), party.get("email"), ""),
        (_("Phone"), party.get("phone"), ""),
    ]
    return [(label, str(value), kind) for label, value, kind in rows if value]
