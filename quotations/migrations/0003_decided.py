from typing import ClassVar

from django.db import migrations

from companies.walls import Definer

# No road to a quotation but an accepting robot, or a signed decision on what it left to a person (S0-10, S0-12).
ONLY_ACCEPTED = """
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.acceptance_assessment s
    JOIN public.applications_application a ON a.company_id = s.company_id AND a.id = s.application_id
    WHERE s.company_id = NEW.company_id AND s.id = NEW.assessment_id AND a.case_id = NEW.case_id AND a.state = 'accepted'
      AND (s.outcome = 'accept' OR EXISTS (
        SELECT 1 FROM public.acceptance_decision d
        WHERE d.company_id = s.company_id AND d.assessment_id = s.id AND d.verdict = 'accept'
          AND (d.authority = '' OR EXISTS (
            SELECT 1 FROM public.acceptance_countersignature c
            WHERE c.company_id = d.company_id AND c.decision_id = d.id AND c.agreed))))
  ) THEN
    RAISE EXCEPTION 'no quotation for an application that is not accepted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("quotations", "0002_wall"), ("acceptance", "0004_wall")]
    operations: ClassVar = [
        Definer("quotation_accepted() RETURNS trigger LANGUAGE plpgsql", ONLY_ACCEPTED, roles=("bo_owner",))
    ]
