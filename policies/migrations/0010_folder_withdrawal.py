from typing import ClassVar

from django.db import migrations

from companies.walls import Definer

MINE = """EXISTS (SELECT FROM public.documents_case c
      WHERE c.company_id = {table}.company_id AND c.id = {table}.case_id AND c.customer_id = sec.party())"""
# As in 0009, and the folder asks for its own cases too.
COOLING_OFF = f"""
  SELECT o."on", min(d.recorded_at)
  FROM public.policies_policy p
  LEFT JOIN public.quotations_order o ON o.company_id = p.company_id AND o.id = p.order_id
  LEFT JOIN public.correspondence_message m ON m.company_id = p.company_id AND m.case_id = p.case_id
    AND m.key = 'policy:' || p.number AND m.addressee = 'customer'
  LEFT JOIN public.correspondence_delivery d ON d.company_id = m.company_id AND d.message_id = m.id
  WHERE p.company_id = sec.company() AND p.id = cooling_off.policy
    AND (sec.door() IN ('office', 'worker') OR (sec.door() = 'link' AND p.case_id = sec."case"())
      OR (sec.door() = 'folder' AND {MINE.format(table="p")}))
  GROUP BY o."on"
"""
# The nonce of the customer's own link to a case of his, which he was mailed and which still opens; of nobody else's.
MY_LINK = f"""
  SELECT l.nonce FROM public.companies_link l
  WHERE l.company_id = sec.company() AND sec.door() = 'folder' AND l.case_id = my_case_link.file
    AND l.kind = 'case' AND l.addressee = 'customer' AND l.revoked_at IS NULL
    AND l.expires_at > pg_catalog.clock_timestamp() AND {MINE.format(table="l")}
  ORDER BY l.expires_at DESC, l.id DESC LIMIT 1
"""


class Migration(migrations.Migration):
    """The client folder leads to the function to withdraw, by the customer's own link (docs/withdrawal.md)."""

    dependencies: ClassVar = [("policies", "0009_withdrawal_wall"), ("documents", "0004_decision")]
    operations: ClassVar = [
        Definer(
            "cooling_off(policy bigint) RETURNS TABLE (concluded_on date, received_at timestamptz) LANGUAGE sql",
            COOLING_OFF,
            roles=("bo_app", "bo_public"),
            volatility="STABLE",
        ),
        Definer(
            "my_case_link(file bigint) RETURNS uuid LANGUAGE sql",
            MY_LINK,
            roles=("bo_public",),
            volatility="STABLE",
        ),
    ]
