"""What the computing centre may see and do, as functions of schema sec: whether it may, what it saw, who let it in.

Everything it asks runs as `bo_operator`. Each row it gets passed `sec.operator_may` (once a statement) and `sec.seen`
(once a row, by the clock of that moment), so that a window that closes closes inside an open transaction too.
"""

from companies.schema_context import COLUMNS, COMPANY, OF_COMPANY
from companies.walls import Definer, GuardTrigger

HISTORY = "pg_catalog, public, pg_temp"
LAPSE = "interval '24 hours'"  # a window asked for and not opened by then lapses
REFUSE = "USING ERRCODE = 'insufficient_privilege'"
# By the operator, for companies c; a rehearsal as the company that it rehearses.
ADMINISTERED = """c.own_administrator_at IS NULL AND c.founded_by_id IS NULL AND NOT EXISTS (
        SELECT FROM public.companies_company p WHERE p.id = c.rehearsal_of_id
          AND (p.own_administrator_at IS NOT NULL OR p.founded_by_id IS NOT NULL))"""
OPEN = "w.opened_at IS NOT NULL AND w.closed_at IS NULL AND w.expires_at > pg_catalog.clock_timestamp()"
MODULES = "('base', 'products', 'policies', 'ledger', 'claims', 'pool', 'tenders', 'advisers', 'folder', 'companies')"

OPERATOR_MAY = Definer(
    # In a transaction that keeps an old view of the data a closed window would look open: it is shown nothing.
    "operator_may(module text) RETURNS boolean LANGUAGE sql",
    f"""
    SELECT COALESCE(sec.door() = 'operator', false)
      AND pg_catalog.current_setting('transaction_isolation') = 'read committed'
      AND EXISTS (SELECT FROM public.companies_user u WHERE u.id = sec.login() AND u.operator AND u.is_active)
      AND EXISTS (SELECT FROM public.companies_company c WHERE c.id = sec.company() AND (({ADMINISTERED})
        OR EXISTS (SELECT FROM public.companies_window w WHERE w.id = sec."window"() AND w.company_id = c.id
          AND w.asked_by_id = sec.login() AND {OPEN} AND $1 = ANY (w.modules))))
    """,
    roles=("bo_operator",),
    volatility="STABLE",
)
SEEN = Definer(
    # sec.company() has checked the signature; the rest of the same context is read without checking it again.
    'seen("table" text, "row" bigint) RETURNS boolean LANGUAGE plpgsql COST 1000',
    f"""
    DECLARE here bigint := sec.company(); body text; v_window bigint;
    BEGIN
      body := pg_catalog.substr(pg_catalog.current_setting('app.context', true), 66);
      IF here IS NULL OR pg_catalog.split_part(body, '|', 2) <> 'operator' THEN RETURN false; END IF;
      v_window := NULLIF(pg_catalog.split_part(body, '|', 8), '')::bigint;
      IF v_window IS NULL THEN
        RETURN EXISTS (SELECT FROM public.companies_company c WHERE c.id = here AND {ADMINISTERED});
      END IF;
      IF NOT EXISTS (SELECT FROM public.companies_window w WHERE w.id = v_window AND w.company_id = here AND {OPEN}) THEN
        RETURN false;
      END IF;
      INSERT INTO public.companies_lookedrow (company_id, window_id, "table", "row")
        VALUES (here, v_window, seen."table", seen."row") ON CONFLICT DO NOTHING;
      RETURN true;
    END
    """,
    roles=("bo_operator",),
)
LOOK = Definer(
    "look(path text) RETURNS void LANGUAGE plpgsql",
    """
    BEGIN
      IF NOT sec.operator_may('base') THEN RAISE EXCEPTION 'no window is open' USING ERRCODE = 'insufficient_privilege';
      END IF;
      INSERT INTO public.companies_look (company_id, window_id, user_id, act, path)
        VALUES (sec.company(), sec."window"(), sec.login(), 'page', pg_catalog."left"(look.path, 300));
    END
    """,
    roles=("bo_operator",),
)
NOTE = Definer(
    "note(company bigint, code text, kind text, subject bigint, details jsonb) RETURNS void LANGUAGE sql",
    """
    INSERT INTO public.companies_trailentry
      (company_id, code, "on", subject_kind, subject_id, changed, details, actor_kind, user_id, membership_id)
    SELECT c.id, $2, (pg_catalog.clock_timestamp() AT TIME ZONE c.time_zone)::date, $3, $4, '[]', $5,
      CASE sec.door() WHEN 'operator' THEN 'operator' WHEN 'office' THEN 'employee' ELSE 'robot' END,
      sec.login(), sec.membership()
    FROM public.companies_company c WHERE c.id = $1
    """,
    roles=(),
)
PROMISE = Definer(
    "promise(company bigint, kind text, key text, ids jsonb, due timestamptz) "
    "RETURNS TABLE (job bigint, ticket uuid) LANGUAGE sql",
    """
    INSERT INTO public.companies_job AS j (company_id, kind, key, ids, lane, state, ticket, attempts, error, after, due_at)
    VALUES ($1, $2, $3, $4, 'single', 'open', pg_catalog.gen_random_uuid(), 0, '', '{}', $5)
    ON CONFLICT ON CONSTRAINT job_key_once DO NOTHING RETURNING j.id, j.ticket
    """,
    roles=(),
)
OPERATOR = Definer(
    "operator() RETURNS bigint LANGUAGE plpgsql",
    """
    BEGIN
      IF sec.door() IS DISTINCT FROM 'operator' OR NOT EXISTS (
        SELECT FROM public.companies_user u WHERE u.id = sec.login() AND u.operator AND u.is_active) THEN
        RAISE EXCEPTION 'this is the operator''s' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN sec.login();
    END
    """,
    roles=(),
)
ADMINISTRATOR = Definer(
    "administrator() RETURNS bigint LANGUAGE plpgsql",
    """
    BEGIN
      IF sec.door() IS DISTINCT FROM 'office' OR NOT EXISTS (
        SELECT FROM public.companies_membership m WHERE m.id = sec.membership() AND m.company_id = sec.company()
          AND m.user_id = sec.login() AND m."on" AND m.administrator AND m.door = 'office') THEN
        RAISE EXCEPTION 'this is an administrator''s' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN sec.membership();
    END
    """,
    roles=(),
)
CODE_TAKEN = Definer(
    # Taken since this transaction began: one taken earlier, for a login or another window, opens nothing.
    "code_taken(step bigint) RETURNS void LANGUAGE plpgsql",
    """
    BEGIN
      IF NOT EXISTS (SELECT FROM public.companies_usedstep s WHERE s.user_id = sec.login() AND s.step = code_taken.step
        AND s.used_at >= pg_catalog.now()) THEN
        RAISE EXCEPTION 'no code of this moment' USING ERRCODE = 'insufficient_privilege';
      END IF;
    END
    """,
    roles=(),
)
SIGNED_IN = """
      SELECT s.verified_at, s.factor INTO verified_at, factor FROM sec.live_sign_in(session) s
        JOIN public.companies_user u ON u.id = s.login AND u.operator WHERE s.login = {function}.login;
      signed_in := FOUND;
"""
ENTER_CONSOLE = Definer(
    "enter_console(session text, login bigint) RETURNS TABLE (signed_in boolean, verified_at timestamptz, "
    "factor varchar) LANGUAGE plpgsql",
    f"""
    BEGIN{SIGNED_IN.format(function="enter_console")}
      IF verified_at IS NOT NULL THEN PERFORM sec.sign(NULL, 'operator', NULL, NULL, NULL, NULL, login, NULL); END IF;
      RETURN NEXT;
    END
    """,
    roles=("bo_operator",),
)
ENTER_WINDOW = Definer(
    "enter_window(address text, session text, login bigint) RETURNS TABLE "
    f"({COMPANY}, signed_in boolean, verified_at timestamptz, factor varchar, administers boolean, window_id bigint, "
    "modules varchar[], expires_at timestamptz) LANGUAGE plpgsql",
    f"""
    BEGIN
      SELECT {OF_COMPANY} INTO {", ".join(COLUMNS)} FROM public.companies_company c WHERE c.slug = address;
      IF NOT FOUND THEN RETURN; END IF;{SIGNED_IN.format(function="enter_window")}
      administers := EXISTS (SELECT FROM public.companies_company c WHERE c.id = enter_window.id AND {ADMINISTERED});
      SELECT w.id, w.modules, w.expires_at INTO window_id, modules, expires_at FROM public.companies_window w
        WHERE w.company_id = enter_window.id AND w.asked_by_id = enter_window.login AND {OPEN}
        ORDER BY w.id DESC LIMIT 1;
      IF verified_at IS NOT NULL THEN
        IF administers OR window_id IS NOT NULL THEN
          PERFORM sec.sign(id, 'operator', NULL, NULL, NULL, NULL, login, window_id);
        ELSE
          PERFORM sec.sign(NULL, 'operator', NULL, NULL, NULL, NULL, login, NULL);
        END IF;
      END IF;
      RETURN NEXT;
    END
    """,
    roles=("bo_operator",),
)
ASK_WINDOW = Definer(
    "ask_window(address text, reason text, modules varchar[], imports boolean, minutes integer) "
    'RETURNS TABLE ("window" bigint, job bigint, ticket uuid) LANGUAGE plpgsql',
    f"""
    DECLARE me bigint := sec.operator(); v_company bigint;
    BEGIN
      SELECT c.id INTO v_company FROM public.companies_company c WHERE c.slug = address AND NOT ({ADMINISTERED});
      IF v_company IS NULL OR pg_catalog.btrim(reason) = '' OR NOT modules <@ ARRAY[{MODULES[1:-1]}]::varchar[] THEN
        RAISE EXCEPTION 'a window is asked for at a company that administers itself, with a reason and modules'
          USING ERRCODE = 'check_violation';
      END IF;
      INSERT INTO public.companies_window AS w (company_id, asked_by_id, reason, modules, imports, minutes)
        VALUES (v_company, me, reason, modules, imports, minutes) RETURNING w.id INTO "window";
      PERFORM sec.note(v_company, 'window.asked', 'companies.window', "window", '{{}}');
      SELECT p.job, p.ticket INTO job, ticket FROM sec.promise(v_company, 'window.asked', 'window.asked:' || "window",
        pg_catalog.jsonb_build_object('window', "window"), pg_catalog.clock_timestamp()) p;
      RETURN NEXT;
    END
    """,
    roles=("bo_operator",),
)
ONE_WINDOW = f"""
      SELECT * INTO w FROM public.companies_window x WHERE x.id = {{function}}."window" AND x.company_id = sec.company()
        FOR UPDATE;
      IF NOT FOUND THEN RAISE EXCEPTION 'no such window' {REFUSE}; END IF;
"""
OPEN_WINDOW = Definer(
    'open_window("window" bigint, modules varchar[], imports boolean, minutes integer, step bigint) '
    "RETURNS timestamptz LANGUAGE plpgsql",
    f"""
    DECLARE me bigint := sec.administrator(); w public.companies_window; at timestamptz;
    BEGIN
      PERFORM sec.code_taken(step);
      PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('window', sec.company()));
{ONE_WINDOW.format(function="open_window")}
      IF w.asked_by_id = sec.login() THEN RAISE EXCEPTION 'a window is opened by another than who asked' {REFUSE}; END IF;
      at := pg_catalog.clock_timestamp();
      IF w.opened_at IS NOT NULL OR w.refused_at IS NOT NULL OR w.asked_at < at - {LAPSE} OR EXISTS (
        SELECT FROM public.companies_window o WHERE o.company_id = sec.company() AND {OPEN.replace("w.", "o.")}) THEN
        RAISE EXCEPTION 'this window can''t be opened any more, or another is open'
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      IF NOT modules <@ w.modules OR (imports AND NOT w.imports) OR minutes NOT BETWEEN 1 AND 480 THEN
        RAISE EXCEPTION 'a window shows at most what was asked for, for at most 480 minutes'
          USING ERRCODE = 'check_violation';
      END IF;
      UPDATE public.companies_window x SET opened_by_id = me, opened_at = at,
        expires_at = at + pg_catalog.make_interval(mins => open_window.minutes), step = open_window.step,
        minutes = open_window.minutes, modules = ARRAY['base']::varchar[] || pg_catalog.array_remove(open_window.modules, 'base'),
        imports = open_window.imports WHERE x.id = w.id;
      PERFORM sec.note(sec.company(), 'window.opened', 'companies.window', w.id,
        pg_catalog.jsonb_build_object('minutes', open_window.minutes));
      RETURN at + pg_catalog.make_interval(mins => open_window.minutes);
    END
    """,
)
CLOSE_WINDOW = Definer(
    'close_window("window" bigint) RETURNS boolean LANGUAGE plpgsql',
    f"""
    DECLARE me bigint := sec.administrator(); w public.companies_window;
    BEGIN
{ONE_WINDOW.format(function="close_window")}
      IF NOT ({OPEN}) THEN RETURN false; END IF;
      UPDATE public.companies_window x SET closed_by_id = me, closed_at = pg_catalog.clock_timestamp() WHERE x.id = w.id;
      PERFORM sec.note(sec.company(), 'window.closed', 'companies.window', w.id, '{{}}');
      RETURN true;
    END
    """,
)
REFUSE_WINDOW = Definer(
    'refuse_window("window" bigint) RETURNS boolean LANGUAGE plpgsql',
    f"""
    DECLARE me bigint := sec.administrator(); w public.companies_window;
    BEGIN
{ONE_WINDOW.format(function="refuse_window")}
      IF w.opened_at IS NOT NULL OR w.refused_at IS NOT NULL THEN RETURN false; END IF;
      UPDATE public.companies_window x SET refused_by_id = me, refused_at = pg_catalog.clock_timestamp() WHERE x.id = w.id;
      PERFORM sec.note(sec.company(), 'window.refused', 'companies.window', w.id, '{{}}');
      RETURN true;
    END
    """,
)
HAND_OVER = Definer(
    "hand_over(step bigint) RETURNS timestamptz LANGUAGE plpgsql",
    f"""
    DECLARE me bigint := sec.administrator(); here bigint := sec.company(); at timestamptz := pg_catalog.clock_timestamp();
    BEGIN
      PERFORM sec.code_taken(step);
      UPDATE public.companies_company c SET own_administrator_at = at
        WHERE (c.id = here OR c.rehearsal_of_id = here) AND {ADMINISTERED};
      IF NOT FOUND THEN
        RAISE EXCEPTION 'this company administers itself already' USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      PERFORM sec.note(here, 'company.handed_over', 'companies.company', here, '{{}}');
      RETURN at;
    END
    """,
)
NEVER_BACK = GuardTrigger(
    "company",
    "company_never_back",
    "BEFORE UPDATE ON {table} FOR EACH ROW",
    """
    BEGIN
      IF OLD.own_administrator_at IS NOT NULL AND NEW.own_administrator_at IS DISTINCT FROM OLD.own_administrator_at
        OR OLD.founded_by_id IS NOT NULL AND NEW.founded_by_id IS DISTINCT FROM OLD.founded_by_id THEN
        RAISE EXCEPTION 'who administers itself is not taken back' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END
    """,
)
FOUND_COMPANY = Definer(
    "found_company(slug text, name text, kind text, country text, currency text, language text, time_zone text) "
    "RETURNS TABLE (company bigint, job bigint, ticket uuid) LANGUAGE plpgsql",
    """
    DECLARE me bigint := sec.operator(); first bigint; step text;
    BEGIN
      FOR n IN 0..CASE WHEN kind IN ('provider', 'agent') THEN 1 ELSE 0 END LOOP
        INSERT INTO public.companies_company AS c
          (slug, name, kind, country, currency, language, time_zone, rehearsal_of_id, rehearsal_day)
        VALUES (found_company.slug || CASE n WHEN 1 THEN '-rehearsal' ELSE '' END, found_company.name, found_company.kind, found_company.country,
          found_company.currency, found_company.language, found_company.time_zone, first,
          CASE n WHEN 1 THEN (pg_catalog.clock_timestamp() AT TIME ZONE found_company.time_zone)::date END)
        RETURNING c.id INTO company;
        first := COALESCE(first, company);
        PERFORM sec.note(company, 'operator.founded', 'companies.company', company, '{}');
        FOREACH step IN ARRAY ARRAY['operator.furnish', 'operator.open_books'] LOOP
          SELECT p.job, p.ticket INTO job, ticket FROM sec.promise(company, step, step,
            pg_catalog.jsonb_build_object('login', me), pg_catalog.clock_timestamp()) p;
          RETURN NEXT;
        END LOOP;
      END LOOP;
    END
    """,
    roles=("bo_operator",),
)
OPERATOR_ADMINISTERS = Definer(
    # For guards of other tables too: what an administrator may write, the operator may until the company takes over.
    "operator_administers() RETURNS boolean LANGUAGE sql",
    """SELECT COALESCE(sec.door() = 'operator' AND sec."window"() IS NULL AND sec.operator_may('base'), false)""",
    roles=("bo_operator",),
    volatility="STABLE",
)
ADMINISTERS = """
      IF NOT sec.operator_administers() THEN
        RAISE EXCEPTION 'this company administers itself' USING ERRCODE = 'insufficient_privilege';
      END IF;
"""
OPERATOR_ASKS = Definer(
    "operator_asks(kind text, ids jsonb) RETURNS TABLE (job bigint, ticket uuid) LANGUAGE plpgsql",
    f"""
    BEGIN{ADMINISTERS}
      IF kind NOT IN ('operator.switch', 'operator.give', 'operator.take') THEN
        RAISE EXCEPTION 'the operator doesn''t ask for %', kind USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN QUERY SELECT p.job, p.ticket FROM sec.promise(sec.company(), kind, kind || ':' || pg_catalog.gen_random_uuid(),
        ids || pg_catalog.jsonb_build_object('login', sec.login()), pg_catalog.clock_timestamp()) p;
    END
    """,
    roles=("bo_operator",),
)
OPERATOR_INVITES = Definer(
    "operator_invites(email text, name text, language text, post text, administrator boolean, protocols bigint[], "
    "nonce uuid, token_hash bytea, expires_at timestamptz) RETURNS TABLE (job bigint, ticket uuid) LANGUAGE plpgsql",
    f"""
    DECLARE v_invitation bigint;
    BEGIN{ADMINISTERS}
      IF EXISTS (SELECT FROM pg_catalog.unnest(protocols) asked WHERE NOT EXISTS (
        SELECT FROM public.companies_protocol p WHERE p.id = asked AND p.company_id = sec.company())) THEN
        RAISE EXCEPTION 'no such protocol here' USING ERRCODE = 'foreign_key_violation';
      END IF;
      INSERT INTO public.companies_invitation AS i (company_id, email, name, language, door, administrator, post,
        protocols, nonce, token_hash, expires_at)
      VALUES (sec.company(), email, name, language, 'office', administrator, post, protocols, nonce, token_hash, expires_at)
      RETURNING i.id INTO v_invitation;
      PERFORM sec.note(sec.company(), 'operator.invited', 'companies.invitation', v_invitation, '{{}}');
      RETURN QUERY SELECT p.job, p.ticket FROM sec.promise(sec.company(), 'invitation.mail',
        'invitation.mail:' || v_invitation || ':' || nonce,
        pg_catalog.jsonb_build_object('invitation', v_invitation), pg_catalog.clock_timestamp()) p;
    END
    """,
    roles=("bo_operator",),
    path=HISTORY,
)
COMPANY_PEOPLE = Definer(
    "company_people() RETURNS TABLE (membership bigint, name varchar, email varchar, post varchar, administrator boolean, "
    '"on" boolean, protocols bigint[]) LANGUAGE plpgsql',
    f"""
    BEGIN{ADMINISTERS}
      RETURN QUERY SELECT m.id, u.name, u.email, m.post, m.administrator, m."on",
        ARRAY(SELECT p.id FROM public.companies_protocol p JOIN public.companies_user_groups g ON g.group_id = p.group_id
          WHERE p.company_id = m.company_id AND g.user_id = m.user_id ORDER BY p.name)
      FROM public.companies_membership m JOIN public.companies_user u ON u.id = m.user_id
      WHERE m.company_id = sec.company() AND m.door = 'office' ORDER BY u.name, m.id;
    END
    """,
    roles=("bo_operator",),
)
MAKE_OPERATOR = Definer(
    "make_operator(email text, name text, password text, issued bigint, proof bytea) RETURNS bigint LANGUAGE plpgsql",
    """
    DECLARE made bigint;
    BEGIN
      PERFORM sec.believe('service', pg_catalog.concat_ws('|', 'operator', email, name, password), issued, proof);
      INSERT INTO public.companies_user AS u (email, name, password, language, is_active, is_superuser, operator)
        VALUES (email, name, password, '', true, false, true) RETURNING u.id INTO made;
      RETURN made;
    END
    """,
)
FUNCTIONS = (
    OPERATOR_MAY, SEEN, LOOK, NOTE, PROMISE, OPERATOR, ADMINISTRATOR, CODE_TAKEN, ENTER_CONSOLE, ENTER_WINDOW,
    ASK_WINDOW, OPEN_WINDOW, CLOSE_WINDOW, REFUSE_WINDOW, HAND_OVER, FOUND_COMPANY, OPERATOR_ADMINISTERS,
    OPERATOR_ASKS, OPERATOR_INVITES,
    COMPANY_PEOPLE, MAKE_OPERATOR,
)  # fmt: skip
