"""What became of an application: a page that waits for the worker and then says it (S0-08, S0-10, S0-35)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from applications.models import Application, ApplicationState, Draft
from applications.services.drafts import find_command
from applications.steps import POLICYHOLDER
from applications.views.base import LinkView, masked
from applications.views.start import said
from companies.models import CommandState
from documents.models import Case

TOLD = {
    ApplicationState.ACCEPTED: "accept",
    ApplicationState.REFERRED: "refer",
    ApplicationState.SPECIAL: "special",
    ApplicationState.DECLINED: "decline",
}


class OutcomeView(LinkView):
    """The outcome of the newest submission; it stays here however often one comes back."""

    template_name = "applications/outcome.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        command = find_command(self.case_id)
        if command is None:
            return self.unsent()
        case = Case.objects.select_related("adviser").get(pk=self.case_id)
        context: dict[str, Any] = {"adviser_name": case.adviser.name if case.adviser else ""}
        if command.state == CommandState.WAITING:
            return self.waiting("applications/outcome.html", command, **context)
        if command.state == CommandState.REFUSED:
            review = self.url_of("continue")
            return self.page("applications/outcome.html", refused=True, back_url=review, **context)
        return self.page("applications/outcome.html", **context, **self.told(command.outcome))

    def unsent(self) -> HttpResponse:
        """Nothing was sent by this address: an adviser has the application, or sent it in himself."""
        if Draft.objects.filter(case=self.case_id).exists():
            raise Http404
        case = Case.objects.select_related("adviser").get(pk=self.case_id)
        adviser_name = case.adviser.name if case.adviser else ""
        if Application.objects.filter(case=self.case_id).exists():
            return self.page("applications/outcome.html", adviser_name=adviser_name, **self.told({}))
        return self.page("applications/withheld.html", adviser_name=adviser_name)

    def told(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """Number, decision and where the mail went; a referred application shows what a person decided since."""
        application = Application.objects.filter(case=self.case_id).order_by("-pk").first()
        state = ApplicationState(application.state) if application else None
        holder = application.parties.get(POLICYHOLDER, {}) if application else {}
        return {
            "outcome": TOLD.get(state, outcome.get("outcome")) if state else outcome.get("outcome"),
            "application": outcome.get("application") or "",
            "quotation": outcome.get("quotation") or "",
            "reasons": [said(texts, self.language) for texts in outcome.get("reasons", [])],
            "email": masked(str(holder.get("email") or "")),
        }
