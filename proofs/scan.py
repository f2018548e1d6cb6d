"""bin/proof scan: wapiti before a running application, as a stranger and logged in at each door.

First it must find every fault of a page planted for it (`proofs/_planted.py`); then the application of its own, with
demo data, is crawled and attacked door by door. A finding, a server error or a door of which nothing was visited fails.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

from config.launch.commands.demo import clear
from config.launch.errors import LaunchError
from config.launch.places import ROOT
from config.launch.stack import Stack
from config.launch.tools import program
from config.launch.walk import customer, staff
from config.launch.walk.browser import Browser
from config.launch.walk.mails import Post
from proofs._planted import FAULTS, Endpoint, Planted, served
from proofs._record import keep_result

VAR = ROOT / "var" / "scan"
MODULES = "xss,permanentxss,sql,exec,file,redirect,csrf,crlf,ssrf,upload"
COMPANY = "duinbaken"
TRIES = 3
FEWEST = 3  # pages of a door; fewer means that the scan didn't get in


@dataclass(frozen=True)
class Door:
    """Where a scan begins and whose cookies it carries."""

    name: str
    address: str
    cookies: str = ""
    others: tuple[str, ...] = ()  # where else it begins


@dataclass(frozen=True)
class Found:
    """What one scan told."""

    pages: int
    findings: list[str]
    errors: int  # answers of status 500


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="bin/proof scan", description=__doc__)
    parser.add_argument("--crawl", type=int, default=40, help="seconds a door")
    parser.add_argument("--attack", type=int, default=8, help="seconds a module and door")
    asked = parser.parse_args(arguments)
    result = prove(crawl=asked.crawl, attack=asked.attack)
    print(json.dumps(result), flush=True)
    if (asked.crawl, asked.attack) == (40, 8):
        keep_result("scan", result)
    return 0 if result["ok"] else 1


def prove(*, crawl: int, attack: int) -> dict[str, Any]:
    """The planted page, then every door of a fresh stack; the figures found."""
    began = time.monotonic()
    program("wapiti")
    with served(Endpoint) as endpoint, served(Planted, endpoint=endpoint) as planted:
        page = scan(Door("planted", f"{planted}planted/"), endpoint, crawl=crawl, attack=max(attack, 30))
        named = sorted({finding.partition(":")[0] for finding in page.findings} & set(FAULTS))
        told(f"planted: {len(named)} of {len(FAULTS)}", began)
        found = {}
        with running() as stack:
            for door in doors(stack):
                found[door.name] = scan(door, endpoint, crawl=crawl, attack=attack)
                told(f"{door.name}: {found[door.name]}", began)
            broken = errors_in_logs(stack)
    return {
        "planted faults": len(FAULTS),
        "planted faults found": len(named),
        **{f"{name}: pages": one.pages for name, one in found.items()},
        "findings": [finding for one in found.values() for finding in one.findings],
        "answers of status 500": sum(one.errors for one in found.values()),
        "errors in logs": broken,
        "ok": named == sorted(FAULTS) and not broken and is_clean(found),
        "seconds": round(time.monotonic() - began),
    }


def is_clean(found: dict[str, Found]) -> bool:
    """Whether each door was visited and nothing was found behind any."""
    return bool(found) and all(one.pages >= FEWEST and not one.findings and not one.errors for one in found.values())


@contextmanager
def running() -> Iterator[Stack]:
    """A fresh application with demo data."""
    clear(VAR)
    stack = Stack(VAR, demo=True, test=True, port=0)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def doors(stack: Stack) -> Iterator[Door]:
    """A customer with a quotation, an adviser, a clerk, an administrator, and strangers; each logs in at his turn."""
    public, office = stack.addresses["public"], stack.addresses["office"]
    buyer = customer.Customer(COMPANY, "nl", "Sanne", "Verbruggen", "1986-04-17")
    post = Post(stack.places.mailbox)
    customer.apply(buyer, public)
    customer.read_quotation_mails(buyer, post)
    yield Door("customer", buyer.link)
    yield Door("adviser", f"{public}/{COMPANY}/advisers/", cookies_of(staff.enter(public, staff.ILSE)))
    for name, login in (("clerk", staff.CLERKS[COMPANY]), ("administrator", staff.ADMINISTRATORS[COMPANY])):
        yield Door(name, f"{office}/{COMPANY}/office/", cookies_of(staff.enter(office, login)))
    apply = f"{public}/{COMPANY}/apply/"
    yield Door("stranger", f"{public}/", others=(apply, f"{public}/accounts/login/", buyer.application))
    yield Door("stranger at the office", f"{office}/", others=(f"{office}/accounts/login/",))


def cookies_of(browser: Browser) -> str:
    """The cookies of somebody who has logged in, as a browser sends them."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


def scan(door: Door, endpoint: str, *, crawl: int, attack: int) -> Found:
    """One run of wapiti: so many seconds of crawling, so many of attack a module; it leaves nothing behind.

    Its own little database may be locked when an attack's time is over; then the door is scanned anew.
    """
    for _try in range(TRIES):
        with TemporaryDirectory(prefix="polisdesk-scan-") as folder:
            command = [str(program("wapiti")), *what(door), *how(folder), "--endpoint", endpoint]
            command += ["--max-scan-time", str(crawl), "--max-attack-time", str(attack)]
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
            report = Path(folder) / "report"
            if report.exists():
                return read(json.loads(report.read_text()))
            said = (done.stdout + done.stderr)[-2000:]
            if "database is locked" not in said:
                break
    raise LaunchError(f"Expected a report of wapiti, found code {done.returncode}:\n{said}")


def what(door: Door) -> list[str]:
    """Where a scan goes, and where it doesn't: it would log itself out."""
    told = ["-u", door.address, "--scope", "folder", "-x", urljoin(door.address, "/accounts/logout/")]
    told += [part for address in door.others for part in ("-s", address)]
    return told + (["-C", door.cookies] if door.cookies else [])


def how(folder: str) -> list[str]:
    """How a scan goes: deep rather than broad, since lists repeat themselves."""
    return [
        "-m", MODULES, "-d", "5", "--max-links-per-page", "60", "--max-files-per-dir", "12", "-t", "15", "-v", "0",
        "-f", "json", "-o", f"{folder}/report", "--store-session", folder, "--store-config", folder,
        "--flush-session", "--no-bugreport",
    ]  # fmt: skip


def read(report: dict[str, Any]) -> Found:
    """What a report tells: pages, findings with their place, server errors."""
    rows = [(kind, row["path"], row["info"]) for kind, rows in report["vulnerabilities"].items() for row in rows]
    return Found(
        pages=report["infos"]["crawled_pages_nbr"],
        findings=sorted({f"{kind}: {path}: {info}"[:300] for kind, path, info in rows}),
        errors=len(report["anomalies"].get("Internal Server Error", [])),
    )


def errors_in_logs(stack: Stack) -> int:
    """How many errors the processes have written down."""
    logs = [stack.places.logs / f"{name}.log" for name in ("office", "public", "worker")]
    return sum(log.read_text(errors="replace").count("Traceback (most recent call last)") for log in logs)


def told(what: str, began: float) -> None:
    print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
