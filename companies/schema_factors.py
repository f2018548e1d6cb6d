"""Functions of schema sec about second factors: a step used once, who is told, and the ways out of a lost one.

`sec.reset_factor` is an administrator's help, `sec.ask_factor_reset` the slow way of somebody whom nobody can help.
"""

from companies.schema_context import WEB
from companies.walls import Definer, Sql

MINE = "user_id = (SELECT sec.login())"
OPERATORS = "(SELECT u.id FROM companies_user u WHERE u.operator)"
OPEN = "r.cancelled_at IS NULL AND r.used_at IS NULL"
NOW = "pg_catalog.clock_timestamp()"

PROMISE = """
      INSERT INTO public.companies_job (company_id, kind, key, ids, lane, state, ticket, attempts, error, after, due_at)
      SELECT m.company_id, {kind}, {key}, {ids}, 'single', 'open', pg_catalog.gen_random_uuid(), 0, '', '{}', {due}
      FROM (SELECT DISTINCT ON (m.company_id) m.company_id, m.id FROM public.companies_membership m
        JOIN public.companies_company c ON c.id = m.company_id AND c.rehearsal_of_id IS NULL
        WHERE m.user_id = {login} AND m."on" ORDER BY m.company_id, m.id) m
"""


def whole(body: str, **parts: str) -> str:
    """A body with its named parts put in; `{now}` and `{open}` may stand in all of them."""
    for name, part in (parts | {"now": NOW, "open": OPEN}).items():
        body = body.replace("{" + name + "}", part)
    return body


def promise(**parts: str) -> str:
    """One job in each company where a login works, rehearsals aside: `kind`, `key`, `ids`, `due` and `login` as SQL."""
    return whole(PROMISE, **parts)


def own_rows(table: str) -> Sql:
    """Row security on a table of logins' factors: each reads and changes his own; the operator's process as well."""
    return Sql(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own ON {table} TO bo_app, bo_public USING ({MINE}) WITH CHECK ({MINE})",
        f"CREATE POLICY own_operator ON {table} TO bo_operator USING ({MINE} AND user_id IN {OPERATORS}) "
        f"WITH CHECK ({MINE} AND user_id IN {OPERATORS})",
    )


USE_STEP = Definer(
    "use_step(login bigint, step bigint) RETURNS boolean LANGUAGE plpgsql",
    """
    BEGIN
      IF login IS DISTINCT FROM sec.login() THEN
        RAISE EXCEPTION 'a code is used by its owner' USING ERRCODE = 'insufficient_privilege';
      END IF;
      INSERT INTO public.companies_usedstep (user_id, step) VALUES (login, use_step.step) ON CONFLICT DO NOTHING;
      RETURN FOUND;
    END
    """,
    roles=WEB,
)
ASKED = Definer(
    "factor_asked() RETURNS boolean LANGUAGE sql",
    """
    SELECT EXISTS (SELECT FROM public.companies_user u WHERE u.id = sec.login() AND u.operator)
      OR EXISTS (SELECT FROM public.companies_membership m
        LEFT JOIN public.companies_doorrule d ON d.company_id = m.company_id AND d.door = m.door AND d.second_factor
        WHERE m.user_id = sec.login() AND m."on" AND (m.administrator OR d.id IS NOT NULL))
    """,
    roles=WEB,
    volatility="STABLE",
)
TELL = Definer(
    "tell_factor(what text) RETURNS integer LANGUAGE plpgsql",
    whole(
        """
    DECLARE told integer; once text := pg_catalog.gen_random_uuid()::text;
    BEGIN
      {promise};
      GET DIAGNOSTICS told = ROW_COUNT;
      RETURN told;
    END
    """,
        promise=promise(
            kind="'factor.changed'",
            key="'factor:' || once",
            ids="pg_catalog.jsonb_build_object('membership', m.id, 'what', what, "
            "'mail', m.company_id = pg_catalog.min(m.company_id) OVER ())",
            due="{now}",
            login="sec.login()",
        ),
    ),
    roles=WEB,
)
REMOVE = Definer(
    "remove_factors(login bigint) RETURNS void LANGUAGE sql",
    whole("""
    DELETE FROM public.companies_secondfactor f WHERE f.user_id = login;
    DELETE FROM public.mfa_authenticator a WHERE a.user_id = login;
    UPDATE public.companies_signin s SET ended_at = {now} WHERE s.user_id = login AND s.ended_at IS NULL;
    UPDATE public.companies_factorreset r SET cancelled_at = {now} WHERE r.user_id = login AND {open};
    """),
    roles=(),
)
HELPED = Definer(
    "helper_of(login bigint) RETURNS bigint LANGUAGE sql",
    """
    SELECT CASE WHEN pg_catalog.count(DISTINCT COALESCE(c.rehearsal_of_id, c.id)) = 1
      THEN (SELECT h.id FROM public.companies_membership h JOIN public.companies_user u ON u.id = h.user_id
        WHERE h.company_id = pg_catalog.min(COALESCE(c.rehearsal_of_id, c.id)) AND h.user_id <> login
          AND h.administrator AND h."on" AND u.is_active ORDER BY h.id LIMIT 1) END
    FROM public.companies_membership m JOIN public.companies_company c ON c.id = m.company_id
    WHERE m.user_id = login AND m."on"
    """,
    roles=(),
    volatility="STABLE",
)
MY_HELPER = Definer(
    "has_helper() RETURNS boolean LANGUAGE sql",
    "SELECT sec.helper_of(sec.login()) IS NOT NULL",
    roles=WEB,
    volatility="STABLE",
)
RESET = Definer(
    "reset_factor(membership bigint) RETURNS bigint LANGUAGE plpgsql",
    whole("""
    DECLARE who bigint; here bigint := sec.company();
    BEGIN
      IF NOT EXISTS (SELECT FROM public.companies_membership a WHERE a.company_id = here AND a.id = sec.membership()
          AND a.user_id = sec.login() AND a.administrator AND a."on") OR sec.door() IS DISTINCT FROM 'office' THEN
        RAISE EXCEPTION 'administrators reset a factor' USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF NOT EXISTS (SELECT FROM public.companies_signin s WHERE s.user_id = sec.login() AND s.ended_at IS NULL
          AND s.verified_at > {now} - interval '5 minutes') THEN
        RAISE EXCEPTION 'a fresh factor is needed' USING ERRCODE = 'insufficient_privilege';
      END IF;
      SELECT m.user_id INTO who FROM public.companies_membership m JOIN public.companies_user u ON u.id = m.user_id
        WHERE m.company_id = here AND m.id = reset_factor.membership AND NOT u.operator;
      IF who IS NULL OR who = sec.login() OR EXISTS (SELECT FROM public.companies_membership m
          JOIN public.companies_company c ON c.id = m.company_id
          WHERE m.user_id = who AND m."on" AND COALESCE(c.rehearsal_of_id, c.id) <> here) THEN
        RAISE EXCEPTION 'this factor isn''t reset here' USING ERRCODE = 'check_violation';
      END IF;
      PERFORM sec.remove_factors(who);
      RETURN who;
    END
    """),
    roles=("bo_app",),
)
ASK_RESET = Definer(
    "ask_factor_reset(login bigint, wait integer, issued bigint, proof bytea) RETURNS timestamptz LANGUAGE plpgsql",
    whole(
        """
    DECLARE reset bigint; due timestamptz := {now} + pg_catalog.make_interval(secs => wait); day integer;
    BEGIN
      PERFORM sec.believe('entrance', pg_catalog.concat_ws('|', 'lost-factor', login::text, wait::text), issued, proof);
      IF sec.helper_of(login) IS NOT NULL THEN
        RAISE EXCEPTION 'an administrator resets it' USING ERRCODE = 'check_violation';
      END IF;
      UPDATE public.companies_factorreset r SET cancelled_at = {now}
        WHERE r.user_id = login AND {open} AND r.until < {now};
      INSERT INTO public.companies_factorreset AS r (user_id, asked_at, due_at, until)
        VALUES (login, {now}, due, due + pg_catalog.make_interval(secs => wait))
        ON CONFLICT DO NOTHING RETURNING r.id INTO reset;
      IF reset IS NULL THEN
        RETURN (SELECT r.due_at FROM public.companies_factorreset r WHERE r.user_id = login AND {open});
      END IF;
      FOR day IN 0 .. pg_catalog.ceil(wait / 86400.0)::integer LOOP
        {promise};
      END LOOP;
      RETURN due;
    END
    """,
        promise=promise(
            kind="'factor.lost'",
            key="'factor-lost:' || reset || ':' || day",
            ids="pg_catalog.jsonb_build_object('membership', m.id, 'reset', reset)",
            due="LEAST(due, {now} + pg_catalog.make_interval(days => day))",
            login="login",
        ),
    ),
    roles=WEB,
)
TAKE_RESET = Definer(
    "take_factor_reset(login bigint, issued bigint, proof bytea) RETURNS boolean LANGUAGE plpgsql",
    whole("""
    BEGIN
      PERFORM sec.believe('entrance', 'new-factor|' || login, issued, proof);
      UPDATE public.companies_factorreset r SET used_at = {now}
        WHERE r.user_id = login AND {open} AND {now} BETWEEN r.due_at AND r.until;
      IF NOT FOUND THEN RETURN false; END IF;
      PERFORM sec.remove_factors(login);
      RETURN true;
    END
    """),
    roles=WEB,
)
CANCEL_RESET = Definer(
    "cancel_factor_reset(reset bigint, issued bigint, proof bytea) RETURNS boolean LANGUAGE plpgsql",
    whole("""
    BEGIN
      PERFORM sec.believe('entrance', 'keep-factor|' || reset, issued, proof);
      UPDATE public.companies_factorreset r SET cancelled_at = {now} WHERE r.id = reset AND {open};
      RETURN FOUND;
    END
    """),
    roles=WEB,
)
CANCEL_MINE = Definer(
    "cancel_my_factor_reset() RETURNS void LANGUAGE sql",
    whole("UPDATE public.companies_factorreset r SET cancelled_at = {now} WHERE r.user_id = sec.login() AND {open}"),
    roles=WEB,
)
FUNCTIONS = (
    USE_STEP, ASKED, TELL, REMOVE, HELPED, MY_HELPER, RESET, ASK_RESET, TAKE_RESET, CANCEL_RESET, CANCEL_MINE,
)  # fmt: skip
