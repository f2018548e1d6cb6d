"""The pytest plugin of `bin/test --cover`: tests of rights, windows and scope are measured, and whatever runs while
everything is imported; all other tests run as fast as without.
"""

from collections.abc import Iterator
from importlib import import_module

import coverage
import pytest

from config.launch.covered import TESTS, files

MEASURED: list[coverage.Coverage] = []  # what measures this process, once the tests have begun


def pytest_collection_finish() -> None:
    """From here on only tests of the list are measured; what nobody imported yet is imported while all is."""
    for path in files():
        import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    if (measured := coverage.Coverage.current()) is not None:
        measured.stop()
        MEASURED.append(measured)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure a test of the list with its set-up and tear-down."""
    measured = MEASURED if item.nodeid.startswith(TESTS) else []
    for each in measured:
        each.start()
    try:
        return (yield)
    finally:
        for each in measured:
            each.stop()
