"""bin/check asvs: each requirement of docs/asvs.md names tests that are there and run."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from config.launch.places import ROOT

TABLE = ROOT / "docs" / "asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FEWEST = 20
NEVER_RUNS = {"skip", "skipif", "xfail", "shared"}  # `shared`: a test that needs files beside the checkout


def check() -> bool:
    """Whether the table holds; what doesn't is told."""
    faults = list(faults_of(TABLE.read_text(encoding="utf-8")))
    print("\n".join(faults), end="\n" if faults else "")
    return not faults


def faults_of(text: str, *, root: Path = ROOT) -> Iterator[str]:
    """Every number without a living test, every number twice, and a table that has become too short to be one."""
    rows = ROW.findall(text)
    if len(rows) < FEWEST:
        yield f"Expected at least {FEWEST} requirements, found {len(rows)}."
    numbers = [tuple(int(part) for part in row[0].split(".")) for row in rows]
    for before, after in pairwise(numbers):
        if before >= after:
            yield f"{'.'.join(map(str, after))}: stands twice or out of order"
    for number, _requirement, proofs in rows:
        tests = NAMED.findall(proofs)
        if not tests or NAMED.sub("", proofs).strip(" ,"):
            yield f"{number}: expected tests as `tests/file.py::test_name`, found {proofs.strip()}"
        yield from (
            f"{number}: {file}::{name} {fault}" for file, name in tests if (fault := fault_of(root / file, name))
        )


def fault_of(file: Path, name: str) -> str:
    """Why a test isn't one that runs; empty if it is."""
    if not file.exists() or not file.name.startswith("test_"):
        return "isn't a file of tests"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [part for part in tree.body if isinstance(part, ast.FunctionDef) and part.name == name]
    if len(found) != 1 or not name.startswith("test_"):
        return f"stands there {len(found)} times"
    marks = [
        part.value for part in tree.body if isinstance(part, ast.Assign) and "pytestmark" in ast.dump(part.targets[0])
    ]
    words = {word for part in [*marks, *found] for word in words_in(part)}
    return f"may be left out ({', '.join(sorted(words & NEVER_RUNS))})" if words & NEVER_RUNS else ""


def words_in(part: ast.AST) -> Iterator[str]:
    """Every name and attribute in a piece of code."""
    for node in ast.walk(part):
        if isinstance(node, (ast.Name, ast.Attribute)):
            yield node.id if isinstance(node, ast.Name) else node.attr
