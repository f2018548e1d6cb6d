"""bin/check: lint, types, layers, semgrep, asvs, migrations, deploy, translations; all of them, then one verdict."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping

from config.launch import asvs, semgrep
from config.launch.child import django
from config.launch.environment import OURS
from config.launch.places import ROOT

PRODUCTION = {  # an environment as docker-compose.yml gives it; nothing is connected to
    "DATABASE_URL": "postgresql://bo_app:unused@localhost/polisdesk",
    "REDIS_URL": "redis://localhost:6379/0",
    "POLISDESK_OFFICE_URL": "https://office.polisdesk.example",
    "POLISDESK_PUBLIC_URL": "https://polisdesk.example",
    "POLISDESK_OPERATOR_URL": "https://operator.polisdesk.example",
    "POLISDESK_HOSTS": "office.polisdesk.example,polisdesk.example",
}


def run(*command: str, env: Mapping[str, str] | None = None) -> bool:
    """Run one check in the checkout; its findings go to the terminal."""
    base = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(command, cwd=ROOT, env=base | dict(env or {}), check=False).returncode == 0


def tool(name: str, *arguments: str) -> bool:
    """Run a tool of the environment as a module."""
    return run(sys.executable, "-m", name, *arguments)


def migrations() -> bool:
    """Whether the models need a migration that isn't written."""
    quiet = {"PYTHONWARNINGS": "ignore::RuntimeWarning"}  # no database is asked for what it has applied
    return run(*django("makemigrations", "--check", "--dry-run", "-v1"), env=quiet)


def deploy() -> bool:
    """Django's deploy check of each web process with a production-like environment; warnings fail."""
    key = {"SECRET_KEY": secrets.token_urlsafe(64)}
    checks = [
        run(
            *django("check", "--deploy", "--fail-level", "WARNING"),
            env=PRODUCTION | key | {"POLISDESK_PROCESS": process},
        )
        for process in ("office", "public", "operator")
    ]
    return all(checks)


CHECKS: dict[str, Callable[[], bool]] = {
    "lint": lambda: tool("ruff", "check"),
    "format": lambda: tool("ruff", "format", "--check"),
    "types": lambda: tool("mypy", "."),
    "layers": lambda: run("lint-imports", "--no-cache"),
    "semgrep": semgrep.check,
    "asvs": asvs.check,
    "migrations": migrations,
    "deploy": deploy,
    "translations": lambda: tool("config.translations", str(ROOT)),
}


def main(arguments: list[str]) -> int:
    """Run all checks, or those named; exit 0 if none has a finding, 1 if one has, 2 if there's no such check."""
    if arguments[:1] in (["-h"], ["--help"]) or not set(arguments) <= set(CHECKS):
        print(f"bin/check [NAME ...]; the names: {', '.join(CHECKS)}.", file=sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    findings = []
    for name in arguments or CHECKS:
        print(f"== {name}", flush=True)
        if not CHECKS[name]():
            findings.append(name)
    print(f"Findings in: {', '.join(findings)}." if findings else "No findings.", flush=True)
    return 1 if findings else 0
