"""bin/check deploy runs Django's deploy check as in production, and a setting that production can't have fails it."""

import pytest

from config.launch.commands import check


def test_production_has_no_warning_at_either_door() -> None:
    assert check.deploy()


def test_addresses_without_tls_are_refused(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    plain = {"POLISDESK_OFFICE_URL": "http://office.polisdesk.example"}
    monkeypatch.setattr(check, "PRODUCTION", check.PRODUCTION | plain)
    assert not check.deploy()
    assert {"security.W004", "security.W008", "security.W012", "security.W016"} <= set(
        capfd.readouterr().err.replace("?: (", " ").replace(")", " ").split()
    )
