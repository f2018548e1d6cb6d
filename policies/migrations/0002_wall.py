from typing import ClassVar

from django.db import migrations

from companies.moves import moves_guard
from companies.walls import GuardTrigger, Wall, in_sight
from policies.models import POLICY_MOVES, PolicyState

VERSION_IN_SIGHT = (
    "EXISTS (SELECT 1 FROM policies_policy p WHERE p.company_id = {table}.company_id AND p.id = {table}.policy_id)"
)
# At commit the shares of a section sum to 100 percent on each of its days; a section without shares is a breach too.
SHARES = """
DECLARE found numeric;
BEGIN
  SELECT sum(s.percent) INTO found FROM public.policies_insurershare s
  WHERE s.company_id = NEW.company_id AND s.section_id = NEW.id
    AND s.valid_from <= NEW.valid_from AND COALESCE(s.valid_until > NEW.valid_from, true);
  IF found IS DISTINCT FROM 100 THEN
    RAISE EXCEPTION 'section %: the insurers carry % percent, expected 100', NEW.id, COALESCE(found, 0)
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""
# At commit an invoice equals its lines and its instalments.
WHOLE = """
DECLARE l record; i numeric;
BEGIN
  SELECT sum(net) AS net, sum(tax) AS tax INTO l FROM public.policies_invoiceline
  WHERE company_id = NEW.company_id AND invoice_id = NEW.id;
  SELECT sum(amount) INTO i FROM public.policies_instalment WHERE company_id = NEW.company_id AND invoice_id = NEW.id;
  IF (l.net, l.tax, i) IS DISTINCT FROM (NEW.net + NEW.fees, NEW.tax, NEW.total) THEN
    RAISE EXCEPTION 'invoice %: lines % and tax %, instalments %, expected % and %, %',
      NEW.number, l.net, l.tax, i, NEW.net + NEW.fees, NEW.tax, NEW.total USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""
APPEND_ONLY = ("policyversion", "section", "premiumcomponent", "insurershare", "invoice", "invoiceline", "instalment")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("policies", "0001_initial"), ("quotations", "0002_wall")]
    operations: ClassVar = [
        Wall("policy", app="SIU", update=["state", "renews_on"], public="S", sees=in_sight()),
        Wall("policyevent", app="SI"),
        *[
            Wall(model, app="SI", public="S" if model == "policyversion" else "", sees=VERSION_IN_SIGHT if model == "policyversion" else "")
            for model in APPEND_ONLY
        ],
        GuardTrigger(
            "policy",
            "policy_moves",
            "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
            moves_guard("state", POLICY_MOVES, PolicyState.ACTIVE),
        ),
        GuardTrigger(
            "section",
            "section_insured",
            "AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
            SHARES,
            constraint=True,
        ),
        GuardTrigger(
            "invoice",
            "invoice_whole",
            "AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
            WHOLE,
            constraint=True,
        ),
    ]
