"""Brands, a Dutch catalogue check and a listener that counts who knocks."""

import socket
import threading
from collections.abc import Iterator

import pytest
from django.utils.translation import gettext, override

from documents.rendering.brand import Brand, demo_brand


@pytest.fixture(scope="session")
def brand() -> Brand:
    return demo_brand("duinbaken")


@pytest.fixture(scope="session")
def dutch() -> str:
    """The language nl, where its catalogue is compiled; a checkout without it skips the test."""
    with override("nl"):
        if gettext("Your duty to tell us the truth") == "Your duty to tell us the truth":
            pytest.skip("The Dutch catalogue isn't compiled.")
    return "nl"


class Listener:
    """A loopback server that answers nothing and counts connections."""

    def __init__(self) -> None:
        self.hits = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.05)
        self.open = True
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def listen(self) -> None:
        while self.open:
            try:
                connection, _ = self.socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.hits += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.open = False
    listener.thread.join()
    listener.socket.close()
