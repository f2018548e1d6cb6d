"""Where the lines of an import are tried and made: as the employee who asked, or as the operator while he may."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from django.db import connection

from companies.actor import Actor, ActorKind
from companies.clock import today
from companies.doors import Door
from companies.imports.kinds import Place
from companies.jobs import company_of_scope
from companies.models import Import
from companies.scope import company_scope, leave, read
from companies.signing import ask, prove

HISTORY = "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"


@contextmanager
def inside(found: Import, *, job_id: int, writes: bool) -> Iterator[Place | None]:
    """Stand where the import's lines are worked on; None where the operator may not go on any more.

    Called by a job inside its company. What follows in the scope of a window is of no company as soon as it closes.
    """
    company = company_of_scope()
    operator = found.by_operator
    kind = ActorKind.OPERATOR if operator else ActorKind.EMPLOYEE
    actor = Actor(kind, Door.WORKER, found.user_id, found.membership_id, job_id=job_id)
    place = Place(company, today(company), actor, writes, discreet=operator)
    if not operator:
        with company_scope(company.pk, door=Door.WORKER, actor=actor):
            yield place
        return
    before = read()
    if not ask(
        "SELECT login FROM sec.enter_import(%s, %s, %s)", [found.ticket, *prove("service", "import", found.ticket)]
    ):
        yield None
        return
    who = {key: value for key, value in asdict(actor).items() if value not in (None, False)}
    ask(HISTORY, [str(uuid.uuid4()), json.dumps(who)])
    yield place
    leave(before)


def still_inside() -> bool:
    """Whether the context is of a company still: that of a window ends with it."""
    [(company,)] = ask("SELECT sec.company()", [])
    return company is not None


def settle() -> None:
    """Check now what the database would check at commit, so that it is this line that is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
