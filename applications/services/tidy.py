"""What nobody submitted goes: drafts whose address has ended or that a login forgot, files that were taken out; never
what was submitted.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from applications.models import Application, Draft, Upload
from applications.services.behalf import erase
from common.db import step
from companies.actor import Actor, ActorKind
from companies.jobs import enqueue
from companies.models import Command, CommandState, Company, Link, LinkKind
from companies.trail import record
from documents.models import File
from documents.store import discard

DISCARD = "files.discard"
LINKS = Link.objects.filter(case_id=OuterRef("case_id"), kind=LinkKind.APPLICATION)
OPEN_LINKS = LINKS.filter(revoked_at=None)
WAITING = Command.objects.filter(case_id=OuterRef("case_id"), state=CommandState.WAITING)


@step
def remove_lapsed_drafts(*, actor: Actor, on: date, most: int = 200) -> int:
    """Remove visitors' drafts that nobody can continue any more, with their files; how many. One that waits for the
    worker stays, and so does one that a login fills in, which needs no address.
    """
    open_links = OPEN_LINKS.filter(expires_at__gt=timezone.now())
    lapsed = Draft.objects.filter(Exists(LINKS), ~Exists(open_links), ~Exists(WAITING), filled_in_by=ActorKind.VISITOR)
    drafts = list(lapsed.select_related("case").order_by("pk")[:most])
    for draft in drafts:
        record(draft, "application.draft_removed", actor=actor, on=on, case_id=draft.case_id)
        remove_uploads(list(Upload.objects.select_related("file").filter(case=draft.case_id)))
        Draft.objects.filter(pk=draft.pk).delete()
    return len(drafts)


@step
def erase_forgotten_drafts(*, actor: Actor, on: date, most: int = 200) -> int:
    """Erase what an adviser or the office fills in and nobody changed for UNSENT_DAYS days; how many (GDPR art. 5).

    One that the client can still continue by his address, or that waits for the worker, stays. As with one that was
    thrown away, the empty row stays as the mark of it.
    """
    rows = Draft.objects.select_for_update(of=("self",), skip_locked=True).filter(
        ~Exists(OPEN_LINKS.filter(expires_at__gt=timezone.now())),
        ~Exists(WAITING),
        discarded_at=None,
        updated_at__lt=timezone.now() - timedelta(days=settings.UNSENT_DAYS),
    )
    drafts = list(rows.exclude(filled_in_by=ActorKind.VISITOR).order_by("pk")[:most])
    for draft in drafts:
        erase(draft)
        record(draft, "draft.lapsed", actor=actor, on=on, days=settings.UNSENT_DAYS)
    return len(drafts)


@step
def tidy_company(*, company: Company, actor: Actor, on: date) -> int:
    """Remove what nobody submitted in a company, and tell in its trail how much; how many drafts and files."""
    visitors, filled_in = remove_lapsed_drafts(actor=actor, on=on), erase_forgotten_drafts(actor=actor, on=on)
    files = remove_taken_out()
    if removed := visitors + filled_in + files:
        record(company, "drafts.tidied", actor=actor, on=on, visitors=visitors, filled_in=filled_in, files=files)
    return removed


@step
def remove_taken_out(*, most: int = 500) -> int:
    """Remove the files that applicants took out; how many."""
    rows = list(Upload.objects.select_related("file").exclude(removed_at=None).order_by("pk")[:most])
    remove_uploads(rows)
    return len(rows)


def remove_uploads(rows: list[Upload]) -> None:
    """Remove uploads, the rows of files that nothing else names, and promise that their bytes go."""
    submitted = set(
        Application.objects.filter(case__in=[row.case_id for row in rows]).values_list("case_id", flat=True)
    )
    gone = [row for row in rows if row.removed_at is not None or row.case_id not in submitted]
    Upload.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for row in gone:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sec.drop_file(%s)", [row.file.sha256])
            (dropped,) = cursor.fetchone()
        if dropped:
            enqueue(DISCARD, key=f"{DISCARD}:{row.pk}", sha256=row.file.sha256)


def discard_bytes(*, digest: str, company: Company) -> None:
    """Remove the bytes of a hash that no row names any more, under the lock by which a row would come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{company.pk}:{digest}"])
    if not File.objects.filter(sha256=digest).exists():
        discard(digest, company.pk)
