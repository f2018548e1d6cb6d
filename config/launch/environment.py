"""What each process is told by its environment: its own role's password and nobody else's."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from config.launch.cluster import Cluster
from config.launch.passwords import password, write_private
from config.launch.places import ROOT
from config.launch.roles import LOGINS, TEST_LOGIN, database_url, role_password

KEYS_OF = {  # what each process can prove to the database, and what opens second factors; commands everything
    "office": ("entrance", "factor"), "public": ("entrance", "factor"), "operator": ("entrance", "factor"),
    "worker": ("service",), "manage": ("entrance", "service", "factor"),
}  # fmt: skip
ROLE_OF = {"office": "bo_app", "worker": "bo_app", "manage": "bo_app", "public": "bo_public", "operator": "bo_operator"}
OURS = (  # never handed down from the launcher's own environment
    "DATABASE_URL", "DATABASE_URL_FILE", "OWNER_DATABASE_URL", "REDIS_URL", "REDIS_URL_FILE", "SECRET_KEY",
    "SECRET_KEY_FILE", "ENTRANCE_KEY", "ENTRANCE_KEY_FILE", "FACTOR_KEY", "FACTOR_KEY_FILE", "SERVICE_KEY",
    "SERVICE_KEY_FILE", "SMTP_URL", "SMTP_URL_FILE", "POLISDESK_PROCESS", "POLISDESK_DEMO", "POLISDESK_TEST_ROLES",
)  # fmt: skip
CONFIGURED = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE")


def configured() -> list[str]:
    """The names by which somebody has chosen servers of his own; empty where the embedded ones serve."""
    return [name for name in CONFIGURED if os.environ.get(name)]


def environment(cluster: Cluster, process: str, *, role: str | None = None) -> dict[str, str]:
    """The environment of one process (office, public, operator, worker, manage) of a cluster.

    The database login is the one of the process's door; only `migrate` names another, bo_owner.
    """
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "POLISDESK_PROCESS": process,
        "DATABASE_URL": database_url(cluster.postgres, role or ROLE_OF[process]),
        "REDIS_URL": cluster.valkey.url,
        "SECRET_KEY_FILE": str(key_file(cluster, "secret_key")),
        **{f"{name.upper()}_KEY_FILE": str(key_file(cluster, f"{name}_key")) for name in KEYS_OF[process]},
        "POLISDESK_FILES": str(cluster.places.files),
    }


def key_file(cluster: Cluster, name: str) -> Path:
    """The file with a key, readable by the processes' account alone."""
    folder = cluster.places.home
    password(folder, name, size=64)
    cluster.places.account.own(folder / name)
    return folder / name


def test_environment(cluster: Cluster) -> dict[str, str]:
    """The environment of a test run: bo_test to become any door, bo_owner for the database, all logins for the wall."""
    roles = {role: role_password(cluster.postgres, role) for role in (*LOGINS, TEST_LOGIN)}
    file = cluster.places.secrets / "roles.json"
    write_private(file, json.dumps(roles))
    return environment(cluster, "manage", role=TEST_LOGIN) | {
        "OWNER_DATABASE_URL": database_url(cluster.postgres, "bo_owner"),
        "POLISDESK_TEST_ROLES": str(file),
        "POLISDESK_TEST_DB": os.environ.get("POLISDESK_TEST_DB", "test_polisdesk"),
    }


def with_addresses(env: Mapping[str, str], addresses: Mapping[str, str]) -> dict[str, str]:
    """The environment with the addresses of the doors and of the mail server: office, public, operator, smtp."""
    names = {
        "office": "POLISDESK_OFFICE_URL", "public": "POLISDESK_PUBLIC_URL", "operator": "POLISDESK_OPERATOR_URL",
        "smtp": "SMTP_URL",
    }  # fmt: skip
    return dict(env) | {name: addresses[key] for key, name in names.items() if key in addresses}
