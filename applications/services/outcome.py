"""What an applicant's page says, when a person has decided since."""

from collections.abc import Mapping
from typing import Any

from applications.models import Application
from common.db import step
from companies.models import Command


@step
def tell_applicant(*, application: Application, outcome: Mapping[str, Any]) -> None:
    """Put what was decided since into the outcome of the application's command, which its page reads (S0-12)."""
    command = Command.objects.select_for_update().filter(pk=application.command_id or 0).first()
    if command is not None:
        command.outcome = {**command.outcome, **outcome}
        command.save(update_fields=["outcome"])
