"""The outbox: work promised in a business transaction, done by a worker exactly once, whatever is killed in between.

`enqueue()` writes the row in the caller's transaction and wakes a worker after the commit. A worker enters by the row's
ticket, locks the row, runs the registered handler and marks it done in one transaction. If the wake-up is lost, the
sweeper finds the row (docs/jobs.md).
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Func, Q, QuerySet
from django.utils import timezone
from psycopg.types.json import Jsonb

from common.formats import written_for
from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company, Job, JobState, Lane, Module, ModuleCode
from companies.prepared import plan_once, preparing
from companies.scope import company_scope
from companies.trail import gathered_trail
from companies.tries import USUAL, Tries

log = logging.getLogger("polisdesk.jobs")
Handler = Callable[[Job], None]
HANDLERS: dict[str, Handler] = {}
MODULES: dict[str, ModuleCode] = {}  # a kind of job whose module is switched off waits
TRIES: dict[str, Tries] = {}
PREPARED: set[str] = set()  # kinds whose statements are planned once a connection
MOST_WOKEN = 50  # of one run at once
AGAIN = 15  # seconds after which the sweeper wakes the same job once more
LONG = 100  # wake-ups in a lane's queue from which on the sweeper adds none: what waits there would only be told twice
INSERT_JOBS = """
INSERT INTO companies_job (company_id, kind, key, ids, lane, state, ticket, due_at, attempts, error, after)
SELECT (SELECT sec.company()), u.kind, u.key, u.ids, u.lane, 'open', gen_random_uuid(),
  coalesce(u.due_at, clock_timestamp()), 0, '', u.after::bigint[]
FROM unnest(%s::text[], %s::text[], %s::jsonb[], %s::text[], %s::text[], %s::timestamptz[]) WITH ORDINALITY
  AS u(kind, key, ids, lane, after, due_at, place)
ORDER BY u.place ON CONFLICT (company_id, key) DO NOTHING RETURNING key, id, ticket, lane
"""


FINISH = """
WITH done AS (UPDATE companies_job SET state = 'done', done_at = clock_timestamp(), error = '' WHERE id = %s)
SELECT id, ticket, lane FROM companies_job WHERE state = 'open' AND after @> ARRAY[%s::bigint]
"""


@dataclass(frozen=True, slots=True)
class Promise:
    """A job just written: others may wait for it by its id."""

    job_id: int
    ticket: UUID


def handles(
    kind: str, *, module: ModuleCode | None = None, tries: Tries = USUAL, prepared: bool = False
) -> Callable[[Handler], Handler]:
    """Register the function that does the jobs of a kind. It runs inside the job's transaction and company; while the
    company has switched the module off, jobs of the kind wait. `tries`: how often and when a failing one is tried.
    `prepared`: its statements are planned once a connection, and its trail is written at its end, for kinds that come
    often and touch one customer's rows.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS[kind], TRIES[kind] = handler, tries
        if prepared:
            PREPARED.add(kind)
        if module is not None:
            MODULES[kind] = module
        return handler

    return register


def held_up() -> dict[str, ModuleCode]:
    """The kinds of jobs that wait in the current company, since their module isn't switched on."""
    on = set(switched_on().values_list("code", flat=True))
    return {kind: module for kind, module in MODULES.items() if module not in on}


def switched_on() -> QuerySet[Module]:
    """The modules that the current company uses."""
    return Module.objects.filter(on=True)


@dataclass(frozen=True, slots=True)
class Work:
    """One job to be promised; see `enqueue`."""

    kind: str
    key: str
    ids: Mapping[str, Any]
    lane: Lane = Lane.SINGLE
    after: tuple[int, ...] = ()
    due_at: datetime | None = None


def enqueue(
    kind: str,
    *,
    key: str,
    lane: Lane = Lane.SINGLE,
    after: Iterable[Promise] = (),
    due_at: datetime | None = None,
    **ids: Any,
) -> Promise:
    """Promise work in this transaction. `key` says what it is, once per company: a second promise of it is the first
    one.

    `ids` are numbers and codes for the handler. `after`: jobs that must be done before this one starts; `due_at`: not
    before then (none: at once).
    """
    return enqueue_many([Work(kind, key, ids, lane, tuple(promise.job_id for promise in after), due_at)])[0]


def enqueue_many(works: Sequence[Work]) -> list[Promise]:
    """Promise each work, in one statement; the promises in their order. Of a run the first are woken, the sweeper finds
    the rest.
    """
    if not works:
        return []
    found = insert_jobs(works)
    fresh = [found[work.key] for work in works if work.key in found and work.due_at is None][:MOST_WOKEN]
    if fresh:
        transaction.on_commit(partial(wake, [(job_id, ticket, lane) for job_id, ticket, lane in fresh]), robust=True)
    if missing := [work.key for work in works if work.key not in found]:
        rows = Job.objects.filter(key__in=missing).values_list("key", "pk", "ticket", "lane")
        found |= {key: (job_id, ticket, lane) for key, job_id, ticket, lane in rows}
    return [Promise(*found[work.key][:2]) for work in works]


def insert_jobs(works: Sequence[Work]) -> dict[str, tuple[int, UUID, str]]:
    """Number, ticket and lane of the jobs that weren't promised before, by key."""
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_JOBS,
            [
                [work.kind for work in works],
                [work.key for work in works],
                [Jsonb(dict(work.ids)) for work in works],
                [str(work.lane) for work in works],
                ["{" + ",".join(map(str, work.after)) + "}" for work in works],
                [work.due_at for work in works],
            ],
        )
        return {key: (job_id, ticket, lane) for key, job_id, ticket, lane in cursor.fetchall()}


def wake(jobs: Iterable[tuple[int, UUID, str]]) -> None:
    """Tell a worker that there is work. A broker that doesn't answer loses nothing: the sweeper finds the rows."""
    from companies.tasks import work

    for job_id, ticket, lane in jobs:
        try:
            work.apply_async(args=(job_id, str(ticket)), queue=lane)
        except Exception:
            log.warning("The broker can't be reached; the sweeper will find job %s.", job_id)
            return


def run_job(ticket: UUID) -> bool:
    """Do one job by its ticket; True if it was done now. A failing one is put off, longer each time, and kept with
    its error.
    """
    with preparing():
        return enter_and_do(ticket)


def enter_and_do(ticket: UUID) -> bool:
    found = find_job(ticket)
    if found is None:
        return False
    company_id, job_id = found
    actor = ROBOT.on_job(job_id)
    try:
        with company_scope(company_id, door=Door.WORKER, actor=actor):
            return do(job_id)
    except Exception as error:
        log.warning("Job %s failed: %s", job_id, type(error).__name__, exc_info=True)
        with company_scope(company_id, door=Door.WORKER, actor=actor):
            put_off(job_id, error)
        return False


def do(job_id: int) -> bool:
    """Lock the job, do it, mark it done; nothing if another worker holds it, it's done, or what it waits for isn't."""
    job = lock_job(job_id)
    if job is None or job.due_at > timezone.now() + timedelta(seconds=1):
        return False
    if job.kind in MODULES and MODULES[job.kind] not in job.modules:
        return False
    if job.after and Job.objects.filter(pk__in=job.after).exclude(state=JobState.DONE).exists():
        return False
    with written_for(job.company.country):
        handle(job)
    with connection.cursor() as cursor:
        cursor.execute(FINISH, [job.pk, job.pk])
        followers = cursor.fetchall()
    transaction.on_commit(partial(wake, followers), robust=True)
    return True


def lock_job(job_id: int) -> Any:
    """An open job that nobody else holds, with its company and the `modules` that are switched on, in one statement."""
    rows = Job.objects.select_for_update(of=("self",), skip_locked=True).select_related("company")
    modules = ArraySubquery(switched_on().values("code"))
    return next(iter(rows.annotate(modules=modules).filter(pk=job_id, state=JobState.OPEN)), None)


def handle(job: Job) -> None:
    """Run the handler. A kind that has it so runs prepared statements, and writes its lines of the trail at its end."""
    if job.kind in PREPARED:
        plan_once()
        with gathered_trail():
            return HANDLERS[job.kind](job)
    with preparing(False):
        HANDLERS[job.kind](job)


def put_off(job_id: int, error: Exception) -> None:
    """Try again after 1, 2, 4 ... seconds, as the kind has it; after the last try a person must look."""
    job = Job.objects.select_for_update().get(pk=job_id)
    attempts, tries = job.attempts + 1, TRIES.get(job.kind, USUAL)
    place = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    Job.objects.filter(pk=job_id, state=JobState.OPEN).update(
        attempts=F("attempts") + 1,
        due_at=timezone.now() + tries.wait(attempts),
        state=JobState.FAILED if attempts >= tries.most else JobState.OPEN,
        # The kind and place of the error; its text may quote a customer's data.
        error=f"{type(error).__name__} at {place.name}:{place.lineno}"[:300] if place else type(error).__name__,
    )


def try_anew(key: str) -> bool:
    """A person wants a job that failed to be tried now, and then as patiently as the first time; False where nothing
    failed, or a worker is at it this moment.
    """
    failed = Q(state=JobState.FAILED) | Q(state=JobState.OPEN, attempts__gt=0)
    job = Job.objects.select_for_update(skip_locked=True).filter(failed, key=key).first()
    if job is None:
        return False
    Job.objects.filter(pk=job.pk).update(state=JobState.OPEN, attempts=0, due_at=timezone.now())
    transaction.on_commit(partial(wake, [(job.pk, job.ticket, job.lane)]), robust=True)
    return True


def find_job(ticket: UUID) -> tuple[int, int] | None:
    """Company and number of an open job, by a definer function: nothing is in scope yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id, job_id FROM sec.enter_job(%s)", [ticket])
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def sweep(*, limit: int = 500) -> int:
    """Wake what is due and may have been forgotten, company by company; how many jobs were woken. A lane whose queue is
    long is left alone until it is short: what else is due would stand behind it all the same.
    """
    lanes = [lane for lane in Lane if queued(lane) < LONG]
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM sec.companies_with_work()")
        companies = [row[0] for row in cursor.fetchall()]
    woken = 0
    for company_id in companies:
        with company_scope(company_id, door=Door.WORKER, actor=ROBOT):
            due = Job.objects.filter(state=JobState.OPEN, due_at__lte=timezone.now(), lane__in=lanes)
            due = due.order_by("lane", "due_at", "pk")
            rows = list(due.exclude(kind__in=held_up()).values_list("pk", "ticket", "lane", "due_at")[:limit])
        jobs = [(job_id, ticket, lane) for job_id, ticket, lane, due_at in rows if not_woken(job_id, due_at)]
        wake(jobs)
        woken += len(jobs)
    return woken


def queued(lane: str) -> int:
    """How many wake-ups stand in a lane's queue; none where the broker can't be asked."""
    from companies.tasks import work

    try:
        with work.app.connection_or_acquire() as broker, broker.channel() as channel:
            return int(channel.client.llen(lane))
    except Exception:  # whatever the broker says: then nobody can be woken either
        return 0


def not_woken(job_id: int, due_at: datetime) -> bool:
    """Whether the sweeper hasn't woken this job a moment ago: while much waits, a queue holds few wake-ups in vain."""
    try:
        return bool(cache.add(f"woken:{job_id}:{due_at.timestamp()}", 1, timeout=AGAIN))
    except Exception:  # whatever the broker says: then nobody can be woken either
        return True


def company_of_scope() -> Company:
    """The company whose context is set, for handlers."""
    return Company.objects.get(pk=Func(function="sec.company", output_field=BigIntegerField()))
