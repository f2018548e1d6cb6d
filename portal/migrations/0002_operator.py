from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, OperatorSees, Sql

UNSENT = "sec.door() IS DISTINCT FROM 'office' AND sec.door() IS DISTINCT FROM 'operator'"


class Migration(migrations.Migration):
    """The operator's policy on the tables of all rooms, and the figures by which he looks after the machine."""

    dependencies: ClassVar = [
        ("portal", "0001_advisers_door"),
        ("companies", "0010_operator"),
        ("relations", "0002_wall"),
        ("documents", "0004_decision"),
        ("correspondence", "0002_wall"),
        ("products", "0003_office_channel"),
        ("applications", "0011_signed_case"),
        ("acceptance", "0006_answers_guard"),
        ("quotations", "0003_decided"),
        ("policies", "0003_keys"),
        ("ledger", "0003_keys"),
    ]
    operations: ClassVar = [
        OperatorSees(),
        # What a visitor hasn't sent in is read by nobody, in a window neither.
        Sql(
            f"ALTER POLICY unread ON applications_draft TO bo_app, bo_operator USING (({UNSENT}) "
            "OR filled_in_by <> 'visitor')",
            f"ALTER POLICY unread ON applications_upload TO bo_app, bo_operator USING (({UNSENT}) "
            "OR EXISTS (SELECT FROM applications_draft d WHERE d.company_id = applications_upload.company_id "
            "AND d.case_id = applications_upload.case_id) OR EXISTS (SELECT FROM applications_application a "
            "WHERE a.company_id = applications_upload.company_id AND a.case_id = applications_upload.case_id))",
        ),
        # How many applications are in the making: a number for the office, in a window with products for the operator.
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
              AND (sec.door() IS DISTINCT FROM 'operator' OR sec.operator_may('products'))
            GROUP BY 1, 2, 3, 4
            """,
            roles=("bo_app", "bo_operator"),
            volatility="STABLE",
        ),
        Definer(
            "operator_companies() RETURNS TABLE (slug varchar, name varchar, kind varchar, rehearsal boolean, "
            "founded_by varchar, since timestamptz, own_administrator_at timestamptz, employees bigint, policies bigint, "
            "documents bigint, waiting bigint, failed bigint, oldest_due timestamptz, asked bigint, open bigint) "
            "LANGUAGE plpgsql",
            """
            BEGIN
              PERFORM sec.operator();
              RETURN QUERY SELECT c.slug, c.name, c.kind, c.rehearsal_of_id IS NOT NULL, f.name, c.recorded_at,
                c.own_administrator_at,
                (SELECT pg_catalog.count(*) FROM public.companies_membership m
                  WHERE m.company_id = c.id AND m.door = 'office' AND m."on"),
                (SELECT pg_catalog.count(*) FROM public.policies_policy p WHERE p.company_id = c.id),
                (SELECT pg_catalog.count(*) FROM public.documents_document d WHERE d.company_id = c.id),
                j.waiting, j.failed, j.oldest_due, w.asked, w.open
              FROM public.companies_company c
              LEFT JOIN public.companies_company f ON f.id = c.founded_by_id,
              LATERAL (SELECT pg_catalog.count(*) FILTER (WHERE j.state = 'open') AS waiting,
                pg_catalog.count(*) FILTER (WHERE j.state = 'failed') AS failed,
                pg_catalog.min(j.due_at) FILTER (WHERE j.state = 'open') AS oldest_due
                FROM public.companies_job j WHERE j.company_id = c.id AND j.state <> 'done') j,
              LATERAL (SELECT pg_catalog.count(*) FILTER (WHERE w.opened_at IS NULL AND w.refused_at IS NULL
                  AND w.asked_at > pg_catalog.clock_timestamp() - interval '24 hours') AS asked,
                pg_catalog.count(*) FILTER (WHERE w.opened_at IS NOT NULL AND w.closed_at IS NULL
                  AND w.expires_at > pg_catalog.clock_timestamp()) AS open
                FROM public.companies_window w WHERE w.company_id = c.id) w
              ORDER BY c.rehearsal_of_id IS NOT NULL, c.name, c.slug;
            END
            """,
            roles=("bo_operator",),
        ),
        Definer(
            "my_windows() RETURNS TABLE (slug varchar, asked_at timestamptz, reason varchar, modules varchar[], "
            "imports boolean, minutes smallint, opened_at timestamptz, expires_at timestamptz, closed_at timestamptz, "
            "refused_at timestamptz) LANGUAGE plpgsql",
            """
            BEGIN
              RETURN QUERY SELECT c.slug, w.asked_at, w.reason, w.modules, w.imports, w.minutes, w.opened_at, w.expires_at,
                w.closed_at, w.refused_at
              FROM public.companies_window w JOIN public.companies_company c ON c.id = w.company_id
              WHERE w.asked_by_id = sec.operator() ORDER BY w.id DESC LIMIT 100;
            END
            """,
            roles=("bo_operator",),
        ),
    ]
