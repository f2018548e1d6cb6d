"""A paper of a file told once more in another language: the same data, printed beside the paper that counts."""

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Company
from documents.models import Case, Document, DocumentKind
from documents.rendering.contents import Paper
from documents.rendering.errors import PaperError
from documents.rendering.plain import from_plain
from documents.services.papers import file_papers, other_languages, translation_of
from policies.contents import invoice_content, policy_content, withdrawal_content
from policies.models import Invoice, Policy, Withdrawal
from products.models import ProductVersion
from products.selectors import compiled
from quotations.contents import application_content, ipid_content, quotation_content, summary_content
from quotations.models import Quotation

Teller = Callable[[Document, Company, str], Paper]


def of_quotation(content: Callable[[Quotation, Company, str], Paper], number: str = "number") -> Teller:
    """A paper that is told from a quotation, which is found by the paper's reference."""
    return lambda document, company, language: content(
        Quotation.objects.get(case=document.case_id, **{number: document.reference}), company, language
    )


def policy(document: Document, company: Company, language: str) -> Paper:
    return policy_content(Policy.objects.get(number=document.reference), company, language)


def invoice(document: Document, company: Company, language: str) -> Paper:
    return invoice_content(Invoice.objects.get(number=document.reference), company, language)


def withdrawal(document: Document, company: Company, language: str) -> Paper:
    return withdrawal_content(Withdrawal.objects.get(policy__number=document.reference), company, language)


# A refusal holds a person's own words, and what was uploaded isn't ours to translate.
TELLERS: dict[str, Teller] = {
    DocumentKind.QUOTATION: of_quotation(quotation_content),
    DocumentKind.IPID: of_quotation(ipid_content),
    DocumentKind.SUMMARY: of_quotation(summary_content),
    DocumentKind.APPLICATION: of_quotation(application_content, "assessment__application__number"),
    DocumentKind.POLICY: policy,
    DocumentKind.INVOICE: invoice,
    DocumentKind.WITHDRAWAL: withdrawal,
}


def languages_for(document: Document, spoken: Iterable[str]) -> list[str]:
    """In which languages a paper can be told beside its own; a translation, and what isn't told from data, in none."""
    told = document.translates_id is None and document.kind in TELLERS
    return other_languages(document.language, spoken) if told else []


@step
def translate_paper(*, document: Document, language: str, company: Company, actor: Actor, on: date) -> Document:
    """File a paper once more in another language; a second time gives back the first. It is printed from the same data,
    and names the paper that counts by language and hash.

    Raises BusinessError where the product doesn't speak the language, where the data of today would print another paper
    than the one that was sent, or where it can't be printed so, for want of room for example.
    """
    # Of two at once the second finds the first's; papers of the case that are filed meanwhile don't wait.
    case = Case.objects.select_for_update(no_key=True).get(pk=document.case_id)
    version = ProductVersion.objects.get(pk=case.product_version_id)
    if language not in languages_for(document, compiled(version).definition.languages):
        raise BusinessError(
            _("This paper can’t be told in that language: its product doesn’t speak it."), code="language"
        )
    tell = TELLERS[document.kind]
    try:
        if tell(document, company, document.language) != from_plain(document.kind, document.content):
            raise BusinessError(
                _(
                    "What stands on this paper has changed since it was sent, so that a translation would say "
                    "something else."
                ),
                code="changed",
            )
        told = translation_of(document, tell(document, company, language), language)
        (filed,) = file_papers(case=case, company=company, prints=[told], on=on, actor=actor)
    except PaperError as error:
        raise BusinessError(
            _("This paper can’t be printed in that language: %(error)s"), code="paper", params={"error": str(error)}
        ) from error
    return filed
