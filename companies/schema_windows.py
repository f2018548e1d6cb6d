"""What came to windows later: kept open for longer, codes that weren't taken, and a code that serves for one act."""

from companies.schema_operator import ONE_WINDOW, OPEN, REFUSE
from companies.walls import Definer

CODE_TAKEN = Definer(
    # Taken since this transaction began, and for no other window: one taken earlier, or for another act, opens nothing.
    "code_taken(step bigint) RETURNS void LANGUAGE plpgsql",
    """
    BEGIN
      IF NOT EXISTS (SELECT FROM public.companies_usedstep s WHERE s.user_id = sec.login() AND s.step = code_taken.step
          AND s.used_at >= pg_catalog.now())
        OR EXISTS (SELECT FROM public.companies_window w JOIN public.companies_membership m ON m.id = w.opened_by_id
          WHERE m.user_id = sec.login() AND w.step = code_taken.step)
        OR EXISTS (SELECT FROM public.companies_windowextension e JOIN public.companies_membership m ON m.id = e.by_id
          WHERE m.user_id = sec.login() AND e.step = code_taken.step) THEN
        RAISE EXCEPTION 'no code of this moment' USING ERRCODE = 'insufficient_privilege';
      END IF;
    END
    """,
    roles=(),
)
EXTEND_WINDOW = Definer(
    'extend_window("window" bigint, step bigint) RETURNS timestamptz LANGUAGE plpgsql',
    f"""
    DECLARE me bigint := sec.administrator(); w public.companies_window; ends timestamptz;
    BEGIN
      PERFORM sec.code_taken(step);
      PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('window', sec.company()));
{ONE_WINDOW.format(function="extend_window")}
      IF w.asked_by_id = sec.login() THEN RAISE EXCEPTION 'a window is extended by another than who asked' {REFUSE}; END IF;
      IF NOT ({OPEN}) THEN
        RAISE EXCEPTION 'this window isn''t open' USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      ends := w.expires_at + interval '30 minutes';
      IF ends > w.opened_at + interval '480 minutes' THEN
        RAISE EXCEPTION 'a window is open for at most 480 minutes in all' USING ERRCODE = 'check_violation';
      END IF;
      INSERT INTO public.companies_windowextension (company_id, window_id, by_id, step, until)
        VALUES (w.company_id, w.id, me, extend_window.step, ends);
      UPDATE public.companies_window x SET expires_at = ends, minutes = x.minutes + 30 WHERE x.id = w.id;
      PERFORM sec.note(w.company_id, 'window.extended', 'companies.window', w.id, '{{"minutes": 30}}');
      RETURN ends;
    END
    """,
)
NOTE_WRONG_CODE = Definer(
    # Five in five minutes, as codes are tried (companies.factors.codes): more of them can't fill the table either.
    'note_wrong_code("window" bigint, act text, fault text) RETURNS boolean LANGUAGE plpgsql',
    """
    DECLARE me bigint := sec.administrator(); here bigint := sec.company();
    BEGIN
      PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('wrong code', me));
      IF (SELECT pg_catalog.count(*) FROM public.companies_wrongcode c WHERE c.company_id = here AND c.by_id = me
          AND c.at > pg_catalog.clock_timestamp() - interval '5 minutes') >= 5 THEN
        RETURN false;
      END IF;
      INSERT INTO public.companies_wrongcode (company_id, window_id, by_id, act, fault)
        SELECT here, w.id, me, note_wrong_code.act, note_wrong_code.fault FROM public.companies_window w
        WHERE w.company_id = here AND w.id = note_wrong_code."window";
      RETURN FOUND;
    END
    """,
)
FUNCTIONS = (CODE_TAKEN, EXTEND_WINDOW, NOTE_WRONG_CODE)
