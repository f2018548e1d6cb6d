"""bin/test: the tests against real servers of their own."""

import os
import sys

from config.launch.child import foreground
from config.launch.cluster import Cluster
from config.launch.covered import measure, report
from config.launch.environment import test_environment
from config.launch.places import ROOT

USAGE = """bin/test [--keep | --stop | --env | --cover] [pytest arguments]

Runs the tests against the PostgreSQL and Valkey servers kept under var/test. Runs at the same time share them.

  --keep   leave the servers running for the next run (also POLISDESK_KEEP=1)
  --stop   stop servers that were kept
  --env    print the environment of a run as shell exports, servers kept running
  --cover  also measure rights, windows and scope (the list in pyproject.toml); fails where the tests leave a line or
           branch out

POLISDESK_TEST_DB names another test database, so that two runs at once don't meet (default test_polisdesk).
POLISDESK_CI=1 makes tests fail that would skip for want of a browser."""


def main(arguments: list[str]) -> int:
    """Start or find the servers, run pytest, stop them if nobody else uses them."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(USAGE)
        return 0
    cluster = Cluster(ROOT / "var" / "test", test=True, keep=_keep(arguments))
    if arguments[:1] == ["--stop"]:
        print("Stopped." if cluster.stop(anyway=True) else "In use by another run.")
        return 0
    if arguments[:1] in (["--keep"], ["--env"], ["--cover"]):
        first, *arguments = arguments
    else:
        first = ""
    with cluster:
        env = test_environment(cluster)
        if first == "--env":
            print("\n".join(f"export {name}='{env[name]}'" for name in sorted(set(env) - set(os.environ))))
            return 0
        if first == "--cover":
            return measure(["-p", "tests.covering", *arguments], env=env) or report(env)
        return foreground([sys.executable, "-m", "pytest", *arguments], env=env, cwd=ROOT)


def _keep(arguments: list[str]) -> bool:
    return os.environ.get("POLISDESK_KEEP") == "1" or arguments[:1] in (["--keep"], ["--env"])
