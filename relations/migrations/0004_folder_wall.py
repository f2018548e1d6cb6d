from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, GuardTrigger, Sql, UpwardKey, Wall

# Who takes an invitation stands for the party it was sent for from that moment: as adviser, or as customer in the folder.
BIND_PARTY = """
BEGIN
  IF EXISTS (SELECT FROM public.companies_membership m
      WHERE m.company_id = bind_party.company AND m.id = bind_party.membership AND m.door = 'folder') THEN
    UPDATE public.relations_party p SET folder_id = bind_party.membership
      WHERE p.company_id = bind_party.company AND p.id = bind_party.party;
  ELSE
    UPDATE public.relations_party p SET membership_id = bind_party.membership
      WHERE p.company_id = bind_party.company AND p.id = bind_party.party;
  END IF;
END
"""
EMPLOYEE_FIRST = """
BEGIN
  IF sec.unconfirmed(NEW.company_id) THEN
    RAISE EXCEPTION 'company % has no employee yet who could take in a customer', NEW.company_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    """A customer's login in the client folder; the roles of a pool's customers; company, employee, customer in that
    order.
    """

    dependencies: ClassVar = [("relations", "0003_folder")]
    operations: ClassVar = [
        Wall("partyrole", app="SIU", update=["valid_until"]),
        Wall("partyroleevent", app="SI"),
        UpwardKey("companies_founding", "party_id", "relations_party"),
        UpwardKey("companies_invitation", "party_id", "relations_party"),
        Definer(
            "party_of(company bigint, membership bigint) RETURNS bigint LANGUAGE sql",
            "SELECT p.id FROM public.relations_party p WHERE p.company_id = $1 AND (p.membership_id = $2 OR p.folder_id = $2)",
            roles=(),
            volatility="STABLE",
        ),
        Sql("GRANT UPDATE (folder_id) ON relations_party TO sec_guard"),
        Definer(
            "bind_party(company bigint, party bigint, membership bigint) RETURNS void LANGUAGE plpgsql",
            BIND_PARTY,
            roles=(),
            path="pg_catalog, public, pg_temp",
        ),
        GuardTrigger("party", "party_after_employee", "BEFORE INSERT ON {table} FOR EACH ROW", EMPLOYEE_FIRST),
    ]
