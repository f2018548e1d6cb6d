"""What a company's administrators do about the computing centre: let it look in, stop it, refuse it, and take over.

Each is a function of the database that asks whether the context is an administrator's; the code from his phone is taken
in the same transaction, and once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from companies.factors import CodeError, use_code
from companies.jobs import enqueue, wake
from companies.models import CodeFor, Job, JobState, User, Window, WindowExtension, WrongCode
from companies.operator.console import LAPSES
from companies.signing import ask

ENDED, EXTENDED, OPENED = "window.ended", "window.extended", "window.opened"
LONGER = timedelta(minutes=WindowExtension.MINUTES)


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
    taken = use_code_for(CodeFor.OPEN, window, user, code)
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


def extend_window(*, window: int, user: User, code: str) -> datetime:
    """Keep an open window open for 30 minutes more, with a new code; when it ends by itself then (S2-12).

    Over all it stays open for eight hours at most. Raises CodeError, or BusinessError for a window that isn't open any
    more or would be open for longer than that.
    """
    taken = use_code_for(CodeFor.EXTEND, window, user, code)
    list(end_of(window).select_for_update())  # before the window: a worker that has this job tells its end first
    try:
        with transaction.atomic():
            [(ends,)] = ask("SELECT sec.extend_window(%s, %s)", [window, taken])
    except DatabaseError as error:
        raise BusinessError(
            _("This window isn't open any more, or would be open for more than eight hours."), code="window"
        ) from error
    due = ends + timedelta(seconds=1)
    if not end_of(window).update(due_at=due):
        enqueue(ENDED, key=f"{ENDED}:{window}:{taken}", due_at=due, window=window)
    enqueue(EXTENDED, key=f"{EXTENDED}:{window}:{taken}", window=window)
    return ends  # type: ignore[no-any-return]


def may_extend(window: Window) -> bool:
    """Whether an open window is, with 30 minutes more, open for eight hours at most."""
    if window.opened_at is None or window.expires_at is None:
        return False
    return window.expires_at + LONGER <= window.opened_at + timedelta(minutes=Window.MOST_MINUTES)


def use_code_for(act: CodeFor, window: int, user: User, code: str) -> int:
    """Take a code for a window; one that isn't taken is written down for all administrators. Raises CodeError."""
    try:
        return use_code(user, code)
    except CodeError as error:
        if error.code != "locked":
            ask("SELECT sec.note_wrong_code(%s, %s, %s)", [window, act.value, error.code])
        raise


def wrong_codes(window: int | None = None) -> QuerySet[WrongCode]:
    """Codes that weren't taken at the company's windows, or at one of them, newest first."""
    rows = WrongCode.objects.select_related("window__asked_by", "by__user").order_by("-pk")
    return rows if window is None else rows.filter(window=window)


def extensions(window: int) -> QuerySet[WindowExtension]:
    """How often a window was kept open for longer, newest first."""
    return WindowExtension.objects.select_related("by__user").filter(window=window).order_by("-pk")


def end_of(window: int) -> QuerySet[Job]:
    """The work that tells a window's end, while it waits."""
    return Job.objects.filter(kind=ENDED, ids__window=window, state=JobState.OPEN)


@step
def close_window(*, window: int) -> bool:
    """Close an open window now; whether it was open. The mail about its end goes out at once."""
    [(closed,)] = ask("SELECT sec.close_window(%s)", [window])
    if closed:
        end_of(window).update(due_at=timezone.now())
        found = list(end_of(window).values_list("pk", "ticket", "lane"))
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
