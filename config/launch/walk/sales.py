"""What the smoke walk buys: each product of the catalogue once, with the figures that must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from config.launch.places import ROOT
from config.launch.walk.browser import Answers

DUTCH_HOME = {"street": "Dorpsstraat", "postcode": "4381 AB", "city": "Vlissingen"}
AMERICAN_HOME = {"street": "Elm Street", "postcode": "63101", "city": "St. Louis, MO"}
GERMAN_HOME = {"street": "Lindenhof", "postcode": "86150", "city": "Augsburg"}


@dataclass(frozen=True)
class Sale:
    """A product, the answers of one of its worked cases, and its price on the plan that stands first."""

    product: str
    answers: Answers
    home: Mapping[str, str]
    net: Decimal
    tax: Decimal
    adviser: Decimal = Decimal(0)  # commission of who advised
    withdraws: bool = True  # the law gives its buyer days in which he may
    information: str = "ipid"  # the paper that tells of the cover; a plain summary where the law knows no such document

    @property
    def on_sale(self) -> bool:
        """Whether the product lies in the catalogue, from which the demo sells."""
        return (ROOT / "products" / "catalogue" / f"{self.product}.json").exists()

    @property
    def total(self) -> Decimal:
        """What the customer owes."""
        return self.net + self.tax


def in_two_weeks() -> str:
    """A day on which cover may start."""
    return (datetime.now(UTC).date() + timedelta(days=14)).isoformat()


# TR-01: a new trailer of EUR 8,500 with a coupling lock, used in the Netherlands; the adviser earns 15 percent.
TRAILER = Sale(
    product="nl-horse-trailer",
    answers={
        "start_date": in_two_weeks(),
        "catalogue_value": "8500",
        "age_months": "0",
        "bought_new": "yes",
        "area_of_use": ["NL"],
        "theft_devices": ["coupling_lock"],
    },
    home=DUTCH_HOME,
    net=Decimal("116.88"),
    tax=Decimal("24.54"),
    adviser=Decimal("17.53"),
)
# PL-06, paid yearly: a family with a dog, the larger sum.
LIABILITY = Sale(
    product="nl-private-liability",
    answers={
        "start_date": in_two_weeks(),
        "household": "family",
        "insured_sum": "2500000",
        "adult_children": "no",
        "dogs": "1",
        "claims": "0",
        "refused_before": "no",
    },
    home=DUTCH_HOME,
    net=Decimal("72.60"),
    tax=Decimal("15.25"),
)
# CG-06 at today's tax rates: a house of 140 m2, half-yearly.
CONTENTS_AND_GLASS = Sale(
    product="de-contents-glass",
    answers={
        "contents": "yes",
        "glass": "yes",
        "living_area_m2": "140",
        "payment_frequency": "half_yearly",
        "dwelling_type": "house",
        "other_glass_buildings": "no",
        "conservatory": "no",
        "postcode": "86150",
        "occupancy": "permanent",
        "empty_over_60_days": "no",
        "fire_hazard_business_within_10m": "no",
        "construction_class": "I",
        "direct_debit": "no",
    },
    home=GERMAN_HOME,
    net=Decimal("215.06"),
    tax=Decimal("36.06"),
)
# HO-01: the manual's Example I, a house of USD 90,500 without a loss, member of the club.
HOMEOWNERS = Sale(
    product="us-mo-homeowners-premier",
    answers={
        "form": "premier",
        "aaa_member": "yes",
        "owns_automobile": "yes",
        "only_company_car": "no",
        "affiliate_auto_policy": "yes",
        "rooming_or_student_housing": "no",
        "student_roomers": "0",
        "mobile_home": "no",
        "construction": "conventional",
        "substandard_adjacent": "no",
        "conviction": "no",
        "self_built": "no",
        "dwelling_age": "20",
        "replacement_cost": "90500",
        "coverage_a": "90500",
        "ordinance_or_law": "no",
        "special_loss_settlement": "no",
        "protective_devices": [],
        "deductible": "1000",
        "payer": "policyholder",
        "payment_plan": "annual",
    },
    home=AMERICAN_HOME,
    net=Decimal("231.00"),
    tax=Decimal("0.00"),
    withdraws=False,
    information="summary",
)
