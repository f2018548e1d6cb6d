"""Books of an insurer and of an authorised agent, opened; parties are numbers here."""

from collections.abc import Iterator

import pytest

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company, CompanyKind
from companies.scope import company_scope
from ledger.services import open_books
from tests import given


def books(slug: str, kind: CompanyKind) -> Company:
    company = given.company(slug, kind=kind)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        open_books(kind=kind, actor=ROBOT)
    return company


@pytest.fixture
def insurer(db: None) -> Iterator[Company]:
    """Inside the books of an insurer."""
    company = books("duinhaven", CompanyKind.PROVIDER)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        yield company


@pytest.fixture
def agency(db: None) -> Iterator[Company]:
    """Inside the books of an authorised agent."""
    company = books("kadewacht", CompanyKind.AGENT)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        yield company
