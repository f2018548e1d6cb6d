"""Nobody raises himself: the database's own guard of protocols and of who holds them (S2-05, S2-23; docs/rights.md).

A door writes rights only in the context of a live administrator whose session proved a second factor, and never his
own; workers and commands write them as they are told. What a definer function writes, it checks itself (the `WHEN`).
Who holds a protocol's group follows from `companies_grant` alone: no door writes the group's list.
"""

from companies.walls import Definer, GuardTrigger

AT_A_DOOR = "WHEN (current_user IN ('bo_app', 'bo_public', 'bo_operator'))"

MAY_WRITE_RIGHTS = Definer(
    "may_write_rights() RETURNS boolean LANGUAGE plpgsql",
    """
    BEGIN
      RETURN COALESCE(sec.door() = 'worker' OR (sec.door() = 'office' AND EXISTS (
        SELECT FROM public.companies_membership m JOIN public.companies_signin s ON s.user_id = m.user_id
        WHERE m.company_id = sec.company() AND m.id = sec.membership() AND m.user_id = sec.login()
          AND m.door = 'office' AND m."on" AND m.administrator AND s.verified_at IS NOT NULL AND s.ended_at IS NULL
          AND s.expires_at > pg_catalog.clock_timestamp())), false);
    END
    """,
    roles=(),
    volatility="STABLE",
)


def of_another(name: str, model: str, verbs: str, group: str) -> GuardTrigger:
    """What makes up a protocol is written by an administrator who isn't in its group; `group` finds it from the row
    `it`.
    """
    return GuardTrigger(
        model,
        name,
        f"BEFORE {verbs} ON {{table}} FOR EACH ROW {AT_A_DOOR}",
        f"""
        DECLARE it record;
        BEGIN
          IF TG_OP = 'DELETE' THEN it := OLD; ELSE it := NEW; END IF;
          IF NOT sec.may_write_rights() THEN
            RAISE EXCEPTION 'rights are written by an administrator' USING ERRCODE = 'insufficient_privilege';
          END IF;
          IF EXISTS (SELECT FROM public.companies_user_groups held
            WHERE held.user_id = sec.login() AND held.group_id = {group}) THEN
            RAISE EXCEPTION 'nobody changes a protocol that he holds' USING ERRCODE = 'insufficient_privilege';
          END IF;
          RETURN it;
        END
        """,
    )


GROUP_OF_ACT = (
    "(SELECT p.group_id FROM public.companies_protocol p WHERE p.company_id = it.company_id AND p.id = it.protocol_id)"
)
GRANT_BY_ANOTHER = GuardTrigger(
    "grant",
    "grant_by_another",
    f"BEFORE INSERT OR UPDATE ON {{table}} FOR EACH ROW {AT_A_DOOR}",
    """
    DECLARE office boolean := sec.door() = 'office';
    BEGIN
      IF NOT sec.may_write_rights() THEN
        RAISE EXCEPTION 'protocols are given by an administrator' USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF EXISTS (SELECT FROM public.companies_membership m WHERE m.company_id = NEW.company_id
        AND m.id = NEW.membership_id AND m.user_id = sec.login()) THEN
        RAISE EXCEPTION 'nobody gives to himself' USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF office AND ((TG_OP = 'INSERT' AND NEW.given_by_id IS DISTINCT FROM sec.membership())
        OR (TG_OP = 'UPDATE' AND NEW.taken_by_id IS DISTINCT FROM sec.membership())) THEN
        RAISE EXCEPTION 'a grant names who gave it' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NEW;
    END
    """,
)
GRANT_WHOLE = GuardTrigger(
    "grant",
    "grant_whole",
    "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
    """
    BEGIN
      IF TG_OP = 'UPDATE' AND OLD.taken_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was taken stays taken' USING ERRCODE = 'restrict_violation';
      END IF;
      PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('protocol ' || NEW.protocol_id, 0));
      IF TG_OP = 'INSERT' AND (NEW.taken_at IS NOT NULL OR NOT EXISTS (
          SELECT FROM public.companies_membership m WHERE m.company_id = NEW.company_id AND m.id = NEW.membership_id
            AND m.door = 'office')
        OR NOT EXISTS (SELECT FROM public.companies_protocol p WHERE p.company_id = NEW.company_id
          AND p.id = NEW.protocol_id AND p.retired_at IS NULL)) THEN
        RAISE EXCEPTION 'a protocol in use is given to an employee' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END
    """,
)
GROUP_FOLLOWS = GuardTrigger(
    "grant",
    "group_follows",
    "AFTER INSERT OR UPDATE ON {table} FOR EACH ROW",
    """
    BEGIN
      IF NEW.taken_at IS NULL THEN
        INSERT INTO public.companies_user_groups (user_id, group_id)
          SELECT m.user_id, p.group_id FROM public.companies_membership m, public.companies_protocol p
          WHERE m.company_id = NEW.company_id AND m.id = NEW.membership_id
            AND p.company_id = NEW.company_id AND p.id = NEW.protocol_id
        ON CONFLICT DO NOTHING;
      ELSE
        DELETE FROM public.companies_user_groups held USING public.companies_membership m, public.companies_protocol p
          WHERE m.company_id = NEW.company_id AND m.id = NEW.membership_id AND p.company_id = NEW.company_id
            AND p.id = NEW.protocol_id AND held.user_id = m.user_id AND held.group_id = p.group_id;
      END IF;
      RETURN NULL;
    END
    """,
)
HELD_BY_GRANT = GuardTrigger(
    "user_groups",
    "held_by_grant",
    "AFTER INSERT OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
    """
    DECLARE it record;
    BEGIN
      IF TG_OP = 'DELETE' THEN it := OLD; ELSE it := NEW; END IF;
      IF EXISTS (SELECT FROM public.companies_user_groups held
          WHERE held.user_id = it.user_id AND held.group_id = it.group_id)
        <> EXISTS (SELECT FROM public.companies_grant g
          JOIN public.companies_protocol p ON p.company_id = g.company_id AND p.id = g.protocol_id
          JOIN public.companies_membership m ON m.company_id = g.company_id AND m.id = g.membership_id
          WHERE g.taken_at IS NULL AND p.group_id = it.group_id AND m.user_id = it.user_id) THEN
        RAISE EXCEPTION 'a protocol is held by a live grant' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END
    """,
    constraint=True,
)
CONFIRMED_BY_ANOTHER = GuardTrigger(
    "confirmation",
    "confirmed_by_administrator",
    f"BEFORE INSERT ON {{table}} FOR EACH ROW {AT_A_DOOR}",
    """
    BEGIN
      IF NOT sec.may_write_rights() OR NEW.by_id IS DISTINCT FROM sec.membership()
        OR EXISTS (SELECT FROM public.companies_membership m WHERE m.company_id = NEW.company_id
          AND m.id = NEW.membership_id AND m.user_id = sec.login()) THEN
        RAISE EXCEPTION 'rights are confirmed by another administrator' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NEW;
    END
    """,
)
NOT_RETIRED_WHILE_HELD = GuardTrigger(
    "protocol",
    "protocol_retires_empty",
    "BEFORE UPDATE ON {table} FOR EACH ROW",
    """
    BEGIN
      PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('protocol ' || NEW.id, 0));
      IF NEW.retired_at IS NOT NULL AND EXISTS (SELECT FROM public.companies_grant g
        WHERE g.company_id = NEW.company_id AND g.protocol_id = NEW.id AND g.taken_at IS NULL) THEN
        RAISE EXCEPTION 'somebody holds this protocol' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END
    """,
)
LOGIN_NOT_RAISED = GuardTrigger(
    "user",
    "login_not_raised",
    f"BEFORE UPDATE ON {{table}} FOR EACH ROW {AT_A_DOOR}",
    """
    BEGIN
      IF (NEW.is_superuser, NEW.is_active, NEW.operator)
        IS DISTINCT FROM (OLD.is_superuser, OLD.is_active, OLD.operator) THEN
        RAISE EXCEPTION 'no door raises a login' USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NEW;
    END
    """,
)
GUARDS = (
    MAY_WRITE_RIGHTS,
    GRANT_BY_ANOTHER,
    GRANT_WHOLE,
    GROUP_FOLLOWS,
    HELD_BY_GRANT,
    CONFIRMED_BY_ANOTHER,
    NOT_RETIRED_WHILE_HELD,
    LOGIN_NOT_RAISED,
    of_another("right_of_another", "partgrouppermission", "INSERT OR UPDATE OR DELETE", "it.group_id"),
    of_another("act_of_another", "protocolact", "INSERT OR UPDATE OR DELETE", GROUP_OF_ACT),
    of_another("protocol_of_another", "protocol", "INSERT OR UPDATE", "it.group_id"),
)
# Who held a protocol before grants were written down: given by nobody we know.
GRANTS_OF_BEFORE = (
    "SET LOCAL ROLE sec_guard",
    """
    INSERT INTO public.companies_grant (company_id, membership_id, protocol_id)
    SELECT p.company_id, m.id, p.id FROM public.companies_protocol p
    JOIN public.companies_user_groups held ON held.group_id = p.group_id
    JOIN public.companies_membership m ON m.company_id = p.company_id AND m.user_id = held.user_id AND m.door = 'office'
    WHERE NOT EXISTS (SELECT FROM public.companies_grant g WHERE g.company_id = p.company_id AND g.membership_id = m.id
      AND g.protocol_id = p.id AND g.taken_at IS NULL)
    """,
    """
    DELETE FROM public.companies_user_groups held WHERE NOT EXISTS (SELECT FROM public.companies_grant g
      JOIN public.companies_protocol p ON p.company_id = g.company_id AND p.id = g.protocol_id
      JOIN public.companies_membership m ON m.company_id = g.company_id AND m.id = g.membership_id
      WHERE g.taken_at IS NULL AND p.group_id = held.group_id AND m.user_id = held.user_id)
    """,
    "RESET ROLE",
)
