from django.db import connection
from django.db.models.expressions import RawSQL
from psycopg import sql

from ledger.selectors.rows import rows_of

NAMES = "SELECT name FROM relations_party WHERE number = %s"


def bad(name, numbers, cursor, parties):
    cursor.execute("SELECT 1 FROM t WHERE name = '" + name + "'")  # bad
    cursor.execute(f"SELECT 1 FROM t WHERE name = '{name}'")  # bad
    cursor.execute("SELECT 1 FROM t WHERE name = '%s'" % name)  # bad
    cursor.execute("SELECT 1 FROM {}".format(name), [1])  # bad
    cursor.executemany("INSERT INTO t VALUES (" + ", ".join(numbers) + ")", [])  # bad
    statement = "SELECT 1 FROM t"
    if name:
        statement += f" WHERE name = '{name}'"
    cursor.execute(statement)  # bad
    with connection.cursor() as other:
        other.execute(f"DROP TABLE {name}")  # bad
    rows_of(tuple, f"SELECT {name}", {})  # bad
    parties.raw("SELECT * FROM t WHERE name = '%s'" % name)  # bad
    parties.extra(where=[f"name = '{name}'"])  # bad
    return RawSQL(f"lower({name})", [])  # bad


def good(name, cursor, table):
    cursor.execute(NAMES, [name])
    cursor.execute("SELECT 1 FROM t " "WHERE name = %s", [name])
    cursor.execute("SELECT 1 FROM t " + "WHERE name = %s", [name])
    cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
    cursor.execute("SELECT %s", [f"{name}!"])
    rows_of(tuple, NAMES, {"name": f"{name}!"})
