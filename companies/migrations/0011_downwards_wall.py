from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, GuardTrigger, Wall

# A company above is set by a worker that stands in it; a page enters no other company, so it founds none.
FOUNDED_FROM_ABOVE = """
BEGIN
  IF NEW.founded_by_id IS NOT NULL
    AND (sec.door() IS DISTINCT FROM 'worker' OR NEW.founded_by_id IS DISTINCT FROM sec.company()) THEN
    RAISE EXCEPTION 'company % is founded by the company above it alone', NEW.slug USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
"""
# Until somebody has confirmed, the one who may be invited into a founded company is its first administrator.
FIRST_ADMINISTRATOR = """
BEGIN
  IF sec.unconfirmed(NEW.company_id)
    AND NOT (NEW.administrator AND NEW.door = 'office' AND sec.door() IS NOT DISTINCT FROM 'worker') THEN
    RAISE EXCEPTION 'the first administrator comes before anybody else' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    """Companies below a company: who founds them, in which order they fill, and all that the
    founder sees of them afterwards.
    """

    dependencies: ClassVar = [("companies", "0011_downwards")]
    operations: ClassVar = [
        Wall("founding", app="SIU", update=["made_id", "administrator_name", "administrator_email", "invited_at"]),
        Wall("foundingevent", app="SI"),
        GuardTrigger(
            "company", "company_founded_from_above", "BEFORE INSERT ON {table} FOR EACH ROW", FOUNDED_FROM_ABOVE
        ),
        Definer(
            "unconfirmed(company bigint) RETURNS boolean LANGUAGE sql",
            """
            SELECT EXISTS (SELECT FROM public.companies_company c WHERE c.id = $1 AND c.founded_by_id IS NOT NULL)
              AND NOT EXISTS (SELECT FROM public.companies_membership m WHERE m.company_id = $1 AND m.door = 'office')
            """,
            roles=(),
            volatility="STABLE",
        ),
        GuardTrigger(
            "invitation", "first_administrator_first", "BEFORE INSERT ON {table} FOR EACH ROW", FIRST_ADMINISTRATOR
        ),
        Definer(
            "founded() RETURNS TABLE (company bigint, confirmed_at timestamptz) LANGUAGE sql",
            """
            SELECT c.id, (SELECT pg_catalog.min(m.recorded_at) FROM public.companies_membership m
              WHERE m.company_id = c.id AND m.door = 'office')
            FROM public.companies_company c WHERE c.founded_by_id = sec.company() AND sec.door() IN ('office', 'worker')
            """,
            roles=("bo_app",),
            volatility="STABLE",
        ),
    ]
