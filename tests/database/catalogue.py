"""What the database's own catalogue says about the wall: every table looked at, every fault named.

The wall is laid by migration operations; this reads what actually stands, so that a table, key, grant, policy, view or
function that came by another road is found as well.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from companies.ground import GROUND
from tests.database.reviewed import OPERATOR_SEES, SEARCH_PATHS, UNIQUE_WITHOUT_COMPANY

Connection = psycopg.Connection[Any]
INSIDE = "(company_id = ( SELECT sec.company() AS company))"
DOORS = ["bo_app", "bo_operator", "bo_public"]
LETTERS = {"SELECT": "S", "INSERT": "I", "UPDATE": "U", "DELETE": "D"}
KEYS = ("id", "pgh_id")
TENANT = ("tenant", True, "*", ["bo_app"], "true", "true")
FLOOR = ("floor", False, "*", DOORS, INSIDE, INSIDE)


MODULE = {table: module for module, tables in OPERATOR_SEES.items() for table in tables}


def operator(table: str) -> tuple[Any, ...]:
    """The policy by which the operator sees a table's rows: by the module of a window, each written down."""
    key = "pgh_id" if table.endswith("event") else "id"
    may = f"( SELECT sec.operator_may('{MODULE.get(table, '')}'::text) AS operator_may)"
    shown = f"({INSIDE} AND {may} AND sec.seen('{table}'::text, {key}))"
    return ("operator", True, "r", ["bo_operator"], shown, None)


def faults(connection: Connection) -> list[str]:
    """Everything in the catalogue that breaks the wall, as `table: what`; empty if the wall stands."""
    return sorted(fault for look in LOOKS for fault in look(connection))


def rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def company_tables(connection: Connection) -> list[str]:
    """The tables of schema public that aren't ground: each must stand behind the wall."""
    found = rows(
        connection, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )
    return sorted(table for (table,) in found if table not in GROUND)


def row_security(connection: Connection) -> Iterator[str]:
    found = rows(
        connection,
        "select c.relname, c.relkind, o.rolname, c.relrowsecurity, c.relforcerowsecurity, a.attnotnull "
        "from pg_class c join pg_roles o on o.oid = c.relowner "
        "left join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped "
        "where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f')",
    )
    for table, kind, owner, enabled, forced, not_null in found:
        if owner != "bo_owner":
            yield f"{table}: belongs to {owner}"
        if kind == "f":
            yield f"{table}: a foreign table knows no wall"
        if table in GROUND:
            continue
        if not_null is None:
            yield f"{table}: no company_id, and not on the list of ground tables"
        elif not not_null:
            yield f"{table}: company_id may be null"
        if not (enabled and forced):
            yield f"{table}: row security enabled={enabled} forced={forced}"


def policies(connection: Connection) -> Iterator[str]:
    standing: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for table, *rest in rows(
        connection,
        "select c.relname, p.polname, p.polpermissive, p.polcmd::text, "
        "array(select r.rolname::text from pg_roles r where r.oid = any(p.polroles) order by 1), "
        "pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) "
        "from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = 'public'::regnamespace",
    ):
        standing[table].append(tuple(rest))
    for table in company_tables(connection):
        for wanted in (TENANT, FLOOR, operator(table)):
            if wanted not in standing[table]:
                yield f"{table}: policy {wanted[0]} is missing or another"
        for policy in standing[table]:
            name, permissive, _verb, roles, *_conditions = policy
            narrower = not permissive and set(roles) <= set(DOORS)  # takes away from what is shown, adds nothing
            if (
                name not in {"tenant", "floor", "operator"}
                and not narrower
                and not (name == "door" and roles == ["bo_public"])
            ):
                yield f"{table}: policy {policy[0]} to {', '.join(policy[3]) or 'PUBLIC'} isn't one of the wall's"


def keys(connection: Connection) -> Iterator[str]:
    ours = set(company_tables(connection))
    whole = set()
    for table, index, primary, columns in rows(
        connection,
        "select c.relname, i.relname, x.indisprimary, "
        "array(select a.attname::text from unnest(x.indkey) with ordinality k(n, at) "
        "left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n order by k.at) "
        "from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid "
        "where c.relnamespace = 'public'::regnamespace and (x.indisunique or x.indisexclusion) and x.indpred is null",
    ):
        if table not in ours:
            continue
        if columns[0] == "company_id" and len(columns) == 2 and columns[1] in KEYS:
            whole.add(table)
        if columns[0] != "company_id" and not (primary and columns[0] in KEYS) and index not in UNIQUE_WITHOUT_COMPANY:
            yield f"{table}: unique index {index} doesn't lead with the company"
    yield from (f"{table}: no unique index (company_id, id)" for table in ours - whole)
    for table, name, to, mine, theirs, valid in rows(connection, FOREIGN_KEYS):
        if to in ours and (mine[0], theirs[0], len(mine)) != ("company_id", "company_id", 2):
            yield f"{table}: foreign key {name} to {to} leaves its company"
        if not valid:
            yield f"{table}: foreign key {name} isn't validated"


FOREIGN_KEYS = """
select c.relname, k.conname, t.relname,
  array(select a.attname::text from unnest(k.conkey) with ordinality n(num, at)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.num order by n.at),
  array(select a.attname::text from unnest(k.confkey) with ordinality n(num, at)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.num order by n.at),
  k.convalidated and k.conenforced
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
where k.contype = 'f' and c.relnamespace = 'public'::regnamespace order by 1, 2
"""


def composite_keys(connection: Connection) -> list[tuple[str, str, str, str]]:
    """Every key inside a company: (table, constraint, column, table it points to)."""
    return [(t, n, mine[1], to) for t, n, to, mine, theirs, _ in rows(connection, FOREIGN_KEYS) if len(mine) == 2]


def plain_ids(connection: Connection) -> set[tuple[str, str]]:
    """Every id column of a company table without any foreign key; tables of history have none at all."""
    keyed = {(table, column) for table, _, _, mine, _, _ in rows(connection, FOREIGN_KEYS) for column in mine}
    ids = rows(
        connection,
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 "
        "and a.attname ~ '_id$' and a.atttypid in ('bigint'::regtype, 'integer'::regtype) and not a.attisdropped "
        "and not exists (select from pg_attribute h where h.attrelid = c.oid and h.attname = 'pgh_id')",
    )
    ours = set(company_tables(connection))
    return {(table, column) for table, column in ids if table in ours} - keyed


def careless_grants(connection: Connection) -> Iterator[str]:
    for name, grantee, privilege in rows(
        connection,
        "select c.relname, a.grantee, a.privilege_type from pg_class c, aclexplode(c.relacl) a "
        "where c.relnamespace in ('public'::regnamespace, 'numbers'::regnamespace) and a.grantee <> c.relowner "
        "union select c.relname, x.grantee, x.privilege_type "
        "from pg_class c join pg_attribute t on t.attrelid = c.oid, "
        "aclexplode(t.attacl) x where c.relnamespace = 'public'::regnamespace and x.grantee <> c.relowner",
    ):
        if grantee == 0:
            yield f"{name}: {privilege} is granted to PUBLIC"
        elif privilege not in LETTERS:
            yield f"{name}: {privilege} passes row security and is granted"
    for schema, grantee, privilege in rows(
        connection,
        "select nspname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type from pg_namespace n, aclexplode(n.nspacl) a "
        "left join pg_roles r on r.oid = a.grantee "
        "where nspname in ('public', 'sec', 'numbers') and a.grantee <> n.nspowner",
    ):
        if privilege == "CREATE" and (schema, grantee) != ("numbers", "sec_guard"):
            yield f"schema {schema}: {grantee} may create in it"
        if grantee == "PUBLIC":
            yield f"schema {schema}: {privilege} is granted to PUBLIC"


def views(connection: Connection) -> Iterator[str]:
    for name, kind, options in rows(
        connection,
        "select c.relname, c.relkind::text, c.reloptions from pg_class c "
        "left join pg_depend d on d.objid = c.oid and d.deptype = 'e' "
        "where c.relnamespace in ('public'::regnamespace, 'sec'::regnamespace) "
        "and c.relkind in ('v', 'm') and d.objid is null",
    ):
        if kind == "m":
            yield f"{name}: a materialized view knows no wall"
        elif not {"security_invoker=true", "security_invoker=on"} & set(options or ()):
            yield f"{name}: a view without security_invoker"


def routines(connection: Connection) -> Iterator[str]:
    for name, schema, owner, definer, config, public in rows(
        connection,
        "select p.oid::regprocedure::text, n.nspname, o.rolname, p.prosecdef, p.proconfig, "
        "has_function_privilege('public', p.oid, 'execute') "
        "from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles o on o.oid = p.proowner "
        "left join pg_depend d on d.objid = p.oid and d.deptype = 'e' "
        "where n.nspname in ('public', 'sec', 'numbers') and d.objid is null",
    ):
        if not definer:
            continue
        if (schema, owner) != ("sec", "sec_guard"):
            yield f"{name}: a definer function of {owner} in schema {schema}"
        if SEARCH_PATHS.get(name, "search_path=pg_catalog, pg_temp") not in (config or []):
            yield f"{name}: a definer function without its fixed search_path"
        if public:
            yield f"{name}: a definer function that everybody may execute"


def triggers(connection: Connection) -> Iterator[str]:
    for table, name in rows(
        connection, "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal and tgenabled <> 'O'"
    ):
        yield f"{table}: trigger {name} is switched off"


LOOKS: list[Callable[[Connection], Iterator[str]]] = [
    row_security, policies, keys, careless_grants, views, routines, triggers,
]  # fmt: skip


def granted(connection: Connection) -> dict[str, dict[str, str]]:
    """Role -> table -> its verbs as letters, then the columns of an UPDATE by column: `SI U(state)`."""
    plain: dict[tuple[str, str], set[str]] = defaultdict(set)
    for role, table, privilege in rows(
        connection,
        "select r.rolname, c.relname, a.privilege_type "
        "from pg_class c, aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee "
        "where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner",
    ):
        plain[role, table].add(LETTERS.get(privilege, privilege))
    by_column: dict[tuple[str, str], str] = {}
    for role, table, privilege, columns in rows(
        connection,
        "select r.rolname, c.relname, a.privilege_type, string_agg(t.attname, ',' order by t.attname) from pg_class c "
        "join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a join pg_roles r on r.oid = a.grantee "
        "where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner group by 1, 2, 3 order by 1, 2, 3",
    ):
        letter = LETTERS.get(privilege, privilege)
        by_column[role, table] = f"{by_column.get((role, table), '')} {letter}({columns})".strip()
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for role, table in plain.keys() | by_column.keys():
        letters = "".join(sorted(plain[role, table], key=lambda letter: "SIUD".find(letter)))
        found[role][table] = f"{letters} {by_column.get((role, table), '')}".strip()
    return found


def functions(connection: Connection) -> dict[str, tuple[str, bool, str]]:
    """Function of schema sec -> (owner, definer, who else may execute it)."""
    return {
        name: (owner, definer, " ".join(sorted(who)))
        for name, owner, definer, who in rows(
            connection,
            "select p.oid::regprocedure::text, o.rolname, p.prosecdef, "
            "array(select case when a.grantee = 0 then 'PUBLIC' "
            "else r.rolname::text end from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
            "left join pg_roles r on r.oid = a.grantee where a.grantee <> p.proowner) "
            "from pg_proc p join pg_roles o on o.oid = p.proowner where p.pronamespace = 'sec'::regnamespace",
        )
    }
