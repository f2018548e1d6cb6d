"""The front office as its own process opens it, with forms that may be sent at once."""

from datetime import timedelta

import pytest

from applications import forms


@pytest.fixture(autouse=True)
def public_process(settings, monkeypatch):
    """The addresses of the public process; a test types faster than a person."""
    settings.ROOT_URLCONF = "config.urls.public"
    monkeypatch.setattr(forms, "FASTEST", timedelta(0))
