import pytest


@pytest.fixture(autouse=True)
def public_process(settings):
    """The addresses of the public process."""
    settings.ROOT_URLCONF = "config.urls.public"
