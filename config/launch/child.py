"""Foreground children: the launcher waits, hands signals on and takes over the exit code."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

from config.launch.places import ROOT


def foreground(command: Sequence[str], *, env: Mapping[str, str], **options: Any) -> int:
    """Run a command on this terminal. Ctrl-C reaches it by itself; SIGTERM is handed on; its exit code comes back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, _nothing)  # not SIG_IGN, which the child would inherit
    child = subprocess.Popen(command, env=dict(env), **options)
    signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def django(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def _nothing(number: int, frame: FrameType | None) -> None:
    """The child decides what an interrupt means."""
