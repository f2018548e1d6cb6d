"""The pages of a lost second factor: after the password, before any factor."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from common.errors import BusinessError
from companies.factors.lost import ask_reset, find_reset, has_helper, keep_factor, take_reset


@method_decorator(login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login"), name="dispatch")
class LostView(TemplateView):
    """Who can help; where nobody can, ask and wait; and, when the waiting is over, go in to set up a new one."""

    template_name = "mfa/lost.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]
        self.user = self.stage.login.user
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        helped = has_helper(self.user)
        reset = find_reset(self.user)
        return super().get_context_data(
            helped=helped,
            hours=settings.FACTOR_WAIT // 3600,
            reset=reset,
            due=reset is not None and reset.due_at <= timezone.now(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "take" in request.POST and take_reset(self.user):
            response: HttpResponse = self.stage.exit()
            return response
        if "ask" in request.POST:
            try:
                ask_reset(self.user)
            except BusinessError as error:
                messages.error(request, str(error))
        return redirect("factor_lost")


class KeepView(View):
    """The link in the mails: opening it changes nothing, its button cancels the request."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "mfa/keep.html")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if keep_factor(token):
            messages.success(request, _("Stopped. The second factor stays as it was."))
        else:
            messages.info(request, _("There is nothing to stop any more."))
        return redirect("account_login")
