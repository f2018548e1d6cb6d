"""What a process is told from outside: addresses, secrets and which doors it opens. Each secret may come by file."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# When a host that vanished without a word is given up, for a connection that stands: after 30 seconds without a
# sign of it three questions 5 seconds apart; what was sent to it may stay unconfirmed for 15,000 milliseconds.
GONE = {"keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}


def secret(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name, default)


def flag(name: str) -> bool:
    """Whether NAME is switched on: 1, true or yes."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def database(url: str) -> dict[str, Any]:
    """Django's settings of postgresql://role:password@host:port/name?host=/socket/directory.

    Behind a pooler statements are prepared with `prepare=1` alone, elsewhere unless it is `prepare=0`.
    """
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    options: dict[str, Any] = {
        "application_name": os.environ.get("POLISDESK_PROCESS", "manage"),
        # Seconds that a host may take to answer; longer than libpq's least of 2, shorter than anybody waits for a page.
        "connect_timeout": int(os.environ.get("POLISDESK_DATABASE_WAIT", "5")),
        **GONE,
    }
    if sslmode := query.get("sslmode"):
        options["sslmode"] = sslmode
    return {
        "ENGINE": "companies.postgres",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": True,
        "OPTIONS": options,
        "PREPARES": {"0": False, "1": True}.get(query.get("prepare", "")),
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a pooler may give the next statement another server connection
        "TEST": {"NAME": os.environ.get("POLISDESK_TEST_DB", "test_polisdesk")},
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if os.environ.get("POLISDESK_PROCESS", "manage") == "manage" else 300,
    }


def broker(url: str) -> str:
    """Celery writes a socket's address its own way: unix://:password@/path?db=0 becomes redis+socket://:password@/path?virtual_host=0."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    password = f":{parts.password}@" if parts.password else ""
    db = parse_qs(parts.query).get("db", ["0"])[-1]
    return f"redis+socket://{password}{parts.path}?virtual_host={db}"


def mail(url: str) -> dict[str, Any]:
    """Django's mail settings of smtp://user:password@host:port?tls=1 (or ssl=1)."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "EMAIL_HOST": parts.hostname or "127.0.0.1",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": query.get("tls", ["0"])[-1] == "1",
        "EMAIL_USE_SSL": query.get("ssl", ["0"])[-1] == "1",
    }
