"""A pytest plugin: what a test runs is kept under its name, and how long it takes, so that a mutant meets the tests of
its own line.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

SECONDS: dict[str, float] = defaultdict(float)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Set-up, call and tear-down of a test are one context; what is run between tests has none."""
    measured = coverage.Coverage.current()
    if measured is not None:
        measured.switch_context(item.nodeid)
    try:
        return (yield)
    finally:
        if measured is not None:
            measured.switch_context("")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    SECONDS[report.nodeid] += report.duration if report.passed else 3600  # a test that fails kills nothing


def pytest_sessionfinish() -> None:
    """The seconds of each test, beside the data of the coverage."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        Path("var/coverage").mkdir(parents=True, exist_ok=True)
        Path("var/coverage/seconds.json").write_text(json.dumps(SECONDS))
