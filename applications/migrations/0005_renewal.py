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
            "own_draft(file bigint) RETURNS boolean LANGUAGE sql",
            """
            SELECT sec.door() = 'front' AND file = sec."case"() AND EXISTS (
              SELECT FROM public.applications_draft d WHERE d.company_id = sec.company() AND d.case_id = file)
            """,
            roles=(),
            volatility="STABLE",
        ),
        Definer(
            "renew_draft(file bigint, version bigint) RETURNS void LANGUAGE plpgsql",
            """
            DECLARE here bigint := sec.company();
            BEGIN
              IF sec.own_draft(file) IS NOT TRUE THEN
                RAISE EXCEPTION 'a draft is renewed by who fills it in' USING ERRCODE = 'insufficient_privilege';
              END IF;
              IF NOT EXISTS (
                SELECT FROM public.products_productversion v JOIN public.documents_case c
                  ON c.company_id = v.company_id AND c.product_id = v.product_id
                WHERE v.company_id = here AND v.id = version AND v.state = 'live' AND c.id = file
              ) THEN
                RAISE EXCEPTION 'version % is not the live one of this draft', version USING ERRCODE = 'check_violation';
              END IF;
              UPDATE public.documents_case c SET product_version_id = version WHERE c.company_id = here AND c.id = file;
              UPDATE public.applications_draft d SET version_id = version WHERE d.company_id = here AND d.case_id = file;
            END
            """,
            roles=("bo_app", "bo_public"),
            path="pg_catalog, public, pg_temp",
        ),
    ]
