from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, Sql, in_sight

MINE = "sec.door() = 'folder' AND debtor_id = sec.party()"
# Evaluations and answers tell how a price came to be and who earns by it: other public doors see them, the folder doesn't.
VERSION_IN_SIGHT = (
    "EXISTS (SELECT 1 FROM policies_policy p WHERE p.company_id = {table}.company_id AND p.id = {table}.policy_id)"
)
ELSEWHERE = {
    "policies_policyversion": VERSION_IN_SIGHT,
    "quotations_quotation": in_sight(),
    "applications_application": in_sight(),
}


def elsewhere(table: str, sees: str) -> str:
    """The policy `door` of a table as it was, for every public door but the folder."""
    condition = f"sec.door() <> 'folder' AND {sees.replace('{table}', table)}"
    return f"ALTER POLICY door ON {table} USING ({condition}) WITH CHECK ({condition})"


class Migration(migrations.Migration):
    """The client folder shows a customer his own policies with their premium, his invoices and what is due of them."""

    dependencies: ClassVar = [
        ("policies", "0003_keys"),
        ("relations", "0004_folder_wall"),
        ("documents", "0004_decision"),
    ]
    operations: ClassVar = [
        Sql(
            f"CREATE POLICY door ON policies_invoice TO bo_public USING ({MINE})",
            "CREATE POLICY door ON policies_instalment TO bo_public USING (EXISTS (SELECT FROM policies_invoice i "
            "WHERE i.company_id = policies_instalment.company_id AND i.id = policies_instalment.invoice_id))",
            "GRANT SELECT ON policies_invoice, policies_instalment TO bo_public",
            *[elsewhere(*row) for row in ELSEWHERE.items()],
        ),
        Definer(
            "my_premiums(day date) RETURNS TABLE (policy_id bigint, plan varchar, total numeric, valid_from date) "
            "LANGUAGE sql",
            """
            SELECT DISTINCT ON (v.policy_id) v.policy_id, v.plan, v.total, v.valid_from
            FROM public.policies_policyversion v
            JOIN public.policies_policy p ON p.company_id = v.company_id AND p.id = v.policy_id
            JOIN public.documents_case c ON c.company_id = p.company_id AND c.id = p.case_id
            WHERE v.company_id = sec.company() AND sec.door() = 'folder' AND c.customer_id = sec.party()
            ORDER BY v.policy_id, v.valid_from <= $1 DESC, v.number DESC
            """,
            roles=("bo_public",),
            volatility="STABLE",
        ),
    ]  # fmt: skip
