"""bin/proof operator: the computing centre's login is tried on every company table and every page of the office.

Runs the tests of the wall between it and the companies on a database of their own, counts them, and writes day and
figures where each company's administrators read them (the page “Your wall”).
"""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from config.launch.places import ROOT
from proofs._record import commit, keep_result

TESTS = ("tests/database/test_operator_windows.py", "tests/operator")
WALL = ROOT / "companies" / "operator" / "wall_proof.json"


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    code, result = commit(), prove()
    print(json.dumps(result), flush=True)
    if result["ok"]:
        keep_result("operator", result)
        kept = {"on": f"{datetime.now(UTC):%Y-%m-%d}", "commit": code, **result}
        WALL.write_text(json.dumps({key: kept[key] for key in ("on", "tables", "rows", "checks", "commit")}) + "\n")
    return 0 if result["ok"] else 1


def prove() -> dict[str, Any]:
    """What the tests found: tables tried, rows read without a window (a row would be a failure), checks passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    counted = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    from tests.database.reviewed import OPERATOR_SEES

    return {
        "tables": sum(len(tables) for tables in OPERATOR_SEES.values()),
        "rows": 0 if done.returncode == 0 else "at least one",
        "checks": counted.get("passed", 0),
        "failed": counted.get("failed", 0) + counted.get("error", 0),
        "ok": done.returncode == 0 and counted.get("passed", 0) >= 60,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
