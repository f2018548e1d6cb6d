"""Access by the computing centre: an administrator takes over, lets it look in, stops it, and reads what it saw; the
page of the company's wall tells how that is proved (S2-09 to S2-12).
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.csvs import export_csv
from common.errors import BusinessError
from companies.doors import OFFICE_PAGES
from companies.models import Look, LookedRow, ModuleCode, Window, WrongCode
from companies.operator.console import state_of
from companies.operator.proof import last_proof
from companies.operator.windows import (
    close_window,
    extend_window,
    extensions,
    may_extend,
    open_window,
    open_window_now,
    refuse_window,
    take_over,
    waiting_windows,
    wrong_codes,
)
from companies.views import RoomView, show_error
from portal.access import tables_of, windows, words_of

PAST = 50
EXTEND_ID = "extend-%s"


class CodeForm(forms.Form):
    """The code that the administrator's phone shows."""

    code = forms.CharField(
        label=_("Code from your authenticator"),
        max_length=7,
        help_text=_("Works once."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class OpenForm(CodeForm):
    """How much of what was asked an administrator opens, and for how long."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=480, initial=60)
    modules = forms.MultipleChoiceField(
        label=_("What it shows"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Administration and relations are always part of it: cases, papers, mails, trail."),
    )  # fmt: skip
    imports = forms.BooleanField(label=_("Import as well"), required=False)
    field_order = ("modules", "imports", "minutes", "code")

    def __init__(self, data: Any = None, *, window: Window) -> None:
        names = dict(ModuleCode.choices)
        asked = [(code, names[code]) for code in window.modules if code != ModuleCode.BASE and code in names]
        initial = {"minutes": window.minutes, "modules": [code for code, _name in asked], "imports": window.imports}
        super().__init__(data, initial=initial, auto_id=f"window-{window.pk}-%s")
        self.fields["modules"].choices = asked  # type: ignore[attr-defined]
        if not asked:
            del self.fields["modules"]
        if not window.imports:
            del self.fields["imports"]


class AccessPage(RoomView):
    """For administrators of the company alone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = getattr(request, "actor", None)
        if actor is not None and actor.door in OFFICE_PAGES and not actor.administrator:
            raise PermissionDenied(now("This page is for administrators."))
        return super().dispatch(request, *args, **kwargs)


class AccessView(AccessPage):
    """The open window, those asked for, the earlier ones; a POST says its step: open, extend, refuse, close
    or take_over.
    """

    template_name = "portal/access.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = request.POST.get("step", "")
        if step == "take_over":
            return self.take_over()
        window = self.named(request.POST.get("window", ""))
        if step == "open":
            # nosemgrep: file-by-request (opens a window of this company, not a file)
            return self.open(window)
        if step == "extend":
            return self.extend(window)
        if step == "refuse" and refuse_window(window=window.pk):
            messages.success(request, now("Refused. The computing centre sees nothing."))
        elif step == "close" and close_window(window=window.pk):
            messages.success(request, now("Closed. The computing centre sees nothing any more."))
        return redirect("office:access", company=self.company.slug)

    def named(self, number: str) -> Window:
        window = Window.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
        if window is None:
            raise Http404
        return window

    def take_over(self) -> HttpResponse:
        form = CodeForm(self.request.POST)
        if form.is_valid():
            try:
                take_over(user=self.request.user, code=form.cleaned_data["code"])  # type: ignore[arg-type]
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(self.request, now("From now on you administer yourselves."))
                return redirect("office:access", company=self.company.slug)
        return self.shown(take_over=form, status=422)

    def open(self, window: Window) -> HttpResponse:
        form = OpenForm(self.request.POST, window=window)
        if form.is_valid():
            asked = form.cleaned_data
            try:
                open_window(
                    window=window.pk,
                    modules=[ModuleCode.BASE.value, *asked.get("modules", [])],
                    imports=asked.get("imports", False),
                    minutes=asked["minutes"],
                    user=self.request.user,  # type: ignore[arg-type]
                    code=asked["code"],
                )
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(self.request, now("Open. It closes by itself; you can close it sooner."))
                return redirect("office:access", company=self.company.slug)
        return self.shown(forms={window.pk: form}, status=422)

    def extend(self, window: Window) -> HttpResponse:
        form = CodeForm(self.request.POST, auto_id=EXTEND_ID)
        if form.is_valid():
            try:
                extend_window(window=window.pk, user=self.request.user, code=form.cleaned_data["code"])  # type: ignore[arg-type]
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(self.request, now("The window stays open for 30 minutes more."))
                return redirect("office:access", company=self.company.slug)
        return self.shown(extend=form, status=422)

    def shown(
        self,
        *,
        take_over: CodeForm | None = None,
        extend: CodeForm | None = None,
        forms: dict[int, OpenForm] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        found = list(windows()[:PAST])
        for number, window in enumerate(found):
            window.ordinal = self.count(found) - number  # type: ignore[attr-defined]
            window.state = state_of(window)  # type: ignore[attr-defined]
        ordinals = {window.pk: window.ordinal for window in found}  # type: ignore[attr-defined]
        now_open = with_time(open_window_now())
        context = self.get_context_data(
            open=now_open,
            may_extend=now_open is not None and may_extend(now_open),
            extend=extend or CodeForm(auto_id=EXTEND_ID),
            past=with_wrong_codes(found, list(wrong_codes()[:PAST]), ordinals),
            ordinal=ordinals.get(now_open.pk) if now_open else None,
            asked=[(row, (forms or {}).get(row.pk) or OpenForm(window=row)) for row in waiting_windows()],
            names=dict(ModuleCode.choices),
            take_over=take_over or CodeForm(),
            proof=last_proof(),
        )
        return self.render_to_response(context, status=status)

    def count(self, found: list[Window]) -> int:
        """How many windows there ever were; the newest has this number."""
        if not hasattr(self, "counted"):
            self.counted = Window.objects.count() if len(found) == PAST else len(found)
        return self.counted


def with_wrong_codes(found: list[Window], wrong: list[WrongCode], ordinals: dict[int, int]) -> list[Any]:
    """Windows and the codes that weren't taken at them in one list, by the time of each, newest first."""
    for code in wrong:
        code.ordinal = ordinals.get(code.window_id)  # type: ignore[attr-defined]
    return sorted([*found, *wrong], key=lambda row: row.asked_at if isinstance(row, Window) else row.at, reverse=True)


def with_time(window: Window | None) -> Window | None:
    """The open window with the words and the ring of the time it has left."""
    if window is None or window.expires_at is None or window.opened_at is None:
        return None
    whole = (window.expires_at - window.opened_at).total_seconds()
    left = max(0, (window.expires_at - timezone.now()).total_seconds())
    window.left = f"{int(left) // 60}:{int(left) % 60:02}"  # type: ignore[attr-defined]
    window.whole = round(whole / 60)  # type: ignore[attr-defined]
    window.seconds = round(whole)  # type: ignore[attr-defined]
    window.ring = round(left / whole * 100)  # type: ignore[attr-defined]
    names = dict(ModuleCode.choices)
    window.shows = ", ".join(str(names[code]) for code in window.modules if code in names)  # type: ignore[attr-defined]
    return window


class AccessWindowView(AccessPage):
    """One window: who, why, when, and everything it showed; also as a file."""

    template_name = "portal/access_window.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = kwargs["number"]
        window = windows().order_by("pk")[number - 1 : number].first() if 0 < number < 2**31 else None
        if window is None:
            raise Http404
        looks = Look.objects.filter(window=window.pk).select_related("user").order_by("-pk")
        if request.GET.get("export") == "csv":
            return self.export(window, number)
        window.state = state_of(window)  # type: ignore[attr-defined]
        names = dict(ModuleCode.choices)
        return self.render_to_response(
            self.get_context_data(
                window=window,
                ordinal=number,
                looks=looks[:200],
                tables=tables_of(window, self.company.slug),
                extensions=extensions(window.pk),
                wrong_codes=wrong_codes(window.pk)[:PAST],
                shows=", ".join(str(names.get(code, code)) for code in window.modules),
            )
        )

    def export(self, window: Window, number: int) -> HttpResponse:
        """Every page and every row of the window as CSV, how long it was kept open, and the codes not taken."""
        looks = Look.objects.filter(window=window.pk).order_by("pk").values_list("at", "act", "path")
        rows = LookedRow.objects.filter(window=window.pk).order_by("pk").values_list("at", "table", "row")
        lines: list[list[object]] = [[now("When"), now("What"), now("Which")]]
        lines += [[at, now("Import") if act == "import" else now("Page"), path] for at, act, path in looks]
        lines += [[at, words_of(table), row] for at, table, row in rows]
        lines += [[row.at, now("Open until"), row.until] for row in extensions(window.pk).reverse()]
        lines += [[row.at, row.get_fault_display(), str(row.by.user)] for row in wrong_codes(window.pk).reverse()]
        response = HttpResponse(export_csv(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="window-{number}.csv"'
        return response


class WallView(AccessPage):
    """Your wall: how it is proved that the computing centre sees nothing, and what it was shown."""

    template_name = "portal/wall.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = list(windows()[:PAST])
        totals = {
            "opened": sum(row.opened_at is not None for row in found),
            "pages": sum(row.pages for row in found),  # type: ignore[attr-defined]
            "rows": sum(row.rows for row in found),  # type: ignore[attr-defined]
        }
        return self.render_to_response(self.get_context_data(proof=last_proof(), totals=totals, before=self.before()))

    def before(self) -> int:
        """Pages that the operator opened while he administered the company."""
        return Look.objects.filter(window=None).count()
