from typing import ClassVar

from django.db import migrations

from applications.models import APPLICATION_MOVES, ApplicationState
from companies.knocks import knock_definer
from companies.moves import moves_guard
from companies.walls import Definer, GuardTrigger, Sql, Wall

# A decision is signed where it is asked for: at its stage, on this application's own assessment, one at a time. Rules
# that ask more than every acceptor's authority make it a proposal, which needs a second name.
IN_PLACE = """
DECLARE v_state text; v_reasons jsonb;
BEGIN
  SELECT a.state INTO v_state FROM public.applications_application a
  WHERE a.company_id = NEW.company_id AND a.id = NEW.application_id;
  IF (NEW.stage, v_state) NOT IN (('referral', 'referred'), ('special', 'special'), ('review', 'declined')) THEN
    RAISE EXCEPTION 'nothing to decide: % of an application that is %', NEW.stage, v_state USING ERRCODE = 'check_violation';
  END IF;
  SELECT s.reasons INTO v_reasons FROM public.acceptance_assessment s
  WHERE s.company_id = NEW.company_id AND s.id = NEW.assessment_id AND s.application_id = NEW.application_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a decision stands on the assessment of its own application' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.authority = '' AND EXISTS (
    SELECT 1 FROM pg_catalog.jsonb_array_elements(v_reasons) r WHERE COALESCE(r ->> 'authority', '') NOT IN ('', 'acceptor')
  ) THEN
    RAISE EXCEPTION 'a decision above the authority of every acceptor needs a second signature' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM public.acceptance_decision d
    WHERE d.company_id = NEW.company_id AND d.application_id = NEW.application_id AND d.authority <> ''
      AND NOT EXISTS (SELECT 1 FROM public.acceptance_countersignature c
                      WHERE c.company_id = d.company_id AND c.decision_id = d.id)
  ) THEN
    RAISE EXCEPTION 'a proposal waits for its second signature' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
"""
BY_ANOTHER = """
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.acceptance_decision d
    WHERE d.company_id = NEW.company_id AND d.id = NEW.decision_id AND d.authority <> '' AND d.signed_by_id <> NEW.signed_by_id
  ) THEN
    RAISE EXCEPTION 'somebody other than its author countersigns a proposal' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
"""
# An application moves as its robot or the newest signed decision says, by no other road (S0-10 to S0-12).
AS_DECIDED = """
DECLARE v_told text;
BEGIN
  IF NEW.state = OLD.state OR NEW.state NOT IN ('accepted', 'referred', 'special', 'declined') THEN
    RETURN NEW;
  END IF;
  IF OLD.state = 'submitted' THEN
    SELECT CASE s.outcome WHEN 'accept' THEN 'accepted' WHEN 'refer' THEN 'referred' WHEN 'decline' THEN 'declined'
           ELSE s.outcome END INTO v_told
    FROM public.acceptance_assessment s WHERE s.company_id = NEW.company_id AND s.application_id = NEW.id;
  ELSE
    SELECT CASE d.verdict WHEN 'accept' THEN 'accepted' ELSE 'declined' END INTO v_told
    FROM public.acceptance_decision d
    WHERE d.company_id = NEW.company_id AND d.application_id = NEW.id AND (d.authority = '' OR EXISTS (
      SELECT 1 FROM public.acceptance_countersignature c
      WHERE c.company_id = d.company_id AND c.decision_id = d.id AND c.agreed))
    ORDER BY d.id DESC LIMIT 1;
  END IF;
  IF v_told IS DISTINCT FROM NEW.state THEN
    RAISE EXCEPTION 'nobody decided that this application is %', NEW.state USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""
OWNER = ("bo_owner",)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("acceptance", "0003_decisions"),
        ("applications", "0002_wall"),
        ("companies", "0002_wall"),
    ]
    operations: ClassVar = [
        Wall("decision", app="SI"),
        Wall("countersignature", app="SI"),
        Wall("reviewrequest", app="SI"),
        Wall("assignment", app="SI"),
        GuardTrigger("decision", "decision_in_place", "BEFORE INSERT ON {table} FOR EACH ROW", IN_PLACE),
        GuardTrigger(
            "countersignature", "countersigned_by_another", "BEFORE INSERT ON {table} FOR EACH ROW", BY_ANOTHER
        ),
        # The table of moves is laid anew: a review may overturn a refusal.
        Definer(
            "application_moves() RETURNS trigger LANGUAGE plpgsql",
            moves_guard("state", APPLICATION_MOVES, ApplicationState.SUBMITTED),
            roles=OWNER,
        ),
        Definer("application_as_decided() RETURNS trigger LANGUAGE plpgsql", AS_DECIDED, roles=OWNER),
        Sql(
            "CREATE TRIGGER application_as_decided BEFORE UPDATE ON applications_application "
            "FOR EACH ROW EXECUTE FUNCTION sec.application_as_decided()"
        ),
        knock_definer(),
    ]
