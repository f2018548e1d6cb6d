"""bin/proof kill_worker: 100 orders under way, the worker killed 20 times with SIGKILL, the broker emptied once.

A stack of its own (database, broker, mail server, worker). At the end there are 100 policies and 100 invoices without a
gap, the books are exact, no mail is lost, and a mail that came twice is the same mail with the same Message-ID.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import django

from config.launch.commands.demo import clear
from config.launch.errors import LaunchError
from config.launch.places import ROOT
from config.launch.processes import DEMO, Child
from config.launch.roles import TEST_LOGIN, database_url
from config.launch.stack import Stack
from proofs._record import keep_result

if TYPE_CHECKING:
    from proofs._orders import Orders

VAR = ROOT / "var" / "kill-worker"
TABLE = tuple(process for process in DEMO if process.name in {"smtp", "worker"})
PROCESSES = 2  # of one worker: so many jobs can be cut off by one kill
BUSY = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'worker' AND xact_start IS NOT NULL"


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="bin/proof kill_worker", description=__doc__)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20)
    asked = parser.parse_args(arguments)
    result = prove(orders=asked.orders, kills=asked.kills, seed=asked.seed)
    print(json.dumps(result), flush=True)
    if (asked.orders, asked.kills) == (100, 20):
        keep_result("kill_worker", result)
    return 0 if result["ok"] else 1


def prove(*, orders: int, kills: int, seed: int) -> dict[str, Any]:
    """A fresh stack, so many orders, so many kills; the figures found at the end."""
    began = time.monotonic()
    clear(VAR)
    stack = Stack(VAR, demo=False, test=True, port=0, table=TABLE)
    try:
        stack.start()
        connect(stack)
        from proofs._orders import Orders  # the models are there once the settings are read

        trial = Orders(orders)
        trial.apply()
        wait_until(lambda: trial.jobs("open", "failed") == 0, "the quotations", seconds=300)
        told("quoted", began)
        cut_off = kill_while_ordering(stack, trial, kills=kills, dice=random.Random(seed))
        told("killed", began)
        wait_until(lambda: trial.jobs("open") == 0, "the orders", seconds=300)
        told("done", began)
        found = trial.found(stack.places.mailbox, most_repeats=kills * PROCESSES)
        return {
            "orders": orders,
            "kills": kills,
            "jobs_cut_off": cut_off,
            **found,
            "seconds": round(time.monotonic() - began),
        }
    finally:
        stack.stop()


def connect(stack: Stack) -> None:
    """This process logs in to the stack's database as the login that may become each door."""
    with stack.cluster.postgres.connect("polisdesk") as superuser:
        # nosemgrep: sql-put-together (a constant; GRANT takes no parameter)
        superuser.execute(f"GRANT CONNECT ON DATABASE polisdesk TO {TEST_LOGIN}")
    os.environ.update(stack.environment("manage") | {"DATABASE_URL": database_url(stack.cluster.postgres, TEST_LOGIN)})
    django.setup()
    from django.db import connections

    # nosemgrep: around-the-wall (a proof chooses its login; the wall stands)
    connections["default"].settings_dict["OPTIONS"]["options"] = "-c role=bo_app"


def kill_while_ordering(stack: Stack, trial: "Orders", *, kills: int, dice: random.Random) -> int:
    """All orders wait; the worker is killed each time it has done its share. How many jobs were cut off."""
    worker = next(child for child in stack.children if child.process.name == "worker")
    worker.stop()
    before = trial.jobs("done")
    trial.order()
    worker.start()
    cut_off = 0
    for number in range(1, kills + 1):
        share = before + number * trial.jobs_of_orders // (kills + 2)
        wait_until(lambda share=share: trial.jobs("done") >= share, f"job {share}", seconds=120)  # type: ignore[misc]
        cut_off += kill_busy(stack, worker, dice)
        if number == kills // 2:
            empty_broker()
        worker.start()
    return cut_off


def kill_busy(stack: Stack, worker: Child, dice: random.Random) -> int:
    """Kill the worker with all its processes while it is at work; how many jobs were open at that moment."""
    assert worker.popen is not None
    with stack.cluster.postgres.connect("polisdesk") as connection:
        time.sleep(dice.uniform(0, 0.2))
        busy, until = 0, time.monotonic() + 5
        while not busy and time.monotonic() < until:
            (busy,) = connection.execute(BUSY).fetchone() or (0,)
        os.killpg(worker.popen.pid, signal.SIGKILL)
    worker.popen.wait()
    return int(busy)


def empty_broker() -> None:
    """The broker forgets everything: the jobs stand in the database."""
    import redis
    from django.conf import settings

    redis.Redis.from_url(settings.REDIS_URL).flushall()


def wait_until(reached: Callable[[], bool], what: str, *, seconds: float) -> None:
    """Look again and again, and say what is missing when the time is over."""
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            raise LaunchError(f"Expected {what} within {seconds:.0f} seconds.")
        time.sleep(0.03)


def told(what: str, began: float) -> None:
    print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
