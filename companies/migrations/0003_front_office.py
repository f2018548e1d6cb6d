from typing import ClassVar

from django.db import migrations

from companies.walls import Definer


class Migration(migrations.Migration):
    """What an applicant may ask for beside sending in: to be mailed his own address; and when an address ends."""

    dependencies: ClassVar = [("companies", "0002_wall")]
    operations: ClassVar = [
        Definer(
            "kinds_through(door text) RETURNS text[] LANGUAGE sql",
            "SELECT CASE door WHEN 'front' THEN ARRAY['apply', 'save'] WHEN 'link' THEN ARRAY['order'] ELSE ARRAY[]::text[] END",
            roles=(),
            volatility="IMMUTABLE",
        ),
        Definer(
            "knock(kind text, command_id uuid, payload jsonb, address inet) "
            "RETURNS TABLE (command bigint, job bigint, ticket uuid) LANGUAGE plpgsql",
            """
            DECLARE here bigint := sec.company(); "case" bigint := sec."case"(); v_command bigint; v_job bigint; v_ticket uuid;
            BEGIN
              IF here IS NULL OR "case" IS NULL OR sec.link() IS NULL
                 OR kind <> ALL (COALESCE(sec.kinds_through(sec.door()), ARRAY[]::text[])) THEN
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
            """,
            roles=("bo_public",),
        ),
        Definer(
            "link_until() RETURNS timestamptz LANGUAGE sql",
            "SELECT l.expires_at FROM public.companies_link l WHERE l.company_id = sec.company() AND l.id = sec.link()",
            roles=("bo_public",),
            volatility="STABLE",
        ),
    ]
