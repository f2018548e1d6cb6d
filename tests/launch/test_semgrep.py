"""bin/check semgrep finds what it is there for, in a tree as well as in its samples."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from config.launch import semgrep
from config.launch.errors import LaunchError
from config.launch.places import ROOT
from tests.tools import tool

SELECTORS = """from django.db import connection


def parties(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM relations_party WHERE name = '" + name + "'")
        {excuse}
        cursor.execute(f"SELECT '{{name}}'")
"""
REVIEWED = "# nosemgrep: sql-put-together (the name is one of ours)"
URLS = "from django.views.decorators.csrf import csrf_exempt\n\npage = csrf_exempt(print)\n"


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    tool("semgrep")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report on a tree with SQL put together twice, once reviewed, and forms without token in two rooms."""
    tree = tmp_path_factory.mktemp("tree")
    files = {
        "relations/selectors.py": SELECTORS.format(excuse=REVIEWED), "applications/urls.py": URLS,
        "policies/urls.py": URLS, "tests/policies/test_pages.py": URLS,
    }  # fmt: skip
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True)
        (tree / name).write_text(text)
    shutil.copy(ROOT / ".semgrepignore", tree)
    return semgrep.scan(tree)


def test_every_rule_sees_its_bad_lines_and_no_good_one() -> None:
    assert semgrep.unlike_samples() == []


def test_planted_lines_are_found_and_what_is_reviewed_is_not(told: dict[str, Any]) -> None:
    found = [line.split(" ")[:2] for line in semgrep.findings(told, fewest=1)]
    assert ["relations/selectors.py:6:", "sql-put-together:"] in found
    assert {at for at, _rule in found} == {"relations/selectors.py:6:", "policies/urls.py:3:"}


def test_scan_that_looked_at_hardly_anything_is_an_error(told: dict[str, Any]) -> None:
    with pytest.raises(LaunchError, match="at least 300 files, found 3"):
        semgrep.findings(told)


def test_exception_without_a_reason_is_named(tmp_path: Path) -> None:
    file = tmp_path / "relations" / "selectors.py"
    file.parent.mkdir()
    for excuse in ("# nosemgrep", "# nosemgrep: sql-put-together", "# nosemgrep: sql-put-together ()"):
        file.write_text(SELECTORS.format(excuse=excuse))
        assert len(list(semgrep.exceptions_without_reason(tmp_path))) == 1, excuse
    file.write_text(SELECTORS.format(excuse=REVIEWED))
    assert list(semgrep.exceptions_without_reason(tmp_path)) == []


def test_rule_that_misses_a_bad_line_or_has_no_sample_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = shutil.copytree(semgrep.SAMPLES, tmp_path / "samples")
    monkeypatch.setattr(semgrep, "SAMPLES", samples)
    (samples / "shell.py").unlink()
    with (samples / "debug-on.py").open("a") as file:
        file.write("DEBUG_LATER = True  # bad\n")
    assert semgrep.unlike_samples() == ["shell: no sample", "samples/debug-on.py:10: debug-on doesn't see it"]
