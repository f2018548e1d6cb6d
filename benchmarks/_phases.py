"""Where the time of a quote goes: timers around the phases of an evaluation, each without what it calls of another."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib import import_module
from typing import Any
from unittest.mock import patch

from products.language import answers, payment
from products.language.tables import Table

evaluate = import_module("products.language.evaluate")  # the package calls its function so
PHASES: list[tuple[str, Any, str]] = [
    ("reading", answers, "_read"),
    ("reading", answers, "_read_records"),
    ("asked", evaluate, "ask"),
    ("asked", payment, "ask"),
    ("rules", evaluate._Work, "decided"),
    ("rules", evaluate._Work, "not_rated"),
    ("tables", Table, "look_up"),
    ("steps", payment, "rate"),
    ("plans", payment.Pricer, "priced"),
    ("plans", payment.Pricer, "offered"),
    ("plans", payment.Pricer, "told"),
    ("lines", evaluate._Work, "evaluation"),
]


class Clock:
    """Seconds of the processor spent in each phase; the innermost that runs is charged."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.running = ["rest"]
        self.since = time.process_time()

    def turn(self) -> None:
        """Charge what has gone by to the phase that runs."""
        now = time.process_time()
        phase = self.running[-1]
        self.spent[phase] = self.spent.get(phase, 0.0) + now - self.since
        self.since = now

    def timed(self, phase: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, charged to a phase."""

        @wraps(work)
        def run(*args: Any, **kwargs: Any) -> Any:
            self.turn()
            self.running.append(phase)
            try:
                return work(*args, **kwargs)
            finally:
                self.turn()
                self.running.pop()

        return run


@contextmanager
def timed_phases(clock: Clock) -> Iterator[None]:
    """Timers around each phase while the block runs."""
    with ExitStack() as stack:
        for phase, owner, name in PHASES:
            stack.enter_context(patch.object(owner, name, clock.timed(phase, getattr(owner, name))))
        yield


def shares(work: Callable[[], Any], seconds: float) -> dict[str, int]:
    """The percent of the time of some work that each phase takes; `rest` is what stands in none."""
    clock = Clock()
    with timed_phases(clock):
        begun = time.process_time()
        clock.since = begun
        while time.process_time() - begun < seconds:
            work()
        clock.turn()
    whole = sum(clock.spent.values())
    order = dict.fromkeys([phase for phase, _owner, _name in PHASES] + ["rest"])
    return {phase: round(100 * clock.spent[phase] / whole) for phase in order if phase in clock.spent}
