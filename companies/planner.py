"""What the planner knows of a table before anybody has counted its rows.

Without statistics PostgreSQL takes one row in two hundred to be of a company. It then reads all rows of the company in
order to find one by its key, once for each row that it joins: in the first hour of an installation a burst of
applications grows with its square. Each column `company_id` is therefore told from the beginning to tell no rows apart,
which is what ANALYZE finds in a database of one company; its own count takes the place of this one.
"""

from typing import Any

from django.db import connection

TELL = """
SELECT pg_restore_attribute_stats(
  'schemaname', n.nspname::text, 'relname', c.relname::text, 'attname', 'company_id', 'inherited', false,
  'null_frac', 0::real, 'avg_width', 8, 'n_distinct', 1::real)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.reltuples < 0 AND a.attname = 'company_id'
  AND has_table_privilege(c.oid, 'MAINTAIN')
"""


def tell_planner(*, plan: Any = None, **_: Any) -> None:
    """After migrating: of tables that were never counted, the planner knows that their company tells no rows apart."""
    if plan:
        with connection.cursor() as cursor:
            cursor.execute(TELL)
