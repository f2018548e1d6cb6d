"""Filling in for a client: the same steps as a visitor's, within the frame of a login (S0-05, S2-36).

A door's own pages mix `OnBehalf` into the visitor's views and say where their addresses stand; the draft is found by
its Case's number instead of a secret.
"""

from http import HTTPStatus
from typing import Any, ClassVar

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
from applications.services.behalf import note_reading, send_in
from applications.steps import POLICYHOLDER, Step, Way
from applications.views.draft import DraftView
from applications.views.files import FileView
from applications.views.outcome import OutcomeView
from applications.views.records import RecordView
from applications.views.renew import RenewView
from applications.views.steps import StepView
from companies.actor import ActorKind
from companies.entrance import OpenLink
from companies.models import LinkKind
from companies.requests import client_address
from companies.views import RoomView
from documents.models import Case
from documents.selectors import cases_visible_to
from products.language import Product
from products.selectors import with_product
from relations.selectors import address_on

OWN_TEMPLATES = {
    "applications/review.html": "applications/behalf_review.html",
    "applications/outcome.html": "applications/behalf_outcome.html",
}


class OnBehalf(DraftView):
    """A page of one draft that a login fills in for a client."""

    space: ClassVar[str]  # the namespace that holds `draft` and its pages, draft_step and the others
    file_page: ClassVar[str]  # the Case's page at this door

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = RoomView.dispatch(self, request, *args, **kwargs)  # there is no secret to look for
        if response.status_code == HTTPStatus.OK and self.draft is not None:
            note_reading(case_id=self.case_id, on=self.today)
        return response

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
        rows = Draft.objects.select_related("adviser", "known")
        return (
            with_product(rows, "version__product")
            .filter(case=self.case_id, discarded_at=None, filled_in_by=self.actor.kind.value)
            .first()
        )

    def url_of(self, page: str, **more: Any) -> str:
        """The address of one of the draft's pages at this door; what is left for later stands in the list."""
        if page == "later":
            return self.home()["url"]
        name = "draft" if page == "continue" else f"draft_{page}"
        kwargs = {"company": self.company.slug, "number": self.case.number, **more}
        return reverse(f"{self.space}:{name}", kwargs=kwargs)

    def elsewhere(self) -> HttpResponse | None:
        """What is with the client is his until it is taken back."""
        if not self.handed_in and self.open_draft.handed_over_at is not None:
            return redirect(self.url_of("continue"))
        return super().elsewhere()

    def held_up(self, act: str, form: Any = None) -> int:
        """The limits of the visitors' door hold up machines without a name; a login has one."""
        return 0

    @property
    def file_url(self) -> str:
        return reverse(self.file_page, kwargs={"company": self.company.slug, "number": self.case.number})

    def frame(self, step: Step, draft: Draft) -> dict[str, Any]:
        """The visitor's words “your details” become the client's; a draft needs no address to be found again."""
        context = super().frame(step, draft) | {"later": False}
        if step.role == POLICYHOLDER:
            context["title"] = _("Details of the client")
        rename(context["steps"], "label")
        return context

    def filler(self, draft: Draft) -> str:
        """Who fills in, as the papers will name him."""
        by_adviser = draft.filled_in_by == ActorKind.ADVISER and draft.adviser is not None
        return str(draft.adviser.name) if by_adviser and draft.adviser else str(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Nothing of the front office, whose pages stand elsewhere.
        return RoomView.get_context_data(self, home_url=self.home()["url"], **kwargs)

    def home(self) -> dict[str, str]:
        """The list that the reader came from."""
        raise NotImplementedError

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        own = {
            "frame": "applications/behalf_base.html",
            "behalf": True,
            "home": self.home(),
            "case": self.case,
            "draft_url": self.url_of("continue"),
            "throw_away_url": self.url_of("throw_away"),
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
        return self.elsewhere() or redirect(self.address(self.way(self.open_draft).first_open))


class BehalfStepView(OnBehalf, StepView):
    """One step, filled in for the client."""

    def declaration(self, data: Any, *, purpose: str) -> SignedForm:
        return BehalfDeclarationForm(data, purpose=purpose, kind=self.actor.kind)

    def party_form(self, step: Step, draft: Draft, data: Any, purpose: str, *, typed: Any = None) -> PartyForm:
        form = super().party_form(step, draft, data, purpose, typed=typed)
        if "birth_date" in form.fields:
            form.fields["birth_date"].help_text = _("The client needs it again to order; it stands in no mail.")
        known = draft.known if step.role == POLICYHOLDER and not draft.parties.get(step.role) else None
        if known is not None and not typed:
            form.initial = as_data(details_of_party(known, address_on(known.pk, self.today)))
        return form

    def hand_in(self, ticket: Ticket) -> None:
        address = client_address(self.request)
        send_in(case_id=self.case_id, command_id=ticket.command_id, address=address, on=self.today)

    def parts(self, way: Way, draft: Draft, product: Product) -> list[dict[str, Any]]:
        parts = super().parts(way, draft, product)
        rename(parts, "title")
        return parts


def rename(rows: list[dict[str, Any]], name: str) -> None:
    """The visitor's own details are the client's to who fills them in."""
    for row in rows:
        if row["role"] == POLICYHOLDER:
            row[name] = _("Details of the client")


class BehalfRecordView(OnBehalf, RecordView):
    """One record of a list, told for the client."""


class BehalfRenewView(OnBehalf, RenewView):
    """Go on with the version that is sold now, unless the client has it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is not None and self.draft.handed_over_at is not None:
            return redirect(self.url_of("continue"))
        return super().post(request, *args, **kwargs)


class BehalfFileView(OnBehalf, FileView):
    """A file that was added for the client, while its draft is filled in here."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is None:
            raise Http404
        return super().get(request, *args, **kwargs)


class BehalfOutcomeView(OnBehalf, OutcomeView):
    """What became of it, for who filled it in; what the client sent in stands in the file."""

    def unsent(self) -> HttpResponse:
        if not Application.objects.filter(case=self.case_id).exists():
            raise Http404
        return redirect(self.file_url)
