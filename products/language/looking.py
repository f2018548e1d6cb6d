"""Looking at a condition: whether it holds, or the part that refused with what it saw; kept for the trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from products.language.result import Looked
from products.language.run import Run
from products.language.scope import Condition


def look(run: Run, kind: str, key: str, condition: Condition | None, record: Mapping[str, Any] | None = None) -> Looked:
    """Whether a condition holds, with the part that refused and what it saw, in a record also of its fields."""
    if condition is None:
        return Looked(kind, key, True)
    refusing = condition.refused_by(run)
    if refusing is None:
        return Looked(kind, key, True, condition.source)
    known = {name: run.known(name) if record is None or name not in record else record[name] for name in refusing.names}
    values = {name: run.product.json_of(name, value) for name, value in known.items()}
    return Looked(kind, key, False, condition.source, refusing.source, values)
