"""What a request tells about the machine it came from, and about the page its reader was sent from."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address an order came from (S0-22): what our own outermost proxy wrote, else the other end of the connection.

    settings.TRUSTED_PROXIES says how many proxies of ours write X-Forwarded-For; what stands before their entries was
    written by the visitor and is never believed. None where there is no address (a local socket).
    """
    found = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        found = chain[-settings.TRUSTED_PROXIES] if len(chain) >= settings.TRUSTED_PROXIES else found
    try:
        return str(ip_address(found))
    except ValueError:
        return None


def path_of(address: str) -> str:
    """The path of an address that a reader was sent with; empty where what came is none, such as `http://[`."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
