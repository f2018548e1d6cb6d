"""The demo: the companies, people and customers of portal.demo_companies; every product of the catalogue is live at the
company it fits.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from common import clock
from companies.actor import ROBOT, Actor, ActorKind
from companies.clock import today
from companies.doors import Door
from companies.models import Company, CompanyKind, Membership, User
from companies.operator.people import add_operator
from companies.scope import company_scope
from companies.services.below import ask_for_company, found_below
from companies.services.founding import add_member, found_company, set_profile
from companies.signing import ask
from companies.signins import enter_login
from ledger.services import open_books
from portal.demo_companies import (
    ADVISERS,
    BELOW,
    CATALOGUE,
    COMPANIES,
    CUSTOMERS,
    EVIDENCE,
    OPERATOR,
    PASSWORD,
    PEOPLE,
    POSTS,
    SECRET,
    SELLERS,
    STILL_ADMINISTERED,
    YEARS,
)
from portal.demo_papers import add_demo_papers
from products.models import Product, ProductVersion
from products.services import life
from relations.models import Party, PartyKind, RoleCode
from relations.services.appointments import appoint, bind_membership
from relations.services.folder import bind_folder
from relations.services.members import register_member
from relations.services.parties import Person, register_party


class Command(BaseCommand):
    help = (
        "Fills an empty demo database with companies, people and live products; does nothing where it already stands."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data are for a demo only: POLISDESK_DEMO isn't set.", returncode=2)
        if not Company.objects.exists():
            with transaction.atomic():
                fill()
                equip()
        self.stdout.write("\n".join(["", f"Logins of the demo, password {PASSWORD}:", *logins(), "", *front_offices()]))


def fill() -> None:
    """Everything in one transaction, through the services an office would use."""
    companies = {row["slug"]: found(row) for row in COMPANIES}
    for slug, people in PEOPLE.items():
        for company in (companies[slug], *Company.objects.filter(rehearsal_of=companies[slug])):
            employ(company, people)
    for slug in ("duinbaken", "schutsluis"):
        company = companies[slug]
        with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
            appoint_advisers(company, companies["kroonlaan"])
    for path in sorted(CATALOGUE.glob("*.json")):
        for slug in SELLERS[path.stem]:
            release(companies[slug], path)
    set_up_below(companies["kranichtor"])
    for email, given, family, born in CUSTOMERS:
        let_in(companies["duinbaken"], email, given, family, born)
    add_operator(email=OPERATOR, name="Rens Achterberg", password=password_hash())
    for slug, company in companies.items():
        if slug not in STILL_ADMINISTERED:
            hand_over(company)


def equip() -> None:
    """Who needs a second factor, administrators and the operator, has one whose codes `/demo/codes/` shows."""
    emails = [f"{row[0]}@{slug}.example" for slug, people in PEOPLE.items() for row in people if row[3]]
    for user in User.objects.filter(email__in=[*emails, OPERATOR]):
        enter_login(user.pk)
        TOTP.activate(user, SECRET)


def hand_over(company: Company) -> None:
    """Its administrator took over from the computing centre, with a code of long ago."""
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        member = Membership.objects.get(administrator=True)
    actor = Actor(
        kind=ActorKind.EMPLOYEE, door=Door.OFFICE, user_id=member.user_id, membership_id=member.pk, administrator=True
    )
    with company_scope(company.pk, door=Door.OFFICE, actor=actor):
        ask("SELECT sec.use_step(%s, 1)", [member.user_id])
        ask("SELECT sec.hand_over(1)", [])


def found(row: dict[str, Any]) -> Company:
    """One company with letterhead and books, its rehearsal twin likewise."""
    fields = {key: value for key, value in row.items() if key != "profile"}
    company = found_company(**fields, on=clock.today(row["time_zone"]))
    for each in (company, *Company.objects.filter(rehearsal_of=company)):
        on = today(each)
        with company_scope(each.pk, door=Door.WORKER, actor=ROBOT):
            set_profile(on=on, actor=ROBOT, **row["profile"])
            if each.kind in {CompanyKind.PROVIDER, CompanyKind.AGENT}:
                open_books(kind=each.kind, actor=ROBOT)
    return company


def employ(company: Company, people: list[tuple[str, str, str, bool, list[str]]]) -> None:
    """Logins at the office with the protocols of their posts."""
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        for local, name, post, administrator, protocols in people:
            email = f"{local}@{company.slug.removesuffix('-rehearsal')}.example"
            user = login(email, name)
            add_member(
                user=user,
                door=Door.OFFICE,
                on=today(company),
                actor=ROBOT,
                administrator=administrator,
                protocols=protocols,
                post=POSTS.get(company.language, {}).get(post, post),
            )


def login(email: str, name: str) -> User:
    """A demo login, which chose no language and so speaks its browser's. All share one password and its hash, since
    each hash costs a third of a second.
    """
    found = User.objects.filter(email=email).first()
    return found or User.objects.create(email=email, password=password_hash(), name=name)


@cache
def password_hash() -> str:
    return make_password(PASSWORD)


def since(company: Company) -> date:
    """The day from which a company has sold its products by its advisers."""
    return date(today(company).year - YEARS, 1, 1)


def appoint_advisers(company: Company, broker: Company) -> None:
    """Two advisers of the broker company, each with a portfolio of his own here."""
    on = since(company)
    for local, given, family, code, born in ADVISERS:
        party = register_party(
            person=Person(
                given_name=given,
                family_name=family,
                email=f"{local}@kroonlaan.example",
                street="Kroonlaan",
                house_number="7",
                postcode="4331 BA",
                city="Middelburg",
                country="NL",
                language="nl",
                birth_date=born,
            ),
            on=on,
            actor=ROBOT,
        )
        appoint(party=party, code=code, broker_company=broker, lines_of_business=[], on=on, actor=ROBOT)
        user = login(f"{local}@kroonlaan.example", f"{given} {family}")
        membership = add_member(user=user, door=Door.ADVISERS, on=today(company), actor=ROBOT, via_company=broker)
        bind_membership(party=party, membership=membership)


def organisation(name: str, email: str = "") -> Person:
    """A customer of the German pool."""
    return Person(
        given_name="",
        family_name=name,
        email=email,
        street="Föhrenweg",
        house_number="8",
        postcode="10117",
        city="Berlin",
        country="DE",
        language="de",
        kind=PartyKind.ORGANISATION,
    )


def set_up_below(pool: Company) -> None:
    """Customers of the pool, one of them with a company of its own, whose administrator has confirmed."""
    slug, name, email, administrator = BELOW
    on = today(pool)
    with company_scope(pool.pk, door=Door.WORKER, actor=ROBOT):
        group = register_member(
            person=organisation("Föhrengruppe"), role=RoleCode.GROUP, beneath=None, on=on, actor=ROBOT
        )
        register_member(
            person=organisation("Lindenquell Versicherung AG"), role=RoleCode.INSURER, beneath=None, on=on, actor=ROBOT
        )
        broker = register_member(
            person=organisation(name, "post@foehrenweg.example"),
            role=RoleCode.COMPANY,
            beneath=group,
            on=on,
            actor=ROBOT,
        )
        founding = ask_for_company(
            party_id=broker.pk, name=name, slug=slug, kind=CompanyKind.BROKER, language="en", actor=ROBOT, on=on
        )
        made = found_below(founding_id=founding.pk, above=pool, on=on)
    employ(made, [(email.partition("@")[0], administrator, "Administrator", True, ["auditor", "policy-clerk"])])


def let_in(company: Company, email: str, given: str, family: str, born: date) -> None:
    """A customer with his login in the client folder."""
    on = today(company)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        party = register_party(
            person=Person(
                given_name=given,
                family_name=family,
                email=email,
                street="Havenkade",
                house_number="18",
                postcode="8017 JX",
                city="Zwolle",
                country="NL",
                language="nl",
                birth_date=born,
            ),
            on=on,
            actor=ROBOT,
        )
        membership = add_member(user=login(email, f"{given} {family}"), door=Door.FOLDER, on=on, actor=ROBOT)
        bind_folder(party=party, membership=membership)


def release(company: Company, path: Path) -> ProductVersion:
    """A product through its whole life: drafted, submitted, approved by somebody else, tried in the twin, live."""
    on = since(company)
    definition = json.loads(path.read_text(encoding="utf-8"))
    author, approver = officer(company, "product-developer"), officer(company, "product-approver")
    with company_scope(company.pk, door=Door.OFFICE, actor=author):
        version = life.draft_version(definition=definition, company=company, actor=author, on=on)
        if company.kind == CompanyKind.AGENT:
            insure_with(version.product, on=on)
        add_demo_papers(version, company=company, author=author, on=on)
        life.submit_version(version=version, actor=author, on=on)
    with company_scope(company.pk, door=Door.OFFICE, actor=approver):
        life.approve_version(version=version, actor=approver, on=on)
        life.put_in_test(version=version, actor=approver, on=on)
        life.set_live(version=version, actor=approver, on=on, evidence=EVIDENCE[company.language])
    return version


def insure_with(product: Product, *, on: date) -> None:
    """The agent sells on the paper of an insurer, who pays it 20 percent."""
    insurer = Party.objects.filter(kind=PartyKind.ORGANISATION).first() or register_party(
        person=Person(
            given_name="",
            family_name="Duinbaken Verzekeringen N.V.",
            email="volmacht@duinbaken.example",
            street="Bakenkade",
            house_number="31",
            postcode="8017 JX",
            city="Zwolle",
            country="NL",
            language="nl",
            kind=PartyKind.ORGANISATION,
        ),
        on=on,
        actor=ROBOT,
    )
    product.insurer, product.insurer_commission_percent = insurer, 20
    product.save(update_fields=["insurer", "insurer_commission_percent"])


def officer(company: Company, template: str) -> Actor:
    """The employee who holds a protocol, as actor."""
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        membership = Membership.objects.filter(user__groups__protocol__template=template, door=Door.OFFICE).first()
    if membership is None:
        raise CommandError(f"Nobody at {company.slug} holds {template}.")
    return Actor(kind=ActorKind.EMPLOYEE, door=Door.OFFICE, user_id=membership.user_id, membership_id=membership.pk)


def logins() -> list[str]:
    """Who can log in to the demo, where and as what, a line each."""
    rows = [
        (f"{local}@{slug}.example", f"{settings.OFFICE_URL}/{slug}/office/", post)
        for slug, people in PEOPLE.items()
        for local, _name, post, _administrator, _protocols in people
    ]
    rows += [
        (f"{local}@kroonlaan.example", f"{settings.PUBLIC_URL}/duinbaken/advisers/", "Adviser")
        for local, *_rest in ADVISERS
    ]
    rows.append((BELOW[2], f"{settings.OFFICE_URL}/{BELOW[0]}/office/", "Administrator, below the pool"))
    rows += [(email, f"{settings.PUBLIC_URL}/duinbaken/folder/", "Customer") for email, *_rest in CUSTOMERS]
    rows.append((OPERATOR, f"{settings.OPERATOR_URL}/operator/", "Computing centre"))
    return [f"  {email:<36} {address:<48} {post}" for email, address, post in rows]


def front_offices() -> list[str]:
    """Where to apply, and where the demo's mail arrives."""
    links = [
        f"{settings.PUBLIC_URL}/{slug}/apply/{path.stem}/"
        for path in sorted(CATALOGUE.glob("*.json"))
        for slug in SELLERS[path.stem]
    ]
    advised = f"{settings.PUBLIC_URL}/duinbaken/apply/nl-horse-trailer/via/{ADVISERS[0][3]}/"
    return [
        *(f"Apply      {link}" for link in links),
        f"  adviser  {advised}",
        f"Mail       {settings.OFFICE_URL}/demo/mail/",
        f"Codes      {settings.OFFICE_URL}/demo/codes/ (administrators' second factor; their secret is {SECRET})",
    ]
