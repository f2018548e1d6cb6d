"""When a right or a named act was last used: the day, written at most once a day; long unused, it is proposed for
removal.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from companies.models import Grant, PartCode, Right, RightUse
from companies.models.rights import MODULE_OF, Act
from companies.rights import modules_on
from companies.rights.matrix import NOTHING, contents, live_grants

Used = tuple[PartCode, Right] | Act
NOTED: set[tuple[int, str, str, str]] = set()  # what this process has written today
DAY: list[date] = []  # the day of NOTED
WRITE = (
    'INSERT INTO companies_rightuse AS u (company_id, membership_id, part, "right", act, last_on) '
    'VALUES (sec.company(), %s, %s, %s, %s, %s) ON CONFLICT (company_id, membership_id, part, "right", act) '
    "DO UPDATE SET last_on = EXCLUDED.last_on WHERE u.last_on < EXCLUDED.last_on"
)


def note_use(*, membership_id: int, used: Iterable[Used], on: date) -> None:
    """An employee used these rights and acts on this day. The first time a day each process asks the database; after
    that it asks no more, so that a page costs no query.
    """
    if [on] != DAY:
        DAY[:] = [on]
        NOTED.clear()
    for words in sorted(map(words_of, used)):  # always in one order, so that two requests can't wait for each other
        key = (membership_id, *words)
        if key not in NOTED:
            with connection.cursor() as cursor:
                cursor.execute(WRITE, [*key, on])
            NOTED.add(key)


def words_of(what: Used) -> tuple[str, str, str]:
    """A right as its row keeps it (part, right), a named act as its own (act)."""
    return ("", "", what.value) if isinstance(what, Act) else (what[0].value, what[1].value, "")


def unused_grants(*, on: date) -> list[tuple[Grant, date | None]]:
    """Protocols held for `settings.UNUSED_DAYS` days or more of which the employee used no right and no act in that
    time, each with the day he last used one.
    """
    since = on - timedelta(days=settings.UNUSED_DAYS)
    uses = {(use.membership_id, use.part, use.right, use.act): use.last_on for use in RightUse.objects.all()}
    found, modules = contents(), modules_on()
    rows: list[tuple[Grant, date | None]] = []
    for grant in live_grants():
        held = found.get(grant.protocol_id, NOTHING)
        usable: list[Used] = [*(pair for pair in held.rights if MODULE_OF[pair[0]] in modules), *held.acts]
        days = [uses.get((grant.membership_id, *words_of(what))) for what in usable]
        last = max((day for day in days if day), default=None)
        if usable and grant.given_at.date() <= since and (last is None or last <= since):
            rows.append((grant, last))
    return rows
