"""Row history behind the wall: each event row carries its company and, as JSON, who acted."""

from typing import Any

import pghistory
import pghistory.models
from django.db.models import BigAutoField, Model


class Event(pghistory.models.Event):
    """Base of every history table; its number is 64 bits wide."""

    pgh_id = BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def history(model: type[Model]) -> type[Model]:
    """Keep every state of the table's rows (insert and update), with who acted; the copy has no foreign keys."""
    tracked: Any = pghistory.track(meta={"default_permissions": ()})(model)
    return tracked  # type: ignore[no-any-return]
