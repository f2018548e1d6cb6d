from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, GuardTrigger, Sql, in_sight

# A visitor's draft belongs to its link; one that an adviser filled in is the client's too once it is handed over.
MY_DRAFT = (
    "(sec.door() = 'front' AND case_id = sec.\"case\"() AND (filled_in_by = 'visitor' OR handed_over_at IS NOT NULL)) "
    "OR (sec.door() = 'advisers' AND filled_in_by = 'adviser' AND adviser_id = sec.party() AND "
    + in_sight().replace("{table}", "applications_draft")
    + ")"
)
# Files are the link's that brought them, and the adviser's as long as he has the draft: what isn't his he sees not.
MY_UPLOAD = (
    "(sec.door() = 'front' AND case_id = sec.\"case\"()) OR (sec.door() = 'advisers' AND EXISTS (SELECT FROM "
    "applications_draft d WHERE d.company_id = applications_upload.company_id "
    "AND d.case_id = applications_upload.case_id AND d.discarded_at IS NULL AND d.handed_over_at IS NULL))"
)
# That one was thrown away is told to the adviser of its Case, whoever did it; nothing is left in it to read.
GONE = "sec.door() = 'advisers' AND adviser_id = sec.party() AND discarded_at IS NOT NULL"
WITH_CLIENT = """
BEGIN
  IF OLD.discarded_at IS NOT NULL THEN
    RAISE EXCEPTION 'a draft that was thrown away stays empty' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF sec.door() = 'advisers' AND OLD.handed_over_at IS NOT NULL AND NEW.handed_over_at IS NOT NULL THEN
    RAISE EXCEPTION 'a draft that is with the client is the client''s' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF sec.door() IN ('front', 'advisers') AND NEW.handed_over_at IS NOT NULL
    AND NEW.handed_over_at IS DISTINCT FROM OLD.handed_over_at THEN
    RAISE EXCEPTION 'the worker hands a draft over' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""
SWITCH = """COALESCE(
                (SELECT c."on" FROM public.products_productchannel c WHERE c.company_id = here AND c.product_id = v_product
                  AND c.channel = '{channel}' AND c.appointment_id = v_appointment),
                (SELECT c."on" FROM public.products_productchannel c WHERE c.company_id = here AND c.product_id = v_product
                  AND c.channel = '{channel}' AND c.appointment_id IS NULL),
                true)"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0007_behalf")]
    operations: ClassVar = [
        Sql(
            f"ALTER POLICY door ON applications_upload USING ({MY_UPLOAD}) WITH CHECK ({MY_UPLOAD})",
            "CREATE POLICY unread ON applications_upload AS RESTRICTIVE TO bo_app USING (sec.door() IS DISTINCT FROM "
            "'office' OR EXISTS (SELECT FROM applications_draft d WHERE d.company_id = applications_upload.company_id "
            "AND d.case_id = applications_upload.case_id) OR EXISTS (SELECT FROM applications_application a "
            "WHERE a.company_id = applications_upload.company_id AND a.case_id = applications_upload.case_id))",
            f"ALTER POLICY door ON applications_draft USING ({MY_DRAFT} OR ({GONE})) WITH CHECK ({MY_DRAFT})",
            # The office reads what its own people and advisers fill in; a visitor's answers only once they are sent.
            "CREATE POLICY unread ON applications_draft AS RESTRICTIVE TO bo_app "
            "USING (sec.door() IS DISTINCT FROM 'office' OR filled_in_by <> 'visitor')",
            "GRANT UPDATE (removed_at) ON applications_upload TO bo_app",
            "GRANT UPDATE (handed_over_at) ON applications_draft TO bo_public",
            "GRANT INSERT, UPDATE (answers, parties, declared, updated_at, filled_in_by, channel, membership_id, "
            "handed_over_at, discarded_at, unfinished) ON applications_draft TO bo_app",
        ),
        GuardTrigger("draft", "draft_with_client", "BEFORE UPDATE ON {table} FOR EACH ROW", WITH_CLIENT),
        Definer(
            "open_case_by_login(version bigint, language text, adviser bigint, day date) "
            "RETURNS bigint LANGUAGE plpgsql",
            f"""
            DECLARE
              here bigint := sec.company(); v_product bigint; v_line varchar; v_appointment bigint; v_case bigint;
            BEGIN
              IF here IS NULL OR sec.membership() IS NULL OR COALESCE(sec.door(), '') NOT IN ('advisers', 'office')
                OR (sec.door() = 'advisers' AND (sec.party() IS NULL OR adviser IS DISTINCT FROM sec.party())) THEN
                RAISE EXCEPTION 'a case is opened by an adviser for himself or by the office'
                  USING ERRCODE = 'insufficient_privilege';
              END IF;
              SELECT v.product_id, p.line_of_business INTO v_product, v_line
              FROM public.products_productversion v
              JOIN public.products_product p ON p.company_id = v.company_id AND p.id = v.product_id
              WHERE v.company_id = here AND v.id = version AND v.state = 'live';
              IF NOT FOUND THEN
                RAISE EXCEPTION 'version % is not live', version USING ERRCODE = 'check_violation';
              END IF;
              IF adviser IS NOT NULL THEN
                SELECT a.id INTO v_appointment FROM public.relations_appointment a
                WHERE a.company_id = here AND a.party_id = adviser AND a.valid_from <= day
                  AND COALESCE(a.valid_until > day, true) AND COALESCE(a.suspended_from > day, true)
                  AND (pg_catalog.cardinality(a.lines_of_business) = 0 OR v_line = ANY (a.lines_of_business))
                ORDER BY a.valid_from DESC LIMIT 1;
                IF NOT FOUND OR NOT {SWITCH.replace("{channel}", "adviser")} THEN
                  RAISE EXCEPTION 'adviser % may not sell this', adviser USING ERRCODE = 'check_violation';
                END IF;
              END IF;
              IF sec.door() = 'office' AND NOT {SWITCH.replace("{channel}", "office")} THEN
                RAISE EXCEPTION 'the office does not sell this' USING ERRCODE = 'check_violation';
              END IF;
              INSERT INTO public.documents_case AS c
                (company_id, number, public_id, product_id, product_version_id, adviser_id, language, opened_on, legal_hold)
              VALUES (here,
                'C-' || pg_catalog.date_part('year', day) || '-' || pg_catalog.lpad(
                  sec.loose_number('case', pg_catalog.date_part('year', day)::integer)::text, 6, '0'),
                pg_catalog.gen_random_uuid(), v_product, version, adviser, language, day, false)
              RETURNING c.id INTO v_case;
              RETURN v_case;
            END
            """,
            roles=("bo_app", "bo_public"),
            path="pg_catalog, public, pg_temp",
        ),
        # Whose turn it is to write: the visitor's, the client's it was handed to, or of who fills in by a login.
        Definer(
            "own_draft(file bigint) RETURNS boolean LANGUAGE sql",
            """
            SELECT EXISTS (
              SELECT FROM public.applications_draft d
              WHERE d.company_id = sec.company() AND d.case_id = file AND d.discarded_at IS NULL AND CASE sec.door()
                WHEN 'front' THEN file = sec."case"() AND (d.filled_in_by = 'visitor' OR d.handed_over_at IS NOT NULL)
                WHEN 'advisers' THEN sec.membership() IS NOT NULL AND d.filled_in_by = 'adviser'
                  AND d.adviser_id = sec.party() AND d.handed_over_at IS NULL
                WHEN 'office' THEN sec.membership() IS NOT NULL AND d.filled_in_by = 'employee' ELSE false END)
            """,
            roles=(),
            volatility="STABLE",
        ),
        # What a login asks for about a draft it fills in for somebody; the door of a link has sec.knock.
        Definer(
            "knock_by_login(kind text, command_id uuid, payload jsonb, address inet, file bigint) "
            "RETURNS TABLE (command bigint, job bigint, ticket uuid) LANGUAGE plpgsql",
            """
            DECLARE
              here bigint := sec.company(); v_command bigint; v_job bigint; v_ticket uuid;
              allowed text[] := CASE sec.door() WHEN 'advisers' THEN ARRAY['apply', 'hand_over', 'throw_away']
                WHEN 'office' THEN ARRAY['apply'] END;
            BEGIN
              IF here IS NULL OR sec.membership() IS NULL OR kind <> ALL (COALESCE(allowed, ARRAY[]::text[]))
                OR NOT EXISTS (SELECT FROM public.applications_draft d WHERE d.company_id = here AND d.case_id = file
                  AND d.discarded_at IS NULL AND (kind = 'throw_away' OR d.handed_over_at IS NULL)
                  AND CASE sec.door() WHEN 'office' THEN d.filled_in_by = 'employee'
                    ELSE d.filled_in_by = 'adviser' AND d.adviser_id = sec.party() END) THEN
                RAISE EXCEPTION 'no command % through this door', kind USING ERRCODE = 'insufficient_privilege';
              END IF;
              IF pg_catalog.octet_length(payload::text) > 65536 THEN
                RAISE EXCEPTION 'a command holds at most 65536 bytes' USING ERRCODE = 'check_violation';
              END IF;
              INSERT INTO public.companies_command AS c
                (company_id, kind, command_id, case_id, link_id, membership_id, address, payload, state, outcome)
              VALUES (here, kind, knock_by_login.command_id, file, NULL, sec.membership(), knock_by_login.address,
                knock_by_login.payload, 'waiting', '{}')
              ON CONFLICT ON CONSTRAINT command_once DO NOTHING RETURNING c.id INTO v_command;
              IF v_command IS NULL THEN
                RETURN QUERY SELECT c.id, NULL::bigint, NULL::uuid FROM public.companies_command c
                WHERE c.company_id = here AND c.command_id = knock_by_login.command_id AND c.kind = knock_by_login.kind
                  AND c.case_id = file AND c.membership_id = sec.membership() AND c.payload = knock_by_login.payload;
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
            roles=("bo_app", "bo_public"),
        ),
        # Numbers alone: the office learns how many visitors are on their way, and nothing that they answered.
        Definer(
            "drafts_open() RETURNS TABLE (product bigint, channel varchar, adviser bigint, filled_in_by varchar, "
            "number bigint) LANGUAGE sql",
            """
            SELECT v.product_id, d.channel, d.adviser_id, d.filled_in_by, pg_catalog.count(*)
            FROM public.applications_draft d
            JOIN public.products_productversion v ON v.company_id = d.company_id AND v.id = d.version_id
            WHERE d.company_id = sec.company() AND d.discarded_at IS NULL AND (d.filled_in_by <> 'visitor' OR EXISTS (
              SELECT FROM public.companies_link l WHERE l.company_id = d.company_id AND l.case_id = d.case_id
                AND l.kind = 'application' AND l.revoked_at IS NULL AND l.expires_at > pg_catalog.clock_timestamp()))
            GROUP BY 1, 2, 3, 4
            """,
            roles=("bo_app",),
            volatility="STABLE",
        ),
        # An adviser sees no party but his own and those of his cases, yet whose paper he sells is no secret.
        Definer(
            "insurers_offered() RETURNS TABLE (product bigint, name text) LANGUAGE sql",
            """
            SELECT p.id, pg_catalog.btrim(i.given_name || ' ' || i.family_name)
            FROM public.products_product p
            JOIN public.relations_party i ON i.company_id = p.company_id AND i.id = p.insurer_id
            WHERE p.company_id = sec.company() AND EXISTS (SELECT FROM public.products_productversion v
              WHERE v.company_id = p.company_id AND v.product_id = p.id AND v.state = 'live')
            """,
            roles=("bo_app", "bo_public"),
            volatility="STABLE",
        ),
    ]
