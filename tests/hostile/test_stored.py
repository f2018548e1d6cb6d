"""Hostile texts in every text column of a company's rows, put there past all forms: no page runs, fetches or exports
them as more than text. In the whole run only; each round another text stands in each column.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from django.urls import reverse
from psycopg import sql

from companies.doors import Door
from companies.tasks import work
from tests import operators
from tests.conftest import doors_become_roles, drop_copy, fresh_copy, role_connection
from tests.database.test_rows_behind_the_wall import in_the_copy
from tests.hostile import WHOLE, chromium, scene
from tests.hostile.attack import Attack
from tests.hostile.corpus import FORMULAS, SCRIPTS
from tests.hostile.judge import Tally
from tests.permissions import canaries

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not WHOLE, reason="Part of bin/proof hostile.")]
ROUNDS = 3
IN_ADDRESSES = {"number", "slug", "code", "public_id"}  # no person writes them, and addresses are made of them
CARRIED = 40  # texts of one column, as many as fit
TEXTS = [text for text in (*SCRIPTS, *FORMULAS) if "\x00" not in text]


@dataclass
class Stored:
    """What was put where, and what the pages made of it."""

    columns: list[canaries.Column]
    refused: list[str]
    written: int = 0
    tally: Tally = field(default_factory=Tally)
    seen: chromium.Seen = field(default_factory=chromium.Seen)


def text_for(column: canaries.Column, turn: int) -> str:
    """As many hostile texts as the column holds, other ones each turn; a row's number follows, so that they differ."""
    room = (column.length or 4000) - 8
    start, told = column.number * 7 + turn * 11, ""
    for place in range(CARRIED):
        text = TEXTS[(start + place) % len(TEXTS)]
        told += text if len(told) + len(text) <= room else ""
    told = told or "<b onclick=alert(1)>"[:room]
    return f'"{told[: room - 20]}"@hostile.example'.lower() if column.mail else told


def write(owner: Any, company: int, columns: list[canaries.Column], turn: int, stored: Stored) -> None:
    """Put the texts into all rows of a company; what a rule of the database refuses is kept out and counted."""
    for table in dict.fromkeys(column.table for column in columns):
        canaries.unforced(owner, table, "no force", "disable")
        for column in (column for column in columns if column.table == table):
            key = "pgh_id" if table.endswith("event") else "id"
            statement = sql.SQL("update {} set {} = {} || right({}::text, 5) where company_id = {}").format(
                sql.Identifier(table), sql.Identifier(column.name), sql.Literal(text_for(column, turn)),
                sql.Identifier(key), sql.Literal(company),
            )  # fmt: skip
            try:
                with owner.transaction():
                    stored.written += owner.execute(statement).rowcount
            except psycopg.Error as error:
                stored.refused.append(f"{table}.{column.name}: {error.diag.message_primary}")
        canaries.unforced(owner, table, "force", "enable")


@pytest.fixture(scope="module")
def stored(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stored]:
    """A company of its own in a copy of the database; its rows are spoiled and its pages read, round by round."""
    patch = pytest.MonkeyPatch()
    doors_become_roles(patch)
    patch.setattr(work, "apply_async", lambda **_kwargs: None)
    name = fresh_copy("_hostile")
    try:
        with in_the_copy(name, django_db_blocker):
            made = scene.build()
            found = Stored([one for one in canaries.columns() if one.name not in IN_ADDRESSES], [])
            pages: dict[str, str] = {}
            with role_connection("bo_owner", dbname=name) as owner:
                for turn in range(ROUNDS):
                    write(owner, made.world.company.pk, found.columns, turn, found)
                    pages |= read(made, found.tally, turn)
        found.seen = chromium.look(pages)
        yield found
    finally:
        patch.undo()
        drop_copy("_hostile")


def read(made: scene.Scene, tally: Tally, turn: int) -> dict[str, str]:
    """Every page of every door, judged, with its exports; for the browser each under an address of this round."""
    pages = {}
    for name, client, address in made.pages():
        with operators.as_operator() if name.startswith("operator:") else nullcontext():
            text = Attack(client, tally).read(address)
        if text:
            pages[f"{address}?round={turn}"] = text
    client, company = made.readers[Door.OFFICE], made.world.company.slug
    Attack(client, tally).read(f"{reverse('office:search', args=[company])}?q=script")
    return pages


def test_what_stands_in_the_database_is_shown_as_text(stored: Stored, figure: Callable[..., None]) -> None:
    figure("stored: columns", len(stored.columns), least=100)
    figure("stored: texts written", stored.written, least=300 * ROUNDS)
    figure("stored: texts that a rule of the database refused", len(stored.refused), least=0)
    for name in ("answers", "exports", "cells of exports", "cells made harmless"):
        figure(f"stored: {name}", stored.tally.counts[name], least=8 * ROUNDS)
    figure("stored: faults", len(stored.tally.faults), least=0)
    assert "\n".join(stored.tally.faults[:60]) == ""


def test_chromium_runs_and_fetches_nothing_of_it(stored: Stored, figure: Callable[..., None]) -> None:
    figure("stored: pages in Chromium", stored.seen.pages, least=100 * ROUNDS)
    figure("stored: executed", len(stored.seen.executed), least=0)
    figure("stored: fetched", len(stored.seen.fetched), least=0)
    assert (stored.seen.executed[:20], stored.seen.fetched[:20], stored.seen.alive[:20]) == ([], [], [])
