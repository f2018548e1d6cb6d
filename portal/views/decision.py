"""The decision page: read everything and decide, on one page (S0-11, S0-12, S0-16)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from acceptance.forms import CountersignForm, DecisionForm
from acceptance.models import Decision, Stage, Verdict
from acceptance.office import PAGES, TITLES
from acceptance.selectors import RIGHT_FOR
from acceptance.services.decide import NothingToDecide, countersign, decide
from applications.models import Application
from common.errors import BusinessError
from companies.models import Act, PartCode, Right
from companies.views import show_error
from portal import case_file as files
from portal.decision_page import READERS, DecisionPage
from portal.timeline import timeline
from portal.views.case import CaseView


class CaseDecision(CaseView):
    """The robot's decision, all it stands on, and, where it left it to a person, his form."""

    right = (PartCode.ACCEPTANCE, Right.VIEW)
    tab, template_name = "case_decision", "portal/case_decision.html"
    form: DecisionForm | CountersignForm | None = None
    tried: Mapping[str, Any] | None = None

    @cached_property
    def decision_page(self) -> DecisionPage | None:
        """The page's content; None before the robot has decided."""
        if self.file.application is None:
            return None
        application = Application.objects.select_related("version__product", "adviser", "case").get(
            pk=self.file.application.pk
        )
        assessment = files.assessment_of(application)
        if assessment is None:
            return None
        # The database keeps answers without their order; the assessment knows in which they were asked.
        asked = assessment.trace["asked"]
        application.answers = {key: application.answers[key] for key in asked if key in application.answers}
        return DecisionPage(application, assessment, self.actor, self.language, self.today, self.company.country)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check_any_right()
        self.open_file()
        page = self.decision_page
        if page is None or page.stage is None:
            messages.error(request, page.settled if page else _("Nothing is decided yet."))
            return self.back()
        if request.POST.get("proposal", "") != (str(page.proposal.pk) if page.proposal else ""):
            # One signs what stood on the page: another proposal, or none any more, is read first.
            messages.error(request, _("The application changed since this page was opened. Look at it again."))
            return self.back()
        form = self.blank_form(page, request.POST)
        if isinstance(form, DecisionForm) and "try" in request.POST:
            self.tried = form.tried()
            return self.shown_again(form, status=422 if form.errors else 200)
        if not form.is_valid():
            return self.shown_again(form)
        try:
            with transaction.atomic():
                done = self.take(page, form)
        except NothingToDecide as error:
            messages.error(request, str(error))
            return self.back()
        except BusinessError as error:
            show_error(form, error)
            return self.shown_again(form)
        messages.success(request, done)
        return self.back()

    def check_any_right(self) -> None:
        """Deciding needs input on acceptance, quotations by hand that on quotations, a second name the act."""
        inputs = any(self.may(*right) for right in RIGHT_FOR.values())
        if not inputs and not self.may_act(Act.DECIDE_REFERRAL):
            raise PermissionDenied(
                _("This page needs “%(part)s: %(right)s”. Ask your administrator.")
                % {"part": PartCode.ACCEPTANCE.label, "right": Right.INPUT.label}
            )

    def take(self, page: DecisionPage, form: DecisionForm | CountersignForm) -> str:
        """Call the service; what is said then."""
        if isinstance(form, CountersignForm):
            told = form.cleaned_data
            self.may_act(Act.DECIDE_REFERRAL)  # notes that it was used; the service checks it
            agreed, signed = told["agreed"] == "yes", page.proposal.pk if page.proposal else 0
            countersign(decision_id=signed, agreed=agreed, reason=told["why"], actor=self.actor, on=self.today)
            return _("Countersigned. It takes effect now.") if agreed else _("Returned. The application waits again.")
        if not self.may_decide(page):
            raise BusinessError(self.who_can(page))
        decision = decide(application_id=page.application.pk, actor=self.actor, on=self.today, **form.decision)
        if decision.authority:
            return _("Proposed. It waits for a second signature.")
        if decision.verdict == Verdict.DECLINE:
            return _("Declined. The letter goes out within seconds.")
        return _("Accepted. The quotation goes out within seconds.")

    def may_decide(self, page: DecisionPage) -> bool:
        """Whether the reader's rights let him decide at this stage."""
        return page.stage is not None and self.may(*RIGHT_FOR[page.stage])

    def who_can(self, page: DecisionPage) -> str:
        """Which right a decision needs here."""
        part, right = RIGHT_FOR[page.stage or Stage.REFERRAL]
        return _("Deciding this needs “%(part)s: %(right)s”. Ask your administrator.") % {
            "part": part.label,
            "right": right.label,
        }

    def blank_form(self, page: DecisionPage, data: Any = None) -> DecisionForm | CountersignForm:
        """The form of what is to be done: a decision, or the second name under a proposal."""
        if page.proposal is not None:
            return CountersignForm(data)
        stage = page.stage or Stage.REFERRAL
        return DecisionForm(data, application=page.application, terms=page.terms_to_add, stage=stage)

    def shown_again(self, form: DecisionForm | CountersignForm, *, status: int = 422) -> HttpResponse:
        """The page with what is wrong in the form, or with the price of what it would set."""
        self.form = form
        return self.render_to_response(self.get_context_data(), status=status)

    def back(self) -> HttpResponse:
        """To this page, read anew."""
        place = {"company": self.company.slug, "number": self.kwargs["number"]}
        return redirect(reverse("office:case_decision", kwargs=place))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.decision_page
        if page is None:
            return super().get_context_data(**kwargs)
        page = replace(page, tried=self.tried)
        reader = self.request.GET.get("reader", "")
        definition = page.application.version.definition
        return super().get_context_data(
            page=page,
            assessment=page.assessment,
            reader=reader if reader in READERS else READERS[0],
            chapters=page.told(reader if reader in READERS else READERS[0]),
            answers=files.answers_told(page.application.answers, page.application.version, self.language),
            sees_answers=self.may(PartCode.APPLICATIONS, Right.VIEW),
            parties=files.parties_in_words(page.application),
            sheet=page.sheet(files.section_names(definition, self.language)),
            uploads=files.uploads_told(self.file.case),
            papers=self.papers,
            timeline=timeline(self.file.case.pk, most=8),
            list_title=TITLES[page.stage] if page.stage else "",
            list_page=f"acceptance:{PAGES[page.stage]}" if page.stage else "",
            may_take=self.may(PartCode.ACCEPTANCE, Right.EDIT),
            **self.deciding(page),
            **kwargs,
        )

    def deciding(self, page: DecisionPage) -> dict[str, Any]:
        """The form, if this reader may act; else the sentence that says why not, or who can."""
        if page.stage is None:
            return {"form": None, "why_not": page.settled}
        if page.bias:
            return {"form": None, "why_not": page.bias}
        if page.proposal is not None:
            return self.signing(page.proposal, page)
        if not self.may_decide(page):
            return {"form": None, "why_not": self.who_can(page)}
        return {"form": self.form or self.blank_form(page), "countersigns": False}

    def signing(self, proposal: Decision, page: DecisionPage) -> dict[str, Any]:
        """The second signature's form, for somebody else who holds the act."""
        if proposal.signed_by_id == self.actor.user_id:
            return {"form": None, "why_not": _("You proposed this. Somebody else countersigns.")}
        if not self.may_act(Act.DECIDE_REFERRAL):
            needed = _("It waits for a second signature by somebody with “%(act)s”.") % {
                "act": Act.DECIDE_REFERRAL.label
            }
            return {"form": None, "why_not": needed}
        return {"form": self.form or self.blank_form(page), "countersigns": True}
