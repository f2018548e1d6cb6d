"""The adviser fills in for his clients within the extranet (S0-05): what he may sell, what he has open, and its steps.

This is a public door: he writes his own draft and knocks; the worker sends in, hands over and throws away.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.behalf_forms import CommandForm
from applications.models import Draft
from applications.services.behalf import HAND_OVER, THROW_AWAY, knock_by_login, open_draft_for, take_back
from applications.services.drafts import AlreadySubmitted
from applications.steps import POLICYHOLDER, REVIEW, Step
from applications.views.base import masked
from applications.views.behalf import (
    BehalfContinueView,
    BehalfFileView,
    BehalfOutcomeView,
    BehalfRecordView,
    BehalfRenewView,
    BehalfStepView,
    OnBehalf,
)
from companies.models import Command, CommandState
from companies.requests import client_address
from companies.views import PageView
from portal.adviser_products import offered_to
from portal.views.advisers import AdviserPage
from products.models import ProductVersion
from products.selectors import compiled, versions_sold_by
from relations.selectors import appointment_of, holds_on


class ProductsView(AdviserPage, PageView):
    """What he may sell: name, insurer, documents, his own commission (S1-21), and a new application of each."""

    template_name = "portal/adviser_products.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appointment = appointment_of(self.actor.party_id) if self.actor.party_id else None
        holds = appointment is not None and holds_on(appointment, self.today)
        products = offered_to(appointment, company=self.company, on=self.today) if appointment else []
        return super().get_context_data(appointment=appointment, holds=holds, products=products, **kwargs)


class BeginView(AdviserPage):
    """Open an application of a product for a client, by POST alone."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.version(kwargs["product"])
        draft = open_draft_for(
            version=version,
            adviser_id=self.actor.party_id,
            language=compiled(version).language((get_language() or "en")[:2]),
            actor=self.actor,
            on=self.today,
        )
        return redirect("advisers:draft", company=self.company.slug, number=draft.case.number)

    def version(self, slug: str) -> ProductVersion:
        """The live version, if he may sell it today."""
        appointment = appointment_of(self.actor.party_id) if self.actor.party_id else None
        sold = versions_sold_by(appointment, on=self.today) if appointment else []
        for version in sold:
            if version.product.slug == slug:
                return version
        raise Http404


class Mine(AdviserPage, OnBehalf):
    """A page of one draft of his own."""

    space, file_page = "advisers", "advisers:case"

    def home(self) -> dict[str, str]:
        url = reverse("advisers:applications", kwargs={"company": self.company.slug})
        return {"title": _("Applications"), "url": url}

    def command_form(self, kind: str, draft: Draft, data: Any = None) -> CommandForm:
        """The button for a command; signed for the draft as it stands, so an older page asks for nothing."""
        return CommandForm(data, purpose=f"{kind}:{draft.pk}:{draft.updated_at.isoformat()}")

    def ask(self, kind: str, draft: Draft) -> bool:
        """Knock, once a page; False where the page was of an earlier state of the draft."""
        form = self.command_form(kind, draft, self.request.POST)
        if not form.is_valid() or form.ticket is None:
            messages.error(self.request, _("The application changed since this page was opened. Look at it again."))
            return False
        knock_by_login(
            case_id=self.case_id,
            kind=kind,
            command_id=form.ticket.command_id,
            payload={},
            address=client_address(self.request),
        )
        return True

    def asked_for(self) -> Command | None:
        """What he asked for last, other than to send in."""
        return Command.objects.filter(case_id=self.case_id, kind__in=[HAND_OVER, THROW_AWAY]).order_by("-pk").first()


class DraftPageView(Mine, BehalfContinueView):
    """Where the application is: on the way to the client, with him, or at the first step that isn't complete."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft, asked = self.draft, self.asked_for()
        if draft is None or self.handed_in:
            return self.to_outcome()
        if asked is not None and asked.state == CommandState.WAITING:
            return self.waiting("portal/draft_waiting.html", asked, throwing=asked.kind == THROW_AWAY)
        if draft.handed_over_at is not None:
            email = masked(str(draft.parties.get(POLICYHOLDER, {}).get("email") or ""))
            return self.page("portal/draft_with_client.html", email=email, take_back_url=self.url_of("take_back"))
        return super().get(request, *args, **kwargs)


class DraftStepView(Mine, BehalfStepView):
    """One step; the last one offers to mail the client too."""

    def frame(self, step: Step, draft: Draft) -> dict[str, Any]:
        context = super().frame(step, draft)
        if step.kind == REVIEW:
            context["hand_over_url"] = self.url_of("hand_over")
            context["hand_over_token"] = self.command_form(HAND_OVER, draft).token
            context["email"] = draft.parties.get(POLICYHOLDER, {}).get("email", "")
        return context


class DraftRecordView(Mine, BehalfRecordView):
    """One record of a list."""


class DraftFileView(Mine, BehalfFileView):
    """A file of it."""


class DraftRenewView(Mine, BehalfRenewView):
    """Go on with the version that is sold now."""


class DraftOutcomeView(Mine, BehalfOutcomeView):
    """What became of it."""


class HandOverView(Mine):
    """Ask that the client is mailed the address to check, declare and send in."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (elsewhere := self.elsewhere()) is not None:
            return elsewhere
        draft, way = self.open_draft, self.way(self.open_draft)
        if way.first_open != way.steps[-1]:
            return redirect(self.address(way.first_open))
        if not self.ask(HAND_OVER, draft):
            return redirect(self.address(way.steps[-1]))
        return redirect(self.url_of("continue"))


class TakeBackView(Mine):
    """Go on himself with what is with the client."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is None:
            return self.to_outcome()
        try:
            take_back(case_id=self.case_id)
        except AlreadySubmitted as error:
            messages.error(request, str(error))
        return redirect(self.url_of("continue"))


class ThrowAwayView(Mine):
    """Ask that an unsent application is erased; the question first, with its consequence."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is None:
            raise Http404
        token = self.command_form(THROW_AWAY, self.draft).token
        return self.page("applications/behalf_throw_away.html", token=token)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is None or self.handed_in:
            return self.to_outcome()
        if self.ask(THROW_AWAY, self.draft):
            messages.success(request, _("Application %(number)s is being thrown away.") % {"number": self.case.number})
        return redirect(self.home()["url"])
