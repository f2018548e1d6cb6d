"""States that tests start from, reached by walking through the services."""

from datetime import date

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company, CompanyKind, Membership, User
from companies.scope import company_scope
from companies.services.founding import add_member, found_company, set_profile

DAY = date(2026, 6, 1)
PASSWORD = "correct horse battery staple"


def company(slug: str = "duinhaven", *, kind: CompanyKind = CompanyKind.PROVIDER) -> Company:
    """A Dutch company with its letterhead."""
    made = found_company(
        slug=slug,
        name=slug.title(),
        kind=kind,
        country="NL",
        currency="EUR",
        language="nl",
        time_zone="Europe/Amsterdam",
        on=DAY,
    )
    with company_scope(made.pk, door=Door.WORKER, actor=ROBOT):
        set_profile(
            on=DAY, actor=ROBOT, street="Kade 1", postcode="4381 AA", city="Vlissingen", email=f"post@{slug}.example",
            iban="NL91ABNA0417164300", authorisation="AFM 12000000", complaints="Kifid, Den Haag",
        )  # fmt: skip
    return made


def member(
    company: Company, email: str, *protocols: str, door: Door = Door.OFFICE, administrator: bool = False
) -> Membership:
    """A login at a door of the company."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=email.split("@")[0].title())
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        return add_member(user=user, door=door, on=DAY, actor=ROBOT, administrator=administrator, protocols=protocols)
