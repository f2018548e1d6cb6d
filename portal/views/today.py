"""The office's start page: what waits for a person; and the machine's own work for administrators."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from companies.jobs import held_up
from companies.lists import Column, ListFilter, ListView
from companies.models import Job, JobState, ModuleCode
from companies.views import PageView
from portal.job_names import job_name, kinds_called
from portal.today import waiting

MARKS = {JobState.OPEN: "wait", JobState.DONE: "run", JobState.FAILED: "bad"}


class TodayView(PageView):
    """Everything that waits, soonest promise first; each employee may see it, each kind only with its right."""

    template_name = "portal/today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = waiting(
            company=self.company,
            on=self.today,
            rights=self.rights,
            administrator=self.actor.administrator,
            language=(get_language() or "en")[:2],
        )
        return super().get_context_data(groups=groups, count=sum(group.count for group in groups), **kwargs)


class JobFilter(ListFilter):
    """The name of the work or its key, and its state."""

    q = forms.CharField(label=_("Work or key"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *JobState.choices])

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            rows = rows.filter(Q(kind__in=kinds_called(q)) | Q(key__icontains=q))
        return rows.filter(state=asked["state"]) if asked.get("state") else rows


class JobListView(ListView):
    """The outbox: what the machine has promised, done and failed to do. For administrators."""

    template_name = "portal/job_list.html"
    name = "jobs"
    form_class = JobFilter
    default_sort = "-recorded"
    sorts = {
        "kind": ("kind", "recorded_at"),
        "state": ("state", "recorded_at"),
        "recorded": ("recorded_at",),
        "due": ("due_at",),
    }
    columns = (
        Column(_("Work"), lambda row: job_name(row.kind)),
        Column(_("Key"), lambda row: row.key, "key", 2),
        Column(_("State"), lambda row: row.get_state_display()),
        Column(_("Failed attempts"), lambda row: row.attempts, "attempts", 4),
        Column(_("Error"), lambda row: row.error, "error", 5),
        Column(_("Promised"), lambda row: row.recorded_at, "promised", 6),
        Column(_("Due"), lambda row: row.due_at, "due", 7),
        Column(_("Done"), lambda row: row.done_at),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.actor.administrator:
            raise PermissionDenied(now("This page is for administrators."))
        return super().get(request, *args, **kwargs)

    def rows(self) -> QuerySet[Job]:
        return Job.objects.all()

    @cached_property
    def held_up(self) -> dict[str, ModuleCode]:
        return held_up()

    def dress(self, row: Job) -> None:
        row.name = job_name(row.kind)  # type: ignore[attr-defined]
        row.mark = MARKS[JobState(row.state)]  # type: ignore[attr-defined]
        module = self.held_up.get(row.kind) if row.state == JobState.OPEN else None
        row.waits_for = module.label if module else ""  # type: ignore[attr-defined]
