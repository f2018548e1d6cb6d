"""A customer asks that a person looks at a refusal (GDPR art. 22, S0-12)."""

from datetime import date

from django.utils.translation import gettext as _

from acceptance.models import ReviewRequest
from acceptance.selectors import find_decision
from acceptance.services.decide import application_for_update
from applications.models import Application, ApplicationState
from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Command, Link
from companies.trail import record
from correspondence.models import Addressee

LONGEST_VIEW = 4000


@step
def ask_for_person(*, command: Command, actor: Actor, on: date) -> ReviewRequest:
    """Keep the customer's request with his own view; the case waits in the acceptors' list from now on.

    Asked again, the first request answers. Raises BusinessError: not declined, or asked by a link not the customer's.
    """
    link = Link.objects.get(pk=command.link_id or 0)
    if link.addressee != Addressee.CUSTOMER:
        raise BusinessError(
            _("Only the customer can ask for a person, by the link in his own mail."), code="not_customer"
        )
    found = Application.objects.filter(case_id=command.case_id).order_by("-pk").values_list("pk", flat=True).first()
    application = application_for_update(found or 0)
    if application.state != ApplicationState.DECLINED:
        raise BusinessError(_("This application isn't declined; there is nothing to review."), code="not_declined")
    decided = find_decision(application)
    earlier = ReviewRequest.objects.filter(application=application, decision=decided).first()
    if earlier is not None:
        return earlier
    request = ReviewRequest.objects.create(
        application=application,
        decision=decided,
        view=str(command.payload.get("view") or "").strip()[:LONGEST_VIEW],
        command=command,
        on=on,
    )
    record(request, "review.asked", actor=actor, on=on, case_id=application.case_id, number=application.number)
    return request
