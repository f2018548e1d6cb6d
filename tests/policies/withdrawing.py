"""Withdrawals as a customer sends them, and a German customer who may keep a part of his cover."""

from typing import Any

from companies.doors import Door
from companies.models import Command, Company
from policies.models import Policy
from tests import given
from tests.chain import scenes
from tests.world import run

GERMAN_ANSWERS: dict[str, Any] = {
    "contents": True, "glass": True, "living_area_m2": "140", "dwelling_type": "house", "other_glass_buildings": False,
    "conservatory": False, "postcode": "86150", "occupancy": "permanent", "empty_over_60_days": False,
    "fire_hazard_business_within_10m": False, "construction_class": "I", "payment_frequency": "half_yearly",
    "direct_debit": False,
}  # fmt: skip
GERMAN_HOLDER: dict[str, Any] = {
    "kind": "person", "name": "Feldhoff", "given_names": "Mara", "birth_date": "1986-04-17",
    "email": "mara@feldhoff.example",
    "address": {"street": "Lindenhof", "house_number": "14", "postcode": "86150", "city": "Augsburg", "country": "DE"},
}  # fmt: skip


def sent(company: Company, policy: Policy, *, addressee: str = "customer", **changes: Any) -> Command:
    """A withdrawal as the public door stores it."""
    with given.inside(company):
        link = scenes.customer_link(policy.order.quotation, addressee=addressee)
    payload = {"name": "Sanne Verbruggen", "email": "sanne@verbruggen.example", **changes}
    return given.knocked(company, "withdraw", case_id=policy.case_id, link_id=link.pk, door=Door.LINK, payload=payload)


def withdrawn(company: Company, policy: Policy, **changes: Any) -> Command:
    """A withdrawal sent and carried out."""
    command = sent(company, policy, **changes)
    run(company, command)
    return scenes.again(company, command)
