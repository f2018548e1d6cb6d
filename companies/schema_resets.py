"""Mails of forgotten passwords, as functions of schema sec: promised by a page, taken by a worker."""

from companies.schema_context import WEB
from companies.walls import Definer

ASK_RESET = Definer(
    "ask_reset(email text, language text, process text, issued bigint, proof bytea) RETURNS uuid LANGUAGE plpgsql",
    """
    DECLARE made uuid;
    BEGIN
      PERFORM sec.believe('entrance', pg_catalog.concat_ws('|', 'forgotten', email, language, process), issued, proof);
      INSERT INTO public.companies_resetmail AS r (email, language, process)
        VALUES (email, language, process) RETURNING r.ticket INTO made;
      RETURN made;
    END
    """,
    roles=WEB,
)
TAKE_RESET = Definer(
    "take_reset(ticket uuid, issued bigint, proof bytea) RETURNS TABLE (email varchar, language varchar, "
    "process varchar) LANGUAGE plpgsql",
    """
    BEGIN
      PERFORM sec.believe('service', 'forgotten|' || ticket, issued, proof);
      RETURN QUERY DELETE FROM public.companies_resetmail r WHERE r.id = (
        SELECT w.id FROM public.companies_resetmail w WHERE w.ticket = take_reset.ticket FOR UPDATE SKIP LOCKED)
        RETURNING r.email, r.language, r.process;
    END
    """,
)
# A link that comes an hour late helps nobody: whoever still waits has asked again.
OPEN_RESETS = Definer(
    "open_resets(most integer, issued bigint, proof bytea) RETURNS TABLE (ticket uuid) LANGUAGE plpgsql",
    """
    BEGIN
      PERFORM sec.believe('service', 'forgotten', issued, proof);
      DELETE FROM public.companies_resetmail r WHERE r.asked_at < pg_catalog.clock_timestamp() - interval '1 hour';
      RETURN QUERY SELECT r.ticket FROM public.companies_resetmail r ORDER BY r.id LIMIT most;
    END
    """,
)
FUNCTIONS = (ASK_RESET, TAKE_RESET, OPEN_RESETS)
