import secrets
from typing import Any, ClassVar

from django.db import migrations

from companies import schema_context as context
from companies.signing import pads
from companies.walls import Ground, Sql, Wall

WEB = "bo_app, bo_public"
OPERATORS = "(SELECT u.id FROM companies_user u WHERE u.operator)"
MINE = "user_id = (SELECT sec.login())"


def make_context_key(apps: Any, schema_editor: Any) -> None:
    """The key that signs contexts is made here and never leaves the database."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("INSERT INTO sec.key VALUES ('context', %s, %s)", pads(secrets.token_bytes(32)))


def own_rows(table: str, mine: str, *, operators: str) -> Sql:
    """Row security on a global table of logins: everybody may be looked up, each changes his own alone; the operator's
    process meets operators only.
    """
    return Sql(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY look_up ON {table} FOR SELECT TO {WEB} USING (true)",
        f"CREATE POLICY own ON {table} TO {WEB} USING ({mine}) WITH CHECK ({mine})",
        f"CREATE POLICY operators ON {table} FOR SELECT TO bo_operator USING ({operators})",
        f"CREATE POLICY own_operator ON {table} TO bo_operator USING ({operators} AND {mine}) "
        f"WITH CHECK ({operators} AND {mine})",
    )


class Migration(migrations.Migration):
    """The signed context; who is in; and the wall around employees' invitations, grants and the operator's windows."""

    dependencies: ClassVar = [("companies", "0005_doors")]
    operations: ClassVar = [
        Sql(*context.KEY_TABLE),
        migrations.RunPython(make_context_key, migrations.RunPython.noop),
        *context.FUNCTIONS,
        Sql(
            *context.ACCESSORS,
            "SET LOCAL ROLE sec_guard",
            "DROP FUNCTION sec.membership_at(bigint, bigint, text)",
            "DROP FUNCTION sec.memberships(bigint)",
            "DROP FUNCTION sec.enter_link(bytea, bigint)",
            "RESET ROLE",
        ),
        Wall("invitation", app="SIU", update=["revoked_at"], guard="SIU"),
        Wall("doorrule", app="SIU", update=["second_factor"]),
        Wall("grant", app="SIU", update=["taken_at", "taken_by_id"], guard="SIU"),
        Wall("rightuse", app="SIUD", update=["last_on"]),
        Wall("confirmation", app="SI"),
        Wall("window", app="S", guard="SIU"),
        Wall("look", app="S", guard="SI"),
        Wall("lookedrow", app="S", guard="SI"),
        Wall("invitationevent", app="SI", guard="SI"),
        Wall("doorruleevent", app="SI"),
        Wall("grantevent", app="SI", guard="SI"),
        Ground("companies_signin", bo_app="S", bo_public="S", bo_operator="S", sec_guard="SIU"),
        Ground("companies_usedstep", sec_guard="SI"),
        Ground("companies_operatorsession", bo_operator="SIUD"),
        Sql(
            "ALTER TABLE companies_signin ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE companies_signin FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY own ON companies_signin FOR SELECT TO {WEB}, bo_operator USING ({MINE})",
        ),
        own_rows("mfa_authenticator", MINE, operators=f"user_id IN {OPERATORS}"),
        own_rows("account_emailaddress", MINE, operators=f"user_id IN {OPERATORS}"),
        own_rows("companies_user", "id = (SELECT sec.login())", operators="operator"),
        Sql(
            "CREATE POLICY new_login ON companies_user FOR INSERT TO bo_app "
            "WITH CHECK (NOT operator AND NOT is_superuser)",
            "CREATE POLICY new_address ON account_emailaddress FOR INSERT TO bo_app WITH CHECK (true)",
            "GRANT UPDATE (last_login) ON companies_user TO sec_guard",
            "GRANT SELECT ON companies_user, mfa_authenticator, account_emailaddress TO bo_operator",
            "GRANT UPDATE (password, last_login, language) ON companies_user TO bo_operator",
            "GRANT INSERT, UPDATE, DELETE ON mfa_authenticator TO bo_operator",
            "GRANT INSERT, UPDATE ON account_emailaddress TO bo_operator",
            "GRANT SELECT ON auth_permission, django_content_type TO bo_operator",
        ),
        *context.DOORS,
    ]
