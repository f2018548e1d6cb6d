"""Where the tests find the printed worked examples: a folder beside the checkout, or POLISDESK_SHARED."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


def shared(*parts: str) -> Path:
    """The path of a worked example; the test is skipped where the folder isn't there."""
    path = Path(os.environ.get("POLISDESK_SHARED") or CHECKOUT.parent / "shared").joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} isn't there")
    return path
