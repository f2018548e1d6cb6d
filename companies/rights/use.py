"""When a right was last used: the day, written at most once a day; long unused, it is proposed for removal."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from companies.models import Grant, PartCode, Right, RightUse
from companies.models.rights import MODULE_OF
from companies.rights import modules_on
from companies.rights.matrix import NOTHING, contents, live_grants

NOTED: set[tuple[int, str, str]] = set()  # what this process has written today
DAY: list[date] = []  # the day of NOTED
WRITE = (
    'INSERT INTO companies_rightuse AS u (company_id, membership_id, part, "right", last_on) '
    'VALUES (sec.company(), %s, %s, %s, %s) ON CONFLICT (company_id, membership_id, part, "right") '
    "DO UPDATE SET last_on = EXCLUDED.last_on WHERE u.last_on < EXCLUDED.last_on"
)


def note_use(*, membership_id: int, rights: Iterable[tuple[PartCode, Right]], on: date) -> None:
    """An employee used these rights on this day. The first time a day each process asks the database; after that it
    asks no more, so that a page costs no query.
    """
    if [on] != DAY:
        DAY[:] = [on]
        NOTED.clear()
    for part, right in sorted(rights):  # always in one order, so that two requests can't wait for each other
        key = (membership_id, part.value, right.value)
        if key not in NOTED:
            with connection.cursor() as cursor:
                cursor.execute(WRITE, [*key, on])
            NOTED.add(key)


def unused_grants(*, on: date) -> list[tuple[Grant, date | None]]:
    """Protocols held for `settings.UNUSED_DAYS` days or more of which the employee used no right in that time, each
    with the day he last used one; a protocol of named acts alone isn't judged.
    """
    since = on - timedelta(days=settings.UNUSED_DAYS)
    uses = {(use.membership_id, use.part, use.right): use.last_on for use in RightUse.objects.all()}
    found, modules = contents(), modules_on()
    rows: list[tuple[Grant, date | None]] = []
    for grant in live_grants():
        rights = found.get(grant.protocol_id, NOTHING).rights
        pairs = [(part, right) for part, right in rights if MODULE_OF[part] in modules]
        days = [uses.get((grant.membership_id, part.value, right.value)) for part, right in pairs]
        last = max((day for day in days if day), default=None)
        if pairs and grant.given_at.date() <= since and (last is None or last <= since):
            rows.append((grant, last))
    return rows
