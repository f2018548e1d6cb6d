from typing import ClassVar

from django.db import migrations

from companies.walls import GuardTrigger, Sql
from relations.merge_schema import NOT_MERGED, follows_merge
from relations.search_schema import kept_in_search

# By its numbers; by its holder it is found through the party.
POLICIES = """
SELECT f.company_id, 'policy', f.id, f.case_id, f.holder_id, c.adviser_id, sec.search_text(ARRAY[f.number, c.number]), ''
FROM {source} f JOIN public.documents_case c ON c.company_id = f.company_id AND c.id = f.case_id
"""
# So is an invoice, by its debtor; no adviser sees it.
INVOICES = """
SELECT f.company_id, 'invoice', f.id, f.case_id, f.debtor_id, NULL::bigint,
  sec.search_text(ARRAY[f.number, f.payment_reference, p.number]), ''
FROM {source} f JOIN public.policies_policy p ON p.company_id = f.company_id AND p.id = f.policy_id
"""


class Migration(migrations.Migration):
    """Policies and invoices in the search index; a policy's holder changes by a merge, and a merged party takes none."""

    dependencies: ClassVar = [("policies", "0005_imports"), ("quotations", "0004_search")]
    operations: ClassVar = [
        *kept_in_search("policy", name="policy_searched", table="policies_policy", rows=POLICIES),
        *kept_in_search("invoice", name="invoice_searched", table="policies_invoice", rows=INVOICES),
        Sql("GRANT UPDATE (holder_id) ON policies_policy TO bo_app"),
        GuardTrigger(
            "policy",
            "policy_of_one",
            "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
            follows_merge("holder_id", first=NOT_MERGED),
        ),
    ]
