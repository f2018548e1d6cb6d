"""complete_protocols [--json]: give every company the ready-made protocols it never had; nothing of its own changes."""

from typing import Any

from django.utils import translation

from companies.actor import ROBOT
from companies.clock import today
from companies.doors import Door
from companies.management.base import ReportCommand
from companies.models import Company
from companies.rights.protocols import complete_protocols
from companies.scope import company_scope


class Command(ReportCommand):
    help = __doc__ or ""

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        added: dict[str, list[str]] = {}
        for company in Company.objects.order_by("slug"):
            with company_scope(company.pk, door=Door.WORKER, actor=ROBOT), translation.override(company.language):
                made = complete_protocols(actor=ROBOT, on=today(company))
                added[company.slug] = [protocol.name for protocol in made]
        return {"added": added}, True
