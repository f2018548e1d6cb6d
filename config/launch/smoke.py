"""The smoke walk: starts the application, walks its steps over HTTP and prints one JSON object as its last line."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from config.launch.errors import LaunchError
from config.launch.processes import health
from config.launch.stack import Stack


@dataclass(frozen=True)
class Step:
    """One step of the walk: whether it went as expected, how long it took, and what was found if not."""

    name: str
    ok: bool
    seconds: float
    found: str = ""


class StepFailed(Exception):
    """A step found something else than it expected; the message tells both."""


def main(stack: Stack) -> int:
    """Start the stack, walk all steps until one fails, print the result; exit code 0 or 1."""
    steps: list[Step] = []
    walk: list[tuple[str, Callable[[Stack], None]]] = [("start", Stack.start), *STEPS]
    for name, act in walk:
        began = time.monotonic()
        try:
            act(stack)
        except (StepFailed, LaunchError) as error:
            steps.append(Step(name, False, round(time.monotonic() - began, 3), str(error)))
            break
        steps.append(Step(name, True, round(time.monotonic() - began, 3)))
        print(f"{name}: {steps[-1].seconds} s", file=sys.stderr, flush=True)
    ok = len(steps) == len(walk) and all(step.ok for step in steps)
    print(json.dumps({"ok": ok, "addresses": stack.addresses, "steps": [asdict(step) for step in steps]}), flush=True)
    return 0 if ok else 1


def check_health(stack: Stack) -> None:
    """Each door answers its health page."""
    for child in stack.children:
        if child.process.probe == "http" and (status := health(child.port)) != 200:
            address = stack.addresses[child.process.name]
            raise StepFailed(f"Expected status 200 of {child.process.title} at {address}/health/; found {status}.")


def check_login(stack: Stack) -> None:
    """The office shows its login page."""
    port = next(child.port for child in stack.children if child.process.name == "office")
    if (status := health(port, "/accounts/login/")) != 200:
        raise StepFailed(f"Expected status 200 of the office's login page; found {status}.")


def check_nothing_ended(stack: Stack) -> None:
    """No process has ended on the way."""
    for child in stack.children:
        if (code := child.ended()) is not None:
            raise StepFailed(f"Expected {child.process.title} to run; it ended with code {code}.")


STEPS: list[tuple[str, Callable[[Stack], None]]] = [
    ("health", check_health),
    ("login", check_login),
    ("processes", check_nothing_ended),
]
