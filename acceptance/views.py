"""The customer's page of a refusal: the letter, and asking that a person looks at it (GDPR art. 22)."""

from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from acceptance.forms import AskForm
from applications.models import Application, ApplicationState
from applications.views.base import LinkView
from common.errors import BusinessError
from companies.commands import knock
from companies.doors import Door
from companies.models import Command, CommandState, LinkKind
from companies.requests import client_address
from companies.views import show_error
from correspondence.models import Addressee
from documents.models import Document, DocumentKind
from documents.selectors import documents_visible_to

ASK = "ask_person"


class AskView(LinkView):
    """Ask for a person with one's own view. Reading has no effect; the request is a command for a worker."""

    template_name = "acceptance/ask.html"
    after: ClassVar[str] = "apply:outcome"  # where an application that isn't declined is told

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.state != ApplicationState.DECLINED:
            return self.elsewhere()
        command = self.find_asked()
        if command is not None and command.state == CommandState.WAITING:
            return self.waiting("acceptance/ask.html", command)
        return self.shown(self.form(), command)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.state != ApplicationState.DECLINED:
            return self.elsewhere()
        if self.find_asked() is not None:
            return redirect(request.path)
        form = self.form(request.POST)
        if wait := self.held_up("send", form):
            return self.too_often(self.shown(form, None), wait)
        if not self.may_ask or not form.is_valid() or not self.asked(form):
            return self.shown(form, None)
        return redirect(request.path)

    def asked(self, form: AskForm) -> bool:
        """Knock with the customer's own view; False where the form was used before."""
        assert form.ticket is not None  # a valid form has one
        payload = {"view": form.cleaned_data["view"]}
        try:
            knock(kind=ASK, command_id=form.ticket.command_id, payload=payload, address=client_address(self.request))
        except BusinessError as error:
            show_error(form, error)
            return False
        return True

    @property
    def state(self) -> str | None:
        """The state of the case's application."""
        return Application.objects.filter(case=self.case_id).order_by("-pk").values_list("state", flat=True).first()

    @property
    def may_ask(self) -> bool:
        """Only the customer asks; his adviser reads."""
        return self.link.addressee == Addressee.CUSTOMER

    def find_asked(self) -> Command | None:
        """The newest request of this link."""
        return Command.objects.filter(case_id=self.case_id, kind=ASK).order_by("-pk").first()

    def form(self, data: Any = None) -> AskForm:
        return AskForm(data, purpose=f"ask:{self.link.link_id}")

    def elsewhere(self) -> HttpResponse:
        """An application that isn't declined is told on its own page."""
        return redirect(reverse(self.after, kwargs={"company": self.company.slug, "secret": self.secret}))

    def letter(self) -> Document | None:
        """The newest letter on the refusal."""
        return documents_visible_to(self.actor).filter(kind=DocumentKind.DECISION).order_by("-pk").first()

    def letter_url(self, letter: Document | None) -> str:
        """Where the letter can be had by this link; the application's own link leads to no papers."""
        return ""

    def shown(self, form: AskForm, command: Command | None) -> HttpResponse:
        letter, told = self.letter(), command.outcome if command else {}
        return self.page(
            "acceptance/ask.html",
            form=form if self.may_ask and command is None else None,
            letter=letter,
            letter_url=self.letter_url(letter),
            rules=letter.content["rules"] if letter else [],
            weighed=letter.content["weighed"] if letter else "",
            asked_on=day_of(told.get("asked_on")),
            answer_by=day_of(told.get("answer_by")),
            refused=told.get("message") or "",
        )


class CaseAskView(AskView):
    """The same behind the link in the letter's mail."""

    doors: ClassVar[frozenset[Door]] = frozenset({Door.LINK})
    link_kind = LinkKind.CASE
    after = "case:quotation"

    def letter_url(self, letter: Document | None) -> str:
        if letter is None:
            return ""
        place = {"company": self.company.slug, "secret": self.secret, "public_id": str(letter.public_id)}
        return reverse("case:paper", kwargs=place)


def day_of(text: Any) -> date | None:
    """A day as a command's outcome keeps it."""
    return date.fromisoformat(str(text)) if text else None
