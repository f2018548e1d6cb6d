"""The catalogue held against what was reviewed and against the models: each look names what differs, nothing if all
stands as it was reviewed.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pgtrigger

from tests.database import catalogue
from tests.database.catalogue import Connection, rows
from tests.database.reviewed import FUNCTIONS, GRANTS, PLAIN_IDS
from tests.database.reviewed_rules import GUARDED, MEMBERSHIPS, POLICIES, ROLES, SCHEMAS

Look = Callable[[Connection], list[str]]
OWN = ("tenant", "floor")


def differences(found: Mapping[Any, Any], reviewed: Mapping[Any, Any]) -> list[str]:
    """What stands otherwise than reviewed, or on one side alone."""
    keys = sorted(found.keys() | reviewed.keys(), key=str)
    return [
        f"{key}: {found.get(key)}, reviewed {reviewed.get(key)}" for key in keys if found.get(key) != reviewed.get(key)
    ]


def wall(connection: Connection) -> list[str]:
    """Whatever breaks the wall by itself."""
    return catalogue.faults(connection)


def grants(connection: Connection) -> list[str]:
    found = catalogue.granted(connection)
    flat = {(role, table): verbs for role, tables in found.items() for table, verbs in tables.items()}
    return differences(
        flat, {(role, table): verbs for role, tables in GRANTS.items() for table, verbs in tables.items()}
    )


def functions(connection: Connection) -> list[str]:
    return differences(catalogue.functions(connection), FUNCTIONS)


def ids(connection: Connection) -> list[str]:
    """Ids without a key are those with a reason."""
    return [f"{table}.{column} has no key" for table, column in catalogue.plain_ids(connection) ^ set(PLAIN_IDS)]


CONTEXT = r'sec\.(?:door|party|"case"|link|membership)\(\)'
AT_ONCE = re.compile(rf'\( SELECT ({CONTEXT}) AS "?\w+"?\)')
AT_EACH = re.compile(rf"(?<!SELECT ){CONTEXT}")


def as_they_stand(connection: Connection) -> list[tuple[str, str]]:
    """Each policy by its table and name, with all that it says."""
    said = "concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))"
    return [
        (name, text)
        for name, text in rows(connection, f"select polrelid::regclass || ' ' || polname, {said} from pg_policy")
    ]


def policies(connection: Connection) -> list[str]:
    """Policies beside the wall's own two, to the word, the context asked once a statement; that each table which has
    one looks at it.
    """
    found = {
        (table, name): (AT_ONCE.sub(r"\1", shown), AT_ONCE.sub(r"\1", written))
        for table, name, shown, written in rows(
            connection,
            "select c.relname, polname, "
            r"coalesce(regexp_replace(pg_get_expr(polqual, polrelid), '\s+', ' ', 'g'), ''), "
            r"coalesce(regexp_replace(pg_get_expr(polwithcheck, polrelid), '\s+', ' ', 'g'), '') "
            "from pg_policy join pg_class c on c.oid = polrelid where c.relnamespace = 'public'::regnamespace",
        )
        if name not in OWN
    }
    again = [
        f"{name}: asks the context at each row" for name, said in as_they_stand(connection) if AT_EACH.search(said)
    ]
    asleep = rows(
        connection,
        "select relname from pg_class c where not (relrowsecurity and relforcerowsecurity) "
        "and exists (select from pg_policy where polrelid = c.oid)",
    )
    return [*differences(found, POLICIES), *again, *(f"{table}: its policies are asleep" for (table,) in asleep)]


MOMENT = {0b1: "row", 0b10: "BEFORE", 0b100: "INSERT", 0b1000: "DELETE", 0b10000: "UPDATE"}


def moment(kind: int, deferred: bool) -> str:
    """BEFORE INSERT OR UPDATE row, as pg_trigger's bits say it."""
    verbs = " OR ".join(MOMENT[bit] for bit in (0b100, 0b10000, 0b1000) if kind & bit)
    when = "BEFORE" if kind & 0b10 else "AFTER"
    return f"{when} {verbs} {'row' if kind & 1 else 'statement'}{' at commit' if deferred else ''}"


def guards(connection: Connection) -> list[str]:
    """Every trigger: the guards as reviewed, each by its function of the same name, and those of the histories."""
    found = {
        (table, name): moment(kind, deferred) if function == f"sec.{name}" else function
        for table, name, kind, deferred, function in rows(
            connection,
            "select tgrelid::regclass::text, tgname, tgtype, tginitdeferred, n.nspname || '.' || p.proname "
            "from pg_trigger join pg_proc p on p.oid = tgfoid join pg_namespace n on n.oid = p.pronamespace "
            "where not tgisinternal and tgenabled = 'O'",
        )
    }
    wanted = {(table, name): when for table, named in GUARDED.items() for name, when in named.items()}
    for model, trigger in pgtrigger.registered():
        name = trigger.get_pgid(model)
        wanted[model._meta.db_table, name] = f"public.{name}"
    return differences(found, wanted)


def schemas(connection: Connection) -> list[str]:
    found: dict[tuple[str, str], str] = {}
    for schema, role, letter in rows(
        connection,
        "select nspname, coalesce(r.rolname, 'PUBLIC'), left(a.privilege_type, 1) "
        "from pg_namespace n, aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee "
        "where nspname in ('public', 'sec', 'numbers') and a.grantee <> n.nspowner order by 1, 2, 3",
    ):
        found[schema, role] = found.get((schema, role), "") + letter
    return differences(found, {(schema, role): may for schema, who in SCHEMAS.items() for role, may in who.items()})


def roles(connection: Connection) -> list[str]:
    """What each role is, and whose it may become: of the whole cluster."""
    found = {
        name: tuple(rest)
        for name, *rest in rows(
            connection,
            "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
            "from pg_roles where rolname !~ '^pg_' and rolname <> 'postgres'",
        )
    }
    members = set(
        rows(
            connection,
            "select member.rolname, granted.rolname, inherit_option, set_option, admin_option from pg_auth_members m "
            "join pg_roles member on member.oid = m.member join pg_roles granted on granted.oid = roleid "
            "where member.rolname !~ '^pg_'",
        )
    )
    return [*differences(found, ROLES), *(f"membership {member}" for member in sorted(members ^ MEMBERSHIPS))]


LOOKS: list[Look] = [wall, grants, functions, ids, policies, guards, schemas]
