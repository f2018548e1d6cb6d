"""The advisers of a portfolio, beside those of the demo who log in."""

from random import Random

from companies.actor import ROBOT
from companies.doors import Door
from companies.scope import company_scope
from portal.demo_portfolio.people import household
from portal.demo_portfolio.plan import Portfolio
from relations.models import Appointment
from relations.services.appointments import appoint
from relations.services.parties import Person, register_party

MOST = 12


def appoint_advisers(portfolio: Portfolio) -> None:
    """Advisers with an appointment since the first day; done once."""
    random = Random(f"{portfolio.company.slug}:advisers")  # noqa: S311  a demo, drawn the same each time
    country = portfolio.company.country
    with company_scope(portfolio.company.pk, door=Door.WORKER, actor=ROBOT):
        for place in range(MOST):
            told = next(household(random, country=country, place=place, on=portfolio.first, mark="v")).details
            code = told["email"].partition("@")[0].replace(".", "-")
            if Appointment.objects.filter(code=code).exists():
                return
            person = Person(
                given_name=told["given_names"],
                family_name=told["name"],
                email=told["email"],
                language=portfolio.company.language,
                **told["address"],
            )
            party = register_party(person=person, on=portfolio.first, actor=ROBOT)
            appoint(party=party, code=code, broker_company=None, lines_of_business=[], on=portfolio.first, actor=ROBOT)
