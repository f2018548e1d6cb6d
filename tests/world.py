"""A small world for pages: a company with a policy, an open quotation, papers, a live product and logins."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from applications.models import Application, Draft
from companies.actor import ROBOT, Actor
from companies.doors import Door
from companies.imports.kinds import KINDS
from companies.imports.services import stage_import
from companies.jobs import run_job
from companies.links import open_link, secret_of
from companies.models import Act, Command, Company, Import, Job, Link, LinkKind, Membership, PartCode, Right, User
from companies.rights import create_protocol, give_protocol
from documents.models import Case, Document
from policies.models import Policy
from policies.services.issue import issue_policy
from products.models import ProductVersion
from quotations.models import Order, Quotation
from relations.models import Party, Proposal
from tests import given
from tests.contexts import browser_of

ALL_RIGHTS = [(part, right) for part in PartCode for right in Right]


@dataclass
class World:
    """One company with what its pages show."""

    company: Company
    policy: Policy
    quotation: Quotation
    document: Document
    version: ProductVersion
    adviser: Party
    secret: str  # of the customer's case link
    application_secret: str  # of an application in the making
    link_document: Document  # a paper of the quotation
    application: Application  # that became the quotation
    draft: Draft  # what the adviser fills in for a client
    office_draft: Draft  # what the office fills in
    brought: Import  # a file of relations: one line that would come in, one that is rejected

    @property
    def case(self) -> Case:
        """The case of the policy."""
        return self.policy.case


def build(slug: str = "duinhaven", *, code: str = "ilse-markus", email: str = "ilse@kroonlaan.example") -> World:
    """A provider with one live product, an adviser, his policy, his open quotation, and a proposed change."""
    return furnish(given.provider(slug, papers=True), code=code, email=email)


def furnish(company: Company, *, code: str, email: str, holder: dict[str, Any] | None = None) -> World:
    """What an adviser and his customer have in a company: policy, quotation, applications, a proposed change."""
    adviser = given.adviser(company, code, email)
    policy = given.policy(company, code=code, holder=holder)
    quotation = given.quotation(company, code=code, holder=holder)
    draft: Any = given.draft(company, code=code, holder=holder)
    own = given.draft_on_behalf(company, adviser=adviser, holder=holder)
    clerk = given.actor_of(given.member(company, f"clerk-{code}@{company.slug}.example", "policy-clerk"))
    by_hand = given.draft_on_behalf(company, clerk=clerk, holder=holder)
    with given.inside(company):
        Proposal.objects.create(party_id=policy.holder_id, case_id=policy.case_id, changes={"phone": "0118000000"})
        link = Link.objects.filter(case_id=quotation.case_id, kind=LinkKind.CASE, addressee="customer").latest("pk")
        return World(
            company=company,
            policy=Policy.objects.select_related("case", "holder").get(pk=policy.pk),
            quotation=Quotation.objects.select_related("case").get(pk=quotation.pk),
            document=Document.objects.get(case=policy.case_id, kind="policy"),
            version=ProductVersion.objects.select_related("product").get(state="live"),
            adviser=adviser,
            secret=secret_of(link.nonce),
            application_secret=secret_of(Link.objects.get(pk=draft.link_id).nonce),
            application=Application.objects.get(case=quotation.case_id),
            link_document=Document.objects.get(case=quotation.case_id, kind="quotation"),
            draft=own,
            office_draft=by_hand,
            brought=brought(company, clerk, f"{policy.holder.family_name}-{code}"),
        )


def brought(company: Company, clerk: Actor, name: str) -> Import:
    """A file that an employee brought, its lines tried."""
    person = {"number": name, "family_name": name, "street": "Kade", "house_number": "9", "postcode": "4381 AA",
              "city": "Vlissingen", "country": "NL"}  # fmt: skip
    kind = KINDS["relations"]
    lines = [(2, person), (3, person | {"number": f"{name}-2", "email": "no address"})]
    with given.inside(company, clerk):
        found = stage_import(
            kind=kind, name=f"{name}.csv", content=name.encode(), lines=lines, actor=clerk, on=given.DAY
        )
        ticket = Job.objects.get(key=f"import:{found.pk}:0:0").ticket
    run_job(ticket)
    return found


def employee(
    company: Company,
    email: str,
    *rights: tuple[PartCode, Right],
    acts: tuple[Act, ...] = (),
    administrator: bool = False,
) -> Membership:
    """A login in the office with exactly these rights, by a protocol of its own named as the e-mail address."""
    membership = given.member(company, email, administrator=administrator)
    if rights or acts:
        with given.inside(company):
            protocol = create_protocol(name=email, rights=rights, acts=acts, actor=ROBOT, on=given.DAY)
            give_protocol(protocol=protocol, membership=membership, actor=ROBOT, on=given.DAY)
    return membership


def client_of(email: str | None) -> Client:
    """A browser; with an e-mail address that of its owner, logged in."""
    return Client() if email is None else browser_of(User.objects.get(email=email))


def run(company: Company, command: Command) -> None:
    """Carry out one command, and nothing that it promises."""
    with given.inside(company):
        ticket = Job.objects.get(key=f"command:{command.pk}").ticket
    run_job(ticket)


def bare_policies(company: Company, number: int, *, code: str | None = None, name: str = "Verbruggen") -> None:
    """Policies without papers and mails, each of a customer of his own: enough for lists, and quick."""
    for place in range(number):
        holder = {**given.HOLDER, "name": f"{name} {place}", "email": f"{name.lower()}{place}@verbruggen.example"}
        opened: Any = given.draft(company, holder=holder, code=code)
        where = {"case_id": opened.case_id}
        run(company, given.knocked(company, "apply", **where, link_id=opened.link_id, door=Door.FRONT, payload={}))
        with given.inside(company):
            expires = timezone.now() + timedelta(days=30)
            link = open_link(kind=LinkKind.CASE, addressee="customer", expires_at=expires, **where)
        command = given.knocked(company, "order", **where, link_id=link.pk, door=Door.LINK, payload={})
        with given.inside(company):
            issue_bare(Quotation.objects.get(**where), command, link)


def issue_bare(quotation: Quotation, command: Command, link: Link) -> None:
    """The policy of a quotation that was ordered without papers."""
    order = Order.objects.create(
        quotation=quotation, plan=quotation.plan, link=link, command=command, ordered_at=timezone.now(),
        on=quotation.valid_from, fact="birth_date", documents=[],
    )  # fmt: skip
    quotation.state = "ordered"
    quotation.save(update_fields=["state"])
    issue_policy(order=order, actor=ROBOT)
