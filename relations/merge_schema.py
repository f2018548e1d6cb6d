"""SQL of merged parties: no chains, no cycles, and what moves follows a merge and nothing else."""

# Whoever is marked is merged into one that isn't, and nobody is merged into him; both rows are held until the end.
PARTY_MERGED = """
BEGIN
  IF NEW.merged_into_id IS NULL
      OR (TG_OP = 'UPDATE' AND NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id) THEN
    RETURN NEW;
  END IF;
  PERFORM FROM public.relations_party p
    WHERE p.company_id = NEW.company_id AND p.id = NEW.merged_into_id AND p.merged_into_id IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'party %: expected to be merged into one that stands by itself', NEW.number
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT FROM public.relations_party p
      WHERE p.company_id = NEW.company_id AND p.merged_into_id = NEW.id) THEN
    RAISE EXCEPTION 'party %: others are merged into it', NEW.number USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""


def follows_merge(column: str, *, first: str = "") -> str:
    """The body of a guard: the party of a row changes to the one it is merged into, or back, and to nobody else.

    `first`: what is asked of a new row.
    """
    return f"""
    BEGIN
      IF TG_OP = 'INSERT' THEN
        {first}
        RETURN NEW;
      END IF;
      IF NEW.{column} IS DISTINCT FROM OLD.{column} AND NOT EXISTS (SELECT FROM public.relations_party p
          WHERE p.company_id = NEW.company_id AND ((p.id = OLD.{column} AND p.merged_into_id = NEW.{column})
            OR (p.id = NEW.{column} AND p.merged_into_id = OLD.{column}))) THEN
        RAISE EXCEPTION '%: its party changes by a merge alone', TG_TABLE_NAME
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END
    """


# A party that was merged into another takes no new policy; a merge that runs at the same time is waited for.
NOT_MERGED = """
        IF (SELECT p.merged_into_id FROM public.relations_party p
            WHERE p.company_id = NEW.company_id AND p.id = NEW.holder_id FOR SHARE) IS NOT NULL THEN
          RAISE EXCEPTION 'policy %: its holder is merged into another party', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
"""
