"""The signed context, as functions of schema sec: who may set it, and how every policy reads it (docs/wall.md).

`app.context` is `<64 hex digits>:<company>|<door>|<party>|<case>|<link>|<membership>|<login>|<window>`. The digits are
an HMAC over the rest, the backend and the start of the transaction: a changed, copied or kept one is refused. Only
`sec.sign` makes one, and only the functions below call it.
"""

from companies.walls import Definer

PLACES = ("company", "door", "party", '"case"', "link", "membership", "login", '"window"')
WEB = ("bo_app", "bo_public", "bo_operator")
READERS = ("bo_app", "bo_public", "bo_operator", "bo_backup", "bo_owner")
COMPANY = (
    "id bigint, slug varchar, name varchar, kind varchar, country varchar, currency varchar, language varchar, "
    "time_zone varchar, rehearsal_of_id bigint, rehearsal_day date, founded_by_id bigint, own_administrator_at timestamptz"
)
COLUMNS = tuple(column.split()[0] for column in COMPANY.split(", "))
OF_COMPANY = ", ".join(f"c.{column}" for column in COLUMNS)

KEY_TABLE = (
    "CREATE TABLE sec.key (name text PRIMARY KEY, inner_pad bytea NOT NULL, outer_pad bytea NOT NULL)",
    "REVOKE ALL ON sec.key FROM PUBLIC",
    "GRANT SELECT ON sec.key TO sec_guard",
)
BOUND = "body || '|' || pg_catalog.pg_backend_pid() || '|' || pg_catalog.date_part('epoch', pg_catalog.now())"


def accessor(name: str, position: int) -> str:
    """One of sec.company(), sec.door() and so on, as SQL."""
    kind = "text" if name == "door" else "bigint"
    return (
        f"CREATE OR REPLACE FUNCTION sec.{name}() RETURNS {kind} LANGUAGE sql STABLE PARALLEL RESTRICTED "
        f"AS $$ SELECT sec.context({position})::{kind} $$"
    )


ACCESSORS = tuple(accessor(name, position) for position, name in enumerate(PLACES, 1))
READ_KEY = "SELECT k.inner_pad, k.outer_pad INTO STRICT inside, outside FROM sec.key k WHERE k.name = {name}"
HMAC = "pg_catalog.sha256(outside || pg_catalog.sha256(inside || pg_catalog.convert_to({message}, 'UTF8')))"

# A context of a window is of no company as soon as the window isn't open any more, whoever stands in it: the clock is
# asked at each statement, and a transaction that keeps an old view, in which a closed window looks open, has none.
WINDOW_OPEN = """(pg_catalog.current_setting('transaction_isolation') = 'read committed'
        AND EXISTS (SELECT FROM public.companies_window w WHERE w.id = pg_catalog.split_part(body, '|', 8)::bigint
          AND w.company_id::text = pg_catalog.split_part(body, '|', 1) AND w.opened_at IS NOT NULL
          AND w.closed_at IS NULL AND w.expires_at > pg_catalog.clock_timestamp()))"""
CONTEXT = Definer(
    "context(place integer) RETURNS text LANGUAGE plpgsql",
    f"""
    DECLARE signed text := pg_catalog.current_setting('app.context', true); body text; inside bytea; outside bytea;
    BEGIN
      IF signed IS NULL OR signed = '' THEN RETURN NULL; END IF;
      body := pg_catalog.substr(signed, 66);
      {READ_KEY.format(name="'context'")};
      IF pg_catalog.substr(signed, 1, 65) <> pg_catalog.encode({HMAC.format(message=BOUND)}, 'hex') || ':' THEN
        RAISE EXCEPTION 'forged context' USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF place = 1 AND pg_catalog.split_part(body, '|', 8) <> '' AND NOT {WINDOW_OPEN} THEN RETURN NULL; END IF;
      RETURN NULLIF(pg_catalog.split_part(body, '|', place), '');
    END
    """,
    roles=READERS,
    volatility="STABLE PARALLEL RESTRICTED",
)
SIGN = Definer(
    'sign(company bigint, door text, party bigint, "case" bigint, link bigint, membership bigint, login bigint, '
    '"window" bigint) RETURNS void LANGUAGE plpgsql',
    f"""
    DECLARE body text := pg_catalog.concat_ws('|', COALESCE(company::text, ''), COALESCE(door, ''),
        COALESCE(party::text, ''), COALESCE("case"::text, ''), COALESCE(link::text, ''),
        COALESCE(membership::text, ''), COALESCE(login::text, ''), COALESCE("window"::text, ''));
      inside bytea; outside bytea;
    BEGIN
      {READ_KEY.format(name="'context'")};
      PERFORM pg_catalog.set_config('app.context',
        pg_catalog.encode({HMAC.format(message=BOUND)}, 'hex') || ':' || body, true);
    END
    """,
    roles=(),
)
BELIEVE = Definer(
    "believe(key text, words text, issued bigint, proof bytea) RETURNS void LANGUAGE plpgsql",
    f"""
    DECLARE inside bytea; outside bytea;
      age double precision := pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) - issued / 1000000.0;
    BEGIN
      {READ_KEY.format(name="believe.key")};
      IF proof IS NULL OR age IS NULL OR age NOT BETWEEN -300 AND 300
        OR proof <> {HMAC.format(message="words || '|' || issued")} THEN
        RAISE EXCEPTION 'no proof' USING ERRCODE = 'insufficient_privilege';
      END IF;
    END
    """,
    roles=(),
)
ENTER = Definer(
    'enter(company bigint, door text, party bigint, "case" bigint, link bigint, membership bigint, login bigint, '
    "issued bigint, proof bytea) RETURNS void LANGUAGE plpgsql",
    """
    DECLARE here bigint := sec.company();
    BEGIN
      IF proof IS NOT NULL THEN
        PERFORM sec.believe('service', pg_catalog.concat_ws('|', 'enter', COALESCE(company::text, ''), COALESCE(door, ''),
          COALESCE(party::text, ''), COALESCE("case"::text, ''), COALESCE(link::text, ''),
          COALESCE(membership::text, ''), COALESCE(login::text, '')), issued, proof);
      ELSIF here IS NULL OR door IS DISTINCT FROM sec.door() OR party IS DISTINCT FROM sec.party()
        OR "case" IS DISTINCT FROM sec."case"() OR link IS DISTINCT FROM sec.link()
        OR membership IS DISTINCT FROM sec.membership() OR login IS DISTINCT FROM sec.login()
        OR NOT (company = here OR EXISTS (SELECT FROM public.companies_company c
          WHERE c.id = enter.company AND c.rehearsal_of_id = here)) THEN
        RAISE EXCEPTION 'company % can''t be entered from here', company USING ERRCODE = 'insufficient_privilege';
      END IF;
      PERFORM sec.sign(company, door, party, "case", link, membership, login, NULL);
    END
    """,
    roles=WEB,
)
HASH = "pg_catalog.sha256(pg_catalog.convert_to({secret}, 'UTF8'))"
SESSION_HASH = f"pg_catalog.left(pg_catalog.encode({HASH.format(secret='session')}, 'hex'), 40)"
LIVE = """s.ended_at IS NULL AND s.expires_at > pg_catalog.clock_timestamp()
          AND s.seen_at > pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => s.idle)"""

SIGN_INS = (
    Definer(
        "live_sign_in(session text) RETURNS TABLE (login bigint, verified_at timestamptz, factor varchar) "
        "LANGUAGE plpgsql",
        f"""
        BEGIN
          RETURN QUERY SELECT s.user_id, s.verified_at, s.factor FROM public.companies_signin s
            JOIN public.companies_user u ON u.id = s.user_id AND u.is_active
            WHERE s.key = {SESSION_HASH} AND {LIVE};
          UPDATE public.companies_signin s SET seen_at = pg_catalog.clock_timestamp()
            WHERE s.key = {SESSION_HASH} AND {LIVE}
              AND s.seen_at < pg_catalog.clock_timestamp() - interval '1 minute';
        END
        """,
        roles=(),
    ),
    Definer(
        "sign_in(session text, login bigint, process text, address inet, agent text, idle integer, lifetime integer, "
        "issued bigint, proof bytea) RETURNS void LANGUAGE plpgsql",
        f"""
        BEGIN
          PERFORM sec.believe('entrance',
            pg_catalog.concat_ws('|', 'sign-in', {SESSION_HASH}, login::text, idle::text, lifetime::text), issued, proof);
          INSERT INTO public.companies_signin AS s (key, user_id, process, address, agent, started_at, seen_at, idle,
            expires_at, factor)
          VALUES ({SESSION_HASH}, login, process, address, agent, pg_catalog.clock_timestamp(),
            pg_catalog.clock_timestamp(), idle, pg_catalog.clock_timestamp() + pg_catalog.make_interval(secs => lifetime), '')
          ON CONFLICT ON CONSTRAINT companies_signin_pkey DO UPDATE SET user_id = EXCLUDED.user_id,
            process = EXCLUDED.process, address = EXCLUDED.address, agent = EXCLUDED.agent,
            started_at = EXCLUDED.started_at, seen_at = EXCLUDED.seen_at, idle = EXCLUDED.idle,
            expires_at = EXCLUDED.expires_at, verified_at = NULL, factor = '', ended_at = NULL;
          UPDATE public.companies_user u SET last_login = pg_catalog.clock_timestamp() WHERE u.id = login;
        END
        """,
        roles=WEB,
    ),
    Definer(
        "verify_sign_in(session text, factor text, issued bigint, proof bytea) RETURNS void LANGUAGE plpgsql",
        f"""
        BEGIN
          PERFORM sec.believe('entrance', pg_catalog.concat_ws('|', 'verified', {SESSION_HASH}, factor), issued, proof);
          UPDATE public.companies_signin s SET verified_at = pg_catalog.clock_timestamp(), factor = verify_sign_in.factor
            WHERE s.key = {SESSION_HASH} AND {LIVE};
        END
        """,
        roles=WEB,
    ),
    Definer(
        "move_sign_in(session text, fresh text) RETURNS void LANGUAGE sql",
        f"""
        UPDATE public.companies_signin s SET key = pg_catalog.left(pg_catalog.encode({HASH.format(secret="fresh")}, 'hex'), 40)
          WHERE s.key = {SESSION_HASH} AND {LIVE}
        """,
        roles=WEB,
    ),
    Definer(
        "sign_out(session text) RETURNS void LANGUAGE sql",
        f"""
        UPDATE public.companies_signin s SET ended_at = pg_catalog.clock_timestamp()
          WHERE s.key = {SESSION_HASH} AND s.ended_at IS NULL
        """,
        roles=WEB,
    ),
    Definer(
        "sign_out_others(session text) RETURNS integer LANGUAGE sql",
        f"""
        WITH ended AS (UPDATE public.companies_signin s SET ended_at = pg_catalog.clock_timestamp()
          WHERE s.user_id = (SELECT o.user_id FROM public.companies_signin o WHERE o.key = {SESSION_HASH})
            AND s.key <> {SESSION_HASH} AND s.ended_at IS NULL RETURNING 1)
        SELECT pg_catalog.count(*)::integer FROM ended
        """,
        roles=WEB,
    ),
    Definer(
        "end_my_sign_in(key text) RETURNS boolean LANGUAGE sql",
        """
        WITH ended AS (UPDATE public.companies_signin s SET ended_at = pg_catalog.clock_timestamp()
          WHERE s.user_id = sec.login() AND s.key = end_my_sign_in.key AND s.ended_at IS NULL RETURNING 1)
        SELECT EXISTS (SELECT FROM ended)
        """,
        roles=WEB,
    ),
)
ENTER_LOGIN = Definer(
    "enter_login(login bigint, issued bigint, proof bytea) RETURNS void LANGUAGE plpgsql",
    """
    BEGIN
      PERFORM sec.believe('entrance', 'login|' || login, issued, proof);
      PERFORM sec.sign(NULL, NULL, NULL, NULL, NULL, NULL, login, NULL);
    END
    """,
    roles=WEB,
)
ENTER_ACCOUNT = Definer(
    "enter_account(session text, login bigint) RETURNS TABLE (verified_at timestamptz, factor varchar) "
    "LANGUAGE plpgsql",
    """
    BEGIN
      FOR verified_at, factor IN
        SELECT s.verified_at, s.factor FROM sec.live_sign_in(session) s WHERE s.login = enter_account.login
      LOOP
        PERFORM sec.sign(NULL, NULL, NULL, NULL, NULL, NULL, login, NULL);
        RETURN NEXT;
      END LOOP;
    END
    """,
    roles=WEB,
)
ENTER_DOOR = Definer(
    "enter_door(address text, door text, session text, login bigint) RETURNS TABLE "
    f"({COMPANY}, signed_in boolean, verified_at timestamptz, factor varchar, membership_id bigint, party_id bigint, "
    "administrator boolean, needs_factor boolean) LANGUAGE plpgsql",
    f"""
    DECLARE who record; caller text := pg_catalog.current_setting('role');
    BEGIN
      -- Each process opens its own doors: what an adviser may see is cut by the policies of the public login alone.
      IF caller = 'none' THEN caller := session_user; END IF;
      IF (door = 'office') IS DISTINCT FROM (caller = 'bo_app') THEN RETURN; END IF;
      SELECT {OF_COMPANY} INTO {", ".join(COLUMNS)} FROM public.companies_company c WHERE c.slug = address;
      IF NOT FOUND THEN RETURN; END IF;
      SELECT s.verified_at, s.factor INTO who FROM sec.live_sign_in(session) s WHERE s.login = enter_door.login;
      signed_in := FOUND;
      IF signed_in THEN
        verified_at := who.verified_at;
        factor := who.factor;
        SELECT m.id, sec.party_of(m.company_id, m.id), m.administrator INTO membership_id, party_id, administrator
          FROM public.companies_membership m
          WHERE m.company_id = enter_door.id AND m.user_id = enter_door.login AND m.door = enter_door.door AND m."on";
        needs_factor := COALESCE(administrator, false) OR EXISTS (SELECT FROM public.companies_doorrule r
          WHERE r.company_id = enter_door.id AND r.door = enter_door.door AND r.second_factor);
        IF membership_id IS NOT NULL AND (verified_at IS NOT NULL OR NOT needs_factor) THEN
          PERFORM sec.sign(id, door, party_id, NULL, NULL, membership_id, login, NULL);
        END IF;
      END IF;
      RETURN NEXT;
    END
    """,
    roles=("bo_app", "bo_public"),
)
ENTER_OPENLY = Definer(
    f"enter_openly(address text, door text, secret text) RETURNS TABLE ({COMPANY}, link_id bigint, case_id bigint, "
    "link_kind varchar, addressee varchar) LANGUAGE plpgsql",
    f"""
    BEGIN
      SELECT {OF_COMPANY} INTO {", ".join(COLUMNS)} FROM public.companies_company c WHERE c.slug = address;
      IF NOT FOUND OR door NOT IN ('front', 'link') THEN RETURN; END IF;
      IF secret <> '' THEN
        SELECT l.id, l.case_id, l.kind, l.addressee INTO link_id, case_id, link_kind, addressee
          FROM public.companies_link l WHERE l.token_hash = {HASH.format(secret="secret")}
            AND l.company_id = enter_openly.id AND l.revoked_at IS NULL AND l.expires_at > pg_catalog.clock_timestamp();
      END IF;
      IF door = 'front' OR link_id IS NOT NULL THEN
        PERFORM sec.sign(id, door, NULL, case_id, link_id, NULL, NULL, NULL);
      END IF;
      RETURN NEXT;
    END
    """,
    roles=("bo_public",),
)
MEMBERSHIPS = Definer(
    "my_memberships() RETURNS TABLE (slug varchar, name varchar, door varchar) LANGUAGE sql",
    """
    SELECT c.slug, c.name, m.door
    FROM public.companies_membership m
    JOIN public.companies_company c ON c.id = m.company_id
    JOIN public.companies_user u ON u.id = m.user_id
    WHERE m.user_id = sec.login() AND m."on" AND u.is_active ORDER BY c.rehearsal_of_id IS NOT NULL, c.name, m.door
    """,
    roles=("bo_app", "bo_public"),
    volatility="STABLE",
)
FUNCTIONS = (
    CONTEXT, SIGN, BELIEVE,
)  # fmt: skip
DOORS = (ENTER, *SIGN_INS, ENTER_LOGIN, ENTER_ACCOUNT, ENTER_DOOR, ENTER_OPENLY, MEMBERSHIPS)
