"""The whole matrix on one page, and the right that a page needs (S2-15)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from common.csvs import export_csv
from companies.doors import Door
from companies.models import PartCode, Right
from companies.models.rights import MODULE_OF
from companies.requests import path_of
from companies.rights.matrix import Held, giver_of, whole_matrix
from companies.rights.pages.base import RightsView
from companies.rights.pages.protocols import in_use
from companies.views import RoomView


class MatrixFilter(forms.Form):
    """An employee's name, a part, a protocol."""

    q = forms.CharField(label=gettext_lazy("Employee"), required=False, max_length=200)
    part = forms.ChoiceField(
        label=gettext_lazy("Part"), required=False, choices=[("", gettext_lazy("All parts")), *PartCode.choices]
    )
    protocol = forms.ChoiceField(label=gettext_lazy("Protocol"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choices = [(str(row.public_id), row.name) for row in in_use()]
        self.fields["protocol"].choices = [("", _("All protocols")), *choices]  # type: ignore[attr-defined]

    def narrow(self, rows: Iterable[Held]) -> list[Held]:
        """The employees who meet the conditions."""
        asked = self.cleaned_data
        part, q = asked.get("part"), asked.get("q", "").casefold()
        return [
            row
            for row in rows
            if q in f"{row.membership.user.name} {row.membership.user.email}".casefold()
            and (not part or row.rights_on(PartCode(part)))
            and (
                not asked.get("protocol")
                or any(str(grant.protocol.public_id) == asked["protocol"] for grant in row.grants)
            )
        ]


class MatrixView(RightsView):
    """Part, right and employee on one page; to be filtered, exported and printed for an auditor."""

    template_name = "companies/matrix.html"
    tab = "matrix"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MatrixFilter(request.GET)
        rows = form.narrow(whole_matrix()) if form.is_valid() else []
        if request.GET.get("export") == "csv":
            return self.export(rows)
        on = rows[0].on if rows else set()
        part = form.cleaned_data.get("part") if form.is_valid() else ""
        parts = [(code, MODULE_OF[code] in on) for code in PartCode if not part or code == part]
        shown = [(row, [cell(code, row.rights_on(code)) for code, _on in parts]) for row in rows]
        return self.render_to_response(
            self.get_context_data(filter_form=form, rows=shown, parts=parts, printed=timezone.now())
        )

    def export(self, rows: Iterable[Held]) -> HttpResponse:
        """One line a right: employee, part, right, protocol, who gave it, when."""
        head = [_("Employee"), _("E-mail"), _("Part or act"), _("Right"), _("Protocol"), _("Given by"), _("Day")]
        lines = [line for row in rows for line in lines_of(row)]
        response = HttpResponse(export_csv([head, *lines]), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="rights-{self.today.isoformat()}.csv"'
        return response


def cell(part: PartCode, rights: list[Right]) -> tuple[PartCode, str, str]:
    """A part with the letters of an employee's rights on it, and the same in words."""
    letters = {
        Right.VIEW: pgettext("view", "V"),
        Right.EDIT: pgettext("edit", "E"),
        Right.INPUT: pgettext("input", "I"),
    }
    return part, "".join(letters[right] for right in rights), ", ".join(str(right.label) for right in rights)


def lines_of(row: Held) -> list[list[object]]:
    """Everything one employee holds, line by line; once for each protocol by which he holds it."""
    name, email = str(row.membership.user), row.membership.user.email
    pairs = [(part, right) for part in PartCode for right in Right if (part, right) in row.pairs]
    lines: list[list[object]] = [
        [name, email, part.label, right.label, grant.protocol.name, giver_of(grant), grant.given_at.date()]
        for part, right in pairs
        for grant in row.by((part, right))
    ]
    return lines + [
        [name, email, act.label, "", grant.protocol.name, giver_of(grant), grant.given_at.date()]
        for act in row.acts
        for grant in row.by(act)
    ]


class PageRightsView(RightsView):
    """Which right a page of the office needs, and who has it: `?of=/duinhaven/office/policies/`."""

    template_name = "companies/page_rights.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        path = path_of(request.GET.get("of", ""))
        view = self.view_of(path)
        needs = [] if view is None or view.right is None else [view.right, *view.or_rights]
        rows = [
            (row, [pair for pair in needs if pair in row.pairs])
            for row in (whole_matrix() if needs else [])
            if any(pair in row.pairs for pair in needs)
        ]
        context = self.get_context_data(
            path=path, found=view is not None, rows=rows,
            needs=[_("%(part)s: %(right)s") % {"part": part.label, "right": right.label} for part, right in needs],
            administrators=view is not None and issubclass(view, RightsView),
        )  # fmt: skip
        return self.render_to_response(context)

    def view_of(self, path: str) -> type[RoomView] | None:
        """The page of this company's office that stands at an address."""
        try:
            match = resolve(path)
        except Resolver404:
            return None
        view = getattr(match.func, "view_class", None)
        here = match.kwargs.get("company") == self.company.slug
        return view if here and view and issubclass(view, RoomView) and Door.OFFICE in view.doors else None
