"""Files of an application in the making: added, taken out, and what the answer tells of them (S0-06, threats A6)."""

import uuid
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.held import product_for
from applications.models import Draft, Upload
from applications.services.drafts import draft_for_update, kept
from applications.steps import asked_only
from common.db import step
from common.errors import BusinessError
from documents.intake.take import Taken
from documents.store import put
from products.language import Product
from products.selectors import compiled


def uploads_of(case_id: int, key: str | None = None) -> list[Upload]:
    """The files of an application, or of one of its questions, in the order in which they came."""
    rows = Upload.objects.select_related("file").filter(case=case_id, removed_at=None).order_by("pk")
    return list(rows.filter(question=key) if key else rows)


def answer_of(uploads: list[Upload]) -> list[dict[str, Any]]:
    """The files as the answer tells them."""
    return [
        {"sha256": row.file.sha256, "name": row.name, "media_type": row.file.media_type, "size": row.file.size}
        for row in uploads
    ]


def most_files(product: Product, key: str) -> int:
    """How many files a question takes at most."""
    return next(int(str(part.most)) for part in product.questions if part.spec.key == key)


@step
def add_file(*, case_id: int, page: str, key: str, taken: Taken, digest: str, on: date) -> Draft:
    """Keep a harmless file with the draft; one added before is there once. Raises BusinessError beyond the most.

    The row comes first and holds the lock of its hash, the bytes follow, and both stay or neither.
    """
    draft = draft_for_update(case_id)
    most = most_files(compiled(draft.version), key)
    there = uploads_of(case_id, key)
    if len(there) >= most and digest not in {row.file.sha256 for row in there}:
        raise BusinessError(_("At most %(count)s.") % {"count": most}, code="too_many")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sec.add_upload(%s, %s, %s, %s, %s, %s)",
            [case_id, key, taken.name, digest, taken.media_type, len(taken.content)],
        )
    put(taken.content, company_id=draft.company_id)
    return told(draft, page=page, key=key, on=on)


@step
def take_out(*, case_id: int, page: str, key: str, public_id: uuid.UUID, on: date) -> Draft:
    """Take a file out of the draft; the worker removes it with what else nobody submitted."""
    draft = draft_for_update(case_id)
    rows = Upload.objects.filter(case=case_id, question=key, public_id=public_id, removed_at=None)
    rows.update(removed_at=timezone.now())
    return told(draft, page=page, key=key, on=on)


@step
def confirm_files(*, case_id: int, page: str, key: str, on: date) -> Draft:
    """The files as they stand are all that are added."""
    return told(draft_for_update(case_id), page=page, key=key, on=on, done=True)


def told(draft: Draft, *, page: str, key: str, on: date, done: bool = False) -> Draft:
    """Write into the answer what files there are; the page stays open until that is confirmed."""
    answers = {**draft.answers, key: answer_of(uploads_of(draft.case_id, key))}
    draft.answers = asked_only(product_for(draft), answers, on)
    if done:
        draft.unfinished.pop(page, None)
    else:
        draft.unfinished[page] = {}
    return kept(draft)
