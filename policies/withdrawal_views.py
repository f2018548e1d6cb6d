"""The online withdrawal function behind a customer's link: fill in, confirm, receipt (Directive (EU) 2023/2673)."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications.steps import POLICYHOLDER
from applications.views.base import masked
from common.errors import BusinessError
from common.formats import day_in_prose, moment
from companies.commands import knock
from companies.models import Command, CommandState
from companies.requests import client_address
from companies.views import show_error
from documents.models import DocumentKind
from policies.cooling import SHORT, CoolingOff, cooling_off
from policies.models import Policy, Withdrawal
from policies.withdrawal_forms import WithdrawForm
from products.selectors import with_product
from quotations.after import Offered, offers_after_order
from quotations.views import CaseView

WITHDRAW = "withdraw"
TEMPLATE = "policies/withdraw.html"


class WithdrawView(CaseView):
    """Two steps, no login, no reason asked. Reading has no effect; the withdrawal is a command for a worker."""

    template_name = TEMPLATE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        command = self.find_sent()
        if command is not None and command.state == CommandState.WAITING:
            return self.waiting(TEMPLATE, command)
        if self.withdrawal is None and command is not None and command.state == CommandState.REFUSED:
            return self.shown(refused=self.reason(command))
        return self.shown(form=self.form() if self.may_withdraw else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        command = self.find_sent()
        if not self.may_withdraw or (command is not None and command.state == CommandState.WAITING):
            return redirect(self.page_address)
        form = self.form(request.POST)
        if wait := self.held_up("send", form):
            return self.too_often(self.shown(form=form), wait)
        if not form.is_valid() or request.POST.get("go") == "back":
            return self.shown(form=form)
        if request.POST.get("go") != "confirm":
            return self.shown(form=form, confirming=True)
        return redirect(self.page_address) if self.sent(form) else self.shown(form=form)

    def sent(self, form: WithdrawForm) -> bool:
        """Knock with who declares it and where the receipt goes; False where the form was used before."""
        assert form.ticket is not None  # a valid form has one
        payload = {"name": form.cleaned_data["name"], "email": form.cleaned_data["email"] or self.known_email}
        try:
            knock(
                kind=WITHDRAW,
                command_id=form.ticket.command_id,
                payload=payload,
                address=client_address(self.request),
            )
        except BusinessError as error:
            show_error(form, error)
            return False
        return True

    @cached_property
    def policy(self) -> Policy:
        policies: QuerySet[Policy] = with_product(Policy.objects.filter(case=self.case_id))
        found = policies.select_related("case").order_by("-pk").first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def withdrawal(self) -> Withdrawal | None:
        """The withdrawal that was kept."""
        return Withdrawal.objects.filter(policy=self.policy).first()

    @cached_property
    def cooling(self) -> CoolingOff:
        return cooling_off(self.policy, self.company)

    @property
    def may_withdraw(self) -> bool:
        """Whether the function is open to the reader today."""
        return not self.is_adviser and self.withdrawal is None and self.cooling.holds(self.today)

    @property
    def page_address(self) -> str:
        return address_of(self)

    @cached_property
    def known_email(self) -> str:
        """The policyholder's address as the application tells it."""
        return str(self.application.parties.get(POLICYHOLDER, {}).get("email") or "")

    def find_sent(self) -> Command | None:
        """The newest withdrawal sent by this link."""
        return Command.objects.filter(case_id=self.case_id, kind=WITHDRAW).order_by("-pk").first()

    def form(self, data: Any = None) -> WithdrawForm:
        return WithdrawForm(
            data,
            known=masked(self.known_email),
            purpose=f"withdraw:{self.link.link_id}:{self.policy.pk}",
            initial={"name": self.holder_name},
        )

    @property
    def holder_name(self) -> str:
        told = self.application.parties.get(POLICYHOLDER, {})
        return f"{told.get('given_names') or ''} {told.get('name') or ''}".strip()

    def reason(self, command: Command) -> str:
        """Why a withdrawal wasn't taken, in the reader's language; else in the words of the worker."""
        if command.outcome.get("code") == "over" and self.cooling.last_day:
            return over(self.cooling)
        return str(command.outcome.get("message") or _("The withdrawal could not be taken. Call us."))

    def why_not(self) -> str:
        """Why there is no form, in a sentence; empty where there is one or the withdrawal is kept."""
        if self.withdrawal is not None or self.may_withdraw:
            return ""
        if self.is_adviser:
            return _("You read this as the adviser. Only the customer can withdraw, by the link in his own mail.")
        if self.cooling.why_not == SHORT:
            return _("This insurance is for less than a month. For so short a time the law gives no right to withdraw.")
        if not self.cooling.exists:
            return _("This insurance has no days in which one may withdraw. Its conditions say how you can end it.")
        return over(self.cooling)

    def shown(self, form: WithdrawForm | None = None, **context: Any) -> HttpResponse:
        kept = self.withdrawal
        return self.page(
            TEMPLATE,
            form=form,
            policy=self.policy,
            product_name=self.policy.product.name(self.language),
            right=self.cooling,
            withdrawal=kept,
            received=moment(kept.received_at, self.company.time_zone) if kept else "",
            receipt_to=masked(kept.receipt_to) if kept else "",
            goes_to=masked(self.known_email),
            why_not=self.why_not(),
            papers=self.shown_papers(DocumentKind.WITHDRAWAL),
            back_url=self.address,
            **context,
        )


def over(right: CoolingOff) -> str:
    """That the days are over, and what is left."""
    return _("You could withdraw until %(day)s. You can still end the insurance as its conditions say.") % {
        "day": day_in_prose(right.last_day)
    }


def address_of(page: CaseView) -> str:
    return reverse("withdrawal:withdraw", kwargs={"company": page.company.slug, "secret": page.secret})


@offers_after_order
def withdrawal_function(page: CaseView) -> Offered | None:
    """The labelled function on the customer's page, during all the days in which he may withdraw."""
    policy = Policy.objects.select_related("case").filter(case=page.case_id).order_by("-pk").first()
    if page.is_adviser or policy is None or Withdrawal.objects.filter(policy=policy).exists():
        return None
    right = cooling_off(policy, page.company)
    if not right.holds(page.today):
        return None
    return Offered(
        title=_("Changed your mind?"), text=until_when(right), act=_("Withdraw from this contract here"),
        url=address_of(page),
    )  # fmt: skip


def until_when(right: CoolingOff) -> str:
    """The days in which one may withdraw, with their last."""
    if right.last_day is None:
        return _("You can withdraw without giving a reason until %(days)s days after you received the policy.") % {
            "days": right.days
        }
    return _("You can withdraw without giving a reason until %(day)s.") % {"day": day_in_prose(right.last_day)}
