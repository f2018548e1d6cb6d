"""Whether the database is as the code's migrations leave it, told without loading Django."""

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from config.launch.passwords import write_private
from config.launch.places import ROOT, Places

WITH_TABLES = ("django", "django-allauth", "django-guardian", "django-otp", "django-pghistory", "django-pgtrigger")


def code_state() -> str:
    """A hash of all migration files and of the versions of the packages that bring tables."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    for package in WITH_TABLES:
        digest.update(f"{package}={_version(package)}\0".encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _record(places: Places) -> Path:
    return places.root / "migrated"


def is_current(places: Places) -> bool:
    """Whether the last migration of this cluster was of the same code."""
    record = _record(places)
    return record.exists() and record.read_text().strip() == code_state()


def record_state(places: Places) -> None:
    """Note that the database is now as this code wants it."""
    write_private(_record(places), code_state() + "\n")
