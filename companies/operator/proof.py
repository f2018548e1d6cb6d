"""The last proof that the computing centre's login reads nothing: its day, tables tried, rows found, checks passed."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

PROOF = Path(__file__).parent / "wall_proof.json"


def last_proof() -> Mapping[str, Any]:
    """What `bin/proof operator` found when it last ran."""
    kept = json.loads(PROOF.read_text(encoding="utf-8"))
    return {**kept, "on": date.fromisoformat(kept["on"])}
