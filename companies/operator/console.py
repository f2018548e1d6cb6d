"""What the operator does at his console, each by a function of the database that asks who he is and if he may."""

import json
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.jobs import wake
from companies.links import hash_of
from companies.models import Company, CompanyKind
from companies.signing import ask

INVITED_FOR = timedelta(days=7)
LAPSES = timedelta(hours=24)  # as sec.open_window knows it


@dataclass(frozen=True, slots=True)
class Overview:
    """A company as the operator always sees it: what it is, how large, whether its machine runs."""

    slug: str
    name: str
    kind: str
    rehearsal: bool
    founded_by: str | None
    since: datetime
    own_administrator_at: datetime | None
    employees: int
    policies: int
    documents: int
    waiting: int
    failed: int
    oldest_due: datetime | None
    asked: int
    open: int

    @property
    def kind_in_words(self) -> str:
        """Provider, agent, pool and so on."""
        return str(CompanyKind(self.kind).label)

    @property
    def administered(self) -> bool:
        """Whether the operator administers it still."""
        return self.own_administrator_at is None and self.founded_by is None

    @property
    def late(self) -> bool:
        """Whether work has waited for more than a minute."""
        return self.oldest_due is not None and self.oldest_due < timezone.now() - timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A window the operator asked for."""

    slug: str
    asked_at: datetime
    reason: str
    modules: list[str]
    imports: bool
    minutes: int
    opened_at: datetime | None
    expires_at: datetime | None
    closed_at: datetime | None
    refused_at: datetime | None
    name: str = ""  # of the company, where a list names it

    @property
    def state(self) -> tuple[str, str]:
        """Mark and word."""
        return state_of(self)


def state_of(window: Any) -> tuple[str, str]:
    """How a window stands: mark and word."""
    if window.refused_at:
        return "end", _("Refused")
    if window.closed_at:
        return "end", _("Closed early")
    if window.opened_at:
        return ("act", _("Open now")) if window.expires_at > timezone.now() else ("end", _("Time was up"))
    if window.asked_at < timezone.now() - LAPSES:
        return "end", _("Lapsed")
    return "wait", _("Asked")


@dataclass(frozen=True, slots=True)
class Person:
    """An employee of a company that the operator administers."""

    membership: int
    name: str
    email: str
    post: str
    administrator: bool
    on: bool
    protocols: list[int]


def companies() -> list[Overview]:
    """Every company of the installation, by figures alone."""
    return [Overview(*row) for row in ask("SELECT * FROM sec.operator_companies()", [])]


def my_windows(slug: str | None = None) -> list[Asked]:
    """The last hundred windows this operator asked for, newest first; of one company, if named."""
    found = [Asked(*row) for row in ask("SELECT * FROM sec.my_windows()", [])]
    return [window for window in found if slug in {None, window.slug}]


def may_import(slug: str) -> bool:
    """Whether a window is open at a company that lets him import."""
    return any(window.imports and window.state[0] == "act" for window in my_windows(slug))


def people() -> list[Person]:
    """The employees of the company he stands at, which he administers."""
    return [Person(*row) for row in ask("SELECT * FROM sec.company_people()", [])]


def found_company(
    *, slug: str, name: str, kind: CompanyKind, country: str, currency: str, language: str, time_zone: str
) -> None:
    """A new company, and its rehearsal twin where its kind has one; a worker furnishes them (S1-29).

    Raises BusinessError where the address is taken.
    """
    if Company.objects.filter(slug__in=[slug, f"{slug}-rehearsal"]).exists():
        raise BusinessError(_("A company stands at “%(slug)s” already.") % {"slug": slug}, field="slug")
    rows = ask(
        "SELECT job, ticket FROM sec.found_company(%s, %s, %s, %s, %s, %s, %s)",
        [slug, name, kind.value, country, currency, language, time_zone],
    )
    wake_after(rows)


def ask_window(*, slug: str, reason: str, modules: Sequence[str], imports: bool, minutes: int) -> None:
    """Ask a company to let him look; its administrators get a mail (S2-12)."""
    wake_after(
        ask(
            "SELECT job, ticket FROM sec.ask_window(%s, %s, %s::varchar[], %s, %s)",
            [slug, reason, list(modules), imports, minutes],
        )
    )


def invite(*, email: str, name: str, language: str, post: str, administrator: bool, protocols: Collection[int]) -> None:
    """Invite an employee, or the first administrator, of the company he stands at and administers (S2-09).

    Raises BusinessError where that address has an open invitation.
    """
    nonce = uuid.uuid4()
    values = [
        email.lower(), name, language, post, administrator, sorted(protocols), nonce, hash_of(secret_of(nonce)),
        timezone.now() + INVITED_FOR,
    ]  # fmt: skip
    try:
        with transaction.atomic():
            rows = ask(
                "SELECT job, ticket FROM sec.operator_invites(%s, %s, %s, %s, %s, %s::bigint[], %s, %s, %s)", values
            )
    except IntegrityError:
        raise BusinessError(
            _("%(email)s has an invitation already that nobody took yet.") % {"email": email}, field="email"
        ) from None
    wake_after(rows)


def ask_for(kind: str, **ids: Any) -> None:
    """Have a worker switch an employee off or on, or give or take a protocol, in the company he administers."""
    wake_after(ask("SELECT job, ticket FROM sec.operator_asks(%s, %s)", [f"operator.{kind}", json.dumps(ids)]))


def secret_of(nonce: uuid.UUID) -> str:
    """The secret in an invitation's address, made from its nonce, so that a mail sent twice carries the same one."""
    digest = salted_hmac("polisdesk.invitation", str(nonce), algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def wake_after(rows: Sequence[tuple[Any, ...]]) -> None:
    """Wake a worker for jobs just written, once they are committed."""
    jobs = [(job, ticket, "single") for job, ticket in rows]
    transaction.on_commit(partial(wake, jobs), robust=True)
