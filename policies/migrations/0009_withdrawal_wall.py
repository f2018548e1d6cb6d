from typing import ClassVar

from django.db import migrations

from companies.knocks import knock_definer
from companies.moves import moves_guard
from companies.walls import Definer, GuardTrigger, Wall, in_sight
from policies.models import POLICY_MOVES, PolicyState

# At commit a policy is withdrawn from if, and only if, a withdrawal of it is kept, by the customer's own link.
BOTH = """
BEGIN
  IF NOT EXISTS (SELECT FROM public.policies_policy p WHERE p.company_id = NEW.company_id AND p.id = NEW.policy_id
      AND p.case_id = NEW.case_id AND p.state = 'withdrawn') THEN
    RAISE EXCEPTION 'withdrawal %: its policy is still in force', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""
KEPT = """
BEGIN
  IF NEW.state = 'withdrawn' AND NOT EXISTS (SELECT FROM public.policies_withdrawal w
      WHERE w.company_id = NEW.company_id AND w.policy_id = NEW.id) THEN
    RAISE EXCEPTION 'policy %: expected the withdrawal that ended it, found none', NEW.number
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""
# A credit note is its invoice with minus amounts, of the same policy and debtor.
MIRRORED = """
DECLARE i record;
BEGIN
  SELECT policy_id, debtor_id, net, tax, fees INTO i FROM public.policies_invoice
  WHERE company_id = NEW.company_id AND id = NEW.credits_id AND credits_id IS NULL;
  IF (i.policy_id, i.debtor_id, i.net, i.tax, i.fees)
      IS DISTINCT FROM (NEW.policy_id, NEW.debtor_id, -NEW.net, -NEW.tax, -NEW.fees) THEN
    RAISE EXCEPTION 'credit note %: expected its invoice with minus amounts', NEW.number
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""
# When a contract was made and when its papers reached the customer: a link sees its own case's, the office all.
COOLING_OFF = """
  SELECT o."on", min(d.recorded_at)
  FROM public.policies_policy p
  LEFT JOIN public.quotations_order o ON o.company_id = p.company_id AND o.id = p.order_id
  LEFT JOIN public.correspondence_message m ON m.company_id = p.company_id AND m.case_id = p.case_id
    AND m.key = 'policy:' || p.number AND m.addressee = 'customer'
  LEFT JOIN public.correspondence_delivery d ON d.company_id = m.company_id AND d.message_id = m.id
  WHERE p.company_id = sec.company() AND p.id = cooling_off.policy
    AND (sec.door() IN ('office', 'worker') OR (sec.door() = 'link' AND p.case_id = sec."case"()))
  GROUP BY o."on"
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("policies", "0008_withdrawal"), ("quotations", "0004_search")]
    operations: ClassVar = [
        Wall("withdrawal", app="SI", public="S", sees=f"sec.door() = 'link' AND {in_sight()}"),
        knock_definer(),  # a link may ask to withdraw
        Definer(
            "policy_moves() RETURNS trigger LANGUAGE plpgsql",
            moves_guard("state", POLICY_MOVES, PolicyState.ACTIVE),
            roles=("bo_owner",),
        ),
        GuardTrigger(
            "withdrawal",
            "withdrawal_ends",
            "AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
            BOTH,
            constraint=True,
        ),
        GuardTrigger(
            "policy",
            "policy_withdrawn",
            "AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
            KEPT,
            constraint=True,
        ),
        GuardTrigger(
            "invoice",
            "credit_mirrors",
            "BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.credits_id IS NOT NULL)",
            MIRRORED,
        ),
        Definer(
            "cooling_off(policy bigint) RETURNS TABLE (concluded_on date, received_at timestamptz) LANGUAGE sql",
            COOLING_OFF,
            roles=("bo_app", "bo_public"),
            volatility="STABLE",
        ),
    ]
