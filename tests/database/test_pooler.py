"""Behind a pooler in transaction mode clients take turns on one server connection; what one has set, no other sees."""

import json
import os
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections, transaction

from companies.actor import ROBOT
from companies.doors import Door
from companies.prepared import preparing
from companies.scope import company_scope
from config.environment import database
from config.launch.account import account
from relations.models import Address, Party
from tests.contexts import set_context
from tests.database.clone import A, B
from tests.folders import servers_folder

CLIENTS, TURNS = 8, 500  # of each client
CONFIGURATION = """[databases]
* = host={sockets}
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 1
"""


COUNTED = ("transactions", "own rows", "rows of the other company", "rows without a company")


class RolledBack(Exception):
    """What a client throws to take its work back."""


def pooler() -> str:
    """The program; without it the test skips, and fails in a build (POLISDESK_CI=1)."""
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is not None:
        return found
    message = "Expected pgbouncer on PATH; found none. On Debian: apt-get install pgbouncer"
    if os.environ.get("POLISDESK_CI") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def address(walled: str) -> Iterator[str]:
    """DATABASE_URL of the filled copy by way of a pooler with one server connection."""
    program = pooler()
    password = json.loads(Path(os.environ["POLISDESK_TEST_ROLES"]).read_text())["bo_app"]
    with servers_folder("pooler") as folder:
        sockets = connections["default"].settings_dict["HOST"]
        (folder / "users").write_text(f'"bo_app" "{password}"\n')
        (folder / "pooler.ini").write_text(CONFIGURATION.format(sockets=sockets, folder=folder))
        for path in (folder, folder / "users", folder / "pooler.ini"):
            account().own(path)
        child = subprocess.Popen(
            [program, "-q", str(folder / "pooler.ini")], stderr=subprocess.DEVNULL, **account().popen
        )
        try:
            url = f"postgresql://bo_app:{password}@:6432/{walled}?host={quote(str(folder), safe='/')}"
            wait_for(url)
            yield url
        finally:
            child.terminate()
            child.wait()


def wait_for(url: str) -> None:
    until = time.monotonic() + 20
    while True:
        with suppress(psycopg.OperationalError):
            return psycopg.connect(url).close()
        assert time.monotonic() < until, "the pooler doesn't answer"
        time.sleep(0.05)


@pytest.fixture
def pooled(address: str, django_db_blocker: Any) -> Iterator[None]:
    """Django's connections go by the pooler, with the settings that every process has."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    with django_db_blocker.unblock():
        connections["default"].close()
        settings.update(database(address))
        try:
            yield
        finally:
            connections["default"].close()
            settings.clear()
            settings.update(before)


def seen() -> set[int]:
    """The companies whose people and addresses this transaction sees."""
    return {row for model in (Party, Address) for row in model.objects.values_list("company_id", flat=True)}


def take_turn(dice: random.Random, found: Counter[str]) -> None:
    """One transaction: inside a company, one in ten taken back, or one in ten with nothing set."""
    company = dice.choice([A] * 9 + [B] * 9 + [None] * 2)
    if company is None:
        with transaction.atomic():
            found["rows without a company"] += len(seen())
            return
    with suppress(RolledBack), company_scope(company, door=Door.WORKER, actor=ROBOT):
        companies = seen()
        found["rows of the other company"] += len(companies - {company})
        found["own rows"] += len(companies & {company})
        found["rows changed"] += Party.objects.update(family_name=f"{dice.random()}")
        if dice.random() < 0.1:
            found["taken back"] += 1
            raise RolledBack


def client(number: int) -> Counter[str]:
    """One client's turns; each is one transaction."""
    dice, found = random.Random(number), Counter[str]()
    try:
        for _turn in range(TURNS):
            with preparing():  # as a worker does each job
                take_turn(dice, found)
            found["transactions"] += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            found[f"backend {cursor.fetchone()[0]}"] += 1
    except psycopg.Error as error:
        found[f"error: {error}"] += 1
    finally:
        connection.close()
    return found


def test_eight_clients_on_one_server_connection_see_their_own_company_only(pooled: None) -> None:
    with ThreadPoolExecutor(CLIENTS) as threads:
        found = sum(threads.map(client, range(CLIENTS)), Counter[str]())
    print({name: found[name] for name in (*COUNTED, *found)})
    inside = found["rows changed"]
    assert found["transactions"] == CLIENTS * TURNS and inside > 3000 and found["taken back"] > 200
    assert found["own rows"] == inside, "each transaction of a company saw its row"
    assert found["rows of the other company"] == found["rows without a company"] == 0
    assert [name for name in found if name.startswith("error")] == []
    assert [found[name] for name in found if name.startswith("backend")] == [CLIENTS], "all on one connection"


def test_context_left_in_the_session_is_refused_to_the_next_client(pooled: None, address: str) -> None:
    """As a plain setting it would have been the next client's company."""
    with psycopg.connect(address, autocommit=True) as careless:
        with careless.transaction():
            set_context(careless, company=B, door="worker")
            kept = careless.execute("select current_setting('app.context')").fetchone()
        careless.execute("select set_config('app.context', %s, false)", kept)
    try:
        with pytest.raises(ProgrammingError, match="forged context"):
            seen()
    finally:
        with psycopg.connect(address, autocommit=True) as careless:
            careless.execute("select set_config('app.context', '', false)")
    assert seen() == set()
