"""bin/check asvs refuses a requirement whose test isn't there, or may be left out."""

from pathlib import Path

import pytest

from config.launch import asvs

TESTS = """import pytest
from tests.shared import shared


def test_runs(): ...


@pytest.mark.skip
def test_sleeps(): ...


@pytest.mark.skipif(True, reason="never")
def test_sometimes(): ...


def test_needs_files():
    shared("a")


def helper(): ...
"""
FAULTS = {
    "`tests/test_a.py::test_runs`": [],
    "`tests/test_a.py::test_runs`, `tests/test_a.py::test_gone`": [
        "1.1.1: tests/test_a.py::test_gone stands there 0 times"
    ],
    "`tests/test_b.py::test_runs`": ["1.1.1: tests/test_b.py::test_runs isn't a file of tests"],
    "`tests/test_a.py::test_sleeps`": ["1.1.1: tests/test_a.py::test_sleeps may be left out (skip)"],
    "`tests/test_a.py::test_sometimes`": ["1.1.1: tests/test_a.py::test_sometimes may be left out (skipif)"],
    "`tests/test_a.py::test_needs_files`": ["1.1.1: tests/test_a.py::test_needs_files may be left out (shared)"],
    "`tests/test_a.py::helper`": ["1.1.1: tests/test_a.py::helper stands there 1 times"],
    "by hand": ["1.1.1: expected tests as `tests/file.py::test_name`, found by hand"],
    "`tests/test_a.py::test_runs` mostly": [
        "1.1.1: expected tests as `tests/file.py::test_name`, found `tests/test_a.py::test_runs` mostly"
    ],
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(asvs, "FEWEST", 1)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(TESTS)
    return tmp_path


@pytest.mark.parametrize("proofs", FAULTS)
def test_row_is_judged_by_its_tests(root: Path, proofs: str) -> None:
    assert list(asvs.faults_of(f"| 1.1.1 | Something | {proofs} |\n", root=root)) == FAULTS[proofs]


def test_whole_file_left_out_is_named(root: Path) -> None:
    (root / "tests" / "test_a.py").write_text(TESTS.replace("\n\n\n", "\n\npytestmark = pytest.mark.skip\n\n\n", 1))
    (fault,) = asvs.faults_of("| 1.1.1 | Something | `tests/test_a.py::test_runs` |\n", root=root)
    assert fault.endswith("may be left out (skip)")


def test_numbers_stand_once_and_in_order_and_there_are_enough(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = "| {} | Something | `tests/test_a.py::test_runs` |\n"
    assert list(asvs.faults_of(row.format("1.1.1") * 2, root=root)) == ["1.1.1: stands twice or out of order"]
    found = list(asvs.faults_of(row.format("1.10.1") + row.format("1.2.1"), root=root))
    assert found == ["1.2.1: stands twice or out of order"]
    monkeypatch.setattr(asvs, "FEWEST", 20)
    assert list(asvs.faults_of("", root=root)) == ["Expected at least 20 requirements, found 0."]


def test_our_table_holds() -> None:
    assert asvs.check()
