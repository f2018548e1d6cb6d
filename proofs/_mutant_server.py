"""A pytest plugin: one process with everything imported and the database ready, which forks a child for each mutant.

A child puts the mutant's code in the place of the functions it changes, runs the tests that run its line, the fastest
first, and ends at the first failure.
"""

import gc
import json
import os
import random
import select
import signal
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from django.db import connections

from config.launch.places import ROOT
from proofs._mutations import Mutant, mutants_of

MOST, BUDGET = 30, 15  # tests that one mutant meets, and seconds that they took when they were measured
WARM = 1  # tests of each file that the server itself runs before, and that must pass in a child with nothing changed
SECONDS = 90  # after which a mutant is taken to hang
ENDS = {0: "survived", 1: "killed", 2: "not made"}
ASKED = "POLISDESK_MUTANTS"  # environment: files, sample, seed, data of the coverage, result


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Instead of the tests themselves: every mutant, and what became of it."""
    asked = json.loads(os.environ[ASKED])
    items = {item.nodeid: item for item in session.items}
    tests = Tests(asked["data"], asked["seconds"], set(items))
    mutants = [mutant for path in asked["files"] for mutant in mutants_of(path, (ROOT / path).read_text())]
    chosen = random.Random(asked["seed"]).sample(mutants, min(asked["sample"], len(mutants)))
    between = Between(session)
    first = items[asked["first"]]
    warm = {node: items[node] for path in asked["files"] for node in tests.of_file(path)[:WARM]}
    for item in [first, *warm.values()]:  # the database is made, and what is read once is read: addresses, templates
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=between)
    print(f"{len(warm)} tests run before", flush=True)
    gc.collect()
    between.functions = functions_of({str(ROOT / path) for path in asked["files"]})
    gc.freeze()  # children share the memory
    found: Counter[str] = Counter()
    survivors = []
    controls = []
    for path in asked["files"]:
        controls.append(meet(None, [items[node] for node in tests.of_file(path)[:WARM]], between))
        print(f"nothing changed, {controls[-1]}: {path}", flush=True)
    for mutant in sorted(chosen, key=lambda row: (row.path, row.lines)):
        nodes = tests.of(mutant)
        verdict = meet(mutant, [items[node] for node in nodes], between) if nodes else "not run"
        found[verdict] += 1
        print(f"{verdict}: {mutant} ({len(nodes)} tests)", flush=True)
        if verdict != "killed":
            survivors.append(str(mutant))
    result = {
        "mutants": len(mutants),
        "tried": len(chosen),
        "controls": Counter(controls),
        **found,
        "survivors": survivors,
    }
    Path(asked["result"]).write_text(json.dumps(result))
    return True


class Between:
    """What follows on each test: no other one, but the session goes on, and its database stays."""

    def __init__(self, session: pytest.Session) -> None:
        self.session, self.functions = session, list[FunctionType]()

    def listchain(self) -> list[Any]:
        return [self.session]


class Tests:
    """Which tests run a line, the fastest first."""

    def __init__(self, data: str, seconds: dict[str, float], known: set[str]) -> None:
        self.data, self.seconds, self.known = coverage.CoverageData(basename=data), seconds, known
        self.data.read()
        self.lines: dict[str, dict[int, list[str]]] = {}

    def of(self, mutant: Mutant) -> list[str]:
        """The tests of a mutant's lines."""
        first, last = mutant.lines
        lines = self.of_lines(mutant.path)
        return self.fastest({node for line in range(first, last + 1) for node in lines.get(line, [])})

    def of_file(self, path: str) -> list[str]:
        """The tests of a whole file: they pass where nothing is changed."""
        return self.fastest({node for nodes in self.of_lines(path).values() for node in nodes})

    def of_lines(self, path: str) -> dict[int, list[str]]:
        if path not in self.lines:
            self.lines[path] = self.data.contexts_by_lineno(str(ROOT / path))
        return self.lines[path]

    def fastest(self, found: set[str]) -> list[str]:
        rows = sorted(found & self.known, key=lambda node: (self.seconds.get(node, 1.0), node))[:MOST]
        sums = accumulate(self.seconds.get(node, 1.0) for node in rows)
        return [node for node, total in zip(rows, sums, strict=True) if total <= BUDGET or node == rows[0]]


def meet(mutant: Mutant | None, items: list[Any], between: Between) -> str:
    """What became of a mutant: killed, survived, or timeout (which counts as not killed: who knows)."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        os._exit(careful(mutant, items, between))
    handle = os.pidfd_open(child)
    ended, _write, _other = select.select([handle], [], [], SECONDS)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    os.close(handle)
    code = os.waitstatus_to_exitcode(status)
    if code not in ENDS:
        from tests.conftest import truncate  # Django is set up by now

        truncate(None)  # type: ignore[arg-type]  # what it left behind
    return ENDS.get(code, "killed") if ended else "timeout"


def careful(mutant: Mutant | None, items: list[Any], between: Between) -> int:
    """The child's exit code; nothing goes up from it into the server's own run."""
    try:
        return run(mutant, items, between)
    except BaseException:
        return 2


def run(mutant: Mutant | None, items: list[Any], between: Between) -> int:
    """In the child: 0 if all tests pass, 1 at the first that doesn't."""
    os.setsid()
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1), os.dup2(quiet, 2)
    failed: list[bool] = []
    between.session.config.pluginmanager.register(Watch(failed))
    if mutant is not None:
        put_in_place(mutant, between.functions)
    for item in items:
        between.session.config.hook.pytest_runtest_protocol(item=item, nextitem=between)
        if failed:
            return 1
    return 0


class Watch:
    def __init__(self, failed: list[bool]) -> None:
        self.failed = failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(True)


def functions_of(paths: set[str]) -> list[FunctionType]:
    """Every function of these files that is there, whoever holds it; lazy objects are asked nothing."""
    found = [each for each in gc.get_objects() if type(each) is FunctionType]
    return [function for function in found if function.__code__.co_filename in paths]


def put_in_place(mutant: Mutant, functions: list[FunctionType]) -> None:
    """Each function of the file gets its code anew, from the mutant; who holds the function holds the mutant."""
    path = str(ROOT / mutant.path)
    # nosemgrep: code-from-data (a file of ours with one place changed)
    codes = {key_of(code): code for code in codes_in(compile(mutant.tree, path, "exec"))}
    for function in functions:
        if function.__code__.co_filename == path and key_of(function.__code__) in codes:
            function.__code__ = codes[key_of(function.__code__)]


def key_of(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def pytest_report_teststatus(report: Any) -> tuple[str, str, str]:
    """Nothing is told of single tests."""
    return "", "", ""
