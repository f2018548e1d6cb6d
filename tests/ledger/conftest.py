"""Books of an insurer and of an authorised agent, opened; stories speak of parties by a number: 7 is R-7."""

from collections.abc import Iterator

import pytest

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company, CompanyKind
from companies.scope import company_scope
from ledger.services import open_books
from policies.models import Invoice, Section
from relations.models import Appointment, Party
from tests import given

PARTIES = range(1, 9)


def books(slug: str, kind: CompanyKind) -> Company:
    """A company with open books, and nobody in them yet."""
    company = given.company(slug, kind=kind)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        open_books(kind=kind, actor=ROBOT)
    return company


def peopled(slug: str, kind: CompanyKind = CompanyKind.PROVIDER) -> Company:
    """A company with open books and the parties R-1 to R-8."""
    company = books(slug, kind)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        for number in PARTIES:
            Party(number=f"R-{number}", kind="person", family_name=f"Meer {number}", language="nl").save()
    return company


def party(number: int) -> int:
    """The id of a party of the company one is inside of."""
    return Party.objects.values_list("pk", flat=True).get(number=f"R-{number}")


@pytest.fixture
def insurer(db: None) -> Iterator[Company]:
    """Inside the books of an insurer."""
    company = peopled("duinhaven")
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        yield company


@pytest.fixture
def agency(db: None) -> Iterator[Company]:
    """Inside the books of an authorised agent."""
    company = peopled("kadewacht", CompanyKind.AGENT)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        yield company


@pytest.fixture
def sold(db: None) -> Iterator[dict[str, int]]:
    """Inside an insurer that has sold a policy through an adviser: what a line may point at, each by its id."""
    company = given.provider()
    given.adviser(company)
    policy = given.policy(company, code="ilse-markus")
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        appointment = Appointment.objects.get()
        yield {
            "party": policy.holder_id, "insurer": appointment.party_id, "appointment": appointment.pk,
            "case": policy.case_id, "product": policy.product_id,
            "invoice": Invoice.objects.get().pk, "section": Section.objects.order_by("pk")[0].pk,
        }  # fmt: skip
