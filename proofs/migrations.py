"""bin/proof migrations: the quick way of migrating makes the database that Django's own way makes, to the byte."""

import json
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from typing import Any

from config.launch.postgres import find_binaries
from proofs._record import keep_result

WAYS = ("quick", "whole")


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where both schemas are the same."""
    if arguments:
        return make(arguments[0])
    made = {way: json.loads(told(way)) for way in WAYS}
    lines = {way: written(made[way]["schema"]) for way in WAYS}
    different = sum(one != other for one, other in zip(*lines.values(), strict=False))
    different += abs(len(lines["quick"]) - len(lines["whole"]))
    result = {
        "lines of the schema": len(lines["whole"]),
        "lines that differ": different,
        "processor seconds, quick": made["quick"]["seconds"],
        "processor seconds, whole": made["whole"]["seconds"],
        "ok": different == 0 and len(lines["whole"]) > 10_000,
    }
    print(json.dumps(result), flush=True)
    keep_result("migrations", result)
    return 0 if result["ok"] else 1


def told(way: str) -> str:
    """What the process of one way prints last."""
    env = {**os.environ, "POLISDESK_TEST_DB": f"test_migrations_{way}"}
    done = subprocess.run([sys.executable, "-m", "proofs.migrations", way], env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


def written(schema: str) -> list[str]:
    """A dump without the lines that are drawn by lot."""
    return [line for line in schema.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def make(way: str) -> int:
    """Make a database in a process of its own, and print its schema and how long it took."""
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    from companies.management.commands import migrate
    from tests.conftest import OWNER, as_owner

    if way == "whole":
        migrate.models_drawn_alone = nullcontext  # type: ignore[assignment]
    began = time.process_time()
    with as_owner():
        config: Any = setup_databases(verbosity=0, interactive=False)
        seconds = round(time.process_time() - began, 1)
        schema = dumped({**OWNER, "NAME": os.environ["POLISDESK_TEST_DB"]})
        teardown_databases(config, verbosity=0)
    print(json.dumps({"seconds": seconds, "schema": schema}))
    return 0


def dumped(where: dict[str, Any]) -> str:
    """The schema as PostgreSQL's own program writes it."""
    server = ["-h", where["HOST"], "-p", str(where["PORT"] or 5432), "-U", where["USER"], "-d", where["NAME"]]
    env = {**os.environ, "PGPASSWORD": where["PASSWORD"]}
    done = subprocess.run(
        [find_binaries() / "pg_dump", "--schema-only", *server], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
