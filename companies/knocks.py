"""What may be asked for at a public door, as the function that stores it knows it.

A room that adds a kind lays the function anew in its own migration (`knock_definer()`), which reads this table.
"""

from companies.doors import Door
from companies.walls import Definer

KINDS_AT = {Door.FRONT: ("apply", "save", "ask_person"), Door.LINK: ("order", "ask_person", "withdraw")}

BODY = """
DECLARE
  here bigint := sec.company(); "case" bigint := sec."case"(); v_command bigint; v_job bigint; v_ticket uuid;
  allowed text[] := CASE sec.door() {allowed} END;
BEGIN
  IF here IS NULL OR "case" IS NULL OR sec.link() IS NULL OR kind <> ALL (COALESCE(allowed, ARRAY[]::text[])) THEN
    RAISE EXCEPTION 'no command % through this door', kind USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF pg_catalog.octet_length(payload::text) > 65536 THEN
    RAISE EXCEPTION 'a command holds at most 65536 bytes' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO public.companies_command AS c
    (company_id, kind, command_id, case_id, link_id, membership_id, address, payload, state, outcome)
  VALUES (here, kind, knock.command_id, "case", sec.link(), NULL, knock.address, knock.payload, 'waiting', '{}')
  ON CONFLICT ON CONSTRAINT command_once DO NOTHING RETURNING c.id INTO v_command;
  IF v_command IS NULL THEN
    RETURN QUERY SELECT c.id, NULL::bigint, NULL::uuid FROM public.companies_command c
    WHERE c.company_id = here AND c.command_id = knock.command_id AND c.kind = knock.kind
      AND c.link_id = sec.link() AND c.payload = knock.payload;
    RETURN;
  END IF;
  INSERT INTO public.companies_job AS j
    (company_id, kind, key, ids, lane, state, ticket, attempts, error, after)
  VALUES (here, 'command.' || kind, 'command:' || v_command, pg_catalog.jsonb_build_object('command', v_command),
    'single', 'open', pg_catalog.gen_random_uuid(), 0, '', '{}')
  RETURNING j.id, j.ticket INTO v_job, v_ticket;
  RETURN QUERY SELECT v_command, v_job, v_ticket;
END
"""


def knock_definer() -> Definer:
    """`sec.knock`: one command with its job, only of a kind that the door allows, only with a live link."""
    allowed = " ".join(
        f"WHEN '{door.value}' THEN ARRAY[{', '.join(repr(kind) for kind in kinds)}]" for door, kinds in KINDS_AT.items()
    )
    return Definer(
        "knock(kind text, command_id uuid, payload jsonb, address inet) "
        "RETURNS TABLE (command bigint, job bigint, ticket uuid) LANGUAGE plpgsql",
        BODY.replace("{allowed}", allowed),
        roles=("bo_public",),
    )
