"""Looking at a condition: whether it holds, or the part that refused with what it saw; kept for the trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from products.language.result import Look
from products.language.run import Run
from products.language.scope import Condition


def look(run: Run, kind: str, key: str, condition: Condition | None, record: Mapping[str, Any] | None = None) -> Look:
    """Whether a condition holds (nothing refused), or the part that refused with what it saw, also of a record."""
    if condition is None:
        return kind, key, None, None, ()
    refusing = condition.refused_by(run)
    if refusing is None:
        return kind, key, condition, None, ()
    return kind, key, condition, refusing, seen_by(refusing.names, run, record)


def seen_by(names: tuple[str, ...], run: Run, record: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    """The values of names as they are now."""
    if record:
        return tuple(record[name] if name in record else run.known(name) for name in names)
    return tuple([run.known(name) for name in names])


def refusing_source(look: Look) -> str:
    """The part that refused, as it is written."""
    refusing = look[3]
    return refusing if isinstance(refusing, str) else "" if refusing is None else refusing.source
