from django.db import connection

from common.db import step

MOST = 20_000


@step
def fold(*, most: int = MOST) -> int:
    """Fold deltas of the current company into its totals; how many were removed. Reading gives the same before and
    after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.fold_deltas(%s)", [most])
        (removed,) = cursor.fetchone()
    return int(removed)
