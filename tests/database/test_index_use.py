"""What we search by finds its index behind the wall: only leakproof comparisons do (traps 8, finding 4)."""

from collections.abc import Iterator

import pytest

from tests.conftest import role_connection
from tests.database import clone
from tests.database.clone import A, B
from tests.database.conftest import inside

MANY = 4000
FILLED = {
    "relations_party": {
        "number": "'R' || n", "sort_key": "'n' || n", "email": "n || '@x.example'",
        "birth_date": "date '1900-01-01' + n::int",
        "membership_id": "null", "folder_id": "null",
    },
    "relations_address": {
        "party_id": "n", "postcode": "(1000 + n)::text", "valid_from": "date '2000-01-01' + n::int",
        "valid_until": "date '2000-01-02' + n::int",
    },
    "companies_trailentry": {"case_id": "n", "subject_id": "n"},
    "companies_job": {"key": "'job' || n", "ticket": "gen_random_uuid()"},
    "ledger_line": {"entry_id": "n", "debit": "n", "credit": "0"},
}  # fmt: skip


@pytest.fixture(scope="module")
def full(walled: str) -> Iterator[str]:
    """The copy with some thousand rows of two companies in the tables we search."""
    with role_connection("bo_owner", dbname=walled) as owner:
        for table, said in FILLED.items():
            with owner.transaction():
                owner.execute(f"alter table {table} no force row level security")
                for company, first in ((A, 1001), (B, 10_001)):
                    owner.execute(
                        clone.insert_many(owner, table, first=first, last=first + MANY, company=company, **said)
                    )
                owner.execute(f"alter table {table} force row level security")
            owner.execute(f"analyze {table}")
        yield walled
        for table in FILLED:
            with owner.transaction():
                owner.execute(f"alter table {table} no force row level security")
                owner.execute(f"delete from {table} where id > 1000")
                owner.execute(f"alter table {table} force row level security")


def condition(walled: str, where: str, table: str) -> str:
    """The index condition of a search by the office, empty if there's none beyond the company."""
    with inside(walled, "bo_app", company=A, door="office") as login:
        lines = [
            row[0].strip()
            for row in login.execute(f"explain (costs off) select id from {table} where {where}").fetchall()
        ]
    found = next((line for line in lines if line.startswith("Index Cond")), "")
    return found.replace("company_id = (InitPlan 1).col1", "").removeprefix("Index Cond: ")


@pytest.mark.parametrize(
    ("table", "where", "column"),
    [
        ("relations_party", "sort_key >= 'n12' and sort_key < 'n13'", "sort_key"),
        ("relations_party", "email = '1500@x.example'", "email"),
        ("relations_party", "birth_date = '1904-05-05'", "birth_date"),
        ("relations_party", "number = 'R1500'", "number"),
        ("relations_address", "postcode = '3500' and house_number = 'a'", "postcode"),
        ("companies_trailentry", "case_id = 1500", "case_id"),
        ("companies_job", "key = 'job1500'", "key"),
        ("ledger_line", "amount_cents = 150000", "amount_cents"),
    ],
)
def test_search_uses_its_index(full: str, table: str, where: str, column: str) -> None:
    assert column in condition(full, where, table)


@pytest.mark.parametrize(
    ("table", "where", "column"),
    [
        (
            "relations_address",
            "daterange(valid_from, valid_until) @> date '2006-06-01' and party_id = 1500",
            "daterange",
        ),
        ("relations_party", "upper(email) = '1500@X.EXAMPLE'", "upper"),
        ("relations_party", "sort_key like 'n15%'", "sort_key"),
    ],
)
def test_why_we_never_search_by_these(full: str, table: str, where: str, column: str) -> None:
    assert column not in condition(full, where, table)


def test_comparisons_we_search_by_are_leakproof(full: str) -> None:
    with role_connection("bo_app", dbname=full) as login:
        kinds = dict(login.execute(
            "select proname, proleakproof from pg_proc where proname in "
            "('int8eq', 'texteq', 'date_eq', 'date_le', 'text_ge', 'uuid_eq', 'numeric_eq', "
            "'range_contains_elem', 'textlike')"
        ).fetchall())  # fmt: skip
    assert {name for name, leakproof in kinds.items() if not leakproof} == {
        "numeric_eq",
        "range_contains_elem",
        "textlike",
    }
