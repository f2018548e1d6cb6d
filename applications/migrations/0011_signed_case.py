from typing import ClassVar

from django.db import migrations

from companies.walls import Definer


class Migration(migrations.Migration):
    """A visitor's new case enters the signed context; what opens it is otherwise as it was."""

    dependencies: ClassVar = [("applications", "0010_contracts"), ("companies", "0006_doors_wall")]
    operations: ClassVar = [
        # A visitor sees no case yet, so the insert and its RETURNING need the guard's eyes (traps 14a).
        Definer(
            "open_case(version bigint, language text, adviser text, day date, hash bytea, nonce uuid, expires timestamptz) "
            'RETURNS TABLE ("case" bigint, link bigint, adviser_party bigint) LANGUAGE plpgsql',
            """
            DECLARE
              here bigint := sec.company(); v_product bigint; v_adviser bigint; v_lines varchar[]; v_line varchar;
              v_appointed boolean; v_case bigint; v_link bigint;
            BEGIN
              IF here IS NULL OR sec.door() IS DISTINCT FROM 'front' THEN
                RAISE EXCEPTION 'a case is opened at the front office' USING ERRCODE = 'insufficient_privilege';
              END IF;
              SELECT v.product_id, p.line_of_business INTO v_product, v_line
              FROM public.products_productversion v
              JOIN public.products_product p ON p.company_id = v.company_id AND p.id = v.product_id
              WHERE v.company_id = here AND v.id = version AND v.state = 'live';
              IF NOT FOUND THEN
                RAISE EXCEPTION 'version % is not live', version USING ERRCODE = 'check_violation';
              END IF;
              IF adviser IS NOT NULL THEN
                SELECT a.party_id, a.appointed, a.lines_of_business INTO v_adviser, v_appointed, v_lines
                FROM sec.adviser_by_code(adviser, day) a;
                IF NOT FOUND OR NOT v_appointed OR (pg_catalog.cardinality(v_lines) > 0 AND v_line <> ALL (v_lines)) THEN
                  RAISE EXCEPTION 'adviser % may not sell this', adviser USING ERRCODE = 'check_violation';
                END IF;
              END IF;
              INSERT INTO public.documents_case AS c
                (company_id, number, public_id, product_id, product_version_id, adviser_id, language, opened_on, legal_hold)
              VALUES (here,
                'C-' || pg_catalog.date_part('year', day) || '-' || pg_catalog.lpad(
                  sec.loose_number('case', pg_catalog.date_part('year', day)::integer)::text, 6, '0'),
                pg_catalog.gen_random_uuid(), v_product, version, v_adviser, language, day, false)
              RETURNING c.id INTO v_case;
              INSERT INTO public.companies_link AS l
                (company_id, kind, nonce, token_hash, case_id, addressee, expires_at)
              VALUES (here, 'application', nonce, hash, v_case, 'customer', expires) RETURNING l.id INTO v_link;
              PERFORM sec.sign(here, 'front', NULL, v_case, v_link, NULL, NULL, NULL);
              RETURN QUERY SELECT v_case, v_link, v_adviser;
            END
            """,
            roles=("bo_public",),
            path="pg_catalog, public, pg_temp",
        ),
    ]
