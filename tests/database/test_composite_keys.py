"""A link into another company is refused by every key, whoever writes it (finding 3: keys ignore row security)."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, models
from psycopg import errors

from companies.fields import CompanyForeignKey, CompanyModel
from tests.conftest import as_owner, role_connection
from tests.database import catalogue, clone
from tests.database.clone import A, B
from tests.database.reviewed import PLAIN_IDS


@pytest.fixture(scope="module")
def loose(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner in one transaction, rolled back: forced row security, checks and guards are off, the keys stand."""
    with role_connection("bo_owner") as owner, owner.transaction(force_rollback=True):
        owner.execute("set constraints all deferred")
        for table, name in catalogue.rows(
            owner,
            "select conrelid::regclass::text, quote_ident(conname) from pg_constraint "
            "where contype = 'c' and connamespace = 'public'::regnamespace",
        ):
            owner.execute(f"alter table {table} drop constraint {name}")
        for table in catalogue.company_tables(owner):
            owner.execute(f'alter table "{table}" disable trigger user')
            owner.execute(f'alter table "{table}" no force row level security')
        yield owner


def link_refused(owner: psycopg.Connection[Any], key: tuple[str, str, str, str], *, child: int) -> bool:
    """Whether a row of company `child` may point at a row of company B through one key; all other keys stay unasked."""
    table, name, column, to = key
    try:
        with owner.transaction(force_rollback=True):
            itself = {column: "null"} if table == to else {}
            if table == to == "relations_party":
                itself |= {"membership_id": "null", "folder_id": "null"}  # a login stands for one party
            owner.execute(clone.insert(owner, to, row=7001, company=B, **itself))
            owner.execute(clone.insert(owner, table, row=7002, company=child, **{column: "7001"}))
            owner.execute(f'set constraints "{name}" immediate')
    except errors.ForeignKeyViolation:
        return True
    return False


def test_every_key_stays_inside_its_company(loose: psycopg.Connection[Any]) -> None:
    keys = catalogue.composite_keys(loose)
    assert len(keys) >= 81
    assert [key for key in keys if not link_refused(loose, key, child=A)] == []
    assert [key for key in keys if link_refused(loose, key, child=B)] == [], "the same link inside one company passes"


def test_no_id_stands_without_a_key_or_a_reason(loose: psycopg.Connection[Any]) -> None:
    assert catalogue.plain_ids(loose) == set(PLAIN_IDS)


class Shelf(CompanyModel):
    """A throwaway table."""

    class Meta:
        app_label = "throwaway"


class Book(CompanyModel):
    """A throwaway table that points to another."""

    shelf = CompanyForeignKey(Shelf, models.PROTECT, db_constraint=False)

    class Meta:
        app_label = "throwaway"


class BookWithKey(CompanyModel):
    """The same table once its key has been added."""

    shelf = CompanyForeignKey(Shelf, models.PROTECT)

    class Meta:
        app_label = "throwaway"
        db_table = "throwaway_book"
        managed = False


@pytest.fixture
def shelves(transactional_db: None) -> Iterator[None]:
    """Two walled company tables, made by our schema editor as the owner; nothing of it stays."""
    with as_owner():
        editor = connection.schema_editor()
        with editor:
            editor.create_model(Shelf)
            editor.create_model(Book)
            for table in ("throwaway_shelf", "throwaway_book"):
                editor.execute(f"alter table {table} enable row level security")
                editor.execute(f"alter table {table} force row level security")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("drop table throwaway_book, throwaway_shelf")


def put(*, book: int, shelf: int) -> None:
    """A shelf of company 1 and a book of another company on it, past the wall."""
    with connection.cursor() as cursor:
        cursor.execute("insert into companies_company (id, slug, name, kind, country, currency, language, time_zone) "
                       "select n, 's' || n, 'S', 'broker', 'NL', 'EUR', 'nl', 'Europe/Amsterdam' "
                       "from generate_series(1, 2) n")  # fmt: skip
        for table in ("throwaway_shelf", "throwaway_book"):
            cursor.execute(f"alter table {table} no force row level security")
        cursor.execute("insert into throwaway_shelf (id, company_id) values (1, %s)", [shelf])
        cursor.execute("insert into throwaway_book (id, company_id, shelf_id) values (1, %s, 1)", [book])
        for table in ("throwaway_shelf", "throwaway_book"):
            cursor.execute(f"alter table {table} force row level security")


def key_is_refused(statement: str) -> bool:
    try:
        with connection.schema_editor() as editor:
            editor.execute(statement, params=None)
    except Exception as error:
        assert "violates foreign key constraint" in str(error)
        return True
    return False


def added_key() -> str:
    """The statement with which our editor adds the key of a field that comes later."""
    field: Any = BookWithKey._meta.get_field("shelf")
    editor: Any = connection.schema_editor()
    return str(editor._create_fk_sql(BookWithKey, field, "_fk"))


def test_key_added_later_finds_rows_that_violate_it(shelves: None) -> None:
    put(book=2, shelf=1)
    assert key_is_refused(added_key())


def test_plain_key_added_under_force_would_find_nothing(shelves: None) -> None:
    """The trap itself (traps 5): under FORCE the owner sees no row, so the engine lifts it while it looks."""
    put(book=2, shelf=1)
    plain = added_key()
    statement = next(part for part in plain.split(";") if "FOREIGN KEY" in part)
    assert not key_is_refused(statement)


def test_key_added_later_accepts_good_rows_and_leaves_the_wall_up(shelves: None) -> None:
    put(book=1, shelf=1)
    assert not key_is_refused(added_key())
    with connection.cursor() as cursor:
        cursor.execute(
            "select bool_and(relforcerowsecurity) from pg_class where relname like 'throwaway\\_%' and relkind = 'r'"
        )
        assert cursor.fetchone() == (True,)
