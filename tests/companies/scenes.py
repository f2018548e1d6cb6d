"""What the tests of this room start from: two companies that look alike, a case, a link."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Thread

from django.db import connection
from django.utils import timezone

from companies.actor import ROBOT
from companies.doors import Door
from companies.links import open_link
from companies.models import Company, Link, LinkKind
from companies.scope import company_scope
from documents.models import Case
from products.models import Product, ProductVersion
from tests import given


def at(company: Company) -> AbstractContextManager[None]:
    """Inside a company, as the robot."""
    return company_scope(company.pk, door=Door.WORKER, actor=ROBOT)


def case_of(company: Company) -> Case:
    """A case of a company with its product; called inside the company."""
    product = Product.objects.create(number="K-1", slug="travel", names={"en": "Travel"}, line_of_business="travel")
    version = ProductVersion.objects.create(product=product, number=1, definition={}, sha256="0" * 64)
    return Case.objects.create(
        number="C-2026-000001", product_id=product.pk, product_version_id=version.pk, language="nl", opened_on=given.DAY
    )


def link_of(case: Case, *, kind: LinkKind = LinkKind.CASE, days: int = 30) -> Link:
    """A live secret link to a case; called inside its company."""
    expires_at = timezone.now() + timedelta(days=days)
    return open_link(kind=kind, case_id=case.pk, addressee="customer", expires_at=expires_at)


def context() -> tuple[str, str]:
    """Company and door as the database sees them now."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(sec.company()::text, ''), coalesce(sec.door(), '')")
        company, door = cursor.fetchone()
    return company, door


def run_together(threads: Iterable[Thread], *, seconds: int = 60) -> None:
    """Start all threads, then wait for each."""
    started = list(threads)
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(seconds)
