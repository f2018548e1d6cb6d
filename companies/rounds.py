"""What the clock does in every company, one after the other."""

import logging
from collections.abc import Callable

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company
from companies.scope import company_scope

log = logging.getLogger(__name__)


def in_each_company(do: Callable[[Company], int]) -> int:
    """Do something in each company, in a transaction of its own; the sum of what it gives back, for example how many
    rows were closed. A company in which it fails is logged and holds up no other: the next round tries again.
    """
    done = 0
    for company in Company.objects.order_by("pk"):
        try:
            with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
                done += do(company)
        except Exception:
            log.exception("The round failed in company %s.", company.pk)
    return done
