from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, Sql

# The version is held until the end: who hands the draft in waits for its papers, and who comes after finds it gone.
OF_DRAFT = """
DECLARE
  paper record;
BEGIN
  IF TG_OP = 'DELETE' THEN paper := OLD; ELSE paper := NEW; END IF;
  PERFORM FROM public.products_productversion v
    WHERE v.company_id = paper.company_id AND v.id = paper.version_id AND v.state = 'draft' FOR SHARE;
  IF TG_OP = 'UPDATE' OR NOT FOUND THEN
    RAISE EXCEPTION 'papers are added to and taken out of a draft' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN paper;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0005_papers")]
    operations: ClassVar = [
        Sql("GRANT UPDATE (id) ON products_productversion TO sec_guard"),  # to lock a row, no more
        Definer("paper_of_draft() RETURNS trigger LANGUAGE plpgsql", OF_DRAFT, roles=("bo_owner",)),
    ]
