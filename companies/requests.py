"""What a request tells about the machine it came from."""

from ipaddress import ip_address

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
