from typing import ClassVar

from django.db import migrations

from companies.moves import moves_guard
from companies.walls import GuardTrigger, Wall, in_sight
from quotations.models import QUOTATION_MOVES, QuotationState

# No road to a quotation for an application that isn't accepted (S0-10), nor to an order after the last day.
ONLY_ACCEPTED = """
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.acceptance_assessment s
    JOIN public.applications_application a ON a.company_id = s.company_id AND a.id = s.application_id
    WHERE s.company_id = NEW.company_id AND s.id = NEW.assessment_id AND a.case_id = NEW.case_id AND a.state = 'accepted'
  ) THEN
    RAISE EXCEPTION 'no quotation for an application that is not accepted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""
ONLY_VALID = """
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.quotations_quotation q
    WHERE q.company_id = NEW.company_id AND q.id = NEW.quotation_id AND NEW."on" >= q.valid_from AND NEW."on" < q.valid_until
  ) THEN
    RAISE EXCEPTION 'a quotation is ordered within its days' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("quotations", "0001_initial"), ("acceptance", "0002_wall")]
    operations: ClassVar = [
        Wall("quotation", app="SIU", update=["state"], public="S", sees=in_sight()),
        Wall("quotationevent", app="SI"),
        Wall("order", app="SI"),
        GuardTrigger(
            "quotation",
            "quotation_moves",
            "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
            moves_guard("state", QUOTATION_MOVES, QuotationState.OPEN),
        ),
        GuardTrigger("quotation", "quotation_accepted", "BEFORE INSERT ON {table} FOR EACH ROW", ONLY_ACCEPTED),
        GuardTrigger("order", "order_within_days", "BEFORE INSERT ON {table} FOR EACH ROW", ONLY_VALID),
    ]
