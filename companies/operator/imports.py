"""Imports that the operator brings under a window whose administrator allowed it, or without one while he administers
the company: what he does, and his pages (S2-09, S2-13).

Everything is written by functions of the database, which ask the window; what his pages read passes his row policies.
"""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.imports.forms import FileForm
from companies.imports.kinds import KINDS, Kind
from companies.imports.reading import Cells
from companies.imports.report import MARKS, Rejected, Report, imports_visible_to, shown, work_list
from companies.imports.services import file_name, fingerprint
from companies.imports.views import csv_response, template_response
from companies.models import Company, Import, ImportState, Outcome
from companies.models.rights import MODULE_OF
from companies.operator import console
from companies.operator.entrance import Look, actor_of
from companies.operator.views import ConsoleView
from companies.signing import ask


def stage(*, kind: Kind, name: str, content: bytes, lines: list[tuple[int, Cells]]) -> UUID:
    """Bring a file; a worker tries its lines, and only while the window is open. Its address."""
    values = [kind.code, file_name(name), fingerprint(content), len(content), json.dumps(lines)]
    rows = asked("SELECT address, job, ticket FROM sec.stage_import(%s, %s, %s, %s, %s)", values)
    console.wake_after([row[1:] for row in rows])
    address: UUID = rows[0][0]
    return address


def run(address: UUID) -> None:
    """Have it imported, or let it go on, under the window that is open now, if he needs one."""
    console.wake_after(asked("SELECT job, ticket FROM sec.run_import(%s)", [address]))


def asked(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """What a function of the database answers. Raises BusinessError where it refuses."""
    try:
        with transaction.atomic():
            return ask(statement, values)
    except DatabaseError as error:
        message = _("The window is closed or doesn't allow this import, or it can't go on now.")
        raise BusinessError(message, code="window") from error


class ImportsPage(ConsoleView):
    """There while he administers the company, or a window is open that lets him import; else there's no such page."""

    look: Look

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        standing = getattr(request, "operator", None)
        if standing is None or standing.company is None or standing.look is None:
            raise Http404
        if not standing.administers and not console.may_import(standing.company.slug):
            raise Http404
        self.look = standing.look
        return super().dispatch(request, *args, **kwargs)

    @property
    def company(self) -> Company:
        company = self.standing.company
        if company is None:
            raise Http404
        return company

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that the window's modules hold; all of them without one."""
        every = self.standing.administers
        return [kind for kind in KINDS.values() if every or MODULE_OF[kind.part] in self.look.modules]

    def imports(self) -> Any:
        actor = actor_of(int(self.request.user.pk or 0))
        return imports_visible_to(actor).filter(user=self.request.user.pk).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            of=self.company, look=self.look, administers=self.standing.administers, **kwargs
        )


class ImportsView(ImportsPage):
    """What he brought to a company."""

    template_name = "companies/operator_imports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(self.imports()[:50])
        for row in found:
            row.mark, row.title = MARKS[ImportState(row.state)], KINDS[row.kind].title
            row.word = row.get_why_display() if row.why else row.get_state_display()
            row.imported, row.rejected = (row.counts.get(o.value, 0) for o in (Outcome.IMPORTED, Outcome.REJECTED))
        return super().get_context_data(imports=found, **kwargs)


class NewImportView(ImportsPage):
    """Bring a file."""

    template_name = "companies/operator_import_new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.company.slug
        files = [(kind, reverse("operator:import_template", args=[slug, kind.code])) for kind in self.kinds]
        return super().get_context_data(
            kinds=self.kinds, files=files, **({"form": FileForm(kinds=self.kinds)} | kwargs)
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES, kinds=self.kinds)
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("kind", "name", "content", "lines")}
            try:
                address = stage(**given)
            except BusinessError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The file is read. It is being checked now; nothing is imported yet."))
                return redirect("operator:import_report", slug=self.company.slug, public_id=address)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class TemplateView(ImportsPage):
    """A file to fill in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return template_response(kwargs["kind"])


class ReportView(ImportsPage):
    """One import: how far it is, what came in, what was rejected; a POST has it imported or lets it go on."""

    template_name = "companies/operator_import_report.html"

    def found(self) -> Import:
        found: Import | None = self.imports().filter(public_id=self.kwargs["public_id"]).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.found()
        if request.GET.get("export") == "csv":
            return csv_response(work_list(found), f"work-list-{found.kind}.csv")
        page = Rejected(found).get_page(request.GET.get("page"))
        page.object_list = [shown(row) for row in page.object_list]
        return self.render_to_response(
            self.get_context_data(found=found, report=Report(found, discreet=True), page=page, by=str(request.user))
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.found()
        try:
            run(found.public_id)
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                _("Taken on; a worker imports the lines now.")
                if self.standing.administers
                else _("Taken on; a worker imports the lines while the window is open."),
            )
        return redirect("operator:import_report", slug=self.company.slug, public_id=found.public_id)
