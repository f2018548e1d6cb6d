"""What a public door asks for: the request stores one command with its job, a worker carries it out, a page tells the
outcome.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.jobs import handles, wake
from companies.models import Command, CommandState, Job, ModuleCode
from companies.trail import gathered_trail

Carrier = Callable[[Command], Mapping[str, Any]]


def knock(*, kind: str, command_id: UUID, payload: Mapping[str, Any], address: str | None) -> int:
    """Store a command of the current link or membership with its job, once; its id. The same id with another content
    is refused.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT command, job, ticket FROM sec.knock(%s, %s, %s, %s)",
            [kind, command_id, json.dumps(payload), address],
        )
        return stored(cursor.fetchone())


def stored(row: tuple[int, int | None, Any] | None) -> int:
    """The id of a command that the database stored, its job woken after the commit. Raises BusinessError where it
    stored none because the same id came with other content.
    """
    if row is None:
        raise BusinessError(
            _("This form was sent before with other content. Open the page again."), code="command_reused"
        )
    command, job, ticket = row
    if job is not None:
        transaction.on_commit(lambda: wake([(job, ticket, "single")]), robust=True)
    return command


def carries(kind: str, *, module: ModuleCode | None = None) -> Callable[[Carrier], Carrier]:
    """Register who carries out a command; he returns what the page shows, or raises BusinessError, which refuses it.
    While the company has switched the module off, its commands wait.
    """

    def register(carrier: Carrier) -> Carrier:
        def handle(job: Job) -> None:
            command = Command.objects.select_for_update().get(pk=job.ids["command"])
            command.company = job.company
            try:
                with transaction.atomic(), gathered_trail():
                    outcome, state = dict(carrier(command)), CommandState.DONE
            except BusinessError as error:
                outcome, state = {"code": error.code, "message": str(error)}, CommandState.REFUSED
            command.outcome, command.state, command.done_at = outcome, state, timezone.now()
            command.save(update_fields=["outcome", "state", "done_at"])

        handles(f"command.{kind}", module=module, prepared=True)(handle)
        return carrier

    return register
