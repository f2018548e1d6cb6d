"""Functions of schema sec about second factors: a step used once, and the ways out of a lost one."""

from companies.schema_context import WEB
from companies.walls import Definer

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
