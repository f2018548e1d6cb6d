"""bin/proof mutants: slips of the hand in rights, windows and scope are found by the tests.

Each mutant is one change in a file that `bin/test --cover` measures. It meets the tests that run its line, the fastest
first, in a child of one warm process.
"""

import argparse
import json
import os
import sys
import time
from typing import Any

from config.launch.child import foreground
from config.launch.covered import DATA, TESTS, files, measure
from config.launch.places import ROOT
from proofs._mutant_server import ASKED
from proofs._record import keep_result

LEAST = 0.85  # of the mutants are killed
FIRST = "tests/companies/test_rights.py::test_new_login_has_nothing"
RESULT = DATA / "mutants.json"


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="bin/proof mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=400, help="so many, by the seed; 0: all")
    parser.add_argument("--seed", type=int, default=20270102)
    parser.add_argument("--measured", action="store_true", help="which test runs which line is known from the last run")
    parser.add_argument("--only", default="", help="files whose name holds this")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    if not asked.measured and measure(["-q", "-p", "proofs._contexts", *TESTS], env=os.environ):
        return 1
    result = prove(asked.sample or sys.maxsize, asked.seed, asked.only) | {"seconds": round(time.monotonic() - began)}
    survivors = result.pop("survivors")
    print(json.dumps(result | {"survivors": survivors}), flush=True)
    if not asked.only:
        keep_result("mutants", result)
    return 0 if result["ok"] else 1


def prove(sample: int, seed: int, only: str) -> dict[str, Any]:
    """How many mutants were tried, and what became of them."""
    told = {
        "files": [path for path in files() if only in path], "sample": sample, "seed": seed, "first": FIRST,
        "data": str(DATA / "data"), "seconds": json.loads((DATA / "seconds.json").read_text()), "result": str(RESULT),
    }  # fmt: skip
    tests = sorted({node.split("::")[0] for node in told["seconds"]})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "proofs._mutant_server", *tests]
    if code := foreground(command, env=os.environ | {ASKED: json.dumps(told)}, cwd=ROOT):
        raise SystemExit(code)
    found = json.loads(RESULT.read_text())
    share = found.get("killed", 0) / max(1, found["tried"] - found.get("not made", 0))
    return {
        "files": len(told["files"]), "mutants": found["mutants"], "tried, by chance": found["tried"],
        "killed": found.get("killed", 0), "timed out": found.get("timeout", 0), "survived": found.get("survived", 0),
        "no test runs it": found.get("not run", 0), "can't be made": found.get("not made", 0),
        "killed, percent": round(100 * share, 1),
        "files of which a test passes with nothing changed": found["controls"].get("survived", 0),
        "ok": share >= LEAST and set(found["controls"]) == {"survived"}, "survivors": found["survivors"],
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
