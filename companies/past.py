"""Commands of the past: what customers asked for before the application kept it, beside the contracts that it became.

Only who may enter any company writes them (a worker or a command of the console): no web process holds that proof, so
no page can put words into a customer's mouth.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils import timezone

from companies.models import Command, CommandState
from companies.rows import update_rows
from companies.signing import ask, prove
from companies.walls import Definer

REMEMBER = Definer(
    "remember(commands jsonb, issued bigint, proof bytea) RETURNS TABLE (id bigint, recorded_at timestamptz) "
    "LANGUAGE plpgsql",
    """
    DECLARE here bigint := sec.company();
    BEGIN
      PERFORM sec.believe('service', pg_catalog.concat_ws('|', 'remember', here::text), issued, proof);
      IF here IS NULL OR sec.door() IS DISTINCT FROM 'worker' THEN
        RAISE EXCEPTION 'no command of the past through this door' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN QUERY INSERT INTO public.companies_command AS c
        (company_id, kind, command_id, case_id, link_id, payload, state, outcome)
        SELECT here, r.told ->> 'kind', (r.told ->> 'command_id')::uuid, (r.told ->> 'case_id')::bigint,
          (r.told ->> 'link_id')::bigint, r.told -> 'payload', 'waiting', '{}'
        FROM pg_catalog.jsonb_array_elements(commands) WITH ORDINALITY AS r(told, place) ORDER BY r.place
        RETURNING c.id, c.recorded_at;
    END
    """,
    roles=("bo_app",),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer asked for by his link, once: the same id is refused a second time."""

    kind: str
    command_id: UUID
    case_id: int
    link_id: int
    payload: dict[str, Any]


def remember(asked: Sequence[Asked], *, company_id: int) -> list[Command]:
    """Write down what customers asked for, in their order; `fulfil` tells what it became."""
    commands = [
        Command(kind=each.kind, command_id=each.command_id, case_id=each.case_id, link_id=each.link_id,
                payload=each.payload)
        for each in asked
    ]  # fmt: skip
    if not commands:
        return commands
    told = [
        {"kind": row.kind, "command_id": str(row.command_id), "case_id": row.case_id, "link_id": row.link_id,
         "payload": row.payload}
        for row in commands
    ]  # fmt: skip
    proof = prove("service", "remember", company_id)
    made = ask("SELECT id, recorded_at FROM sec.remember(%s, %s, %s)", [json.dumps(told), *proof])
    for command, (number, recorded_at) in zip(commands, made, strict=True):
        command.pk, command.recorded_at, command._state.adding = number, recorded_at.astimezone(UTC), False
    return commands


def fulfil(outcomes: Sequence[tuple[Command, dict[str, Any]]]) -> None:
    """The commands are carried out; what each became, as the customer's page tells it."""
    done_at = timezone.now()
    for command, outcome in outcomes:
        command.state, command.outcome, command.done_at = CommandState.DONE, outcome, done_at
    update_rows([command for command, _outcome in outcomes], "state", "outcome", "done_at")
