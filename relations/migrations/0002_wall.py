from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, Wall


class Migration(migrations.Migration):
    """Public doors see parties only through their cases: that grant comes with the Case, in the room documents."""

    dependencies: ClassVar = [("relations", "0001_initial"), ("companies", "0002_wall")]
    operations: ClassVar = [
        Wall("party", app="SIU", guard="S"),
        Wall("address", app="SIU", update=["valid_until"]),
        Wall("bankaccount", app="SIU", update=["valid_until"]),
        Wall("appointment", app="SIU", update=["valid_until", "suspended_from", "lines_of_business"]),
        Wall("proposal", app="SIU", update=["state"]),
        *[Wall(f"{model}event", app="SI") for model in ("party", "address", "bankaccount", "appointment", "proposal")],
        Definer(
            "party_of(company bigint, membership bigint) RETURNS bigint LANGUAGE sql",
            "SELECT p.id FROM public.relations_party p WHERE p.company_id = $1 AND p.membership_id = $2",
            roles=(),
            volatility="STABLE",
        ),
        Definer(
            "adviser_by_code(code text, day date) "
            "RETURNS TABLE (appointment_id bigint, party_id bigint, name text, appointed boolean, lines_of_business varchar[]) "
            "LANGUAGE sql",
            """
            SELECT a.id, p.id, pg_catalog.btrim(p.given_name || ' ' || p.family_name),
              a.valid_from <= $2 AND COALESCE(a.valid_until > $2, true) AND COALESCE(a.suspended_from > $2, true),
              a.lines_of_business
            FROM public.relations_appointment a
            JOIN public.relations_party p ON p.company_id = a.company_id AND p.id = a.party_id
            WHERE a.company_id = sec.company() AND a.code = $1
            """,
            roles=("bo_app", "bo_public"),
            volatility="STABLE",
        ),
    ]
