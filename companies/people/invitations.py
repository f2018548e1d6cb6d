"""The office's page of invitations: who is invited and hasn't come yet, one more, again, and called back (S1-30)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.forms import LineField, MailField
from companies.doors import Door
from companies.fresh import FreshFactor
from companies.models import Invitation, Protocol
from companies.people.base import AdministratorView, trail_of
from companies.services import invitations
from companies.views import show_error


class InvitationForm(forms.Form):
    """A new employee: name, address, language, post, protocols, and whether he administers."""

    name = LineField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Expected the name of the person, found none.")},
    )
    email = MailField(
        label=_("E-mail"),
        help_text=_("The invitation goes there, and it becomes the login."),
        max_length=254,
        error_messages={
            "required": _("Expected an e-mail address, found none."),
            "invalid": _("Expected an e-mail address such as sanne@example.nl, found something else."),
        },
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    post = LineField(label=_("Post"), max_length=80, required=False)
    protocols = forms.MultipleChoiceField(
        label=_("Protocols"),
        help_text=_("What the employee may view, edit and input. Without a protocol: nothing."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    administrator = forms.BooleanField(
        label=_("Administrator"),
        help_text=_("Invites others, gives protocols, switches logins and modules. Needs a second factor."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["protocols"].choices = [  # type: ignore[attr-defined]
            (str(pk), name) for pk, name in Protocol.objects.order_by("name").values_list("pk", "name")
        ]


class InvitationsView(FreshFactor, AdministratorView):
    """Open invitations with their buttons, and the form for the next one."""

    template_name = "companies/invitations.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(InvitationForm(initial={"language": self.company.language}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for name, step, told in (
            ("again", invitations.send_again, now("The invitation of %(email)s goes out again, with a new address.")),
            ("back", invitations.call_back, now("The invitation of %(email)s is called back.")),
        ):
            if name in request.POST:
                return self.change(step, request.POST[name], told)
        form = InvitationForm(request.POST)
        if form.is_valid():
            asked = form.cleaned_data
            if asked["administrator"] or asked["protocols"]:
                self.check_fresh()
            try:
                asked["protocols"] = [int(number) for number in asked["protocols"]]
                invitations.invite(**asked, door=Door.OFFICE, actor=self.actor, on=self.today)
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(request, now("%(email)s is invited.") % {"email": asked["email"]})
                return redirect("admin:invitations", company=self.company.slug)
        return self.shown(form, status=422)

    def change(self, step: Any, number: str, told: str) -> HttpResponse:
        """Send one again or call it back; one that was taken meanwhile is not found."""
        try:
            invitation = Invitation.objects.get(pk=int(number))
            if step == invitations.send_again and (invitation.administrator or invitation.protocols):
                self.check_fresh()
            step(invitation_id=invitation.pk, actor=self.actor, on=self.today)
        except (ValueError, Invitation.DoesNotExist):
            raise Http404 from None
        messages.success(self.request, told % {"email": invitation.email})
        return redirect("admin:invitations", company=self.company.slug)

    def shown(self, form: InvitationForm, status: int = 200) -> HttpResponse:
        names = dict(Protocol.objects.values_list("pk", "name"))
        moment = timezone.now()
        rows = [
            {
                "invitation": row,
                "protocols": ", ".join(sorted(names[pk] for pk in row.protocols if pk in names)),
                "lapsed": row.expires_at <= moment,
            }
            for row in invitations.open_invitations()
        ]
        context = self.get_context_data(
            form=form, rows=rows, days=settings.INVITATION_DAYS, history=trail_of(Invitation._meta.label_lower)
        )
        return self.render_to_response(context, status=status)
