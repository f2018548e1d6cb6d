"""allauth's pages of a second factor, where ours differ: they lead on to where somebody wanted to go."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.internal.flows.add import redirect_if_add_not_allowed
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal import flows
from allauth.mfa.webauthn import views as webauthn
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import FormView


def with_next(page: str, following: str | None) -> str:
    """The address of a page that leads on afterwards."""
    return reverse(page) + (f"?{urlencode({'next': following})}" if following else "")


class LoginView(base.AuthenticateView):  # type: ignore[misc]  # allauth has no types
    """The second factor at login. Who came in by a recovery code is led to setting up a new authenticator."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = Authenticator.objects.filter(user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN)
        return super().get_context_data(**kwargs) | {"has_key": keys.exists()}  # type: ignore[no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        factor = getattr(form, "authenticator", None)
        if factor is not None and factor.type == Authenticator.Type.RECOVERY_CODES and response.status_code == 302:
            return HttpResponseRedirect(with_next("mfa_activate_totp", response["Location"]))
        return response  # type: ignore[no-any-return]


@method_decorator([redirect_if_add_not_allowed, reauthentication_required(app="allauth.mfa")], name="dispatch")
class SetUpView(totp.ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Set up an authenticator, in place of an older one. The code just typed verifies the session too."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """allauth would send somebody who has one to the page that takes it off."""
        return FormView.dispatch(self, request, *args, **kwargs)  # type: ignore[return-value]

    def older(self) -> Authenticator | None:
        return Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recovered = self.request.sign_in.factor == Authenticator.Type.RECOVERY_CODES
        following = get_next_redirect_url(self.request) or ("/" if recovered else None)
        return super().get_context_data(older=self.older(), recovered=recovered, following=following, **kwargs)  # type: ignore[no-any-return]

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        if older := self.older():
            older.delete()
        factor, codes = flows.activate_totp(self.request, form)
        record_authentication(
            self.request, self.request.user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True
        )
        following = get_next_redirect_url(self.request)
        if codes:
            return HttpResponseRedirect(with_next("mfa_view_recovery_codes", following))
        return HttpResponseRedirect(following or reverse("mfa_index"))


class CodesView(recovery.ViewRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """The recovery codes, shown once."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        following = get_next_redirect_url(self.request)
        return super().get_context_data(following=following, **kwargs)  # type: ignore[no-any-return]


class AddKeyView(webauthn.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Add a security key; a first factor verifies the session."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        following = get_next_redirect_url(self.request)
        return super().get_context_data(**kwargs) | {"following": following}  # type: ignore[no-any-return]

    def get_success_url(self) -> str:
        following = get_next_redirect_url(self.request)
        if self.did_generate_recovery_codes:
            return with_next("mfa_view_recovery_codes", following)
        return following or reverse("mfa_list_webauthn")

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        factor = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        record_authentication(
            self.request, self.request.user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True
        )
        return response  # type: ignore[no-any-return]


class RemoveKeyView(webauthn.RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Remove a security key, unless it is the last factor where one is asked for."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        form = self.get_form()
        form.is_valid()
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.object):
            form.add_error(None, adapter.error_messages["cannot_delete_authenticator"])
            return self.form_invalid(form)  # type: ignore[no-any-return]
        return self.form_valid(form)  # type: ignore[no-any-return]
