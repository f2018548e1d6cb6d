from typing import ClassVar

from django.db import migrations

from companies.walls import GuardTrigger

ADVISER = """
BEGIN
  UPDATE public.relations_searchentry e SET adviser_id = f.adviser_id FROM fresh f
  WHERE e.company_id = f.company_id AND e.case_id = f.id AND e.adviser_id IS DISTINCT FROM f.adviser_id;
  RETURN NULL;
END
"""


class Migration(migrations.Migration):
    """What is on a case is found by the adviser whose case it is by now."""

    dependencies: ClassVar = [("documents", "0004_decision"), ("relations", "0006_search_and_merge_wall")]
    operations: ClassVar = [
        GuardTrigger(
            "case",
            "case_searched",
            "AFTER UPDATE ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
            ADVISER,
        )
    ]
