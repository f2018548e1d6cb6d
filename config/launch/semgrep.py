"""bin/check semgrep: our own rules on our own code, after they have found every bad line of their samples."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from config.launch.errors import LaunchError
from config.launch.places import ROOT
from config.launch.tools import program

RULES = ROOT / "config" / "semgrep" / "rules.yaml"
SAMPLES = ROOT / "config" / "semgrep" / "samples"
BAD = re.compile(r"# bad\b")
EXCEPTION = re.compile(r"nosem(?:grep)?\b(?!: [a-z-]+ \([^)]{5,}\))")
LEFT_OUT = {"var", "tests", ".venv", ".git"}  # where no exception counts
FEWEST = 300  # files of ours; a run that looked at fewer has missed the tree


class Found(NamedTuple):
    """One line that a rule names."""

    file: str
    line: int
    rule: str


def check() -> bool:
    """Whether the rules know their samples, the tree has no finding, and every exception tells its reason."""
    try:
        faults = [*unlike_samples(), *findings(scan(ROOT)), *exceptions_without_reason()]
    except LaunchError as error:
        faults = [str(error)]
    print("\n".join(faults), end="\n" if faults else "")
    return not faults


def findings(told: dict[str, Any], *, fewest: int = FEWEST) -> list[str]:
    """What the rules have found in a tree, each with its message; a scan of hardly anything is an error."""
    if len(told["paths"]["scanned"]) < fewest:
        raise LaunchError(f"Expected semgrep to scan at least {fewest} files, found {len(told['paths']['scanned'])}.")
    return [f"{at.file}:{at.line}: {at.rule}: {message}" for at, message in found_in(told)]


def unlike_samples() -> list[str]:
    """Bad lines of the samples that their rule misses, good ones that it names, and rules without a sample."""
    found = {at for at, _message in found_in(scan(SAMPLES))}
    rules = set(re.findall(r"^  - id: (\S+)$", RULES.read_text(), re.MULTILINE))
    faults = [f"{rule}: no sample" for rule in sorted(rules - {file.stem for file in SAMPLES.iterdir()})]
    for file in sorted(SAMPLES.iterdir()):
        lines = file.read_text().splitlines()
        bad = {Found(file.name, number, file.stem) for number, line in enumerate(lines, 1) if BAD.search(line)}
        named = {at for at in found if (at.file, at.rule) == (file.name, file.stem)}
        faults += [f"samples/{at.file}:{at.line}: {at.rule} doesn't see it" for at in sorted(bad - named)]
        faults += [f"samples/{at.file}:{at.line}: {at.rule} names a good line" for at in sorted(named - bad)]
        faults += [] if bad else [f"samples/{file.name}: no bad line"]
    return faults


def exceptions_without_reason(folder: Path = ROOT) -> Iterator[str]:
    """Each `nosemgrep` names its rule and why: `# nosemgrep: the-rule (the reason)`."""
    rooms = [room for room in folder.iterdir() if room.is_dir() and room.name not in LEFT_OUT]
    for file in sorted({path for room in rooms for path in room.rglob("*.py")} - {Path(__file__)}):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if EXCEPTION.search(line):
                yield f"{file.relative_to(folder)}:{number}: expected `# nosemgrep: the-rule (the reason)`"


def scan(folder: Path) -> dict[str, Any]:
    """The report of one run over a folder, without asking the network for anything."""
    semgrep = program("semgrep")
    command = [
        str(semgrep), "scan", "--config", str(RULES), "--metrics", "off", "--disable-version-check", "--no-git-ignore",
        "--json", "--quiet", "--timeout", "120", "--timeout-threshold", "0", "--project-root", str(folder), ".",
    ]  # fmt: skip
    env = os.environ | {"PATH": f"{semgrep.parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise LaunchError(f"semgrep ended with code {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout)
    if told["errors"]:
        raise LaunchError(f"semgrep couldn't read everything: {json.dumps(told['errors'])[:2000]}")
    return told


def found_in(told: dict[str, Any]) -> Iterator[tuple[Found, str]]:
    """Where a run found what, with the rule's message."""
    for row in told["results"]:
        at = Found(row["path"], row["start"]["line"], row["check_id"].rpartition(".")[2])
        yield at, row["extra"]["message"]
