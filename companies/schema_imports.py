"""An import of the operator, as functions of schema sec: he stages and runs it, a worker enters it.

Each asks the window that is open now, by the clock, and leaves its line in the list of what was done in it; or, without
a window, whether the operator administers the company still.
"""

from companies.schema_operator import ADMINISTERED, OPEN, REFUSE
from companies.walls import Definer, GuardTrigger

# Which module of a window lets the operator import things of a kind; the kinds themselves are named by their rooms.
MODULE_OF_KIND = {"relations": "base", "policies": "policies", "balances": "ledger"}
MOST_ROWS = 50_000
MODULE = "CASE {kind} " + " ".join(f"WHEN '{kind}' THEN '{module}'" for kind, module in MODULE_OF_KIND.items()) + " END"

IMPORT_WINDOW = Definer(
    # None while the operator administers the company.
    "import_window(kind text) RETURNS bigint LANGUAGE plpgsql",
    f"""
    DECLARE me bigint := sec.operator(); found bigint;
    BEGIN
      IF sec.operator_administers() AND ({MODULE.format(kind="kind")}) IS NOT NULL THEN RETURN NULL; END IF;
      SELECT w.id INTO found FROM public.companies_window w WHERE w.id = sec."window"() AND w.company_id = sec.company()
        AND w.asked_by_id = me AND w.imports AND {OPEN} AND {MODULE.format(kind="kind")} = ANY (w.modules);
      IF found IS NULL THEN RAISE EXCEPTION 'no window is open for such an import' {REFUSE}; END IF;
      RETURN found;
    END
    """,
    roles=(),
)
LOOK_IMPORT = Definer(
    'look_import("window" bigint, address uuid) RETURNS void LANGUAGE sql',
    """
    INSERT INTO public.companies_look (company_id, window_id, user_id, act, path)
    SELECT c.id, $1, sec.login(), 'import', '/' || c.slug || '/office/imports/' || $2 || '/'
    FROM public.companies_company c WHERE c.id = sec.company()
    """,
    roles=(),
)
STAGE_IMPORT = Definer(
    "stage_import(kind text, name text, sha256 text, size integer, rows jsonb) "
    "RETURNS TABLE (address uuid, job bigint, ticket uuid) LANGUAGE plpgsql",
    f"""
    DECLARE v_window bigint := sec.import_window(kind); v_import bigint; many integer := pg_catalog.jsonb_array_length(rows);
    BEGIN
      IF many NOT BETWEEN 1 AND {MOST_ROWS} THEN
        RAISE EXCEPTION 'expected 1 to {MOST_ROWS} rows, found %', many USING ERRCODE = 'check_violation';
      END IF;
      INSERT INTO public.companies_import AS i (company_id, public_id, kind, file_name, sha256, size, rows, window_id,
        user_id, state, why, run, ticket, counts, told, made, totals_before, totals_after)
      VALUES (sec.company(), pg_catalog.gen_random_uuid(), stage_import.kind, stage_import.name, stage_import.sha256,
        stage_import.size, many, v_window, sec.login(), 'staged', '', 0, pg_catalog.gen_random_uuid(),
        pg_catalog.jsonb_build_object('waiting', many), '{{}}', '{{}}', '{{}}', '{{}}')
      RETURNING i.id, i.public_id INTO v_import, address;
      INSERT INTO public.companies_importrow (company_id, source_id, kind, line, cells, told, key, marks, outcome, errors,
        "table")
      SELECT sec.company(), v_import, stage_import.kind, (r.value ->> 0)::integer, r.value -> 1, '{{}}', '', '{{}}',
        'waiting', '[]', '' FROM pg_catalog.jsonb_array_elements(stage_import.rows) r;
      PERFORM sec.look_import(v_window, address);
      PERFORM sec.note(sec.company(), 'import.staged', 'companies.import', v_import,
        pg_catalog.jsonb_build_object('rows', many));
      SELECT p.job, p.ticket INTO job, ticket FROM sec.promise(sec.company(), 'import.check',
        'import:' || v_import || ':0:0', pg_catalog.jsonb_build_object('import', v_import, 'run', 0),
        pg_catalog.clock_timestamp()) p;
      RETURN NEXT;
    END
    """,
    roles=("bo_operator",),
)
RUN_IMPORT = Definer(
    # Goes on where it stood; the window it runs under is the one that is open now.
    "run_import(address uuid) RETURNS TABLE (job bigint, ticket uuid) LANGUAGE plpgsql",
    f"""
    DECLARE me bigint := sec.operator(); i public.companies_import; v_window bigint; step text;
    BEGIN
      SELECT * INTO i FROM public.companies_import x WHERE x.company_id = sec.company() AND x.public_id = address
        AND x.membership_id IS NULL AND x.user_id = me FOR NO KEY UPDATE;
      IF NOT FOUND THEN RAISE EXCEPTION 'no such import' {REFUSE}; END IF;
      v_window := sec.import_window(i.kind);
      IF i.state NOT IN ('checked', 'stopped') THEN
        RAISE EXCEPTION 'this import can''t go on now' USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      step := CASE WHEN EXISTS (SELECT FROM public.companies_importrow r WHERE r.company_id = i.company_id
        AND r.source_id = i.id AND r.outcome = 'waiting') THEN 'check' ELSE 'run' END;
      UPDATE public.companies_import x SET window_id = v_window, run = i.run + 1, why = '',
        ticket = pg_catalog.gen_random_uuid(), state = CASE step WHEN 'check' THEN 'staged' ELSE 'running' END
        WHERE x.company_id = i.company_id AND x.id = i.id;
      PERFORM sec.look_import(v_window, address);
      PERFORM sec.note(i.company_id, 'import.started', 'companies.import', i.id, '{{}}');
      RETURN QUERY SELECT p.job, p.ticket FROM sec.promise(i.company_id, 'import.' || step,
        'import:' || i.id || ':' || (i.run + 1) || ':0',
        pg_catalog.jsonb_build_object('import', i.id, 'run', i.run + 1), pg_catalog.clock_timestamp()) p;
    END
    """,
    roles=("bo_operator",),
)
# Whether the operator may go on with an import i: its window w is open, or none was needed and none is needed yet.
GOES_ON = f"""CASE WHEN i.window_id IS NULL
          THEN EXISTS (SELECT FROM public.companies_company c WHERE c.id = i.company_id AND {ADMINISTERED})
          ELSE EXISTS (SELECT FROM public.companies_window w WHERE w.company_id = i.company_id AND w.id = i.window_id
            AND w.asked_by_id = i.user_id AND w.imports AND {OPEN} AND {MODULE.format(kind="i.kind")} = ANY (w.modules))
          END"""
ENTER_IMPORT = Definer(
    # No row where the operator may not go on any more: the worker then stops the import.
    'enter_import(ticket uuid, issued bigint, proof bytea) RETURNS TABLE (login bigint, "window" bigint) LANGUAGE plpgsql',
    f"""
    DECLARE here bigint;
    BEGIN
      PERFORM sec.believe('service', 'import|' || ticket::text, issued, proof);
      SELECT i.company_id, i.user_id, i.window_id INTO here, login, "window" FROM public.companies_import i
        JOIN public.companies_user u ON u.id = i.user_id AND u.operator AND u.is_active
        WHERE i.ticket = enter_import.ticket AND i.membership_id IS NULL AND {GOES_ON};
      IF NOT FOUND THEN RETURN; END IF;
      PERFORM sec.sign(here, 'worker', NULL, NULL, NULL, NULL, login, "window");
      RETURN NEXT;
    END
    """,
)
BY_WHOM = GuardTrigger(
    "import",
    "import_by_whom",
    "BEFORE INSERT ON {table} FOR EACH ROW",
    """
    BEGIN
      IF NEW.user_id IS DISTINCT FROM sec.login() OR NEW.membership_id IS DISTINCT FROM sec.membership()
        OR (NEW.membership_id IS NULL) IS DISTINCT FROM (sec.door() = 'operator')
        OR NEW.window_id IS DISTINCT FROM sec."window"() THEN
        RAISE EXCEPTION 'an import is staged by who stands there' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NEW;
    END
    """,
)
IN_TIME = GuardTrigger(
    # A block that ends after the window isn't committed: its last statement is this one.
    "import",
    "import_in_time",
    "AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "WHEN (NEW.membership_id IS NULL AND NEW.counts IS DISTINCT FROM OLD.counts)",
    f"""
    BEGIN
      IF NOT EXISTS (SELECT FROM public.companies_import i WHERE i.company_id = NEW.company_id AND i.id = NEW.id
        AND {GOES_ON}) THEN
        RAISE EXCEPTION 'what this import was allowed by has ended' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NULL;
    END
    """,
    constraint=True,
)
ROW_STAYS = GuardTrigger(
    "importrow",
    "import_row_stays",
    "BEFORE UPDATE ON {table} FOR EACH ROW",
    """
    BEGIN
      IF OLD.outcome = 'imported' THEN
        RAISE EXCEPTION 'line % was imported and stays as it was', OLD.line USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END
    """,
)
# The operator sees what he brought himself; an employee's file is of modules that his window may not show.
OWN = "user_id = (SELECT sec.login()) OR (SELECT sec.operator_administers())"
OPERATOR_SEES_OWN = (
    f"CREATE POLICY own_import ON companies_import AS RESTRICTIVE FOR SELECT TO bo_operator USING ({OWN})",
    "CREATE POLICY own_import ON companies_importrow AS RESTRICTIVE FOR SELECT TO bo_operator USING (EXISTS (SELECT FROM "
    "companies_import i WHERE i.company_id = companies_importrow.company_id AND i.id = companies_importrow.source_id))",
)
FUNCTIONS = (IMPORT_WINDOW, LOOK_IMPORT, STAGE_IMPORT, RUN_IMPORT, ENTER_IMPORT)
