"""Migration operations that lay the wall: `Wall` on each company table, `Ground` on global ones, `Definer` and
`GuardTrigger`
for functions that run as sec_guard. docs/wall.md explains them."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

VERBS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
INSIDE = "company_id = (SELECT sec.company())"
ROLES_OF_DOORS = "bo_app, bo_public, bo_operator"
CASE_IN_SIGHT = (
    "EXISTS (SELECT 1 FROM documents_case c WHERE c.company_id = {table}.company_id AND c.id = {table}.{column})"
)


# Which module of a window shows a room's tables to the operator; a room without one can't lay a wall.
MODULE_OF_ROOM = {
    "companies": "base", "relations": "base", "documents": "base", "correspondence": "base", "products": "products",
    "applications": "products", "acceptance": "products", "quotations": "products", "policies": "policies",
    "ledger": "ledger",
}  # fmt: skip
# No window shows columns by which one would act as somebody else, nor the sums that an import found in the company.
SECRETS = {"nonce", "token_hash", "ticket", "totals_before", "totals_after"}
SECRETS |= {"words", "private_words"}  # of the search index, which holds texts of every module


ASKED_A_ROW = re.compile(r'(?<!SELECT )(sec\.(?:door|party|"case"|link|membership)\(\))')


def asked_once(condition: str) -> str:
    """A policy's condition that proves the context once a statement, and not again at each row."""
    return ASKED_A_ROW.sub(r"(SELECT \1)", condition)


def in_sight(column: str = "case_id") -> str:
    """Rows that a public door sees because it sees their case (which has its own policy)."""
    return CASE_IN_SIGHT.replace("{column}", column)


class SqlOperation(Operation):
    """An operation whose work is SQL that can't be taken back; a wall is never laid down again."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The wall isn't part of Django's model state."""

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Dropping the table drops its wall; a function without its table is harmless."""

    def run(self, schema_editor: Any, *statements: str) -> None:
        for statement in statements:
            schema_editor.execute(statement, params=None)


def grants(table: str, verbs: str, role: str, update: Sequence[str] = ()) -> list[str]:
    """GRANT statements of letters S, I, U, D; with `update` the U is limited to those columns."""
    plain = ", ".join(VERBS[verb] for verb in verbs if not (verb == "U" and update))
    statements = [f'GRANT {plain} ON "{table}" TO {role}'] if plain else []
    if "U" in verbs and update:
        columns = ", ".join(f'"{column}"' for column in update)
        statements.append(f'GRANT UPDATE ({columns}) ON "{table}" TO {role}')
    return statements


def shown_to_operator(room: str, table: str, columns: Sequence[str]) -> list[str]:
    """The policy by which the operator sees a row of a company table, and is written down as having seen it."""
    key = "pgh_id" if "pgh_id" in columns else "id"
    shown = ", ".join(f'"{column}"' for column in columns if column not in SECRETS)
    return [
        f'CREATE POLICY operator ON "{table}" FOR SELECT TO bo_operator USING ({INSIDE} '
        f"AND (SELECT sec.operator_may('{MODULE_OF_ROOM[room]}')) AND sec.seen('{table}', {key}))",
        f'GRANT SELECT{f" ({shown})" if SECRETS & set(columns) else ""} ON "{table}" TO bo_operator',
    ]


class Wall(SqlOperation):
    """Row security, floor and grants of one company table. The floor holds the company for every door; `tenant` is what
    row security asks for to show bo_app anything at all.

    app, public: letters of SELECT, INSERT, UPDATE, DELETE for bo_app and bo_public; guard: for sec_guard, which
    always reads.
    update: columns bo_app may update (all, if empty). sees: what bo_public sees beside being inside the company, as
    SQL with
    `{table}` for the table. A table of history is walled by its own operation. The operator sees by windows only.
    """

    def __init__(
        self,
        model: str,
        *,
        app: str = "SIU",
        public: str = "",
        sees: str = "",
        update: Sequence[str] = (),
        public_update: Sequence[str] = (),
        guard: str = "S",
    ) -> None:
        if public and not sees:
            raise ValueError(f"Wall({model!r}): a grant to bo_public needs `sees`, which rows it may see.")
        self.model, self.app, self.public, self.sees, self.guard = model, app, public, sees, guard
        self.update, self.public_update = tuple(update), tuple(public_update)

    def deconstruct(self) -> Any:
        return (type(self).__name__, [self.model], {"app": self.app, "public": self.public})

    def describe(self) -> str:
        return f"Wall around {self.model}"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        sees = asked_once(self.sees.replace("{table}", f'"{table}"'))
        self.run(
            schema_editor,
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY tenant ON "{table}" TO bo_app USING (true) WITH CHECK (true)',
            f'CREATE POLICY floor ON "{table}" AS RESTRICTIVE TO {ROLES_OF_DOORS} '
            f"USING ({INSIDE}) WITH CHECK ({INSIDE})",
            *([f'CREATE POLICY door ON "{table}" TO bo_public USING ({sees}) WITH CHECK ({sees})'] if sees else []),
            f'REVOKE ALL ON "{table}" FROM PUBLIC',
            *grants(table, self.app, "bo_app", self.update),
            *grants(table, self.public, "bo_public", self.public_update),
            *grants(table, "".join(dict.fromkeys("S" + self.guard)), "sec_guard"),
        )
        lay_operator_policies(self, schema_editor)


OPERATOR_SEES_NOT = """
SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant')
  AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'operator')
  AND to_regprocedure('sec.seen(text, bigint)') IS NOT NULL
GROUP BY 1 ORDER BY 1
"""


def lay_operator_policies(operation: SqlOperation, schema_editor: Any) -> None:
    """Every walled table that the operator's policy doesn't stand on gets it, as soon as its functions exist."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OPERATOR_SEES_NOT)
        found: list[tuple[str, list[str]]] = cursor.fetchall()
    for table, columns in found:
        operation.run(schema_editor, *shown_to_operator(table.partition("_")[0], table, columns))


class CheckedOnce(SqlOperation):
    """On tables walled before: `tenant` lets bo_app through, and `floor` alone asks for the company. Asked twice, it is
    proved twice a table and statement, and the planner takes a company's rows for the square of their share.
    """

    def describe(self) -> str:
        return "The company is asked for once a table"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT polrelid::regclass::text FROM pg_policy WHERE polname = 'tenant' ORDER BY 1")
            tables = [table for (table,) in cursor.fetchall()]
        self.run(schema_editor, *[f"ALTER POLICY tenant ON {table} USING (true) WITH CHECK (true)" for table in tables])


POLICIES = """
SELECT format('ALTER POLICY %I ON %s', polname, polrelid::regclass), pg_get_expr(polqual, polrelid),
  pg_get_expr(polwithcheck, polrelid)
FROM pg_policy WHERE polrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1
"""


class AskedOnce(SqlOperation):
    """On policies laid before: what asks the context at each row asks once a statement."""

    def describe(self) -> str:
        return "Policies ask the context once a statement"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(POLICIES)
            found: list[tuple[str, str | None, str | None]] = cursor.fetchall()
        for policy, *conditions in found:
            for clause, condition in zip(("USING", "WITH CHECK"), conditions, strict=True):
                if condition and asked_once(condition) != condition:
                    self.run(schema_editor, f"{policy} {clause} ({asked_once(condition)})")


class OperatorSees(SqlOperation):
    """The operator's policy on all tables that were walled before it existed."""

    def describe(self) -> str:
        return "The operator's policy on every company table"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        lay_operator_policies(self, schema_editor)


class Ground(SqlOperation):
    """Grants on one global table, which is on the reviewed list of companies/ground.py."""

    def __init__(self, table: str, **verbs: str) -> None:
        self.table, self.verbs = table, verbs

    def deconstruct(self) -> Any:
        return (type(self).__name__, [self.table], self.verbs)

    def describe(self) -> str:
        return f"Grants on {self.table}"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(schema_editor, f'REVOKE ALL ON "{self.table}" FROM PUBLIC')
        for role, letters in self.verbs.items():
            self.run(schema_editor, *grants(self.table, letters, role))


class Sql(SqlOperation):
    """Plain statements of the owner, such as policies that fit no other operation."""

    def __init__(self, *statements: str) -> None:
        self.statements = statements

    def deconstruct(self) -> Any:
        return (type(self).__name__, list(self.statements), {})

    def describe(self) -> str:
        return "SQL of the wall"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(schema_editor, *self.statements)


class UpwardKey(SqlOperation):
    """The composite key of a plain id column, laid by the lowest room that knows both tables."""

    def __init__(self, table: str, column: str, to: str) -> None:
        self.table, self.column, self.to = table, column, to

    def deconstruct(self) -> Any:
        return (type(self).__name__, [self.table, self.column, self.to], {})

    def describe(self) -> str:
        return f"Key {self.table}.{self.column} to {self.to}"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        both = dict.fromkeys((self.table, self.to))
        self.run(
            schema_editor,
            *[f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY' for table in both],
            f'ALTER TABLE "{self.table}" ADD CONSTRAINT "{self.table}_{self.column}_up" '
            f'FOREIGN KEY (company_id, "{self.column}") REFERENCES "{self.to}" (company_id, id) '
            f"DEFERRABLE INITIALLY DEFERRED",
            *[f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY' for table in both],
        )


class Definer(SqlOperation):
    """A function in schema sec that runs as sec_guard, which passes row security; only `roles` may call it.

    `head` is what stands between CREATE FUNCTION and AS: name(arguments) RETURNS ... LANGUAGE ...; the body must work
    on
    the row's own company or on sec.company(), and name tables with their schema. `path` adds public where rows with a
    history are written, since its triggers name no schema; no role of a door can create there, and pg_temp stays last.
    """

    def __init__(
        self,
        head: str,
        body: str,
        *,
        roles: Sequence[str] = ("bo_app",),
        volatility: str = "",
        path: str = "pg_catalog, pg_temp",
    ) -> None:
        self.head, self.body, self.roles, self.volatility, self.path = head, body, tuple(roles), volatility, path

    def deconstruct(self) -> Any:
        return (type(self).__name__, [self.head, self.body], {"roles": self.roles})

    def describe(self) -> str:
        return f"Definer function {self.signature}"

    @property
    def signature(self) -> str:
        return self.head[: self.head.index(" RETURNS ")]

    def create(self) -> list[str]:
        signature = "sec." + without_defaults(self.signature)
        return [
            "GRANT CREATE ON SCHEMA sec TO sec_guard",
            "SET LOCAL ROLE sec_guard",
            f"CREATE OR REPLACE FUNCTION sec.{self.head} {self.volatility} SECURITY DEFINER "
            f"SET search_path = {self.path} AS $body${self.body}$body$",
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            *[f"GRANT EXECUTE ON FUNCTION {signature} TO {role}" for role in self.roles],
            "RESET ROLE",
            "REVOKE CREATE ON SCHEMA sec FROM sec_guard",
        ]

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(schema_editor, *self.create())


class GuardTrigger(Definer):
    """A trigger without a switch: its function belongs to sec_guard, so no role of the application can turn it off.

    `when` is the trigger's clause, such as "AFTER INSERT ON {table} FOR EACH ROW"; `constraint`: a constraint trigger.
    """

    def __init__(self, model: str, name: str, when: str, body: str, *, constraint: bool = False) -> None:
        super().__init__(f"{name}() RETURNS trigger LANGUAGE plpgsql", body, roles=("bo_owner",))
        self.model, self.name, self.when, self.constraint = model, name, when, constraint

    def deconstruct(self) -> Any:
        return (type(self).__name__, [self.model, self.name, self.when, self.body], {"constraint": self.constraint})

    def describe(self) -> str:
        return f"Guard {self.name} on {self.model}"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        kind = "CONSTRAINT TRIGGER" if self.constraint else "TRIGGER"
        when = self.when.replace("{table}", f'"{table}"')
        self.run(schema_editor, *self.create(), f"CREATE {kind} {self.name} {when} EXECUTE FUNCTION sec.{self.name}()")


def without_defaults(signature: str) -> str:
    """name(a bigint DEFAULT 1) as REVOKE and GRANT want it: without defaults."""
    name, _, arguments = signature.partition("(")
    parts = [part.split(" DEFAULT ")[0].strip() for part in arguments.rstrip(")").split(",")]
    return f"{name}({', '.join(parts)})"
