"""Where a proof's or a bench's result is kept: one section each, with command, day, commit and the machine's load."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.launch.places import ROOT

FILE = ROOT / "docs" / "proofs.md"
LOAD = os.getloadavg()[0]  # before the run
COMMANDS = {"benchmarks": "bin/bench", "proofs": "bin/proof"}


def keep_result(name: str, result: Mapping[str, Any], file: Path = FILE) -> None:
    """Put the result in the place of the proof's last one, between its title and the next one."""
    table = "\n".join(f"| {key.replace('_', ' ')} | {shown(value)} |" for key, value in result.items())
    said = f"Last run: {datetime.now(UTC):%Y-%m-%d}, commit {commit()}, `{command()}`, {machine()}."
    keep_text(name, f"{said}\n\n| what | found |\n| --- | --- |\n{table}\n", file)


def keep_text(name: str, block: str, file: Path) -> None:
    """Put a text between the marks of a proof."""
    text = file.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"Expected the marks of {name} in {file}, found none.")
    file.write_text(marked.sub(lambda found: found[1] + block + found[2], text), encoding="utf-8")


def shown(value: Any) -> str:
    """A figure, a yes or a no, or anything else as JSON."""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return str(value) if isinstance(value, (int, float, str)) else json.dumps(value)


def command() -> str:
    """How the run was started."""
    place = Path(sys.argv[0])
    return " ".join([COMMANDS.get(place.parent.name, "python"), place.stem, *sys.argv[1:]])


def machine() -> str:
    """How busy the machine was before: runnable processes on so many processors."""
    return f"load {LOAD:.1f} on {os.cpu_count()} processors before it"


def commit() -> str:
    """The commit of the code that ran; `with changes` where the tree wasn't clean."""
    asked = {"cwd": ROOT, "capture_output": True, "text": True, "check": False}
    number = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **asked).stdout.strip()  # type: ignore[call-overload]
    changed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], **asked).stdout.strip()  # type: ignore[call-overload]
    return f"{number or 'unknown'}{' with changes' if changed else ''}"
