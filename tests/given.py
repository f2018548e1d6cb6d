"""States that tests start from, reached by walking through the services."""

import io
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
from allauth.mfa.models import Authenticator
from django.db import connection
from django.utils import timezone

from applications.models import Draft
from applications.services.behalf import open_draft_for
from applications.services.drafts import keep_answers, keep_party
from companies.actor import ROBOT, Actor, ActorKind
from companies.commands import knock
from companies.doors import Door
from companies.jobs import run_job
from companies.links import hash_of, secret_of
from companies.models import Command, Company, CompanyKind, Job, Link, Membership, User
from companies.operator.windows import take_over
from companies.scope import company_scope
from companies.services.founding import add_member, found_company, set_profile
from documents.intake.take import Taken
from documents.models import Document
from ledger.services import open_books
from policies.models import Policy
from products.models import PaperKind, ProductVersion, VersionPaper
from products.services import life
from products.services.papers import add_paper
from quotations.models import Quotation
from relations.models import Party
from relations.services.appointments import appoint, bind_membership
from relations.services.folder import bind_folder
from relations.services.parties import Person, register_party
from tests.factors import code_of, with_authenticator

ROOT = Path(__file__).resolve().parent.parent
TRAILER = "products/catalogue/nl-horse-trailer.json"
PLANS = "tests/products/plans-test.json"
DAY = date(2026, 6, 1)
PASSWORD = "correct horse battery staple"


def become(role: str) -> None:
    """The test's connection becomes another of the plain roles."""
    if not connection.needs_rollback:  # a failed transaction takes its role with it
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")


DUTCH = {"country": "NL", "currency": "EUR", "language": "nl", "time_zone": "Europe/Amsterdam"}
GERMAN = {"country": "DE", "currency": "EUR", "language": "de", "time_zone": "Europe/Berlin"}
AMERICAN = {"country": "US", "currency": "USD", "language": "en", "time_zone": "America/Chicago"}
LETTERHEADS: dict[str, dict[str, str]] = {
    "NL": {"street": "Kade 1", "postcode": "4381 AA", "city": "Vlissingen", "iban": "NL91ABNA0417164300",
           "authorisation": "AFM 12000000", "phone": "0118 00 00 00"},
    "DE": {"street": "Quellgasse 7", "postcode": "04109", "city": "Leipzig", "iban": "DE89370400440532013000",
           "authorisation": "BaFin 0000", "phone": "0341 000 00-40", "insurance_tax_number": "000/V00000000000"},
    "US": {"street": "400 Prairie Avenue", "postcode": "65201", "city": "Columbia, MO", "phone": "(573) 555-0100",
           "authorisation": "NAIC 00000"},
}  # fmt: skip


def company(
    slug: str = "duinhaven", *, kind: CompanyKind = CompanyKind.PROVIDER, at: dict[str, str] | None = None
) -> Company:
    """A company with its letterhead, Dutch unless said otherwise; an American one has no IBAN."""
    where: dict[str, Any] = {**(at or DUTCH)}
    made = found_company(slug=slug, name=slug.title(), kind=kind, on=DAY, **where)
    with company_scope(made.pk, door=Door.WORKER, actor=ROBOT):
        set_profile(on=DAY, actor=ROBOT, email=f"post@{slug}.example", **LETTERHEADS[where["country"]])
    return made


def member(
    company: Company, email: str, *protocols: str, door: Door = Door.OFFICE, administrator: bool = False
) -> Membership:
    """A login at a door of the company."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, PASSWORD, name=email.split("@")[0].title()
    )
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        return add_member(user=user, door=door, on=DAY, actor=ROBOT, administrator=administrator, protocols=protocols)


def actor_of(membership: Membership) -> Actor:
    """The employee as services know him."""
    return Actor(kind=ActorKind.EMPLOYEE, door=Door.OFFICE, user_id=membership.user_id, membership_id=membership.pk)


@contextmanager
def inside(company: Company, actor: Actor = ROBOT) -> Iterator[None]:
    """In the company's context, by default as the robot."""
    with company_scope(company.pk, door=actor.door, actor=actor):
        yield


def provider(
    slug: str = "duinhaven",
    *definitions: str,
    kind: CompanyKind = CompanyKind.PROVIDER,
    at: dict[str, str] | None = None,
    papers: bool = False,
) -> Company:
    """A company with books, an author, an approver, and products live through their life, if asked with terms."""
    made = company(slug, kind=kind, at=at)
    author = actor_of(member(made, f"author@{slug}.example", "product-developer"))
    approver = actor_of(member(made, f"approver@{slug}.example", "product-approver", "acceptor"))
    with inside(made):
        open_books(kind=kind, actor=ROBOT)
    for file in definitions or (TRAILER,):
        live_product(made, file, author=author, approver=approver, papers=papers)
    return made


def live_product(
    company: Company, file: str, *, author: Actor, approver: Actor, papers: bool = False
) -> ProductVersion:
    """A version walked from draft to live by two people."""
    definition = json.loads((ROOT / file).read_text(encoding="utf-8"))
    with inside(company, author):
        version = life.draft_version(definition=definition, company=company, actor=author, on=DAY)
        if papers:
            add_terms(version, author)
        life.submit_version(version=version, actor=author, on=DAY)
    with inside(company, approver):
        life.approve_version(version=version, actor=approver, on=DAY)
        life.put_in_test(version=version, actor=approver, on=DAY)
        return life.set_live(version=version, actor=approver, on=DAY, evidence="Tried in the rehearsal.")


def blank_pdf(pages: int = 1) -> bytes:
    """A PDF with nothing on it."""
    made, out = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        made.add_blank_page()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def add_terms(version: ProductVersion, author: Actor, *, language: str = "nl", content: bytes = b"") -> VersionPaper:
    """Terms beside a draft of the author's."""
    taken = Taken(content or blank_pdf(), "application/pdf", "terms.pdf")
    return add_paper(version_id=version.pk, kind=PaperKind.TERMS, language=language, taken=taken, actor=author, on=DAY)


def adviser(
    company: Company, code: str = "ilse-markus", email: str = "ilse@kroonlaan.example", *, language: str = "nl"
) -> Party:
    """An appointed adviser with a login at the advisers' door."""
    with inside(company):
        party = register_party(
            person=Person(
                given_name="Ilse", family_name=code.title(), email=email, street="Kroonlaan", house_number="7",
                postcode="4331 BA", city="Middelburg", country="NL", language=language, birth_date=date(1984, 3, 9),
            ),
            on=DAY,
            actor=ROBOT,
        )  # fmt: skip
        appoint(party=party, code=code, broker_company=None, lines_of_business=[], on=DAY, actor=ROBOT)
    membership = member(company, email, door=Door.ADVISERS)
    with inside(company):
        bind_membership(party=party, membership=membership)
    return party


def customer(company: Company, name: str, email: str) -> Party:
    """A customer without a policy."""
    person = Person(
        given_name="", family_name=name, email=email, street="Dorpsstraat", house_number="4", postcode="4381 AB",
        city="Vlissingen", country="NL", language="nl",
    )  # fmt: skip
    with inside(company):
        return register_party(person=person, on=DAY, actor=ROBOT)


def folder(company: Company, party_id: int, email: str) -> Membership:
    """A customer's login in the client folder, as his invitation gave it to him."""
    membership = member(company, email, door=Door.FOLDER)
    with inside(company):
        bind_folder(party=Party.objects.get(pk=party_id), membership=membership)
    return membership


TRAILER_ANSWERS: dict[str, Any] = {
    "start_date": "2026-12-01", "catalogue_value": "8500.00", "age_months": 0, "bought_new": True,
    "area_of_use": ["NL"], "theft_devices": ["coupling_lock"],
}  # fmt: skip
HOLDER: dict[str, Any] = {
    "kind": "person",
    "name": "Verbruggen",
    "given_names": "Sanne",
    "birth_date": "1986-04-17",
    "email": "sanne@verbruggen.example",
    "phone": "",
    "address": {
        "street": "Dorpsstraat",
        "house_number": "12",
        "postcode": "4381 AB",
        "city": "Vlissingen",
        "country": "NL",
    },
}


def draft(
    company: Company,
    *,
    answers: dict[str, Any] | None = None,
    holder: dict[str, Any] | None = None,
    code: str | None = None,
    slug: str | None = None,
    language: str = "nl",
) -> Draft:
    """A complete draft at the front office, opened as a visitor opens it."""
    nonce = uuid.uuid4()
    visitor = Actor(kind=ActorKind.VISITOR, door=Door.FRONT)
    become("bo_public")
    try:
        with inside(company, visitor):
            versions = ProductVersion.objects.filter(state="live")
            version = versions.filter(product__slug=slug).get() if slug else versions.order_by("pk")[0]
            with connection.cursor() as cursor:
                cursor.execute(
                    'SELECT "case", link, adviser_party '
                    "FROM sec.open_case(%s, %s, %s, %s, %s, %s, now() + interval '30 days')",
                    [version.pk, language, code, DAY, hash_of(secret_of(nonce)), nonce],
                )
                case_id, link_id, adviser_id = cursor.fetchone()
            row = Draft.objects.create(
                case_id=case_id, version=version, channel="adviser" if code else "direct", adviser_id=adviser_id,
                answers=answers or TRAILER_ANSWERS, parties={"policyholder": holder or HOLDER}, declared=True,
            )  # fmt: skip
    finally:
        become("bo_app")
    row.link_id = link_id  # type: ignore[attr-defined]
    return row


def adviser_actor(party: Party) -> Actor:
    """The adviser as his own door knows him."""
    membership = party.membership
    if membership is None:
        raise ValueError(f"{party} has no login.")
    return Actor(
        kind=ActorKind.ADVISER,
        door=Door.ADVISERS,
        user_id=membership.user_id,
        membership_id=membership.pk,
        party_id=party.pk,
    )


def draft_on_behalf(
    company: Company,
    *,
    adviser: Party | None = None,
    clerk: Actor | None = None,
    slug: str | None = None,
    answers: dict[str, Any] | None = None,
    holder: dict[str, Any] | None = None,
) -> Draft:
    """A complete draft that an adviser fills in at his door, or a clerk in the office, attributed to the adviser if
    both are named.
    """
    actor = adviser_actor(adviser) if clerk is None and adviser is not None else clerk
    if actor is None:
        raise ValueError("Expected an adviser or a clerk who fills in, found neither.")
    become("bo_app" if clerk else "bo_public")
    try:
        with inside(company, actor):
            versions = ProductVersion.objects.filter(state="live")
            version = versions.filter(product__slug=slug).get() if slug else versions.order_by("pk")[0]
            draft = open_draft_for(
                version=version, adviser_id=adviser.pk if adviser else None, language="nl", actor=actor, on=DAY
            )
            keep_answers(case_id=draft.case_id, page="questions", answers=answers or TRAILER_ANSWERS, on=DAY)
            keep_party(case_id=draft.case_id, page="details", role="policyholder", details=holder or HOLDER)
            return Draft.objects.select_related("case").get(pk=draft.pk)
    finally:
        become("bo_app")


def knocked(company: Company, kind: str, *, case_id: int, link_id: int, door: Door, payload: dict[str, Any]) -> Command:
    """A command as a public door stores it."""
    visitor = Actor(kind=ActorKind.VISITOR, door=door, case_id=case_id, link_id=link_id)
    become("bo_public")
    try:
        with inside(company, visitor):
            number = knock(kind=kind, command_id=uuid.uuid4(), payload=payload, address="192.0.2.7")
    finally:
        become("bo_app")
    with inside(company):
        return Command.objects.get(pk=number)


def work(company: Company, *, rounds: int = 20) -> int:
    """Do all open jobs of the company, as a worker would; how many were done."""
    done = 0
    for _round in range(rounds):
        with inside(company):
            tickets = list(
                Job.objects.filter(state="open", due_at__lte=timezone.now()).values_list("ticket", flat=True)
            )
        now = sum(run_job(ticket) for ticket in tickets)
        done += now
        if not now:
            return done
    return done


def quotation(company: Company, **kwargs: Any) -> Quotation:
    """An application submitted, assessed, quoted and mailed."""
    opened = draft(company, **kwargs)
    knocked(company, "apply", case_id=opened.case_id, link_id=opened.link_id, door=Door.FRONT, payload={})  # type: ignore[attr-defined]
    work(company)
    with inside(company):
        return Quotation.objects.select_related("case").get(case=opened.case_id)


def ordered(
    company: Company, quotation: Quotation, *, plan: str | None = None, birth_date: str = "1986-04-17"
) -> Command:
    """The customer's order of a quotation, stored but not yet carried out."""
    with inside(company):
        link = Link.objects.filter(case_id=quotation.case_id, kind="case", addressee="customer").order_by("-pk")[0]
        shown = [
            {"kind": row.kind, "reference": row.reference, "sha256": row.file.sha256}
            for row in Document.objects.select_related("file").filter(case=quotation.case_id, translates=None)
        ]
    return knocked(
        company, "order", case_id=quotation.case_id, link_id=link.pk, door=Door.LINK,
        payload={"plan": plan or quotation.plan, "birth_date": birth_date, "documents": shown},
    )  # fmt: skip


def policy(company: Company, *, plan: str | None = None, **kwargs: Any) -> Policy:
    """A policy in force, reached by the whole chain."""
    quoted = quotation(company, **kwargs)
    ordered(company, quoted, plan=plan)
    work(company)
    with inside(company):
        return Policy.objects.get(case=quoted.case_id)


def handed_over(company: Company, administrator: Membership | None = None) -> Membership:
    """The company's administrator took over from the operator, with a code from his phone."""
    chief = administrator or member(company, f"chief@{company.slug}.example", administrator=True)
    if not Authenticator.objects.filter(user=chief.user).exists():
        with_authenticator(chief.user)
    with inside(company, replace(actor_of(chief), administrator=True)):
        take_over(user=chief.user, code=code_of(chief.user))
    return chief
