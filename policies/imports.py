"""Policies taken over from an old system (S2-13)."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.imports import values
from companies.imports.kinds import Column, Kind, Place, Told, Totals, added, register
from companies.models import Company, Import, ImportRow, PartCode
from policies.models import Policy, PolicyVersion
from policies.services.take_over import PLANS, Held, take_over_policy
from products.selectors import live_versions
from relations.imports import find_relation
from relations.models import Party
from relations.selectors import find_appointment

CODE = "policies"
OWN_SERIES = re.compile(r"P-[0-9]{4}-[0-9]+")
ZERO = Decimal("0.00")


class Policies(Kind):
    """Policies in force with their premium of a year; the relations must be there already."""

    code, title, part = CODE, _("Policies"), PartCode.POLICIES
    measures = {"count": _("How many"), "premium": _("Premium")}  # noqa: RUF012 never changed
    columns = (
        Column("number", values.text(20), _("Policy number; it stays the same."), "PT-20931", needed=True),
        Column("relation", values.text(40), _("Who holds it: number in the old system, or the number here."), "10482",
               needed=True),
        Column("product", values.text(60), _("Key of the product here; it must be live."), "nl-horse-trailer",
               needed=True),
        Column("adviser", values.text(40), _("Code of the adviser here; empty: without an adviser."), ""),
        Column("starts_on", values.day, _("First day of cover."), "01-03-2019", needed=True),
        Column("renews_on", values.day, _("Next renewal, today or later."), "01-03-2027", needed=True),
        Column("plan", values.one_of(PLANS), _("annual, half_yearly, quarterly or monthly; empty: annual."), "annual"),
        Column("net", values.amount, _("Net premium of a year."), "212,40", needed=True),
        Column("tax", values.amount, _("Insurance tax of a year."), "44,60", needed=True),
        Column("fees", values.amount, _("Costs of a year; empty: none."), "6,50"),
        Column("total", values.amount, _("Net premium, tax and costs together."), "263,50", needed=True),
        Column("insured", values.text(200), _("What is insured, in words."), "Böckmann Duo, 12-WB-KL"),
    )  # fmt: skip

    def complete(self, told: Told, company: Company) -> Told:
        return told | {"plan": told["plan"] or "annual", "fees": told["fees"] or str(ZERO)}

    def key(self, told: Told) -> str:
        return told["number"]

    def prepare(self, told: Told, place: Place) -> Held:
        check_number(told["number"])
        version = live_versions().filter(product__slug=told["product"]).defer("definition", "evidence").first()
        if version is None:
            message = _("Expected a product that is live here, found “%(found)s”.")
            raise BusinessError(message, field="product", params={"found": told["product"]})
        net, tax, fees, total = (Decimal(told[name]) for name in ("net", "tax", "fees", "total"))
        starts_on, renews_on = (date.fromisoformat(told[name]) for name in ("starts_on", "renews_on"))
        check_days(starts_on, renews_on, place.on)
        check_premium(net, tax, fees, total)
        return Held(
            number=told["number"], version=version, holder=holder_of(told["relation"]),
            adviser=adviser_of(told["adviser"], place.on), starts_on=starts_on, renews_on=renews_on, plan=told["plan"],
            net=net, tax=tax, fees=fees, insured=told["insured"], country=place.company.country,
        )  # fmt: skip

    def make(self, told: Told, prepared: Any, row: ImportRow, place: Place) -> tuple[str, int]:
        policy = take_over_policy(held=prepared, row=row, on=place.on, actor=place.actor)
        return Policy._meta.db_table, policy.pk

    def measure(self, many: Iterable[Told]) -> Totals:
        found: Totals = {}
        for told in many:
            added(found, CODE, count=Decimal(1), premium=Decimal(told["total"]))
        return found

    def made(self, found: Import) -> Totals:
        return summed(PolicyVersion.objects.filter(policy__import_row__source=found))

    def totals(self) -> Totals:
        return summed(PolicyVersion.objects.all())


def summed(versions: Any) -> Totals:
    """How many policies, and the premium of their newest versions."""
    sums = versions.filter(valid_until=None).aggregate(count=Count("policy", distinct=True), premium=Sum("total"))
    return {CODE: {"count": Decimal(sums["count"]), "premium": sums["premium"] or ZERO}}


def check_number(number: str) -> None:
    """Refuse a number that another policy has, or that ours will have one day."""
    if OWN_SERIES.fullmatch(number):
        message = _("Numbers such as P-2026-000001 are given here. Expected the number of the old system.")
        raise BusinessError(message, field="number")
    if Policy.objects.filter(number=number).exists():
        raise BusinessError(_("There is a policy with this number already."), field="number")


def check_days(starts_on: date, renews_on: date, on: date) -> None:
    """Cover comes before its renewal, and that still lies ahead: what was over isn't taken over."""
    if renews_on <= starts_on:
        message = _("Expected a day after the first day of cover, %(first)s, found %(found)s.")
        params = {"first": starts_on.isoformat(), "found": renews_on.isoformat()}
        raise BusinessError(message, field="renews_on", params=params)
    if renews_on < on:
        message = _("Expected today or a later day, found %(found)s.")
        raise BusinessError(message, field="renews_on", params={"found": renews_on.isoformat()})


def check_premium(net: Decimal, tax: Decimal, fees: Decimal, total: Decimal) -> None:
    """Each part is something or nothing, and together they are the total."""
    for name, part in (("net", net), ("tax", tax), ("fees", fees)):
        if part < 0:
            raise BusinessError(_("Expected 0.00 or more, found %(found)s."), field=name, params={"found": part})
    if net + tax + fees != total:
        message = _("Expected net, tax and fees together, %(sum)s, found %(found)s.")
        raise BusinessError(message, field="total", params={"sum": net + tax + fees, "found": total})


def holder_of(number: str) -> Party:
    """The relation that a line names."""
    found = find_relation(number)
    if found is None:
        message = _("Expected a relation that is here, found “%(found)s”. Import the relations first.")
        raise BusinessError(message, field="relation", params={"found": number})
    return found


def adviser_of(code: str, on: date) -> Party | None:
    """The adviser that a line names, if any."""
    if not code:
        return None
    appointment = find_appointment(code=code, on=on)
    if appointment is None:
        message = _("Expected the code of an adviser who is appointed here, found “%(found)s”.")
        raise BusinessError(message, field="adviser", params={"found": code})
    party: Party = appointment.party
    return party


POLICIES = register(Policies())
