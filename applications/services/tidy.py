"""What nobody submitted goes: drafts whose address has ended, files that were taken out; never what was submitted."""

from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from applications.models import Application, Draft, Upload
from common.db import step
from companies.actor import Actor, ActorKind
from companies.jobs import enqueue
from companies.models import Command, CommandState, Company, Link, LinkKind
from companies.trail import record
from documents.models import File
from documents.store import discard

DISCARD = "files.discard"


@step
def remove_lapsed_drafts(*, actor: Actor, on: date, most: int = 200) -> int:
    """Remove visitors' drafts that nobody can continue any more, with their files; how many. One that waits for the
    worker stays, and so does one that a login fills in, which needs no address.
    """
    links = Link.objects.filter(case_id=OuterRef("case_id"), kind=LinkKind.APPLICATION)
    open_links = links.filter(revoked_at=None, expires_at__gt=timezone.now())
    waiting = Command.objects.filter(case_id=OuterRef("case_id"), state=CommandState.WAITING)
    lapsed = Draft.objects.filter(Exists(links), ~Exists(open_links), ~Exists(waiting), filled_in_by=ActorKind.VISITOR)
    drafts = list(lapsed.select_related("case").order_by("pk")[:most])
    for draft in drafts:
        record(draft, "application.draft_removed", actor=actor, on=on, case_id=draft.case_id)
        remove_uploads(list(Upload.objects.select_related("file").filter(case=draft.case_id)))
        Draft.objects.filter(pk=draft.pk).delete()
    return len(drafts)


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
