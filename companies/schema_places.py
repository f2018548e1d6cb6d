"""Where a company stands below others, and an employee's place in its rehearsal, as functions of schema sec."""

from companies.walls import Definer

# Whoever set a company up, and whoever set up that one, up to the top; a rehearsal stands where its company stands.
ABOVE = Definer(
    "above(company bigint) RETURNS TABLE (id bigint) LANGUAGE sql",
    """
    WITH RECURSIVE up (id) AS (
      SELECT COALESCE(c.founded_by_id, r.founded_by_id) FROM public.companies_company c
        LEFT JOIN public.companies_company r ON r.id = c.rehearsal_of_id WHERE c.id = above.company
      UNION SELECT c.founded_by_id FROM up JOIN public.companies_company c ON c.id = up.id)
    SELECT up.id FROM up WHERE up.id IS NOT NULL
    """,
    roles=(),
    volatility="STABLE",
)
# An employee works in the rehearsal too, with the twin's protocols that are his own's likes; its administrator
# switches him there like anybody else.
PLACE_IN_REHEARSAL = Definer(
    "place_in_rehearsal(company bigint, membership bigint, protocols bigint[]) RETURNS void LANGUAGE plpgsql",
    """
    DECLARE twin public.companies_company; own public.companies_membership; place bigint;
    BEGIN
      SELECT * INTO twin FROM public.companies_company c WHERE c.rehearsal_of_id = place_in_rehearsal.company;
      SELECT * INTO own FROM public.companies_membership m
        WHERE m.company_id = place_in_rehearsal.company AND m.id = place_in_rehearsal.membership AND m.door = 'office';
      IF twin.id IS NULL OR own.id IS NULL THEN RETURN; END IF;
      PERFORM sec.sign(twin.id, 'worker', NULL, NULL, NULL, NULL, own.user_id, NULL);
      INSERT INTO public.companies_membership AS m (company_id, user_id, door, administrator, "on", post)
        VALUES (twin.id, own.user_id, own.door, own.administrator, true, own.post)
        ON CONFLICT ON CONSTRAINT membership_once_a_door DO UPDATE SET "on" = true,
          administrator = EXCLUDED.administrator, post = EXCLUDED.post RETURNING m.id INTO place;
      INSERT INTO public.companies_grant (company_id, membership_id, protocol_id)
        SELECT DISTINCT twin.id, place, likes.id FROM public.companies_protocol given
        JOIN public.companies_protocol likes ON likes.company_id = twin.id AND likes.retired_at IS NULL
          AND (likes.name = given.name OR (likes.template <> '' AND likes.template = given.template))
        WHERE given.company_id = own.company_id AND given.id = ANY (protocols)
        ON CONFLICT DO NOTHING;
      INSERT INTO public.companies_trailentry (company_id, code, "on", subject_kind, subject_id, changed, details,
          actor_kind, user_id)
        VALUES (twin.id, 'member.added', twin.rehearsal_day, 'companies.membership', place, '[]',
          pg_catalog.jsonb_build_object('door', own.door, 'administrator', own.administrator), 'robot', own.user_id);
    END
    """,
    roles=(),
    path="pg_catalog, public, pg_temp",
)
FUNCTIONS = (ABOVE, PLACE_IN_REHEARSAL)
