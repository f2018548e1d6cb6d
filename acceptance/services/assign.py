"""Who works on an application that waits for a person."""

from datetime import date

from django.utils.translation import gettext as _

from acceptance.models import Assignment
from acceptance.selectors import assigned_to
from acceptance.services.decide import application_for_update, stage_to_decide
from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import User
from companies.trail import record


@step
def take_application(*, application_id: int, actor: Actor, on: date) -> Assignment:
    """Take an application onto one's own desk. Raises BusinessError where a colleague has it."""
    application = application_for_update(application_id)
    stage_to_decide(application)
    holder = assigned_to(application)
    if holder is not None and holder.pk != actor.user_id:
        raise BusinessError(_("%(name)s works on %(number)s.") % {"name": holder, "number": application.number})
    row = Assignment.objects.create(application=application, user=User.objects.get(pk=actor.user_id or 0))
    record(application, "application.taken", actor=actor, on=on, number=application.number)
    return row


@step
def give_back(*, application_id: int, actor: Actor, on: date) -> Assignment:
    """Put an application back for everybody; anyone with the right may, so that illness stops nothing."""
    application = application_for_update(application_id)
    row = Assignment.objects.create(application=application, user=None)
    record(application, "application.given_back", actor=actor, on=on, number=application.number)
    return row
