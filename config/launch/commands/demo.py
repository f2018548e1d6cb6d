"""bin/demo: the whole application with demo companies, by one command."""

import argparse
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from config.launch.environment import configured
from config.launch.errors import LaunchError
from config.launch.locks import hold
from config.launch.machine import ensure_libraries
from config.launch.places import ROOT, places
from config.launch.stack import PORT, Stack


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C, or walk the chain once with --smoke."""
    asked = _parser().parse_args(arguments)
    if names := configured():
        print(
            f"bin/demo uses servers of its own and refuses to run with {' and '.join(names)} set. "
            "Unset it for the demo, or start the application by docker-compose.yml.",
            file=sys.stderr,
        )
        return 2
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell has switched it off
    ensure_libraries()
    if asked.smoke:
        return _smoke(fresh=not asked.keep, policies=asked.policies)
    if asked.fresh:
        clear(ROOT / "var" / "demo")
    return _serve(port=asked.port, policies=asked.policies)


def clear(var: Path) -> None:
    """Remove an application's data, servers stopped, unless it runs."""
    place = places(var)
    lock = hold(place.root / "stack.lock", shared=False)
    if lock is None:
        raise LaunchError(f"An application runs from {place.root}; stop it first.")
    with lock:
        from config.launch.cluster import Cluster

        Cluster(var).stop(anyway=True)
        shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(place.root, ignore_errors=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="Sets everything up and serves the application with demo companies until Ctrl-C."
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help="the office's port; the front office takes the next (default 8000)"
    )
    parser.add_argument(
        "--policies", type=int, default=0, metavar="N",
        help="take over N policies of several years first; interrupted, the same command goes on",
    )  # fmt: skip
    parser.add_argument("--fresh", action="store_true", help="begin with an empty database: the demo's data is deleted")
    parser.add_argument(
        "--smoke", action="store_true", help="walk the whole chain over HTTP, print one JSON object, exit 0 or 1"
    )
    parser.add_argument("--keep", action="store_true", help="with --smoke: go on with the data of the last walk")
    return parser


def _serve(*, port: int, policies: int) -> int:
    began = time.monotonic()
    print("Polisdesk starts.", file=sys.stderr, flush=True)
    stack = Stack(ROOT / "var" / "demo", demo=True, port=port, policies=policies)
    try:
        stack.start()
        print(f"\nPolisdesk is ready ({time.monotonic() - began:.1f} s).")
        for process in stack.table:
            if process.probe == "http":
                print(f"  {process.title:<14} {stack.addresses[process.name]}")
        print(f"  {'Logs':<14} {os.path.relpath(stack.places.logs)}\nCtrl-C stops it.", flush=True)
        return stack.watch()
    finally:
        stack.stop()


def _smoke(*, fresh: bool, policies: int) -> int:
    from config.launch import smoke

    var = ROOT / "var" / "smoke"
    if fresh:
        clear(var)
    stack = Stack(var, demo=True, port=0, policies=policies)
    try:
        return smoke.main(stack)
    finally:
        stack.stop()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
