"""The papers of a quotation and the mails that carry them: one message per addressee, each with its own link (S0-17
to S0-20).
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from acceptance.selectors import find_decision
from common.db import step
from common.formats import day_in_prose
from companies.actor import Actor
from companies.links import open_link
from companies.models import Company, LinkKind
from companies.trail import record
from correspondence.models import Addressee
from correspondence.services.mail import write
from documents.models import Document, DocumentKind
from documents.rendering.contents import Paper
from documents.services.papers import Print, file_enclosed, file_papers, file_told
from products.selectors import compiled, papers_for
from quotations.contents import application_content, ipid_content, quotation_content, summary_content
from quotations.models import Quotation
from quotations.offer import spoken
from quotations.services.orders import fact_words
from quotations.services.quote import added_terms
from quotations.wording import wording_of

AFTER_EXPIRY = timedelta(days=90)  # the link shows the file for a while after the offer has ended


@step
def send_quotation(*, quotation: Quotation, company: Company, actor: Actor, on: date) -> None:
    """File quotation, information document and application copy, and write to customer and adviser."""
    papers = papers_of(quotation, company, actor=actor, on=on)
    write_to_customer(quotation, company, papers)
    adviser = quotation.assessment.application.adviser
    if adviser is not None:
        told = file_told(
            case=quotation.case, company=company, papers=papers, language=adviser.language,
            spoken=wording_of(quotation, company).definition.languages,
            tell=partial(contents_of, quotation, company), on=on, actor=actor,
        )  # fmt: skip
        write_to_adviser(quotation, company, [*papers, *told])
    record(quotation, "quotation.sent", actor=actor, on=on, number=quotation.number)


def papers_of(quotation: Quotation, company: Company, *, actor: Actor, on: date) -> list[Document]:
    """The three papers, rendered once, and terms and service document of the version as they were uploaded; a product
    without information document has a summary of cover in its place.
    """
    contents = contents_of(quotation, company)
    numbers = dict.fromkeys(contents, quotation.number)
    numbers[DocumentKind.APPLICATION] = quotation.assessment.application.number
    prints = [
        Print(kind, f"{kind.value}:{numbers[kind]}", numbers[kind], content) for kind, content in contents.items()
    ]
    printed = file_papers(case=quotation.case, company=company, prints=prints, on=on, actor=actor)
    return [*printed, *file_enclosed(case=quotation.case, enclosed=enclosed(quotation, on), actor=actor)]


def contents_of(quotation: Quotation, company: Company, language: str = "") -> dict[DocumentKind, Paper]:
    """What the three papers say, in the language of the application or in another one that the product speaks."""
    contents: dict[DocumentKind, Paper] = {DocumentKind.QUOTATION: quotation_content(quotation, company, language)}
    if wording_of(quotation, company).definition.ipid is None:
        contents[DocumentKind.SUMMARY] = summary_content(quotation, company, language)
    else:
        contents[DocumentKind.IPID] = ipid_content(quotation, company, language)
    contents[DocumentKind.APPLICATION] = application_content(quotation, company, language)
    return contents


def enclosed(quotation: Quotation, on: date) -> list[Document]:
    """The papers of the version in the customer's language, but those that the product leaves out for these answers."""
    version = quotation.assessment.application.version
    reference = f"{version.product.number}-{version.number}"
    named_in_product = {part.kind for part in compiled(version).definition.documents}
    return [
        Document(
            case=quotation.case, kind=DocumentKind(paper.kind), key=f"{paper.kind}:{reference}", reference=reference,
            language=paper.language, file=paper.file, source=paper.file, pages=paper.pages,
            source_sha256=paper.file.sha256, fingerprint="", content={}, on=on,
        )
        for paper in papers_for(version, quotation.case.language)
        if paper.kind not in named_in_product or paper.kind in quotation.evaluation.get("documents", ())
    ]  # fmt: skip


def expiry(quotation: Quotation, company: Company) -> datetime:
    """The end of a link: some weeks after the offer's last day."""
    return datetime.combine(quotation.valid_until + AFTER_EXPIRY, time.min, ZoneInfo(company.time_zone))


def named(papers: Sequence[Document]) -> str:
    """The papers of a mail by their kind, a line each, in the language that is spoken."""
    return "\n".join(f"- {paper.title}" for paper in papers)


def write_to_customer(quotation: Quotation, company: Company, papers: Sequence[Document]) -> None:
    """The customer's mail with the link that can order."""
    words = wording_of(quotation, company)
    link = open_link(
        kind=LinkKind.CASE,
        case_id=quotation.case_id,
        addressee=Addressee.CUSTOMER,
        expires_at=expiry(quotation, company),
    )
    with translation.override(words.language):
        body = _(
            "Dear %(name)s,\n\n"
            "Your application %(application)s was accepted. With this mail come:\n%(papers)s\n\n"
            "Quotation %(number)s is valid until %(until)s. Read it and order by this page; it will ask for %(fact)s:\n"
            "{link}\n\n"
            "This link is yours alone, so don't pass it on.\n\n"
            "Kind regards,\n%(company)s\n"
        )
        told = body % {
            "name": words.holder_name,
            "application": words.application.number,
            "number": quotation.number,
            "papers": named(papers),
            "until": day_in_prose(quotation.valid_until - timedelta(days=1), words.language),
            "fact": fact_words(quotation),
            "company": company.name,
        }
        told = with_decision(told, quotation)
        write(
            case=quotation.case,
            key=f"quotation:{quotation.number}",
            addressee=Addressee.CUSTOMER,
            to=(words.holder_name, words.holder["email"]),
            subject=_("Your quotation %(number)s for %(product)s")
            % {"number": quotation.number, "product": words.product_name},
            body=told,
            documents=papers,
            link=link,
        )


def with_decision(body: str, quotation: Quotation) -> str:
    """A mail's text with a paragraph behind its first on what a person decided and which terms he added."""
    decision = find_decision(quotation.assessment.application)
    if decision is None:
        return body
    language = quotation.assessment.application.language
    lines = [
        f"- {spoken(term['names'], language)}: {spoken(term['text'], language)}" for term in added_terms(quotation)
    ]
    said = (
        "\n".join([_("One of our people looked at the application and accepted it with these terms:"), *lines])
        if lines
        else _("One of our people looked at the application and accepted it as asked.")
    )
    dear, first, *rest = body.split("\n\n")
    return "\n\n".join([dear, first, said, *rest])


def write_to_adviser(quotation: Quotation, company: Company, papers: Sequence[Document]) -> None:
    """The adviser's mail: the same papers and a page to read on, without the customer's power to order (traps 12)."""
    words = wording_of(quotation, company)
    adviser = words.application.adviser
    if adviser is None or not adviser.email:
        return
    link = open_link(
        kind=LinkKind.CASE,
        case_id=quotation.case_id,
        addressee=Addressee.ADVISER,
        expires_at=expiry(quotation, company),
    )
    with translation.override(adviser.language):
        body = _(
            "Dear %(adviser)s,\n\n"
            "The application %(application)s of %(name)s was accepted. With this mail come:\n%(papers)s\n\n"
            "Your customer has them too. You can read quotation %(number)s here; only the customer can order:\n"
            "{link}\n\n"
            "Kind regards,\n%(company)s\n"
        )
        told = body % {
            "adviser": adviser.name,
            "application": words.application.number,
            "name": words.holder_name,
            "number": quotation.number,
            "papers": named(papers),
            "company": company.name,
        }
        told = with_decision(told, quotation)
        write(
            case=quotation.case,
            key=f"quotation:{quotation.number}",
            addressee=Addressee.ADVISER,
            to=(adviser.name, adviser.email),
            subject=_("Quotation %(number)s for %(name)s") % {"number": quotation.number, "name": words.holder_name},
            body=told,
            documents=papers,
            link=link,
        )
