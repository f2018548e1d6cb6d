"""Tools whose needs would change ours: each in an environment of its own, pinned in config/tools/NAME.lock."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from config.launch.errors import LaunchError
from config.launch.locks import alone
from config.launch.places import ROOT

LOCKS = ROOT / "config" / "tools"
TOOLS = ROOT / "var" / "tools"


def program(tool: str, name: str = "") -> Path:
    """A program of a tool's environment, which is brought to its lock first."""
    lock, folder = LOCKS / f"{tool}.lock", TOOLS / tool
    wanted, mark = hashlib.sha256(lock.read_bytes()).hexdigest(), folder / ".installed"
    TOOLS.mkdir(parents=True, exist_ok=True)
    with alone(TOOLS / f"{tool}.lock"):
        if not mark.exists() or mark.read_text() != wanted:
            print(f"Installing {tool} into {folder}.", file=sys.stderr)
            install(lock, folder)
            mark.write_text(wanted)
    return folder / "bin" / (name or tool)


def install(lock: Path, folder: Path) -> None:
    """A new environment with the packages of a lock and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    run(*pip, "install", "-q", "--no-input", "--disable-pip-version-check", "--require-hashes", "-r", str(lock))


def run(*command: str) -> None:
    """One step of an installation; what it says is told if it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-10:])
        raise LaunchError(f"Expected `{' '.join(command)}` to end with code 0; found {done.returncode}:\n{last}")
