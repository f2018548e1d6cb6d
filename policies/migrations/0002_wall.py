from typing import ClassVar

from django.db import migrations

from companies.moves import moves_guard
from companies.walls import Definer, GuardTrigger, Wall, in_sight
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
# A share that comes later must leave its section at 100 percent on its first day.
SHARES_LATER = """
DECLARE found numeric;
BEGIN
  SELECT sum(s.percent) INTO found FROM public.policies_insurershare s
  WHERE s.company_id = NEW.company_id AND s.section_id = NEW.section_id
    AND s.valid_from <= NEW.valid_from AND COALESCE(s.valid_until > NEW.valid_from, true);
  IF found IS DISTINCT FROM 100 THEN
    RAISE EXCEPTION 'section %: the insurers carry % percent, expected 100', NEW.section_id, COALESCE(found, 0)
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""
# Whether a row was written by this transaction, its savepoints included: its 32-bit xmin, widened near the present one.
MADE_NOW = """
  SELECT COALESCE(pg_catalog.pg_xact_status((n.here + pg_catalog.mod(
      made::text::numeric - pg_catalog.mod(n.here, 4294967296) + 6442450944, 4294967296) - 2147483648)::text::xid8)
    = 'in progress', false)
  FROM (SELECT pg_catalog.pg_current_xact_id()::text::numeric AS here) n
"""


def in_time(parent: str, column: str) -> str:
    """Parts come with their whole, in its transaction: even parts that cancel out are refused later (DESIGN section 4)."""
    return f"""
    BEGIN
      IF (SELECT sec.made_now(w.xmin) FROM public.{parent} w WHERE w.company_id = NEW.company_id AND w.id = NEW.{column})
          IS NOT TRUE THEN
        RAISE EXCEPTION '{parent} % is closed', NEW.{column} USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END
    """


APPEND_ONLY = ("policyversion", "section", "premiumcomponent", "insurershare", "invoice", "invoiceline", "instalment")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("policies", "0001_initial"), ("quotations", "0002_wall")]
    operations: ClassVar = [
        Wall("policy", app="SIU", update=["state", "renews_on"], public="S", sees=in_sight()),
        Wall("policyevent", app="SI"),
        *[
            Wall(
                model,
                app="SI",
                public="S" if model == "policyversion" else "",
                sees=VERSION_IN_SIGHT if model == "policyversion" else "",
            )
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
        GuardTrigger(
            "insurershare",
            "share_insured",
            "AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
            SHARES_LATER,
            constraint=True,
        ),
        Definer("made_now(made xid) RETURNS boolean LANGUAGE sql", MADE_NOW, roles=()),
        *[
            GuardTrigger(model, name, "BEFORE INSERT ON {table} FOR EACH ROW", in_time(parent, column))
            for model, name, parent, column in (
                ("invoiceline", "invoice_line_in_time", "policies_invoice", "invoice_id"),
                ("instalment", "instalment_in_time", "policies_invoice", "invoice_id"),
                ("premiumcomponent", "component_in_time", "policies_section", "section_id"),
            )
        ],
    ]
