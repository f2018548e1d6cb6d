"""Everything that holds the wall, taken away piece by piece, and what doesn't belong there, given: each as SQL that the
owner of the tables runs, with the looks of `held` that must notice it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.database import held
from tests.database.catalogue import LETTERS, Connection, company_tables, composite_keys, granted, rows
from tests.database.reviewed import APPEND_ONLY, FUNCTIONS, GRANTS

DOORS = ("bo_app", "bo_public", "bo_operator")


@dataclass(frozen=True)
class Mutation:
    """One thing that is otherwise, and who must notice."""

    kind: str
    statement: str
    look: held.Look
    role: str = "bo_owner"


def all_mutations(connection: Connection) -> list[Mutation]:
    """Everything taken away and everything given that the tests try."""
    return [mutation for make in MAKERS for mutation in make(connection)]


def policies_taken(connection: Connection) -> Iterator[Mutation]:
    """Each policy dropped, and each that says more than `true` opened."""
    for table, name, shown, written, restrictive in rows(
        connection,
        "select polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid), "
        "pg_get_expr(polwithcheck, polrelid), not polpermissive from pg_policy",
    ):
        look = held.wall if name in held.OWN else held.policies
        yield Mutation(
            f"policy {'floor or unread' if restrictive else 'open'} dropped", f'drop policy "{name}" on {table}', look
        )
        if (shown or written) != "true":
            clause = "using" if shown else "with check"
            yield Mutation("policy opened", f'alter policy "{name}" on {table} {clause} (true)', look)


def row_security_taken(connection: Connection) -> Iterator[Mutation]:
    ours = company_tables(connection)
    walled = rows(connection, "select relname from pg_class where relrowsecurity and relkind = 'r' order by 1")
    for (table,) in walled:
        look = held.wall if table in ours else held.policies
        yield Mutation("FORCE taken", f'alter table "{table}" no force row level security', look)
        yield Mutation("row security taken", f'alter table "{table}" disable row level security', look)


def grants_taken(connection: Connection) -> Iterator[Mutation]:
    """Each verb of each role on each table, and each column of an UPDATE by column."""
    verbs = {letter: verb for verb, letter in LETTERS.items()}
    for role, tables in granted(connection).items():
        for table, told in tables.items():
            for word in told.split():
                letters, _, columns = word.partition("(")
                for letter in letters if not columns else "":
                    yield Mutation("grant taken", f'revoke {verbs[letter]} on "{table}" from {role}', held.grants)
                for column in columns.rstrip(")").split(",") if columns else ():
                    statement = f'revoke {verbs[letters]} ("{column}") on "{table}" from {role}'
                    yield Mutation("grant on a column taken", statement, held.grants)


def keys_taken(connection: Connection) -> Iterator[Mutation]:
    """Each key inside a company dropped, and each set aside without being dropped; each `(company_id, id)`."""
    for table, name, _column, _to in composite_keys(connection):
        yield Mutation("composite key dropped", f'alter table "{table}" drop constraint "{name}"', held.ids)
        yield Mutation(
            "composite key not enforced", f'alter table "{table}" alter constraint "{name}" not enforced', held.wall
        )
    for (index,) in rows(
        connection,
        "select indexrelid::regclass::text from pg_index join pg_class c on c.oid = indrelid "
        "where c.relnamespace = 'public'::regnamespace and indisunique and indpred is null "
        "and array(select attname::text from pg_attribute "
        "where attrelid = indrelid and attnum = any(indkey) order by 1) "
        "in (array['company_id', 'id'], array['company_id', 'pgh_id'])",
    ):
        yield Mutation("(company_id, id) dropped", without_index(connection, index), held.wall)


def without_index(connection: Connection, index: str) -> str:
    """A unique index dropped with the keys that refer to it, whether a constraint made it or not."""
    made = connection.execute(
        "select conrelid::regclass::text, conname from pg_constraint where conindid = %s::regclass and contype = 'u'",
        [index],
    ).fetchone()
    return f'alter table {made[0]} drop constraint "{made[1]}" cascade' if made else f"drop index {index} cascade"


def triggers_taken(connection: Connection) -> Iterator[Mutation]:
    """Each trigger dropped and switched off, guards and histories."""
    for table, name, guard in rows(
        connection,
        "select tgrelid::regclass::text, tgname, pronamespace = 'sec'::regnamespace "
        "from pg_trigger join pg_proc p on p.oid = tgfoid where not tgisinternal",
    ):
        kind = "guard" if guard else "history"
        yield Mutation(f"trigger of {kind} dropped", f'drop trigger "{name}" on {table}', held.guards)
        yield Mutation(f"trigger of {kind} switched off", f'alter table {table} disable trigger "{name}"', held.guards)


def execution_taken(connection: Connection) -> Iterator[Mutation]:
    """Each EXECUTE on a function of schema sec; and each definer function without its path, and run as its caller."""
    for function, grantee, owner in rows(
        connection,
        "select p.oid::regprocedure::text, case when a.grantee = 0 then 'public' else a.grantee::regrole::text end, "
        "proowner::regrole::text from pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) a "
        "where pronamespace = 'sec'::regnamespace and a.grantee <> proowner",
    ):
        yield Mutation("EXECUTE taken", f"revoke execute on function {function} from {grantee}", held.functions, owner)
    for function, owner in definers(connection):
        yield Mutation("definer without path", f"alter function {function} reset search_path", held.wall, owner)
        yield Mutation("definer made a caller", f"alter function {function} security invoker", held.functions, owner)


def definers(connection: Connection) -> list[tuple[str, str]]:
    return [
        (function, owner)
        for function, owner in rows(
            connection,
            "select oid::regprocedure::text, proowner::regrole::text from pg_proc "
            "where pronamespace = 'sec'::regnamespace and prosecdef",
        )
    ]


def schemas_taken(_connection: Connection) -> Iterator[Mutation]:
    for role in (*DOORS, "sec_guard"):
        yield Mutation("schema closed", f"revoke usage on schema sec from {role}", held.schemas)


def grants_given(connection: Connection) -> Iterator[Mutation]:
    """What no role may have: the operator reads, what is written once is changed, verbs that pass row security."""
    ours = company_tables(connection)
    tables = [table for (table,) in rows(connection, "select tablename from pg_tables where schemaname = 'public'")]
    for table in tables:
        if table not in GRANTS["bo_operator"]:
            yield Mutation("SELECT given to the operator", f'grant select on "{table}" to bo_operator', held.grants)
    for role in DOORS:
        for table in APPEND_ONLY:
            for verb in ("update", "delete", "truncate"):
                yield Mutation("written once, changed", f'grant {verb} on "{table}" to {role}', held.grants)
            yield Mutation(
                "written once, a column changed", f'grant update (company_id) on "{table}" to {role}', held.grants
            )
        yield Mutation("schema opened", f"grant create on schema sec to {role}", held.schemas)
        yield Mutation("schema opened", f"grant usage on schema numbers to {role}", held.schemas)
    for table in ours:
        yield Mutation("given to everybody", f'grant select on "{table}" to public', held.wall)
        yield Mutation("policy added", f'create policy easy on "{table}" to bo_app using (true)', held.wall)
    for function, owner in definers(connection):
        yield Mutation(
            "EXECUTE given to everybody", f"grant execute on function {function} to public", held.functions, owner
        )
        if "bo_operator" not in FUNCTIONS[function][2]:
            yield Mutation(
                "EXECUTE given to the operator",
                f"grant execute on function {function} to bo_operator",
                held.functions,
                owner,
            )


KINDS = 26  # of mutations in a database: one that nothing was found for is missed

MAKERS = (
    policies_taken, row_security_taken, grants_taken, keys_taken, triggers_taken, execution_taken, schemas_taken,
    grants_given,
)  # fmt: skip

# Of the whole cluster, by its superuser: what a role must never become.
ROLE_MUTATIONS = [
    *(Mutation(f"role {what}", f"alter role {role} {what}", held.roles)
      for role in (*DOORS, "bo_owner") for what in ("bypassrls", "superuser", "createrole", "replication")),
    *(Mutation("role createdb", f"alter role {role} createdb", held.roles) for role in DOORS),
    *(Mutation("membership given", f"grant {role} to {door}", held.roles)
      for door in DOORS for role in ("sec_guard", "bo_owner", "bo_backup", "pg_read_all_data", "pg_write_all_data")),
    Mutation("membership inherited", "grant sec_guard to bo_owner with inherit true", held.roles),
    Mutation("guard may log in", "alter role sec_guard login", held.roles),
]  # fmt: skip


def noticed(connection: Connection, mutation: Mutation) -> bool:
    """Whether the look names something once the mutation stands; all is as before afterwards."""
    with connection.transaction(force_rollback=True):
        if mutation.role != "bo_owner":
            connection.execute(f"set local role {mutation.role}")
        connection.execute(mutation.statement)
        connection.execute("reset role")
        return bool(mutation.look(connection))
