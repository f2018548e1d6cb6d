from typing import ClassVar

from django.db import migrations

from relations.search_schema import kept_in_search

# Whom it is for stands in the application of its case.
ROWS = """
SELECT f.company_id, 'quotation', f.id, f.case_id, NULL::bigint, c.adviser_id,
  sec.search_text(ARRAY[f.number, c.number]), ''
FROM {source} f JOIN public.documents_case c ON c.company_id = f.company_id AND c.id = f.case_id
"""


class Migration(migrations.Migration):
    """Quotations in the search index."""

    dependencies: ClassVar = [("quotations", "0003_decided"), ("applications", "0012_search")]
    operations: ClassVar = kept_in_search(
        "quotation", name="quotation_searched", table="quotations_quotation", rows=ROWS
    )
