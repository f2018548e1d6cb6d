"""Records of a list in a draft: added, changed, removed, and confirmed as all there is (S0-06)."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from applications.held import product_for
from applications.models import Draft
from applications.services.drafts import draft_for_update, kept
from applications.steps import asked_only
from common.db import step
from common.errors import BusinessError
from products.language import Product

Records = list[dict[str, Any]]


class Changed(BusinessError):
    """The list isn't as it was shown: another page of the same application has changed it."""

    default_code = "changed"


def records_of(draft: Draft, key: str) -> Records:
    """The records of a list as they stand."""
    found: Records = list(draft.answers.get(key) or [])
    return found


def most_records(product: Product, key: str) -> int:
    """How many records a list holds at most."""
    return next(int(str(part.most)) for part in product.questions if part.spec.key == key)


def print_of(records: Records) -> str:
    """By what a page tells that the list is still as it was shown."""
    return sha256(json.dumps(records, sort_keys=True).encode()).hexdigest()[:16]


@step
def put_record(
    *, case_id: int, page: str, key: str, place: int | None, record: Mapping[str, Any], seen: str, on: date
) -> Draft:
    """Add a record (no place) or put it in the place of another, from 0; sent twice it stands there once.

    Raises Changed where the list isn't as `seen`.
    """

    def put(records: Records) -> Records:
        if place is None:
            return [*records, dict(record)]
        return [*records[:place], dict(record), *records[place + 1 :]]

    def done(records: Records) -> bool:
        """Whether it stands there already."""
        return dict(record) in (records if place is None else records[place : place + 1])

    return change(case_id=case_id, page=page, key=key, seen=seen, on=on, how=put, done=done)


@step
def remove_record(*, case_id: int, page: str, key: str, place: int, seen: str, on: date) -> Draft:
    """Take a record out of its place, from 0. Raises Changed where the list isn't as `seen`."""

    def without(records: Records) -> Records:
        return records[:place] + records[place + 1 :]

    return change(case_id=case_id, page=page, key=key, seen=seen, on=on, how=without, done=lambda records: False)


def change(
    *,
    case_id: int,
    page: str,
    key: str,
    seen: str,
    on: date,
    how: Callable[[Records], Records],
    done: Callable[[Records], bool],
) -> Draft:
    """Change the list under the draft's lock; its page stays open until the list is confirmed."""
    draft = draft_for_update(case_id)
    product, records = product_for(draft), records_of(draft, key)
    if print_of(records) != seen:
        if done(records):
            return draft
        raise Changed(_("The list was changed on another page meanwhile. This is how it stands now."))
    changed = how(records)
    if len(changed) > most_records(product, key):
        raise BusinessError(_("At most %(count)s.") % {"count": most_records(product, key)}, code="too_many")
    draft.answers = asked_only(product, {**draft.answers, key: changed}, on)
    draft.unfinished[page] = {}
    return kept(draft)


@step
def confirm_records(*, case_id: int, page: str, key: str, on: date) -> Draft:
    """The list as it stands is all there is to tell; an empty one is the answer “none”."""
    draft = draft_for_update(case_id)
    draft.answers = asked_only(product_for(draft), {**draft.answers, key: records_of(draft, key)}, on)
    draft.unfinished.pop(page, None)
    return kept(draft)
