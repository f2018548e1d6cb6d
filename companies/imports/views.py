"""The office's pages of imports: the list, a new file, and one import's report with its work list."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.doors import Door
from companies.imports.forms import FileForm
from companies.imports.kinds import KINDS, Kind
from companies.imports.reading import template_of
from companies.imports.report import MARKS, Rejected, Report, imports_visible_to, shown, work_list
from companies.imports.services import run_import, stage_import, stop_import
from companies.lists import Column, ListFilter, ListView
from companies.models import Import, ImportState, Outcome, PartCode, Right
from companies.rights import Effective
from companies.views import RoomView

SEES = (PartCode.IMPORT, Right.VIEW)


def kinds_for(rights: Effective, right: Right) -> list[Kind]:
    """The kinds of things that somebody may see, or may put in, and so import."""
    return [kind for kind in KINDS.values() if (kind.part.value, right.value) in rights]


class ImportFilter(ListFilter):
    """Name of the file, kind, state."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *ImportState.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.title) for kind in KINDS.values()]
        self.fields["kind"].choices = [("", _("All kinds")), *kinds]  # type: ignore[attr-defined]
        self.fields["q"].label = _("Name of the file")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            rows = rows.filter(file_name__icontains=q)
        if asked.get("kind"):
            rows = rows.filter(kind=asked["kind"])
        return rows.filter(state=asked["state"]) if asked.get("state") else rows


class ImportListView(ListView):
    """Imports of the kinds that the reader may see, newest first."""

    right = SEES
    template_name = "companies/import_list.html"
    name = "imports"
    form_class = ImportFilter
    default_sort = "-staged"
    sorts = {  # noqa: RUF012 never changed
        "staged": ("staged_at",), "file": ("file_name",), "kind": ("kind", "staged_at"),
        "state": ("state", "staged_at"),
    }  # fmt: skip
    columns = (
        Column(_("File"), lambda row: row.file_name),
        Column(_("Kind"), lambda row: str(KINDS[row.kind].title), "kind", 2),
        Column(_("State"), lambda row: row.word, "state", 3),
        Column(_("Lines"), lambda row: row.rows, "lines", 4),
        Column(_("Imported"), lambda row: row.imported, "imported", 5),
        Column(_("Rejected"), lambda row: row.rejected, "rejected", 6),
        Column(_("Brought"), lambda row: row.staged_at, "brought", 7),
        Column(_("By"), lambda row: row.by, "by", 8),
    )

    def rows(self) -> QuerySet[Import]:
        kinds = [kind.code for kind in kinds_for(self.rights, Right.VIEW)]
        return imports_visible_to(self.actor).filter(kind__in=kinds).select_related("user")

    def dress(self, row: Import) -> None:
        said: Any = row
        said.kind_title, said.mark = KINDS[row.kind].title, MARKS[ImportState(row.state)]
        said.word = row.get_why_display() if row.why else row.get_state_display()
        said.imported, said.rejected = (row.counts.get(o.value, 0) for o in (Outcome.IMPORTED, Outcome.REJECTED))
        said.by = now("Computing centre") if row.by_operator else str(row.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_bring=self.may(PartCode.IMPORT, Right.INPUT), **kwargs)


class NewImportView(RoomView):
    """An employee brings a file of a kind that he may put in."""

    right = (PartCode.IMPORT, Right.INPUT)
    template_name = "companies/import_new.html"

    @property
    def kinds(self) -> list[Kind]:
        return kinds_for(self.rights, Right.INPUT)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(FileForm(kinds=self.kinds))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES, kinds=self.kinds)
        if not form.is_valid():
            return self.shown(form, status=422)
        asked = form.cleaned_data
        given = {name: asked[name] for name in ("kind", "name", "content", "lines")}
        found = stage_import(**given, actor=self.actor, on=self.today)
        messages.success(request, now("The file is read. It is being checked now; nothing is imported yet."))
        if self.may(*SEES):
            return redirect("imports:report", company=self.company.slug, public_id=found.public_id)
        return redirect("imports:new", company=self.company.slug)

    def shown(self, form: FileForm, status: int = 200) -> HttpResponse:
        slug = self.company.slug
        files = [(kind, reverse("imports:template", args=[slug, kind.code])) for kind in self.kinds]
        context = self.get_context_data(form=form, kinds=self.kinds, files=files, sees_imports=self.may(*SEES))
        return self.render_to_response(context, status=status)


class TemplateView(RoomView):
    """A file to fill in, of one kind."""

    right = (PartCode.IMPORT, Right.INPUT)
    or_rights = (SEES,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return template_response(kwargs["kind"])


def template_response(code: str) -> HttpResponse:
    """The columns of a kind with an example, as a file."""
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    return csv_response(template_of([(column.name, column.example) for column in kind.columns]), f"{code}.csv")


def csv_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class OneImport(RoomView):
    """A page or step of one import, for who may see, or put in, things of its kind."""

    needs: ClassVar[Right] = Right.VIEW

    def found(self) -> Import:
        address: UUID = self.kwargs["public_id"]
        found = imports_visible_to(self.actor).select_related("user").filter(public_id=address).first()
        if found is None:
            raise Http404
        part = KINDS[found.kind].part
        if not self.may(part, self.needs):
            message = now("This page needs “%(part)s: %(right)s”. Ask your administrator.")
            raise PermissionDenied(message % {"part": part.label, "right": self.needs.label})
        return found


class ReportView(OneImport):
    """How far an import is, its sums, and the rejected lines as a work list; also as a file."""

    right = SEES
    template_name = "companies/import_report.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.found()
        if request.GET.get("export") == "csv":
            return csv_response(work_list(found), f"work-list-{found.kind}.csv")
        page = Rejected(found).get_page(request.GET.get("page"))
        page.object_list = [shown(row) for row in page.object_list]
        operator = self.actor.door == Door.OPERATOR
        own = not found.by_operator and not operator
        part = KINDS[found.kind].part
        context = self.get_context_data(
            found=found, report=Report(found, discreet=operator), page=page,
            by=now("Computing centre") if found.by_operator else str(found.user),
            may_run=own and self.may(PartCode.IMPORT, Right.INPUT) and self.may(part, Right.INPUT),
            may_stop=not operator and self.may(PartCode.IMPORT, Right.EDIT) and self.may(part, Right.INPUT),
        )  # fmt: skip
        return self.render_to_response(context)


class Step(OneImport):
    """A step of an import; says what it did, or why it can't be done."""

    needs = Right.INPUT

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.found()
        try:
            with transaction.atomic():
                messages.success(request, self.take(found))
        except BusinessError as error:
            messages.error(request, str(error))
        return redirect("imports:report", company=self.company.slug, public_id=found.public_id)

    def take(self, found: Import) -> str:
        raise NotImplementedError


class RunView(Step):
    """Import the lines that the check found fit."""

    right = (PartCode.IMPORT, Right.INPUT)

    def take(self, found: Import) -> str:
        if found.state != ImportState.CHECKED:
            raise BusinessError(
                now("Expected a checked import, found “%(state)s”.") % {"state": found.get_state_display()}
            )
        run_import(found=found, actor=self.actor, on=self.today)
        return now("Taken on; a worker imports the lines now.")


class StopView(Step):
    """Stop what runs."""

    right = (PartCode.IMPORT, Right.EDIT)

    def take(self, found: Import) -> str:
        stop_import(found=found, actor=self.actor, on=self.today)
        return now("Stopped. What is imported stays, the other lines wait.")


class ResumeView(Step):
    """Go on where it stopped."""

    right = (PartCode.IMPORT, Right.EDIT)

    def take(self, found: Import) -> str:
        if found.state != ImportState.STOPPED:
            raise BusinessError(
                now("Expected a stopped import, found “%(state)s”.") % {"state": found.get_state_display()}
            )
        run_import(found=found, actor=self.actor, on=self.today)
        return now("It goes on where it stopped.")
