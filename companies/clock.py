"""The business day of a company: today where it works, or the day on which its rehearsal twin stands."""

from datetime import date, datetime

from common.clock import business_day, day_at
from companies.models.company import Company


def today(company: Company) -> date:
    """Read once at the edge (view, job, command) and passed on as `on`."""
    return business_day(company.rehearsal_day, company.time_zone)


def day_of(company: Company, moment: datetime) -> date:
    """The business day on which something reached the company: what a customer sends before midnight counts for that
    day, whenever a worker comes to it.
    """
    return company.rehearsal_day or day_at(moment, company.time_zone)
