"""Protocols of a company: the list, one as a matrix, a new one, and its end (S2-05)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.fresh import FreshFactor
from companies.models import Grant, Protocol
from companies.models.trail import TrailEntry
from companies.rights import modules_on
from companies.rights.matrix import contents, template_name
from companies.rights.pages.base import RightsView
from companies.rights.pages.forms import ProtocolForm, boxes_of, rows_of
from companies.rights.protocols import (
    Content,
    change_protocol,
    complete_protocols,
    content_of,
    create_protocol,
    retire_protocol,
)
from companies.templates_of_protocols import TEMPLATES
from companies.trail import signed, words
from companies.trail_sentences import label_of
from companies.views import show_error


class ProtocolListView(RightsView):
    """Every protocol in use, how much it holds and how many hold it; the ready-made ones that are missing."""

    template_name = "companies/protocol_list.html"
    tab = "list"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = contents()
        rows = [
            {
                "protocol": row,
                "template": template_name(row.template),
                "rights": len(held[row.pk].rights) if row.pk in held else 0,
                "acts": len(held[row.pk].acts) if row.pk in held else 0,
            }
            for row in in_use().annotate(holders=Count("grants", Q(grants__taken_at=None)))
        ]
        had = set(Protocol.objects.values_list("template", flat=True))
        missing = [str(row.name) for row in TEMPLATES.values() if row.slug not in had]
        return self.render_to_response(self.get_context_data(rows=rows, missing=missing))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        made = complete_protocols(actor=self.actor, on=self.today)
        messages.success(request, _("Ready-made protocols added: %(count)s.") % {"count": len(made)})
        return redirect(self.place("list"))


def in_use() -> Any:
    """The company's protocols that aren't retired, by name."""
    return Protocol.objects.filter(retired_at=None).order_by("name", "pk")


class NewProtocolView(RightsView):
    """A new protocol, from a ready-made one, from another of the company, or empty. It gives nobody anything yet."""

    template_name = "companies/protocol_new.html"
    tab = "list"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(ProtocolForm(None, name="", held=self.source[1], on=modules_on()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ProtocolForm(request.POST, name="", held=Content(), on=modules_on())
        if form.is_valid():
            content = form.content()
            try:
                protocol = create_protocol(
                    name=form.cleaned_data["name"], rights=content.rights, acts=content.acts,
                    template=self.source[0], actor=self.actor, on=self.today,
                )  # fmt: skip
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(request, _("The protocol is made. Nobody holds it yet."))
                return redirect(self.place("protocol", public_id=protocol.public_id))
        return self.show(form, status=422)

    @cached_property
    def source(self) -> tuple[str, Content]:
        """What `?from=` names: the template it goes back to, and what it holds."""
        asked = self.request.GET.get("from", "")
        if template := TEMPLATES.get(asked):
            return template.slug, Content(frozenset(template.pairs()), frozenset(template.acts))
        for protocol in in_use():
            if str(protocol.public_id) == asked:
                return protocol.template, content_of(protocol)
        return "", Content()

    def show(self, form: ProtocolForm, status: int = 200) -> HttpResponse:
        shown = form.shown()
        context = self.get_context_data(
            form=form, modules=rows_of(shown, form.on), acts=boxes_of(shown.acts), others=in_use(),
            templates=TEMPLATES.values(), source=self.request.GET.get("from", ""),
        )  # fmt: skip
        return self.render_to_response(context, status=status)


class ProtocolView(FreshFactor, RightsView):
    """One protocol as a matrix. A change is first shown with everybody whom it concerns, then saved."""

    template_name = "companies/protocol.html"
    tab = "list"

    @cached_property
    def object(self) -> Protocol:
        return self.protocol(self.kwargs["public_id"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.form(None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        after, name = form.content(), form.cleaned_data["name"]
        added, removed = after - form.held, form.held - after
        if "confirmed" not in request.POST and (added or removed):
            return self.render_to_response(self.change(form, added, removed))
        if added:
            self.check_fresh()
        try:
            change_protocol(
                protocol_id=self.object.pk, name=name, rights=after.rights, acts=after.acts, actor=self.actor,
                on=self.today,
            )  # fmt: skip
        except BusinessError as error:
            show_error(form, error)
            return self.show(form, status=422)
        messages.success(request, _("The protocol is saved. It holds from everybody’s next page on."))
        return redirect(self.place("protocol", public_id=self.object.public_id))

    def form(self, data: Any) -> ProtocolForm:
        return ProtocolForm(data, name=self.object.name, held=content_of(self.object), on=modules_on())

    def change(self, form: ProtocolForm, added: Content, removed: Content) -> dict[str, Any]:
        """What the page of confirmation shows."""
        self.template_name = "companies/protocol_change.html"
        fields = [(name, value) for name in ("name", "rights", "acts") for value in self.request.POST.getlist(name)]
        return self.get_context_data(
            protocol=self.object, fields=fields, holders=self.holders(),
            added=[label_of(code) for code in added.codes], removed=[label_of(code) for code in removed.codes],
        )  # fmt: skip

    def holders(self) -> list[Grant]:
        """Who holds it, by name."""
        rows = Grant.objects.filter(protocol=self.object, taken_at=None)
        return list(rows.select_related("membership__user", "given_by__user").order_by("membership__user__name", "pk"))

    def show(self, form: ProtocolForm, status: int = 200) -> HttpResponse:
        shown, holders = form.shown(), self.holders()
        own = any(grant.membership_id == self.actor.membership_id for grant in holders)
        context = self.get_context_data(
            protocol=self.object, form=form, modules=rows_of(shown, form.on), acts=boxes_of(shown.acts),
            holders=holders, template=template_name(self.object.template), own=own,
            changes=self.actor.administrator and not own and self.object.retired_at is None, history=self.history(),
        )  # fmt: skip
        return self.render_to_response(context, status=status)

    def history(self) -> list[dict[str, Any]]:
        """What was changed, newest first."""
        rows = TrailEntry.objects.filter(subject_kind=Protocol._meta.label_lower, subject_id=self.object.pk)
        return [
            {"text": words(row), "small": signed(row), "at": row.recorded_at, "icon": "history"}
            for row in rows.select_related("user").order_by("-pk")[:20]
        ]


class RetireView(RightsView):
    """A protocol that nobody holds is taken out of use."""

    def post(self, request: HttpRequest, public_id: UUID, **kwargs: Any) -> HttpResponse:
        protocol = self.protocol(public_id)
        try:
            retire_protocol(protocol_id=protocol.pk, actor=self.actor, on=self.today)
        except BusinessError as error:
            messages.error(request, str(error))
            return redirect(self.place("protocol", public_id=public_id))
        messages.success(request, _("The protocol “%(name)s” is retired.") % {"name": protocol.name})
        return redirect(self.place("list"))
