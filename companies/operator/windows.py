"""What a company's administrators do about the computing centre: let it look in, stop it, refuse it, and take over.

Each is a function of the database that asks whether the context is an administrator's; the code from his phone is taken
in the same transaction, and once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from companies.factors import use_code
from companies.jobs import enqueue, wake
from companies.models import Job, JobState, User, Window
from companies.operator.console import LAPSES
from companies.signing import ask

ENDED, OPENED = "window.ended", "window.opened"


def waiting_windows() -> list[Window]:
    """Windows that the operator asked for and nobody answered yet, oldest first."""
    rows = Window.objects.filter(opened_at=None, refused_at=None, asked_at__gt=timezone.now() - LAPSES)
    return list(rows.select_related("asked_by").order_by("pk"))


def open_window_now() -> Window | None:
    """The window that is open now, if any."""
    rows = Window.objects.filter(opened_at__isnull=False, closed_at=None, expires_at__gt=timezone.now())
    return rows.select_related("asked_by", "opened_by__user").order_by("-pk").first()


def open_window(*, window: int, modules: Sequence[str], imports: bool, minutes: int, user: User, code: str) -> datetime:
    """Let the operator look in, with a code from the administrator's phone; when it ends by itself (S2-12).

    A code that was taken is used up, even if the window can't be opened. Raises CodeError, or BusinessError for a
    window that was answered already or lapsed, while another is open, or for more than was asked.
    """
    taken = use_code(user, code)
    try:
        with transaction.atomic():
            [(ends,)] = ask(
                "SELECT sec.open_window(%s, %s::varchar[], %s, %s, %s)",
                [window, list(modules), imports, minutes, taken],
            )
    except DatabaseError as error:
        raise BusinessError(_("This window was answered already, has lapsed, or another one is open."), code="window") \
            from error  # fmt: skip
    enqueue(OPENED, key=f"{OPENED}:{window}", window=window)
    enqueue(ENDED, key=f"{ENDED}:{window}", due_at=ends + timedelta(seconds=1), window=window)
    return ends  # type: ignore[no-any-return]


@step
def close_window(*, window: int) -> bool:
    """Close an open window now; whether it was open. The mail about its end goes out at once."""
    [(closed,)] = ask("SELECT sec.close_window(%s)", [window])
    if closed:
        jobs = Job.objects.filter(key=f"{ENDED}:{window}", state=JobState.OPEN)
        jobs.update(due_at=timezone.now())
        found = list(jobs.values_list("pk", "ticket", "lane"))
        transaction.on_commit(lambda: wake(found), robust=True)
    return bool(closed)


@step
def refuse_window(*, window: int) -> bool:
    """Refuse to let the operator look in; whether it was waiting for an answer."""
    return bool(ask("SELECT sec.refuse_window(%s)", [window])[0][0])


def take_over(*, user: User, code: str) -> datetime:
    """From now on the company administers itself, its rehearsal too; it never goes back (S2-10).

    Raises CodeError, or BusinessError where it does so already.
    """
    taken = use_code(user, code)
    try:
        with transaction.atomic():
            [(since,)] = ask("SELECT sec.hand_over(%s)", [taken])
    except DatabaseError as error:
        raise BusinessError(_("This company administers itself already."), code="handed_over") from error
    return since  # type: ignore[no-any-return]
