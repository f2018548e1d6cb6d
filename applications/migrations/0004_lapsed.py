from typing import ClassVar

from django.db import migrations

from companies.walls import Definer


class Migration(migrations.Migration):
    """What an ended address may still tell its holder: since when, and where to start anew; nothing of the file."""

    dependencies: ClassVar = [("applications", "0003_unfinished"), ("companies", "0003_front_office")]
    operations: ClassVar = [
        Definer(
            "lapsed_application(hash bytea, day date) "
            "RETURNS TABLE (ended_at timestamptz, product varchar, adviser varchar) LANGUAGE sql",
            """
            SELECT l.expires_at, p.slug, (
              SELECT a.code FROM public.relations_appointment a
              WHERE a.company_id = c.company_id AND a.party_id = c.adviser_id
                AND a.valid_from <= day AND (a.valid_until IS NULL OR a.valid_until > day) ORDER BY a.id DESC LIMIT 1)
            FROM public.companies_link l
            JOIN public.documents_case c ON c.company_id = l.company_id AND c.id = l.case_id
            JOIN public.products_product p ON p.company_id = c.company_id AND p.id = c.product_id
            WHERE l.company_id = sec.company() AND sec.door() = 'front' AND l.token_hash = hash AND l.kind = 'application'
              AND l.revoked_at IS NULL AND l.expires_at <= pg_catalog.clock_timestamp()
            """,
            roles=("bo_public",),
            volatility="STABLE",
        ),
    ]
