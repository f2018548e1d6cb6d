"""bin/proof fire: 50 applicants at once from the public page to the policy, then the same while a server is away.

A demo of its own. First a minute of load; then, one after another for 20 seconds each and under the same load, the
broker is stopped, the mail server, the worker (SIGKILL) and the database (immediate). At the end nothing is lost or
doubled, invoices have no gap, the books are exact, and nobody has lifted a finger.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from config.launch.commands.demo import clear
from config.launch.places import ROOT
from config.launch.processes import Child
from config.launch.stack import Stack
from config.launch.walk import staff
from config.launch.walk.expect import StepFailed
from proofs._applicants import Crowd, Letters, Tally, Visitor
from proofs._counts import judge
from proofs._found import Records
from proofs._record import keep_result

VAR = ROOT / "var" / "fire"
PROCESSES = 2  # of one worker: so many mails a cut may find between the server's yes and the commit
FRESH = 5  # who have just opened a form when something is taken away, and send it then
JUST_BEFORE = 1.5  # seconds; a first page is read for 2.2
BEFORE_CUT = 8.0  # seconds of load before each cut
SLOWEST = 300.0  # seconds in which something works again, and in which the last mails go out at the end
REST = 60.0  # seconds in which what waited may be done before the next cut; the rest is done during it
PLAIN = "load"
MAIL = "mail.send"
COMPANY = "duinbaken"
OPEN_PAGES = (f"/{COMPANY}/apply/", f"/{COMPANY}/apply/nl-horse-trailer/", "/", "/accounts/login/")
LISTS = ("", "applications/", "quotations/", "policies/", "invoices/")
OFFICE_PAGES = tuple(f"/{COMPANY}/office/{name}" for name in LISTS)


@dataclass(frozen=True)
class Cut:
    """Something that is taken away and given back; `kind`: the jobs by which one sees that it works again."""

    name: str
    stop: Callable[[Stack], None]
    start: Callable[[Stack], object]
    kind: str = ""


@dataclass(frozen=True)
class Back:
    """When something was given back, how many seconds later it worked, and which jobs waited at that moment."""

    moment: float
    works: float | None
    waiting: list[int]


def child(stack: Stack, name: str) -> Child:
    return next(child for child in stack.children if child.process.name == name)


def kill_worker(stack: Stack) -> None:
    """The worker with all its processes, at once."""
    worker = child(stack, "worker")
    assert worker.popen is not None
    os.killpg(worker.popen.pid, signal.SIGKILL)
    worker.popen.wait()


def stop_database(stack: Stack) -> None:
    """An immediate stop: every connection is cut, nothing is written down; the next start recovers from the log."""
    if pid := stack.cluster.postgres.pid():
        os.kill(pid, signal.SIGQUIT)
    while stack.cluster.postgres.pid():
        time.sleep(0.02)


CUTS = (
    Cut("broker", lambda stack: stack.cluster.valkey.stop(), lambda stack: stack.cluster.valkey.start()),
    Cut("mail server", lambda stack: child(stack, "smtp").stop(), lambda stack: child(stack, "smtp").start(), MAIL),
    Cut("worker", kill_worker, lambda stack: child(stack, "worker").start()),
    Cut("database", stop_database, lambda stack: stack.cluster.postgres.start()),
)


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="bin/proof fire", description=__doc__)
    parser.add_argument("--applicants", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60, help="of load without a cut")
    parser.add_argument("--cut", type=float, default=20, help="seconds of each cut")
    parser.add_argument("--keep", action="store_true", help="go on with the data of the last run")
    parser.add_argument("--only", choices=[cut.name for cut in CUTS], help="this cut alone")
    asked = parser.parse_args(arguments)
    cuts = [cut for cut in CUTS if asked.only in {None, cut.name}]
    if not asked.keep:
        clear(VAR)
    result = prove(applicants=asked.applicants, seconds=asked.seconds, cut=asked.cut, cuts=cuts)
    print(json.dumps(result), flush=True)
    if (asked.applicants, asked.seconds, asked.cut, asked.only) == (50, 60, 20, None):
        keep_result("fire", result)
    return 0 if result["ok"] else 1


def prove(*, applicants: int, seconds: float, cut: float, cuts: Sequence[Cut]) -> dict[str, Any]:
    """A demo of its own, the load, the cuts; the figures found."""
    began = time.monotonic()
    os.environ["POLISDESK_PROXIES"] = "1"  # each applicant has an address of his own, as behind the proxy of an office
    stack = Stack(VAR, demo=True, port=0)
    try:
        stack.start()
        fire = Fire(stack, applicants)
        plain = fire.load(seconds)
        told(f"load: {plain}", began)
        times = fire.cut_off(cuts, seconds=cut, told=lambda line: told(line, began))
        result = fire.result(plain, times, cuts)
        return {**result, "seconds": round(time.monotonic() - began)}
    finally:
        stack.stop()


class Fire:
    """A running application with its applicants."""

    def __init__(self, stack: Stack, applicants: int) -> None:
        self.stack, self.tally, self.records = stack, Tally(), Records(stack)
        self.crowd = Crowd(stack.addresses["public"], Letters(stack.places.mailbox), self.tally, applicants)

    def load(self, seconds: float) -> dict[str, Any]:
        """So many seconds of load, until the last has his policy and the last mail is out; what came of it."""
        self.tally.phase = PLAIN
        until = time.monotonic() + seconds
        for thread in self.crowd.come(lambda: time.monotonic() < until):
            thread.join()
        self.settle()
        return self.judged(cut_off=0)

    def cut_off(
        self, cuts: Sequence[Cut], *, seconds: float, told: Callable[[str], None]
    ) -> dict[str, dict[str, float | None]]:
        """The same load while one thing after another is away; how long each took to work, and to have caught up."""
        over, backs = Event(), {}
        crowd = self.crowd.come(lambda: not over.is_set())
        looks = Thread(target=self.look, args=(over,), daemon=True)
        looks.start()
        try:
            for cut in cuts:
                self.tally.phase = f"before the {cut.name}"
                time.sleep(BEFORE_CUT)
                few = iter(range(FRESH))
                crowd += self.crowd.come(lambda few=few: next(few, None) is not None, size=FRESH)  # type: ignore[misc]
                time.sleep(JUST_BEFORE)
                backs[cut.name] = self.without(cut, seconds=seconds)
                told(f"{cut.name}: {backs[cut.name].works}, {dict(self.tally.statuses)}, {self.tally.errors[-2:]}")
        finally:
            over.set()
        for thread in [*crowd, looks]:
            thread.join()
        self.settle()
        return {
            name: {"works": back.works, "caught up": self.records.seconds_to_do(back.waiting, back.moment)}
            for name, back in backs.items()
        }

    def without(self, cut: Cut, *, seconds: float) -> Back:
        """Take one thing away for some seconds, give it back, and leave some time for what waited."""
        self.tally.phase = cut.name
        cut.stop(self.stack)
        time.sleep(seconds)
        back, moment = time.monotonic(), time.time()
        cut.start(self.stack)
        waiting = self.records.waiting()
        self.tally.phase = f"after the {cut.name}"
        works = self.seconds_until(lambda: self.records.done_since(moment, cut.kind) > 0, back)
        self.seconds_until(lambda: not self.records.left(waiting), time.monotonic(), most=REST)
        return Back(moment, works, waiting)

    def seconds_until(self, reached: Callable[[], bool], began: float, *, most: float = SLOWEST) -> float | None:
        """How many seconds it took; nothing where it took too long."""
        while not reached():
            if time.monotonic() - began > most:
                return None
            time.sleep(0.2)
        return round(time.monotonic() - began, 1)

    def look(self, over: Event) -> None:
        """Somebody reads the pages of each door all the while, and logs in again and again."""
        clerk = Visitor(self.stack.addresses["office"], self.tally, language="en", number=1 << 20)
        visitor = Visitor(self.stack.addresses["public"], self.tally, language="de", number=(1 << 20) + 1)
        while not over.is_set():
            before = self.tally.statuses[503]
            try:
                clerk.log_in(staff.CLERKS[COMPANY], staff.PASSWORD)
                for page in OFFICE_PAGES:
                    clerk.open(page)
                for page in OPEN_PAGES:
                    visitor.open(page)
            except StepFailed as error:
                if self.tally.statuses[503] == before:  # a login isn't kept on the page that says so
                    self.tally.wrong(f"somebody who looks: {error}")
            clerk.cookies.clear()
            over.wait(3)  # from one address nobody logs in more than 30 times a minute

    def settle(self) -> None:
        """Wait until no job is due."""
        self.seconds_until(lambda: self.records.undone() == 0, time.monotonic())

    def judged(self, *, cut_off: int) -> dict[str, Any]:
        people = self.crowd.people
        return judge(people, self.records.found({one.company for one in people}), cut_off=cut_off)

    def result(
        self, plain: dict[str, Any], times: dict[str, dict[str, float | None]], cuts: Sequence[Cut]
    ) -> dict[str, Any]:
        """The figures of the load, of each cut, and of all."""
        whole, ended = self.judged(cut_off=PROCESSES * len(cuts)), self.ended()
        answers = sorted(second for seconds in self.tally.seconds.values() for second in seconds)
        figures: dict[str, Any] = {"applicants at once": self.crowd.size}
        figures |= {f"load: {name}": value for name, value in plain.items() if name not in {"wrong", "ok"}}
        figures |= {f"load: {name}": value for name, value in pace(self.tally.seconds[PLAIN]).items()}
        for cut in cuts:
            here = times[cut.name]
            figures |= {f"{cut.name} away: pages": len(self.tally.seconds.get(cut.name, []))}
            figures |= {f"{cut.name} away: refused with a clear page": self.tally.refused[cut.name]}
            figures |= {f"{cut.name} away: forms kept and sent again": self.tally.kept[cut.name]}
            figures |= {f"{cut.name} away: said that work waits": self.tally.waiting[cut.name]}
            figures |= {f"{cut.name} back: seconds until it works": here["works"]}
            figures |= {f"{cut.name} back: seconds until what waited is done": here["caught up"]}
        figures |= {f"all: {name}": value for name, value in pace(answers).items()}
        figures |= {"all: refused with a clear page": self.tally.refused.total()}
        figures |= {f"all: {name}": value for name, value in whole.items() if name not in {"wrong", "ok"}}
        figures |= {"errors": len(self.tally.errors), "processes that ended": ended}
        figures |= {"told": [*plain["wrong"], *whole["wrong"], *self.tally.errors][:10]}
        recovered = all(value is not None for row in times.values() for value in row.values())
        clear = self.tally.kept["database"] > 0 or "database" not in times  # else nobody has seen that page
        right = plain["ok"] and whole["ok"] and recovered and clear and not self.tally.errors and not ended
        return {**figures, "ok": right}

    def ended(self) -> int:
        """Processes that aren't there any more; only the worker was killed, and is back."""
        return sum(child.ended() is not None for child in self.stack.children)


def pace(seconds: Sequence[float]) -> dict[str, Any]:
    """How many pages, and how long they took."""
    marks = statistics.quantiles(seconds, n=20) if len(seconds) > 1 else [0.0] * 19
    median, late = round(marks[9], 2), round(marks[18], 2)
    return {"pages": len(seconds), "seconds of a page, median": median, "seconds of a page, p95": late}


def told(what: str, began: float) -> None:
    print(f"{time.monotonic() - began:.0f} s: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
