"""Pages of the group “Administration”: for administrators of the company, who have proved a second factor."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from companies.doors import OFFICE_PAGES
from companies.models import TrailEntry
from companies.trail import signed, words
from companies.views import RoomView


class AdministratorView(RoomView):
    """A page for administrators; 403 for every other employee, and for the operator who looks in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = getattr(request, "actor", None)
        if actor is not None and actor.door in OFFICE_PAGES and not actor.administrator:
            raise PermissionDenied(_("This page is for administrators."))
        return super().dispatch(request, *args, **kwargs)


def trail_of(*kinds: str, subject_id: int | None = None) -> list[dict[str, Any]]:
    """What happened to a subject, or to all of a kind, newest first, as a timeline shows it."""
    rows = TrailEntry.objects.select_related("user").filter(subject_kind__in=kinds)
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    return [
        {"text": words(row), "small": signed(row), "at": row.recorded_at, "icon": "history"}
        for row in rows.order_by("-pk")[:20]
    ]
