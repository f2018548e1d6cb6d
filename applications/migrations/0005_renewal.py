from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, Sql


class Migration(migrations.Migration):
    """A draft whose version was withdrawn goes on with the live one: Case and draft change together (S0-08)."""

    dependencies: ClassVar = [("applications", "0004_lapsed")]
    operations: ClassVar = [
        Sql(
            "GRANT UPDATE (version_id) ON applications_draft TO sec_guard",
            "GRANT UPDATE (product_version_id) ON documents_case TO sec_guard",
        ),
        Definer(
            "renew_draft(version bigint) RETURNS void LANGUAGE plpgsql",
            """
            DECLARE here bigint := sec.company(); v_case bigint := sec."case"();
            BEGIN
              IF here IS NULL OR v_case IS NULL OR sec.door() IS DISTINCT FROM 'front' THEN
                RAISE EXCEPTION 'a draft is renewed at the front office' USING ERRCODE = 'insufficient_privilege';
              END IF;
              IF NOT EXISTS (
                SELECT FROM public.products_productversion v JOIN public.documents_case c
                  ON c.company_id = v.company_id AND c.product_id = v.product_id
                WHERE v.company_id = here AND v.id = version AND v.state = 'live' AND c.id = v_case
              ) OR NOT EXISTS (
                SELECT FROM public.applications_draft d WHERE d.company_id = here AND d.case_id = v_case
              ) THEN
                RAISE EXCEPTION 'version % is not the live one of this draft', version USING ERRCODE = 'check_violation';
              END IF;
              UPDATE public.documents_case c SET product_version_id = version WHERE c.company_id = here AND c.id = v_case;
              UPDATE public.applications_draft d SET version_id = version WHERE d.company_id = here AND d.case_id = v_case;
            END
            """,
            roles=("bo_public",),
            path="pg_catalog, public, pg_temp",
        ),
    ]
