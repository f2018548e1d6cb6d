"""Save and continue later: the address of an application, until when it works, and a mail that carries it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from applications.forms import SaveForm, Ticket
from applications.services.later import ask_for_link, link_until, mails_asked
from applications.steps import POLICYHOLDER
from applications.views.base import masked
from applications.views.draft import DraftView
from common.errors import BusinessError
from companies.requests import client_address
from companies.views import show_error


class LaterView(DraftView):
    """What was filled in is kept; its address is shown, and mailed to whom the applicant names."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.to_outcome() if self.handed_in else self.shown(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.handed_in:
            return self.to_outcome()
        form = self.form(request.POST)
        if wait := self.held_up("mail", form):
            return self.too_often(self.shown(form), wait)
        if form.is_valid() and form.ticket is not None:
            try:
                return self.mail(form.cleaned_data["email"], form.ticket)
            except BusinessError as error:
                show_error(form, error)
        return self.shown(form)

    def form(self, data: Any = None) -> SaveForm:
        holder = (self.draft.parties if self.draft else {}).get(POLICYHOLDER) or {}
        return SaveForm(data, purpose=f"later:{self.link.link_id}", initial={"email": holder.get("email", "")})

    def mail(self, email: str, ticket: Ticket) -> HttpResponse:
        address = client_address(self.request)
        ask_for_link(case_id=self.case_id, command_id=ticket.command_id, email=email.lower(), address=address)
        return redirect(self.url_of("later"))

    def shown(self, form: SaveForm) -> HttpResponse:
        asked = mails_asked(self.case_id)
        back = self.url_of("continue")
        return self.page(
            "applications/later.html",
            form=form,
            title=_("Continue later"),
            saved_url=self.request.build_absolute_uri(back),
            until=link_until(),
            mailed=masked(str(asked[0].payload.get("email", ""))) if asked and not form.is_bound else "",
            back_url=back,
            adviser_name=self.draft.adviser.name if self.draft and self.draft.adviser else "",
        )
