"""People of a company as functions and guards of schema sec: who may change memberships, invitations taken by the
database itself, and who is in.
"""

from companies.schema_context import HASH, LIVE
from companies.walls import Definer, GuardTrigger

LOGIN_LOCK = "PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('login'), {login}::integer)"

# The computing centre writes as an administrator does, until the company takes over: laid anew once its functions exist.
WHO_ADMINISTERS = """
    SELECT {or_else}COALESCE(sec.door() = 'worker' OR (sec.door() = 'office' AND EXISTS (
      SELECT FROM public.companies_membership m JOIN public.companies_company c ON c.id = sec.company()
      WHERE m.company_id IN (c.id, c.rehearsal_of_id) AND m.id = sec.membership() AND m.user_id = sec.login()
        AND m.door = 'office' AND m.administrator AND m."on")), false)
"""


def administers(or_else: str = "") -> Definer:
    """`sec.administers()`: whether the context may change who is who in its company."""
    body = WHO_ADMINISTERS.replace("{or_else}", or_else)
    return Definer("administers() RETURNS boolean LANGUAGE sql", body, roles=("bo_app",), volatility="STABLE")


# An employee lets customers into their folder and out again; everything else is the administrators'.
CUSTOMERS_DOOR = "NEW.door = 'folder' AND sec.door() = 'office' AND sec.membership() IS NOT NULL"

MEMBERSHIP_GUARD = GuardTrigger(
    "membership",
    "membership_in_order",
    "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
    f"""
    BEGIN
      IF sec.door() IS DISTINCT FROM 'worker' THEN
        IF NOT sec.administers() AND (TG_OP = 'INSERT' OR ({CUSTOMERS_DOOR}) IS NOT TRUE) THEN
          RAISE EXCEPTION 'memberships are changed by administrators' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.user_id = sec.login() AND (TG_OP = 'INSERT' OR NEW.administrator IS DISTINCT FROM OLD.administrator
          OR NEW."on" IS DISTINCT FROM OLD."on") THEN
          RAISE EXCEPTION 'nobody changes his own access' USING ERRCODE = 'insufficient_privilege';
        END IF;
      END IF;
      IF NOT NEW."on" THEN RETURN NEW; END IF;
      {LOGIN_LOCK.format(login="NEW.user_id")};
      IF EXISTS (SELECT FROM public.companies_user u WHERE u.id = NEW.user_id AND u.operator) THEN
        RAISE EXCEPTION 'an operator''s login has no membership'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'operator_without_membership';
      END IF;
      IF EXISTS (SELECT FROM public.companies_membership m WHERE m.user_id = NEW.user_id AND m.door = 'office' AND m."on"
          AND EXISTS (SELECT FROM sec.above(NEW.company_id) up WHERE up.id IN (m.company_id,
            (SELECT c.rehearsal_of_id FROM public.companies_company c WHERE c.id = m.company_id))))
        OR (NEW.door = 'office' AND EXISTS (SELECT FROM public.companies_membership m, sec.above(m.company_id) up
          WHERE m.user_id = NEW.user_id AND m."on" AND up.id IN (NEW.company_id,
            (SELECT c.rehearsal_of_id FROM public.companies_company c WHERE c.id = NEW.company_id)))) THEN
        RAISE EXCEPTION 'whoever works for the company that set this one up has no membership here'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'founder_without_membership';
      END IF;
      IF NEW.door = 'office' AND EXISTS (SELECT FROM public.companies_membership m
          JOIN public.companies_company there ON there.id = m.company_id
          JOIN public.companies_company here ON here.id = NEW.company_id
          WHERE m.user_id = NEW.user_id AND m.door = 'office' AND m."on" AND m.company_id <> NEW.company_id
            AND COALESCE(there.rehearsal_of_id, there.id) <> COALESCE(here.rehearsal_of_id, here.id)) THEN
        RAISE EXCEPTION 'an employee belongs to one company'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'employee_of_one_company';
      END IF;
      RETURN NEW;
    END
    """,
)
ADMINISTRATOR_GUARD = GuardTrigger(
    "membership",
    "administrator_left",
    "AFTER UPDATE OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
    """
    BEGIN
      IF OLD.administrator AND OLD."on" AND EXISTS (SELECT FROM public.companies_company c
          WHERE c.id = OLD.company_id AND c.own_administrator_at IS NOT NULL) THEN
        PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('administrators'), OLD.company_id::integer);
        IF NOT EXISTS (SELECT FROM public.companies_membership m
            JOIN public.companies_user u ON u.id = m.user_id AND u.is_active
            WHERE m.company_id = OLD.company_id AND m.administrator AND m."on") THEN
          RAISE EXCEPTION 'a company that administers itself keeps an administrator'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'administrator_left';
        END IF;
      END IF;
      RETURN NULL;
    END
    """,
    constraint=True,
)
INVITATION_GUARD = GuardTrigger(
    "invitation",
    "invitation_in_order",
    "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
    f"""
    BEGIN
      IF NOT sec.administers() AND ({CUSTOMERS_DOOR} AND NEW.protocols = '{{}}') IS NOT TRUE THEN
        RAISE EXCEPTION 'invitations are written by administrators' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NEW;
    END
    """,
)
OPERATOR_GUARD = GuardTrigger(
    "user",
    "operator_without_membership",
    "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
    f"""
    BEGIN
      IF NEW.operator THEN
        {LOGIN_LOCK.format(login="NEW.id")};
        IF EXISTS (SELECT FROM public.companies_membership m WHERE m.user_id = NEW.id AND m."on") THEN
          RAISE EXCEPTION 'a login with a membership isn''t the operator''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'operator_without_membership';
        END IF;
      END IF;
      RETURN NEW;
    END
    """,
)

OPEN_INVITATION = (
    f"i.token_hash = {HASH.format(secret='secret')} AND i.taken_at IS NULL AND i.revoked_at IS NULL "
    "AND i.expires_at > pg_catalog.clock_timestamp()"
)
INVITATION = Definer(
    "invitation(secret text) RETURNS TABLE (company varchar, slug varchar, door varchar, invited_by varchar, "
    "email varchar, name varchar, language varchar, administrator boolean, login bigint) LANGUAGE sql",
    f"""
    SELECT c.name, c.slug, i.door, host.name, i.email, i.name, i.language, i.administrator,
      (SELECT u.id FROM public.companies_user u WHERE u.email = i.email)
    FROM public.companies_invitation i
    JOIN public.companies_company c ON c.id = i.company_id
    LEFT JOIN public.companies_membership m ON m.company_id = i.company_id AND m.id = i.invited_by_id
    LEFT JOIN public.companies_user host ON host.id = m.user_id
    WHERE {OPEN_INVITATION}
    """,
    roles=("bo_app", "bo_public"),
    volatility="STABLE",
)
# The room relations binds the party whose portfolio or folder the door shows; until then nothing is bound.
BIND_PARTY = Definer(
    "bind_party(company bigint, party bigint, membership bigint) RETURNS void LANGUAGE sql", "SELECT", roles=()
)
TAKE_INVITATION = Definer(
    "take_invitation(secret text, name text, language text, password text) RETURNS bigint LANGUAGE plpgsql",
    f"""
    DECLARE given public.companies_invitation; who bigint; member bigint; fresh boolean; day date;
      before text := COALESCE(pg_catalog.current_setting('app.context', true), '');
    BEGIN
      SELECT * INTO given FROM public.companies_invitation i WHERE {OPEN_INVITATION} FOR UPDATE;
      IF NOT FOUND THEN RETURN NULL; END IF;
      SELECT u.id INTO who FROM public.companies_user u WHERE u.email = given.email;
      fresh := who IS NULL;
      IF NOT fresh AND who IS DISTINCT FROM sec.login() THEN
        RAISE EXCEPTION 'this invitation is for another login' USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF fresh AND (password IS NULL OR password !~ '^[a-z0-9_]+[$].{{30,}}') THEN
        RAISE EXCEPTION 'a new login needs a password' USING ERRCODE = 'check_violation';
      END IF;
      IF fresh THEN
        INSERT INTO public.companies_user (email, password, name, language, is_active, is_superuser, operator)
          VALUES (given.email, password, pg_catalog.left(take_invitation.name, 120),
            pg_catalog.left(take_invitation.language, 2), true, false, false) RETURNING id INTO who;
      END IF;
      INSERT INTO public.account_emailaddress AS a (email, verified, "primary", user_id)
        SELECT given.email, true, true, who
        WHERE NOT EXISTS (SELECT FROM public.account_emailaddress a WHERE a.user_id = who AND a.email = given.email);
      UPDATE public.account_emailaddress a SET verified = true
        WHERE a.user_id = who AND a.email = given.email AND NOT a.verified;
      PERFORM sec.sign(given.company_id, 'worker', NULL, NULL, NULL, NULL, who, NULL);
      INSERT INTO public.companies_membership AS m (company_id, user_id, door, administrator, "on", post)
        VALUES (given.company_id, who, given.door, given.administrator, true, given.post)
        ON CONFLICT ON CONSTRAINT membership_once_a_door DO UPDATE SET "on" = true,
          administrator = EXCLUDED.administrator, post = EXCLUDED.post RETURNING m.id INTO member;
      INSERT INTO public.companies_grant (company_id, membership_id, protocol_id, given_by_id)
        SELECT given.company_id, member, p.id, NULLIF(given.invited_by_id, member) FROM public.companies_protocol p
        WHERE p.company_id = given.company_id AND p.id = ANY (given.protocols) AND given.door = 'office'
        ON CONFLICT DO NOTHING;
      INSERT INTO public.companies_user_groups (user_id, group_id)
        SELECT who, p.group_id FROM public.companies_protocol p
        WHERE p.company_id = given.company_id AND p.id = ANY (given.protocols) AND given.door = 'office'
        ON CONFLICT DO NOTHING;
      IF given.party_id IS NOT NULL THEN PERFORM sec.bind_party(given.company_id, given.party_id, member); END IF;
      UPDATE public.companies_invitation t SET taken_at = pg_catalog.clock_timestamp(), membership_id = member
        WHERE t.id = given.id;
      SELECT COALESCE(c.rehearsal_day, (pg_catalog.clock_timestamp() AT TIME ZONE c.time_zone)::date) INTO day
        FROM public.companies_company c WHERE c.id = given.company_id;
      INSERT INTO public.companies_trailentry (company_id, code, "on", subject_kind, subject_id, changed, details,
          actor_kind, user_id, membership_id)
        VALUES (given.company_id, 'invitation.taken', day, 'companies.membership', member, '[]',
          pg_catalog.jsonb_build_object('door', given.door, 'administrator', given.administrator, 'new_login', fresh),
          CASE given.door WHEN 'office' THEN 'employee' WHEN 'advisers' THEN 'adviser' ELSE 'customer' END, who, member);
      PERFORM sec.place_in_rehearsal(given.company_id, member, given.protocols);
      PERFORM pg_catalog.set_config('app.context', before, true);
      RETURN who;
    END
    """,
    roles=("bo_app", "bo_public"),
    path="pg_catalog, public, pg_temp",
)
PRESENCE = Definer(
    "presence() RETURNS TABLE (membership bigint, process varchar, address inet, agent varchar, "
    "started_at timestamptz, seen_at timestamptz, verified_at timestamptz, factor varchar) LANGUAGE sql",
    f"""
    SELECT m.id, s.process, s.address, s.agent, s.started_at, s.seen_at, s.verified_at, s.factor
    FROM public.companies_membership m
    JOIN public.companies_user u ON u.id = m.user_id AND u.is_active
    JOIN public.companies_signin s ON s.user_id = m.user_id
    WHERE m.company_id = sec.company() AND m."on" AND sec.administers() AND {LIVE}
    ORDER BY s.seen_at DESC, m.id
    """,
    volatility="STABLE",
)
LAST_SEEN = Definer(
    "last_seen() RETURNS TABLE (membership bigint, seen_at timestamptz) LANGUAGE sql",
    """
    SELECT m.id, pg_catalog.max(s.seen_at) FROM public.companies_membership m
    JOIN public.companies_signin s ON s.user_id = m.user_id
    WHERE m.company_id = sec.company() AND sec.administers() GROUP BY m.id
    """,
    volatility="STABLE",
)
ELSEWHERE = """EXISTS (SELECT FROM public.companies_membership m
        JOIN public.companies_company there ON there.id = m.company_id
        JOIN public.companies_company here ON here.id = sec.company()
        WHERE m.user_id = {login} AND m."on"
          AND COALESCE(there.rehearsal_of_id, there.id) <> COALESCE(here.rehearsal_of_id, here.id))"""
# None: the person has a live membership in another company too, so his sessions aren't this company's to end.
END_SIGN_INS = Definer(
    "end_sign_ins(membership bigint) RETURNS integer LANGUAGE plpgsql",
    f"""
    DECLARE who bigint; ended integer;
    BEGIN
      SELECT m.user_id INTO who FROM public.companies_membership m
        WHERE m.company_id = sec.company() AND m.id = end_sign_ins.membership AND (sec.administers()
          OR (m.door = 'folder' AND sec.door() = 'office' AND sec.membership() IS NOT NULL));
      IF who IS NULL THEN
        RAISE EXCEPTION 'sessions are ended by administrators' USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF {ELSEWHERE.format(login="who")} THEN RETURN NULL; END IF;
      UPDATE public.companies_signin s SET ended_at = pg_catalog.clock_timestamp()
        WHERE s.user_id = who AND s.ended_at IS NULL;
      GET DIAGNOSTICS ended = ROW_COUNT;
      RETURN ended;
    END
    """,
)
WORKS_ELSEWHERE = Definer(
    "works_elsewhere(membership bigint) RETURNS boolean LANGUAGE sql",
    f"""
    SELECT {ELSEWHERE.format(login="w.user_id")} FROM public.companies_membership w
    WHERE w.company_id = sec.company() AND w.id = works_elsewhere.membership AND sec.administers()
    """,
    volatility="STABLE",
)
HELP_OF = Definer(
    "help_of(address text) RETURNS TABLE (name varchar, email varchar, phone varchar, hours varchar) LANGUAGE sql",
    """
    SELECT c.name, p.help_email, p.help_phone, p.help_hours FROM public.companies_company c
    LEFT JOIN public.companies_profile p ON p.company_id = c.id WHERE c.slug = address
    """,
    roles=("bo_app", "bo_public"),
    volatility="STABLE",
)
GUARDS = (MEMBERSHIP_GUARD, ADMINISTRATOR_GUARD, INVITATION_GUARD, OPERATOR_GUARD)
FUNCTIONS = (
    administers(),
    INVITATION,
    BIND_PARTY,
    TAKE_INVITATION,
    PRESENCE,
    LAST_SEEN,
    WORKS_ELSEWHERE,
    END_SIGN_INS,
    HELP_OF,
)
