"""Setting up companies below this one: jobs that know every room a new company needs."""

from companies.actor import ROBOT
from companies.clock import today
from companies.doors import Door
from companies.jobs import company_of_scope, handles
from companies.models import CompanyKind, Founding, Job, ModuleCode
from companies.scope import company_scope
from companies.services.below import FOUND, INVITE_FIRST, found_below, send_first
from ledger.services import open_books

KEEPS_BOOKS = {CompanyKind.PROVIDER, CompanyKind.AGENT}


@handles(FOUND, module=ModuleCode.COMPANIES)
def make_company(job: Job) -> None:
    """Make the company that was asked for, with books where its kind keeps them; a second run finds it made."""
    above = company_of_scope()
    if Founding.objects.filter(pk=job.ids["founding"], made__isnull=False).exists():
        return
    made = found_below(founding_id=job.ids["founding"], above=above, on=today(above))
    if CompanyKind(made.kind) in KEEPS_BOOKS:
        with company_scope(made.pk, door=Door.WORKER, actor=ROBOT):
            open_books(kind=CompanyKind(made.kind), actor=ROBOT)


@handles(INVITE_FIRST, module=ModuleCode.COMPANIES)
def invite_administrator(job: Job) -> None:
    """Write the invitation inside the company below."""
    send_first(founding_id=job.ids["founding"], on=today(company_of_scope()))
