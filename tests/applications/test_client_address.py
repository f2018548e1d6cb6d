"""From where an order came, through our own proxies only (S0-22)."""

import pytest
from django.test import RequestFactory

from companies.requests import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "not an address", None),
    ],
)
def test_only_what_our_proxies_wrote_is_believed(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    )
    assert client_address(request) == expected


def test_a_local_socket_has_no_address(settings):
    settings.TRUSTED_PROXIES = 0
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) is None
