"""The office enters an application for a client by hand (S2-36), goes on with one, or throws one away."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications.by_hand_forms import NewApplicationForm
from applications.forms import SignedForm
from applications.list_forms import FilesForm
from applications.models import Draft
from applications.question_forms import RecordForm
from applications.services.behalf import open_draft_for, sign_for, take_over, throw_away
from applications.services.drafts import AlreadySubmitted
from applications.steps import Step
from applications.views.behalf import (
    BehalfContinueView,
    BehalfFileView,
    BehalfOutcomeView,
    BehalfRecordView,
    BehalfRenewView,
    BehalfStepView,
    OnBehalf,
)
from common.text import fold
from companies.actor import ActorKind
from companies.doors import Door
from companies.models import PartCode, Right
from companies.views import RoomView
from products.selectors import compiled
from relations.models import Party
from relations.selectors import kept_of, standing, visible_to

INPUT = (PartCode.APPLICATIONS, Right.INPUT)
MOST_FOUND = 10


class NewView(RoomView):
    """Which product, for which client, by which adviser; from here on the steps are the visitor's."""

    right = INPUT
    template_name = "applications/behalf_new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = {"product": request.GET.get("product", ""), "party": self.known.number if self.known else ""}
        return self.shown(NewApplicationForm(initial=asked, on=self.today))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewApplicationForm(request.POST, on=self.today)
        if not form.is_valid():
            return self.shown(form)
        version, known = form.version, self.known
        spoken = compiled(version).language(known.language if known else self.company.language)
        draft = open_draft_for(
            version=version,
            adviser_id=form.adviser_id,
            known=known,
            language=spoken,
            actor=self.actor,
            on=self.today,
        )
        return redirect("applications:draft", company=self.company.slug, number=draft.case.number)

    @cached_property
    def known(self) -> Party | None:
        """The client picked from the relations, by who may view them."""
        number = self.request.POST.get("party") or self.request.GET.get("party", "")
        if not number or "\x00" in number or not self.may(PartCode.RELATIONS, Right.VIEW):
            return None
        found = visible_to(self.actor).select_related("merged_into").filter(number=number).first()
        return kept_of(found) if found else None

    def found(self) -> list[Party]:
        """Relations that meet what was searched for."""
        q = self.request.GET.get("q", "").replace("\x00", "").strip()[:200]
        if not q or not self.may(PartCode.RELATIONS, Right.VIEW):
            return []
        meets = Q(number__icontains=q) | Q(sort_key__contains=fold(q)) | Q(email__contains=q.lower())
        return list(standing(self.actor).filter(meets).order_by("sort_key", "pk")[:MOST_FOUND])

    def shown(self, form: NewApplicationForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(
                form=form,
                known=self.known,
                found=self.found(),
                q=self.request.GET.get("q", ""),
                sees_relations=self.may(PartCode.RELATIONS, Right.VIEW),
            )
        )


class ByHand(OnBehalf):
    """A page of a draft in the office."""

    doors = frozenset({Door.OFFICE})
    right = INPUT
    space, file_page = "applications", "office:case"

    def home(self) -> dict[str, str]:
        """The list of what is in the making; the start page for who may fill in but not see the list."""
        if not self.may(PartCode.APPLICATIONS, Right.VIEW):
            return {"title": _("Today"), "url": reverse("office:today", kwargs={"company": self.company.slug})}
        url = reverse("applications:drafts", kwargs={"company": self.company.slug})
        return {"title": _("Applications in the making"), "url": url}

    def sign(self) -> None:
        """Who writes last is who fills in."""
        if self.open_draft.membership_id != self.actor.membership_id:
            sign_for(case_id=self.case_id, actor=self.actor)


class DraftPageView(ByHand, BehalfContinueView):
    """Go on where the office was."""


class DraftStepView(ByHand, BehalfStepView):
    """One step."""

    def take(self, form: SignedForm, step: Step, draft: Draft, data: QueryDict) -> str:
        self.sign()
        return super().take(form, step, draft, data)

    def answer_files(self, form: FilesForm, step: Step, draft: Draft, data: QueryDict) -> HttpResponse:
        self.sign()
        return super().answer_files(form, step, draft, data)


class DraftRecordView(ByHand, BehalfRecordView):
    """One record of a list."""

    def keep(self, form: RecordForm, step: Step) -> HttpResponse:
        self.sign()
        return super().keep(form, step)


class DraftFileView(ByHand, BehalfFileView):
    """A file of it."""


class DraftRenewView(ByHand, BehalfRenewView):
    """Go on with the version that is sold now."""


class DraftOutcomeView(ByHand, BehalfOutcomeView):
    """What became of it."""


class UnsentView(ByHand):
    """A question about an unsent application of the office or an adviser, with its consequence."""

    @cached_property
    def draft(self) -> Draft | None:
        rows = Draft.objects.select_related("version__product", "adviser", "known").exclude(
            filled_in_by=ActorKind.VISITOR
        )
        return rows.filter(case=self.case_id, discarded_at=None).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is None:
            raise Http404
        return self.page(str(self.template_name))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is None:
            raise Http404
        try:
            with transaction.atomic():
                return self.act()
        except AlreadySubmitted as error:
            messages.error(request, str(error))
        return redirect(self.home()["url"])

    def act(self) -> HttpResponse:
        """Do what was asked and lead on."""
        raise NotImplementedError


class ThrowAwayView(UnsentView):
    """Erase an unsent application."""

    template_name = "applications/behalf_throw_away.html"

    def act(self) -> HttpResponse:
        throw_away(case_id=self.case_id, actor=self.actor, on=self.today)
        messages.success(self.request, _("Application %(number)s is thrown away.") % {"number": self.case.number})
        return redirect(self.home()["url"])


class TakeOverView(UnsentView):
    """Go on with an adviser's application in the office."""

    template_name = "applications/behalf_take_over.html"

    def act(self) -> HttpResponse:
        take_over(case_id=self.case_id, actor=self.actor, on=self.today)
        return redirect(self.url_of("continue"))
