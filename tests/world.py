"""A small world of two look-alike companies for pages: cases in every state, papers, products, logins at each door."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from companies.doors import Door
from companies.models import Act, Company, Membership, PartCode, Right
from companies.rights import create_protocol, give_protocol
from documents.models import Case, Document
from policies.models import Policy
from products.models import ProductVersion
from quotations.models import Quotation
from relations.models import Party
from tests import given

REFERRED = {**given.TRAILER_ANSWERS, "theft_devices": ["none"]}


@dataclass
class World:
    """One company with what its pages show."""

    company: Company
    policy: Policy
    quotation: Quotation
    document: Document
    version: ProductVersion
    adviser: Party

    @property
    def case(self) -> Case:
        """The case of the policy."""
        return self.policy.case


def build(slug: str = "duinhaven", *, code: str = "ilse-markus", email: str = "ilse@kroonlaan.example") -> World:
    """A provider with one live product, an adviser, his policy and his open quotation."""
    company = given.provider(slug)
    adviser = given.adviser(company, code, email)
    policy = given.policy(company, code=code)
    quotation = given.quotation(company, code=code)
    with given.inside(company):
        return World(
            company=company,
            policy=Policy.objects.select_related("case", "holder").get(pk=policy.pk),
            quotation=Quotation.objects.select_related("case").get(pk=quotation.pk),
            document=Document.objects.filter(case=policy.case_id, kind="policy").get(),
            version=ProductVersion.objects.select_related("product").get(state="live"),
            adviser=adviser,
        )


def employee(
    company: Company,
    email: str,
    *rights: tuple[PartCode, Right],
    acts: tuple[Act, ...] = (),
    administrator: bool = False,
) -> Membership:
    """A login in the office with exactly these rights, by a protocol of its own."""
    membership = given.member(company, email, administrator=administrator)
    if rights or acts:
        with given.inside(company):
            protocol = create_protocol(company_id=company.pk, name=email, rights=rights, acts=acts)
            give_protocol(protocol=protocol, membership=membership)
    return membership


def client_of(email: str | None) -> Client:
    """A browser, logged in by the login page's own backend."""
    client = Client()
    if email is not None:
        assert client.login(request=None, username=email, password=given.PASSWORD) or force(client, email)
    return client


def force(client: Client, email: str) -> bool:
    """Log in without the login page."""
    from companies.models import User

    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return True


DOORS: dict[str, Door] = {"office": Door.OFFICE, "advisers": Door.ADVISERS}
DAY: date = given.DAY
Any_ = Any
