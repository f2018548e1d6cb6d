"""A Case as one file: what it is now, its facts, papers and messages. Quotation and policy file are one (S0-29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from acceptance.models import Assessment
from applications.files import kind_and_size
from applications.models import Application, ApplicationState, Upload
from applications.office import MARKS as APPLICATION_MARKS
from applications.office import holder_in_text
from applications.services.uploads import uploads_of
from applications.told import answer_told
from common import formats
from companies.actor import Actor
from companies.models import Job, JobState
from correspondence.models import Message
from correspondence.services.mail import job_of
from documents.models import Case, Document
from documents.selectors import cases_visible_to, documents_visible_to
from policies.models import Invoice, Policy, PolicyState, PolicyVersion
from policies.views import MARKS as POLICY_MARKS
from products.language import Product as Compiled
from products.language import read_answer
from products.models import Product, ProductVersion
from products.selectors import compiled, products_shown
from quotations.models import Quotation, QuotationState
from quotations.offer import Offer, spoken
from quotations.office import MARKS as QUOTATION_MARKS


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with the latest of each thing in it; what hasn't come yet is None."""

    case: Case
    product: Product
    application: Application | None
    quotation: Quotation | None
    policy: Policy | None
    version: PolicyVersion | None

    @property
    def title(self) -> str:
        """Whose file it is."""
        if self.policy is not None:
            return str(self.policy.holder)
        return (holder_in_text(self.application) if self.application else "") or self.case.number

    @property
    def state(self) -> tuple[str, str]:
        """The state of the furthest thing: (mark, word)."""
        if self.policy is not None:
            return POLICY_MARKS[PolicyState(self.policy.state)], self.policy.get_state_display()
        if self.quotation is not None:
            return QUOTATION_MARKS[QuotationState(self.quotation.state)], quotation_word(self.quotation)
        if self.application is not None:
            return APPLICATION_MARKS[ApplicationState(self.application.state)], self.application.get_state_display()
        return "wait", _("Being filled in")

    @property
    def number(self) -> str:
        """The number of the furthest thing."""
        found = self.policy or self.quotation or self.application or self.case
        return str(found.number)

    @property
    def insured(self) -> str:
        """What is insured, as a policy that was taken over says it."""
        return str(self.version.evaluation.get("insured") or "") if self.version is not None else ""

    @property
    def offer(self) -> Offer | None:
        """The price as it stands: the policy version's, else the quotation's."""
        if self.version is not None:
            return Offer(self.version.evaluation, self.version.plan)
        return Offer(self.quotation.evaluation, self.quotation.plan) if self.quotation else None


def quotation_word(quotation: Quotation) -> str:
    """The quotation's state in words."""
    return _("Quotation: %(state)s") % {"state": quotation.get_state_display()}


def find_case_file(number: str, *, actor: Actor) -> CaseFile | None:
    """The file behind a case's number, if the actor may see it."""
    case = cases_visible_to(actor).filter(number=number).first()
    if case is None:
        return None
    policy = Policy.objects.select_related("holder", "adviser").filter(case=case).order_by("-pk").first()
    return CaseFile(
        case=case,
        product=products_shown().get(pk=case.product_id),
        application=Application.objects.select_related("adviser").filter(case=case).order_by("-pk").first(),
        quotation=Quotation.objects.filter(case=case).order_by("-pk").first(),
        policy=policy,
        version=PolicyVersion.objects.filter(policy=policy).order_by("-number").first() if policy else None,
    )


def version_of(case: Case) -> ProductVersion | None:
    """The product version that the case was opened with; None where the reader may not see it."""
    return ProductVersion.objects.filter(pk=case.product_version_id).only("definition", "state", "sha256").first()


def definition_of(case: Case) -> dict[str, Any]:
    """The product document that the case was opened with; an empty one where the reader may not see it."""
    version = version_of(case)
    return version.definition if version else {}


def section_names(definition: dict[str, Any], language: str) -> dict[str, str]:
    """Names of the cover units by key."""
    return {row["key"]: spoken(row.get("names"), language) for row in definition.get("sections") or []}


@dataclass(frozen=True, slots=True)
class Told:
    """A question with its answer as it is read; the records of a list stand one by one, each label with its words."""

    key: str
    label: str
    words: str
    records: tuple[tuple[tuple[str, str], ...], ...] = ()


def answers_told(answers: Mapping[str, Any], version: ProductVersion | None, language: str) -> list[Told]:
    """Questions and answers in the order they were asked, in the reader's language, as the form writes them."""
    if version is None:
        return []
    product = compiled(version)
    asked = (part.spec.key for part in product.questions)
    return [told_answer(product, key, answers[key], language) for key in asked if key in answers]


def told_answer(product: Compiled, key: str, stored: Any, language: str) -> Told:
    """One question as it was asked and answered."""
    spec = next(part.spec for part in product.questions if part.spec.key == key)
    value = None if stored in (None, "") else read_answer(product, key, stored)
    records = product.records_in_words(key, value or (), language) if spec.type == "list" else []
    words = answer_told(product, key, value, language)
    return Told(key, spoken(spec.label, language), words, tuple(tuple(record) for record in records))


def uploads_told(case: Case) -> list[tuple[Upload, str]]:
    """The files that came with the application, each with its kind and size."""
    return [(row, kind_and_size(row.file)) for row in uploads_of(case.pk)]


def parties_in_words(application: Application) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each role with what the application tells of it; an address in one line."""
    names = {"policyholder": _("Policyholder"), "payer": _("Payer"), "insured": _("Insured")}
    labels = {
        "given_names": _("Given names"), "name": _("Name"), "birth_date": _("Birth date"), "email": _("E-mail"),
        "phone": _("Phone"), "address": _("Address"), "registration_number": _("Registration number"),
        "iban": _("IBAN"), "account_holder": _("Account holder"),
    }  # fmt: skip
    return [
        (
            names.get(role, role),
            [
                (labels.get(key, key), fact_in_words(key, told[key]))
                for key in [*labels, *(set(told) - set(labels))]
                if told.get(key) and key != "kind"
            ],
        )
        for role, told in application.parties.items()
        if isinstance(told, dict)
    ]


def fact_in_words(key: str, value: Any) -> str:
    """A fact of a party; an address becomes one line, a day is written as it is read."""
    if key == "birth_date":
        return formats.day(date.fromisoformat(str(value)))
    if isinstance(value, dict):
        country = str(value.get("country") or "")
        street = formats.street_line(value.get("street", ""), value.get("house_number", ""), country)
        town = formats.town_line(value.get("postcode", ""), value.get("city", ""), country)
        return ", ".join(part for part in (street, " ".join(town.split()), formats.country_name(country)) if part)
    if key == "iban":
        return formats.iban(str(value))
    return str(value)


def papers(case: Case, *, actor: Actor, kinds: set[str]) -> list[Document]:
    """The papers of a case that the reader may open, newest first."""
    return list(documents_visible_to(actor).filter(case=case, kind__in=kinds).defer("content").order_by("-pk"))


def messages_of(case: Case) -> list[Message]:
    """The mails of a case, newest first, each with `sent_at` (last delivery), `times`, and `trouble` of sending: how
    often it was `tried` in vain and the `next_try`, or that it `failed` for good.
    """
    found = list(
        Message.objects.filter(case=case).prefetch_related("deliveries", "enclosures__document").order_by("-pk")
    )
    sending = Job.objects.filter(key__in=[job_of(message) for message in found])
    jobs = {job.key: job for job in sending.only("key", "state", "error", "attempts", "due_at")}
    for message in found:
        shown: Any = message
        deliveries = sorted(delivery.recorded_at for delivery in message.deliveries.all())
        shown.sent_at, shown.times = (deliveries[-1] if deliveries else None), len(deliveries)
        job = jobs.get(job_of(message))
        shown.failed = job is not None and job.state == JobState.FAILED
        shown.tried = job.attempts if job is not None and not deliveries else 0
        shown.next_try = job.due_at if job is not None else None
        shown.trouble = job.error if job is not None and not deliveries else ""
        shown.text = message.body.replace("{link}", _("(the secret link)"))
        shown.papers = sorted(message.enclosures.all(), key=lambda enclosure: enclosure.position)
    return found


def assessment_of(application: Application | None) -> Assessment | None:
    """The robot's decision on the application."""
    return Assessment.objects.filter(application=application).first() if application else None


def invoices_of(policy: Policy | None) -> list[Invoice]:
    """The policy's invoices with their instalments, newest first."""
    if policy is None:
        return []
    return list(Invoice.objects.filter(policy=policy).prefetch_related("instalments").order_by("-pk"))
