"""A real Chromium before a real application: servers, doors, worker and mail on free ports, with demo data of its own.

Chromium and application live as long as this folder's tests; nothing of them is left for the tests of other folders.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from config.launch.stack import Stack
from config.launch.walk.mails import Post
from tests.browser.visitor import Visitor
from tests.folders import servers_folder

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium; without one the tests skip, and fail where a build asks for them (POLISDESK_CI=1)."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        message = "Expected chromium or google-chrome on PATH; found neither."
        pytest.fail(message) if os.environ.get("POLISDESK_CI") == "1" else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def stack(chromium: Browser) -> Iterator[Stack]:
    """The application with its demo companies."""
    with servers_folder("browser") as folder:
        stack = Stack(folder / "var", demo=True, port=0, say=lambda line: None)
        stack.start()
        try:
            yield stack
        finally:
            stack.stop()


@pytest.fixture
def post(stack: Stack) -> Post:
    """The mails from now on."""
    return Post(stack.places.mailbox)


@pytest.fixture(scope="package")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the pages go: POLISDESK_SHOTS, else a folder of this run."""
    named = os.environ.get("POLISDESK_SHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


Meet = Callable[..., Visitor]


@pytest.fixture
def meet(chromium: Browser, stack: Stack, shots: Path) -> Iterator[Meet]:
    """Somebody with a browser of his own; at the end his pages must have been without faults."""
    met: list[Visitor] = []

    def visitor(*, language: str = "en", width: int = 1280, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            locale=language, viewport={"width": width, "height": 860}, java_script_enabled=scripts
        )
        context.set_default_timeout(10_000)
        met.append(Visitor(context, stack.addresses, shots, scripts=scripts))
        return met[-1]

    yield visitor
    faults = [fault for each in met for fault in each.faults]
    for each in met:
        each.context.close()
    assert faults == []
