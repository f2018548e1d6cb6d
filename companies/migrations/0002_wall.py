from typing import ClassVar

from django.conf import settings
from django.db import migrations

from companies.knocks import knock_definer
from companies.walls import Definer, Ground, Sql, Wall

HISTORIES = ["link", "membership", "module", "profile", "protocol", "protocolact"]
OWN_COMMANDS = "(link_id = sec.link() OR membership_id = sec.membership())"


class Migration(migrations.Migration):
    """The wall around the tables of this room, the ground of the global ones, and the functions that look before the scope."""

    dependencies: ClassVar = [
        ("companies", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations: ClassVar = [
        Ground("companies_company", bo_app="SI", bo_public="S", bo_operator="S", sec_guard="S"),
        Sql("GRANT UPDATE (rehearsal_day) ON companies_company TO bo_app"),
        Ground("companies_user", bo_app="SIU", bo_public="S", sec_guard="S"),
        # At a public door a login changes what is its own; nobody is made active, another or a superuser there.
        Sql("GRANT UPDATE (password, last_login, language) ON companies_user TO bo_public"),
        Ground("companies_user_user_permissions"),
        Ground("account_emailaddress", bo_app="SIUD", bo_public="SIU"),
        Ground("account_emailconfirmation"),
        Ground("mfa_authenticator", bo_app="SIUD", bo_public="SIUD"),
        Ground("django_session", bo_app="SIUD", bo_public="SIUD"),
        Ground("auth_group", bo_app="SI"),
        Ground("auth_group_permissions"),
        Ground("auth_permission", bo_app="S", bo_public="S"),
        Ground("django_content_type", bo_app="S", bo_public="S"),
        Ground("guardian_groupobjectpermission"),
        Ground("guardian_userobjectpermission"),
        Ground("pghistory_context"),
        Ground("companies_user_groups", bo_app="SID"),
        Wall("profile", app="SIU", public="S", sees="true"),
        Wall("module", app="SIU", public="S", sees="true"),
        Wall("membership", app="SIU", update=["on", "administrator", "post"]),
        Wall("part", app="SI"),
        Wall("partgrouppermission", app="SID"),
        Wall("partuserpermission", app="S"),
        Wall("protocol", app="SIU", update=["name"]),
        Wall("protocolact", app="SID"),
        Wall("trailentry", app="SI"),
        Wall("series", app="SIU"),
        Wall("link", app="SIU", update=["revoked_at"], guard="I"),
        Wall("command", app="SU", update=["state", "outcome", "done_at"], public="S", sees=OWN_COMMANDS, guard="I"),
        Wall("job", app="SIU", update=["state", "due_at", "attempts", "error", "done_at"], guard="I"),
        *[Wall(f"{model}event", app="SI", guard="I" if model == "link" else "S") for model in HISTORIES],
        Sql(
            "ALTER TABLE companies_user_groups ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE companies_user_groups FORCE ROW LEVEL SECURITY",
            "CREATE POLICY protocol ON companies_user_groups TO bo_app "
            "USING (group_id IN (SELECT group_id FROM companies_protocol)) "
            "WITH CHECK (group_id IN (SELECT group_id FROM companies_protocol))",
        ),
        # The room relations knows which party a membership stands for; until then nobody does.
        Definer(
            "party_of(company bigint, membership bigint) RETURNS bigint LANGUAGE sql",
            "SELECT NULL::bigint",
            roles=(),
            volatility="STABLE",
        ),
        Definer(
            "membership_at(company bigint, login bigint, door text) "
            "RETURNS TABLE (membership_id bigint, party_id bigint, administrator boolean) LANGUAGE sql",
            """
            SELECT m.id, sec.party_of(m.company_id, m.id), m.administrator
            FROM public.companies_membership m JOIN public.companies_user u ON u.id = m.user_id
            WHERE m.company_id = $1 AND m.user_id = $2 AND m.door = $3 AND m."on" AND u.is_active
            """,
            roles=("bo_app", "bo_public"),
            volatility="STABLE",
        ),
        Definer(
            "memberships(login bigint) RETURNS TABLE (slug varchar, name varchar, door varchar) LANGUAGE sql",
            """
            SELECT c.slug, c.name, m.door
            FROM public.companies_membership m
            JOIN public.companies_company c ON c.id = m.company_id
            JOIN public.companies_user u ON u.id = m.user_id
            WHERE m.user_id = $1 AND m."on" AND u.is_active ORDER BY c.rehearsal_of_id IS NOT NULL, c.name, m.door
            """,
            roles=("bo_app", "bo_public"),
            volatility="STABLE",
        ),
        Definer(
            "enter_link(hash bytea, company bigint) "
            "RETURNS TABLE (link_id bigint, case_id bigint, kind varchar, addressee varchar) LANGUAGE sql",
            """
            SELECT l.id, l.case_id, l.kind, l.addressee FROM public.companies_link l
            WHERE l.token_hash = $1 AND l.company_id = $2 AND l.revoked_at IS NULL AND l.expires_at > clock_timestamp()
            """,
            roles=("bo_public",),
            volatility="STABLE",
        ),
        Definer(
            "enter_job(ticket uuid) RETURNS TABLE (company_id bigint, job_id bigint) LANGUAGE sql",
            "SELECT j.company_id, j.id FROM public.companies_job j WHERE j.ticket = $1 AND j.state = 'open'",
            roles=("bo_app",),
            volatility="STABLE",
        ),
        Definer(
            "companies_with_work() RETURNS TABLE (company_id bigint) LANGUAGE sql",
            "SELECT DISTINCT j.company_id FROM public.companies_job j "
            "WHERE j.state = 'open' AND j.due_at <= clock_timestamp()",
            roles=("bo_app",),
            volatility="STABLE",
        ),
        Definer(
            "loose_number(kind text, year integer) RETURNS bigint LANGUAGE plpgsql",
            """
            DECLARE series text := pg_catalog.format('c%s_%s_%s', sec.company(), kind, year);
            BEGIN
              IF sec.company() IS NULL OR kind !~ '^[a-z_]{1,20}$' OR year NOT BETWEEN 1900 AND 2999 THEN
                RAISE EXCEPTION 'no series % of year % here', kind, year USING ERRCODE = 'insufficient_privilege';
              END IF;
              BEGIN
                RETURN pg_catalog.nextval(pg_catalog.format('numbers.%I', series)::regclass);
              EXCEPTION WHEN undefined_table THEN
                PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext(series));
                EXECUTE pg_catalog.format('CREATE SEQUENCE IF NOT EXISTS numbers.%I', series);
                RETURN pg_catalog.nextval(pg_catalog.format('numbers.%I', series)::regclass);
              END;
            END
            """,
            roles=("bo_app", "bo_public"),
        ),
        knock_definer(),
    ]
