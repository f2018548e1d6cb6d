"""The days in which a customer may withdraw from a contract: whether there are any, from when, until when."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from common.periods import months_later
from common.working_days import is_working_day
from companies.clock import day_of
from companies.models import Company
from policies.models import Policy
from products.language.schema import Definition
from products.models import ProductVersion
from products.selectors import compiled
from products.withdrawing import TIME_OF_COVER, keeps

NO_RIGHT, SHORT = "no_right", "short"


@dataclass(frozen=True, slots=True)
class CoolingOff:
    """The right to withdraw from one policy. `why_not` is empty where the right exists; `last_day` none while the
    papers haven't reached the customer, since the days are counted from then.
    """

    why_not: str
    days: int
    last_day: date | None = None
    keeps_premium: bool = False

    @property
    def exists(self) -> bool:
        return not self.why_not

    def holds(self, on: date) -> bool:
        """Whether a declaration that comes in on a day is in time."""
        return self.exists and (self.last_day is None or on <= self.last_day)


def cooling_off(policy: Policy, company: Company) -> CoolingOff:
    """The days of a policy, by its product and the day on which its papers were received.

    They begin at the conclusion or the receipt of the documents, whichever is later, whose own day doesn't count; a
    last day on which nobody works moves to the next working day (Regulation 1182/71; BW 6:230x, § 8 VVG). None for a
    cover of less than a month, and where the product has none.
    """
    definition = definition_of(policy)
    days = definition.withdrawal.days
    if not days:
        return CoolingOff(NO_RIGHT, 0)
    if policy.renews_on < months_later(policy.starts_on, 1):
        return CoolingOff(SHORT, days)
    concluded_on, received_on = begun(policy, company)
    last_day = last_day_of(max(concluded_on, received_on), days, company.country) if received_on else None
    return CoolingOff("", days, last_day, keeps(definition) == TIME_OF_COVER)


def definition_of(policy: Policy) -> Definition:
    """The product document by which the contract was made."""
    version = ProductVersion.objects.get(pk=policy.case.product_version_id)
    found: Definition = compiled(version).definition
    return found


def begun(policy: Policy, company: Company) -> tuple[date, date | None]:
    """When the contract was made, and when its papers were received by the clock of the company.

    In a rehearsal, whose business day is moved while mails go by the real clock, the day of the order stands for both.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT concluded_on, received_at FROM sec.cooling_off(%s)", [policy.pk])
        concluded_on, received_at = cursor.fetchone() or (None, None)
    made = concluded_on or policy.starts_on
    if received_at is None:
        return made, None
    return made, made if company.is_rehearsal else day_of(company, received_at)


def last_day_of(start: date, days: int, country: str) -> date:
    """The last of the days that follow a day, moved on where nobody works on it."""
    last = start + timedelta(days=days)
    while not is_working_day(last, country=country):
        last += timedelta(days=1)
    return last
