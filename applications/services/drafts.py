"""An application in the making: opened with its Case and link, filled step by step, handed in once (S0-03 to S0-08).

These steps run at the front office's door; they write the draft and knock, and decide nothing.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.held import product_for
from applications.models import Draft
from applications.steps import Way, asked_only, way_of
from common.db import step
from common.errors import BusinessError
from companies.commands import knock
from companies.links import hash_of, secret_of
from companies.models import Command, CommandState
from products.models import Channel, ProductVersion
from products.selectors import compiled

OPEN_FOR = timedelta(days=30)  # how long an application can be continued by its address
APPLY = "apply"
MOST_ENTRIES, LONGEST_ENTRY = 100, 2000  # of one field; characters


class AlreadySubmitted(BusinessError):
    """The application was handed in; what follows is told on its outcome page."""

    default_code = "already_submitted"


class Incomplete(BusinessError):
    """Something is still missing or wrong; `slug` is the step where it is asked."""

    default_code = "incomplete"

    def __init__(self, message: str, slug: str) -> None:
        super().__init__(message)
        self.slug = slug


@dataclass(frozen=True, slots=True)
class AdviserFound:
    """Whose link an applicant came by, whether he is appointed on the day, and for this line of business."""

    code: str
    appointment_id: int
    party_id: int
    name: str
    appointed: bool
    sells_this: bool


def find_adviser(code: str, *, line_of_business: str, on: date) -> AdviserFound | None:
    """The adviser of a code in this company; None where there's no such code (S0-03)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT appointment_id, party_id, name, appointed, lines_of_business FROM sec.adviser_by_code(%s, %s)",
            [code, on],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    appointment_id, party_id, name, appointed, lines = row
    return AdviserFound(code, appointment_id, party_id, name, appointed, not lines or line_of_business in lines)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """An application whose address has ended: since when, of which product, by whose link."""

    ended_at: datetime
    product: str
    adviser: str | None


def find_lapsed(secret: str, *, on: date) -> Lapsed | None:
    """The ended application of a secret; None for every secret that never was one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ended_at, product, adviser FROM sec.lapsed_application(%s, %s)", [hash_of(secret), on])
        row = cursor.fetchone()
    return Lapsed(*row) if row else None


@step
def open_draft(
    *, version: ProductVersion, adviser: AdviserFound | None, language: str, answers: Mapping[str, Any], on: date
) -> str:
    """Open a Case with its link for a first page of good answers; the secret that continues it for 30 days."""
    nonce = uuid.uuid4()
    secret = secret_of(nonce)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT "case", adviser_party FROM sec.open_case(%s, %s, %s, %s, %s, %s, %s)',
            [
                version.pk,
                language,
                adviser.code if adviser else None,
                on,
                hash_of(secret),
                nonce,
                timezone.now() + OPEN_FOR,
            ],
        )
        case_id, adviser_party = cursor.fetchone()
    Draft.objects.create(
        case_id=case_id,
        version=version,
        channel=Channel.ADVISER if adviser else Channel.DIRECT,
        adviser_id=adviser_party,
        answers=asked_only(compiled(version), answers, on),
    )
    return secret


@step
def keep_answers(*, case_id: int, page: str, answers: Mapping[str, Any], on: date) -> Draft:
    """Put the good answers of a page into the draft and drop those that are not asked any more (S0-07)."""
    draft = draft_for_update(case_id)
    draft.answers = asked_only(product_for(draft), {**draft.answers, **answers}, on)
    draft.unfinished.pop(page, None)
    return kept(draft)


@step
def keep_party(*, case_id: int, page: str, role: str, details: Mapping[str, Any]) -> Draft:
    """Put the good details of a role into the draft."""
    draft = draft_for_update(case_id)
    draft.parties = {**draft.parties, role: dict(details)}
    draft.unfinished.pop(page, None)
    return kept(draft)


@step
def keep_unfinished(*, case_id: int, page: str, entries: Mapping[str, Any]) -> Draft:
    """Keep what was typed on a page that somebody leaves before it is good; it stands there again, and the page stays
    open.
    """
    draft = draft_for_update(case_id)
    draft.unfinished = {**draft.unfinished, page: short(entries)}
    return kept(draft)


def short(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Entries within bounds: a page is typed by a person, in signs that the database can hold."""

    def cut(entry: Any) -> str:
        return str(entry)[:LONGEST_ENTRY].replace("\x00", "")

    return {
        name: [cut(each) for each in entry[:MOST_ENTRIES]] if isinstance(entry, list) else cut(entry)
        for name, entry in entries.items()
    }


def hand_in(
    *, case_id: int, command_id: uuid.UUID, address: str | None, on: date, by: Callable[..., int] = knock
) -> int:
    """Declare the draft complete and knock; the worker submits and assesses it. The command's id.

    Raises Incomplete where a step isn't complete, AlreadySubmitted where another form was faster.
    """
    draft = draft_for_update(case_id)
    way = way_of_draft(draft, on=on)
    if (missing := way.first_open) != way.steps[-1]:
        raise Incomplete(_("Something is still missing on this page."), missing.slug)
    draft.declared = True
    kept(draft)
    return by(kind=APPLY, command_id=command_id, payload={}, address=address)


def way_of_draft(draft: Draft, *, on: date) -> Way:
    """The steps of a draft as its answers make them on a day."""
    return way_of(product_for(draft), answers=draft.answers, parties=draft.parties, on=on, unfinished=draft.unfinished)


def draft_for_update(case_id: int) -> Draft:
    """Lock the draft of a Case; who comes after a submission is sent to its outcome."""
    found = Draft.objects.select_for_update(of=("self",)).filter(case=case_id).first()
    if found is None or (command := find_command(case_id)) and command.state != CommandState.REFUSED:
        raise AlreadySubmitted(_("This application was sent already."))
    return found


def find_command(case_id: int) -> Command | None:
    """The newest submission of a Case, waiting or carried out."""
    return Command.objects.filter(case_id=case_id, kind=APPLY).order_by("-pk").first()


def kept(draft: Draft) -> Draft:
    draft.updated_at = timezone.now()
    draft.save(update_fields=["answers", "parties", "unfinished", "declared", "updated_at"])
    return draft
