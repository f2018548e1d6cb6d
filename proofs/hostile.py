"""bin/proof hostile: the whole hostile corpus at every input that a machine finds, and where what came in is shown.

Runs the tests of the corpus, which send a sample in the suite, with all of it: `POLISDESK_HOSTILE=whole`. Their figures
are the result; a test that looked at nothing fails.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from typing import Any

from config.launch.places import ROOT
from proofs._record import keep_result

PARTS = {
    "forms": "tests/hostile/test_forms.py",
    "applications": "tests/hostile/test_applications.py",
    "customers": "tests/hostile/test_chain.py",
    "stored": "tests/hostile/test_stored.py",
    "papers": "tests/documents/rendering/test_addresses.py",
    "files": "tests/documents/test_intake.py",
    "wire": "tests/hostile/test_wire.py",
}
PYTEST = [
    sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--show-capture=no", "--tb=short",
    "-o", "verbosity_assertions=2",  # every fault is told
]  # fmt: skip
FIGURE = re.compile(r"^ *([\d,]+)  (\S.*)$", re.MULTILINE)


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="bin/proof hostile", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one part; its result isn't kept")
    asked = parser.parse_args(arguments)
    result = prove([asked.only] if asked.only else list(PARTS))
    print(json.dumps(result), flush=True)
    if result["ok"] and not asked.only:
        keep_result("hostile", result)
    return 0 if result["ok"] else 1


def prove(parts: list[str]) -> dict[str, Any]:
    """The figures of each part, one after another."""
    began, fine = time.monotonic(), True
    result: dict[str, Any] = {}
    for part in parts:
        started = time.monotonic()
        done = subprocess.run(
            [*PYTEST, PARTS[part]],
            cwd=ROOT, env={**os.environ, "POLISDESK_HOSTILE": "whole"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        counted = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
        result |= {name: int(count.replace(",", "")) for count, name in FIGURE.findall(done.stdout)}
        result[f"{part}: tests"] = counted.get("passed", 0)
        result[f"{part}: seconds"] = round(time.monotonic() - started)
        fine = fine and done.returncode == 0 and counted.get("passed", 0) > 0
        told(f"{part}: {counted}", began)
        if done.returncode:
            told(done.stdout[-6000:], began)
    return {**result, "ok": fine, "seconds": round(time.monotonic() - began)}


def told(what: str, began: float) -> None:
    print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
