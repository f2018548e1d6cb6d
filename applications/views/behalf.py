"""Filling in for a client: the same steps as a visitor's, within the frame of a login (S0-05, S2-36).

A door's own pages mix `OnBehalf` into the visitor's views and say where their addresses stand; the draft is found by
its Case's number instead of a secret.
"""

from typing import Any, ClassVar

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications.behalf_forms import BehalfDeclarationForm, details_of_party
from applications.filler import client_name
from applications.forms import SignedForm, Ticket
from applications.models import Application, Draft
from applications.party_forms import PartyForm, as_data
from applications.services.behalf import send_in
from applications.steps import PARTY, POLICYHOLDER, Step, Way
from applications.views.outcome import OutcomeView
from applications.views.steps import DraftView, StepView
from common.errors import BusinessError
from companies.actor import ActorKind
from companies.entrance import OpenLink
from companies.models import LinkKind
from companies.requests import client_address
from companies.views import RoomView
from documents.models import Case
from documents.selectors import cases_visible_to
from relations.selectors import address_on

OWN_TEMPLATES = {
    "applications/review.html": "applications/behalf_review.html",
    "applications/outcome.html": "applications/behalf_outcome.html",
}


class OnBehalf(DraftView):
    """A page of one draft that a login fills in for a client."""

    space: ClassVar[str]  # the namespace that holds draft, draft_step, draft_outcome and draft_throw_away
    file_page: ClassVar[str]  # the Case's page at this door

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return RoomView.dispatch(self, request, *args, **kwargs)  # there is no secret to look for

    @cached_property
    def case(self) -> Case:
        found = cases_visible_to(self.actor).filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found

    @property
    def case_id(self) -> int:
        return int(self.case.pk)

    @property
    def link(self) -> OpenLink:
        """Stands in for the secret: forms are signed for this file alone, and fit no link's."""
        return OpenLink(-self.case_id, self.case_id, LinkKind.APPLICATION, "")

    @cached_property
    def draft(self) -> Draft | None:
        rows = Draft.objects.select_related("version__product", "adviser", "known")
        return rows.filter(case=self.case_id, discarded_at=None, filled_in_by=self.actor.kind.value).first()

    def place(self, page: str, **more: str) -> str:
        """The address of one of the draft's pages."""
        kwargs = {"company": self.company.slug, "number": self.case.number, **more}
        return reverse(f"{self.space}:{page}", kwargs=kwargs)

    @property
    def file_url(self) -> str:
        return reverse(self.file_page, kwargs={"company": self.company.slug, "number": self.case.number})

    def address(self, step: Step) -> str:
        return self.place("draft_step", step=step.slug)

    def to_outcome(self) -> HttpResponse:
        return redirect(self.place("draft_outcome"))

    @property
    def saved_address(self) -> str:
        return ""

    def filler(self, draft: Draft) -> str:
        """Who fills in, as the papers will name him."""
        by_adviser = draft.filled_in_by == ActorKind.ADVISER and draft.adviser is not None
        return str(draft.adviser.name) if by_adviser and draft.adviser else str(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return RoomView.get_context_data(self, **kwargs)  # nothing of the front office, whose pages stand elsewhere

    def home(self) -> dict[str, str]:
        """The list that the reader came from."""
        raise NotImplementedError

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        own = {
            "frame": "applications/behalf_base.html",
            "behalf": True,
            "home": self.home(),
            "case": self.case,
            "saved_url": "",
            "draft_url": self.place("draft"),
            "throw_away_url": self.place("draft_throw_away"),
            "case_url": self.file_url,
        }
        if draft := self.draft:
            own |= {
                "draft": draft,
                "client": client_name(draft.parties),
                "known": draft.known,
                "filler": self.filler(draft),
            }
        return super().page(OWN_TEMPLATES.get(template, template), status, **{**context, **own})


class BehalfContinueView(OnBehalf):
    """The address of a draft: leads to the first step that isn't complete."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.handed_in or self.draft is None:
            return self.to_outcome()
        return redirect(self.address(self.way(self.draft).first_open))


class BehalfStepView(OnBehalf, StepView):
    """One step, filled in for the client."""

    def answer(self, data: Any) -> HttpResponse:
        if self.draft is not None and self.draft.handed_over_at is not None:
            return redirect(self.place("draft"))
        return super().answer(data)

    def declaration(self, data: Any, *, purpose: str) -> SignedForm:
        return BehalfDeclarationForm(data, purpose=purpose, kind=self.actor.kind)

    def party_form(self, step: Step, draft: Draft, data: Any, purpose: str) -> PartyForm:
        form = super().party_form(step, draft, data, purpose)
        if "birth_date" in form.fields:
            form.fields["birth_date"].help_text = _("The client needs it again to order; it stands in no mail.")
        known = draft.known if step.role == POLICYHOLDER and not draft.parties.get(step.role) else None
        if known is not None:
            form.initial = as_data(details_of_party(known, address_on(known.pk, self.today)))
        return form

    def submit(self, ticket: Ticket | None, draft: Draft) -> str:
        """Check the details once more and send in; the worker checks everything again."""
        for step in self.way(draft).steps:
            if step.kind == PARTY:
                self.check_party(step, draft)
        if ticket is None:
            raise BusinessError(_("Expected the form of this page, found another one. Send it again."))
        address = client_address(self.request)
        send_in(case_id=self.case_id, command_id=ticket.command_id, address=address, on=self.today)
        return self.place("draft_outcome")

    def shown(self, form: Form, step: Step, way: Way, draft: Draft) -> HttpResponse:
        self.now, self.all_steps = step, way.steps
        return super().shown(form, step, way, draft)

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """The visitor's words “your details” become the client's."""
        if self.now.role == POLICYHOLDER:
            context["title"] = _("Details of the client")
        for step, shown in zip(self.all_steps, context["steps"], strict=True):
            if step.role == POLICYHOLDER:
                shown["label"] = _("Details of the client")
        for step, part in zip(self.all_steps, context.get("parts", ()), strict=False):
            if step.role == POLICYHOLDER:
                part["title"] = _("Details of the client")
        return super().page(template, status, **context)


class BehalfOutcomeView(OnBehalf, OutcomeView):
    """What became of it, for who filled it in; what the client sent in stands in the file."""

    def unsent(self) -> HttpResponse:
        if not Application.objects.filter(case=self.case_id).exists():
            raise Http404
        return redirect(self.file_url)
