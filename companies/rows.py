"""Many rows of one company table in one statement: what a step writes for a list of things."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.postgresql.psycopg_any import Jsonb
from django.db.models import CharField, GeneratedField, GenericIPAddressField, JSONField, Model, TextField
from django.db.models.expressions import DatabaseDefault

M = TypeVar("M", bound=Model)
LIMITS = re.compile(r"\([\d, ]+\)")  # varchar(20) in a cast would cut silently, numeric(14,2) round


def insert_rows(rows: Sequence[M]) -> list[M]:
    """Insert rows of one table in one statement, in their order; each gets its id and what the database filled in.

    Columns are sent as arrays, and the company is asked once a statement and not once a row. A column that the
    database fills is left to it, or given for every row. Nothing to insert is no statement.
    """
    if not rows:
        return []
    model = type(rows[0])
    given, filled = columns_of(model, rows[0])
    values = {field: [plain(field, getattr(row, field.attname)) for row in rows] for field in given}
    sent = tuple(field for field in given if any(value is not None for value in values[field]))  # else it is null
    found = run(insert_statement(model, sent, tuple(filled)), [values[field] for field in sent])
    for row, told in zip(rows, found, strict=True):
        for field, value in zip(filled, told, strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, connection.alias
    return list(rows)


def insert_values(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one table that nobody asks for again, each a value by column, in one statement."""
    insert_beside((model, rows))


def insert_beside(*tables: tuple[type[Model], Sequence[Mapping[str, Any]]]) -> None:
    """Insert rows of tables that don't refer to each other, as `insert_values` does, all in one statement."""
    parts = [values_part(model, rows) for model, rows in tables if rows]
    if not parts:
        return
    *others, (last, _values) = parts
    beside = ", ".join(f"t{place} AS ({statement})" for place, (statement, _values) in enumerate(others))
    run(f"WITH {beside} {last}" if beside else last, [value for _statement, values in parts for value in values])


def values_part(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> tuple[str, list[Any]]:
    """The statement that inserts the rows, and its arrays."""
    given = [field for field in model._meta.concrete_fields if field.attname in rows[0]]
    values = [[plain(field, row[field.attname]) for row in rows] for field in given]
    sent = [place for place, column in enumerate(values) if any(value is not None for value in column)]
    return insert_statement(model, tuple(given[place] for place in sent), ()), [values[place] for place in sent]


def update_rows(rows: Sequence[Model], *names: str) -> None:
    """Write the named fields of rows that are there, in one statement."""
    if not rows:
        return
    fields = fields_of(type(rows[0]), names)
    values = [[plain(field, getattr(row, field.attname)) for row in rows] for field in fields]
    run(update_statement(type(rows[0]), names), [[row.pk for row in rows], *values])


def run(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Carry out a statement whose arrays travel as they are, since writing them out costs most."""
    django: Any = connection
    django.ensure_connection()
    with django._prepare_cursor(ServerBindingCursor(django.connection)) as cursor:  # type: ignore[call-arg]
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def fields_of(model: type[Model], names: Sequence[str]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


@cache
def update_statement(model: type[Model], names: tuple[str, ...]) -> str:
    """The statement that updates any number of rows in the named fields."""
    quote = connection.ops.quote_name
    fields = fields_of(model, names)
    sets = ", ".join(f"{quote(field.column)} = u.c{place}" for place, field in enumerate(fields))
    arrays = ", ".join(f"%b::{kind(field)}[]" for field in fields)
    columns = ", ".join(f"c{place}" for place in range(len(fields)))
    return (
        f"UPDATE {quote(model._meta.db_table)} t SET {sets} FROM unnest(%b::bigint[], {arrays}) AS u(id, {columns}) "  # noqa: S608  names of our own models
        "WHERE t.id = u.id"
    )


def columns_of(model: type[Model], row: Model) -> tuple[list[Any], list[Any]]:
    """The columns that the rows bring, and those that the database fills: its key, and defaults that nobody set."""
    given: list[Any] = []
    filled: list[Any] = []
    for field in model._meta.concrete_fields:
        value = None if isinstance(field, GeneratedField) else getattr(row, field.attname)
        left = isinstance(field, GeneratedField) or isinstance(value, DatabaseDefault)
        (filled if left or (field.primary_key and value is None) else given).append(field)
    return given, filled


@cache
def insert_statement(model: type[Model], given: tuple[Any, ...], filled: tuple[Any, ...]) -> str:
    """The statement that inserts any number of rows with these columns."""
    quote = connection.ops.quote_name
    company = all(field.name != "company" for field in given)
    returning = f" RETURNING {', '.join(quote(field.column) for field in filled)}" if filled else ""
    into = [quote(field.column) for field in given]
    arrays = [f"%b::{'text' if isinstance(field, ArrayField) else kind(field)}[]" for field in given]
    taken = [f"u.c{place}::{kind(field)}" for place, field in enumerate(given)]
    names = [f"c{place}" for place in range(len(given))]
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(into + ['company_id'] * company)}) "  # noqa: S608  names of our own models
        f"SELECT {', '.join(taken + ['(SELECT sec.company())'] * company)} "
        f"FROM unnest({', '.join(arrays)}) WITH ORDINALITY AS u({', '.join(names)}, place) ORDER BY u.place{returning}"
    )


def kind(field: Any) -> str:
    """The column's type without its limits, which the table itself holds."""
    return LIMITS.sub("", field.db_type(connection) or "")


def plain(field: Any, value: Any) -> Any:
    """A value as it is sent."""
    if value is None:
        return None
    if isinstance(field, JSONField):
        return Jsonb(value)
    if isinstance(field, CharField | TextField | GenericIPAddressField):
        return str(value)
    if isinstance(field, ArrayField):
        return "{" + ",".join(str(each) for each in value) + "}"
    return value
