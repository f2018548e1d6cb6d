"""Proofs: a process gives only those whose key it holds (docs/wall.md)."""

from typing import Any

import pytest

from companies.signing import key_of, pads, prove


def test_a_process_without_the_key_proves_nothing(settings: Any) -> None:
    settings.PROOF_KEYS = {"entrance": "secret", "service": ""}
    with pytest.raises(LookupError, match="no key “service”"):
        prove("service", "enter", 1)
    assert len(key_of("entrance")) == 32 and len(prove("entrance", "login", 1)[1]) == 32


def test_pads_are_a_keys_two_halves_of_hmac() -> None:
    inner, outer = pads(b"k" * 32)
    assert {a ^ b for a, b in zip(inner, outer, strict=True)} == {0x36 ^ 0x5C} and len(inner) == 64
