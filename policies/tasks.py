from collections.abc import Mapping
from typing import Any

from django.utils import translation

from companies.actor import ROBOT
from companies.clock import day_of, today
from companies.commands import carries
from companies.jobs import handles
from companies.models import Command, Job, ModuleCode
from documents.models import Case
from policies.models import Invoice, Policy, Withdrawal
from policies.services.issue import PAPERS, Issued, issue_policy, order_told
from policies.services.send import send_policy
from policies.services.withdraw import PAPERS as RECEIPT
from policies.services.withdraw import withdraw_policy
from policies.services.withdrawn import send_receipt
from quotations.services.orders import take_order


@carries("order", module=ModuleCode.POLICIES)
def order(command: Command) -> Mapping[str, Any]:
    """A customer's order: taken, issued, invoiced and booked in one transaction; ordered again, the first policy
    answers.
    """
    on = day_of(command.company, command.recorded_at)
    with translation.override(Case.objects.only("language").get(pk=command.case_id).language):
        taken, new = take_order(command=command, actor=ROBOT, on=on)
        if new:
            issued = issue_policy(order=taken, actor=ROBOT)
            return order_told(issued)
    policy = Policy.objects.get(order=taken)
    return order_told(Issued(policy, policy.invoices.order_by("pk")[0]))


@handles(PAPERS, module=ModuleCode.POLICIES, prepared=True)
def papers(job: Job) -> None:
    """Render, file and mail the papers of a policy."""
    company = job.company
    policy = Policy.objects.select_related(
        "case", "holder", "adviser", "order__quotation__assessment__application__version__product",
        "order__quotation__assessment__application__adviser",
    ).get(pk=job.ids["policy"])  # fmt: skip
    invoice = Invoice.objects.select_related("debtor").get(pk=job.ids["invoice"])
    invoice.policy = policy
    send_policy(policy=policy, invoice=invoice, company=company, actor=ROBOT.on_job(job.pk), on=today(company))


@carries("withdraw", module=ModuleCode.POLICIES)
def withdraw(command: Command) -> Mapping[str, Any]:
    """A customer's withdrawal from his contract: kept, ended and turned round in one transaction; sent again, the first
    answers.
    """
    company = command.company
    with translation.override(Case.objects.only("language").get(pk=command.case_id).language):
        kept, _new = withdraw_policy(command=command, company=company, actor=ROBOT, on=today(company))
    return {"policy": kept.policy.number, "received_at": kept.received_at.isoformat()}


@handles(RECEIPT, module=ModuleCode.POLICIES, prepared=True)
def receipt(job: Job) -> None:
    """Render, file and mail the receipt of a withdrawal."""
    company = job.company
    withdrawal = Withdrawal.objects.select_related("credit_note", "kept_invoice").get(pk=job.ids["withdrawal"])
    withdrawal.policy = Policy.objects.select_related(
        "case", "holder", "adviser", "order__quotation__assessment__application__version__product",
        "order__quotation__assessment__application__adviser",
    ).get(pk=withdrawal.policy_id)  # fmt: skip
    send_receipt(withdrawal=withdrawal, company=company, actor=ROBOT.on_job(job.pk), on=today(company))
