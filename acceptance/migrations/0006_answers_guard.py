from typing import ClassVar

from django.db import migrations

from companies.walls import GuardTrigger

# An acceptor sets what the application's version leaves to him and no answer of the customer's (DESIGN section 5); a
# rule that holds by it and asks more than every acceptor's authority makes the decision a proposal.
LEFT_TO_HIM = """
DECLARE v_key text;
BEGIN
  SELECT k INTO v_key FROM pg_catalog.jsonb_object_keys(NEW.answers) k
  WHERE NOT EXISTS (
    SELECT 1 FROM public.applications_application a
    JOIN public.products_productversion v ON v.company_id = a.company_id AND v.id = a.version_id
    CROSS JOIN pg_catalog.jsonb_array_elements(v.definition -> 'questions') q
    WHERE a.company_id = NEW.company_id AND a.id = NEW.application_id
      AND q ->> 'key' = k AND q ->> 'set_by' = 'acceptor')
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the product leaves no % to an acceptor', v_key USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.authority = '' AND EXISTS (
    SELECT 1 FROM pg_catalog.jsonb_array_elements(NEW.reasons) r
    WHERE COALESCE(r ->> 'authority', '') NOT IN ('', 'acceptor')
  ) THEN
    RAISE EXCEPTION 'what is set above the authority of every acceptor needs a second signature' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("acceptance", "0005_answers"),
        ("applications", "0002_wall"),
        ("products", "0002_wall"),
    ]
    operations: ClassVar = [
        GuardTrigger("decision", "decision_answers", "BEFORE INSERT ON {table} FOR EACH ROW", LEFT_TO_HIM),
    ]
