from typing import ClassVar

from django.db import migrations

from relations.search_schema import kept_in_search

# An application by its numbers and the policyholder told in it; his mail and phone are for who may view relations.
ROWS = """
SELECT f.company_id, 'application', f.id, f.case_id, NULL::bigint, c.adviser_id,
  sec.search_text(ARRAY[f.number, c.number, concat_ws(' ', h.told ->> 'given_names', h.told ->> 'name'), h.told ->> 'name',
    h.told #>> '{address,street}', h.told #>> '{address,house_number}', h.told #>> '{address,postcode}',
    h.told #>> '{address,city}']),
  sec.search_text(ARRAY[h.told ->> 'email', h.told ->> 'phone'])
FROM {source} f JOIN public.documents_case c ON c.company_id = f.company_id AND c.id = f.case_id,
  LATERAL (SELECT f.parties -> 'policyholder' AS told) h
"""


class Migration(migrations.Migration):
    """Applications in the search index."""

    dependencies: ClassVar = [("applications", "0011_signed_case"), ("documents", "0005_search")]
    operations: ClassVar = kept_in_search(
        "application", name="application_searched", table="applications_application", rows=ROWS
    )
