"""Rights, windows and scope: the files of which each line and each branch is run by a test, and how that is measured.

The list stands in one place, pyproject.toml, [tool.coverage.run]; the proof of mutants changes the same files.
"""

import shutil
import sys
import tomllib
from collections.abc import Mapping, Sequence

from config.launch.child import foreground
from config.launch.places import ROOT

DATA = ROOT / "var" / "coverage"
COVERAGE = (sys.executable, "-m", "coverage")
TESTS = (  # tests that are about these files; the others aren't measured
    "tests/companies/", "tests/operator/", "tests/pages/test_account_pages.py", "tests/pages/test_entrance.py",
    "tests/pages/test_rights_pages.py",
)  # fmt: skip


def files() -> list[str]:
    """The files of the list that hold code, from the checkout's root."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = []
    for name in table["tool"]["coverage"]["run"]["include"]:
        paths = sorted((ROOT / name.removesuffix("*")).rglob("*.py")) if name.endswith("*") else [ROOT / name]
        found += [str(path.relative_to(ROOT)) for path in paths if path.read_text(encoding="utf-8").strip()]
    return found


def measure(arguments: Sequence[str], *, env: Mapping[str, str]) -> int:
    """Run pytest with these arguments and measure; its exit code."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    code = foreground([*COVERAGE, "run", "-m", "pytest", *arguments], env=env, cwd=ROOT)
    return code or foreground([*COVERAGE, "combine", "-q"], env=env, cwd=ROOT)


def report(env: Mapping[str, str]) -> int:
    """Tell the lines and branches that no test ran; 0 where there are none."""
    print("== coverage of rights, windows and scope", flush=True)
    return foreground([*COVERAGE, "report", "--fail-under=100"], env=env, cwd=ROOT)
