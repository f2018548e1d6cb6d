"""The business day of a company: today where it works, or the day on which its rehearsal twin stands."""

from datetime import date

from common.clock import business_day
from companies.models.company import Company


def today(company: Company) -> date:
    """Read once at the edge (view, job, command) and passed on as `on`."""
    return business_day(company.rehearsal_day, company.time_zone)
