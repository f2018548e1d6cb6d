"""The websites on whose pages a company's front office may stand in a frame (traps 13)."""

import re
from datetime import date
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Website
from companies.trail import record

MOST = 50
HOST = re.compile(
    r"(?=.{1,190}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
HERE = {"localhost", "127.0.0.1"}


def origin_of(typed: str) -> str:
    """The origin of an address as browsers compare it: https://www.example.nl, with its port if it has one.

    Only https, since a page that comes unprotected can be changed on its way; this machine's own names may use http.
    Raises BusinessError for what isn't the address of a website.
    """
    text = typed.strip() if "://" in typed else f"https://{typed.strip()}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        port = parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    allowed = parts.scheme == "https" or (parts.scheme == "http" and host in HERE)
    if not allowed or parts.username is not None or not HOST.fullmatch(host):
        raise BusinessError(
            _("Expected the address of a website such as https://www.example.nl, found “%(found)s”."),
            params={"found": typed.strip()[:80]},
            field="origin",
            code="origin",
        )
    standard = port is None or (parts.scheme, port) in {("https", 443), ("http", 80)}
    return f"{parts.scheme}://{host}" + ("" if standard else f":{port}")


def websites() -> list[Website]:
    """The websites that may frame the current company's front office."""
    return list(Website.objects.filter(on=True).order_by("origin"))


@step
def allow_website(*, address: str, actor: Actor, on: date) -> Website:
    """Let the front office stand in a frame on a website; one allowed already stays so."""
    origin = origin_of(address)
    if len(websites()) >= MOST:
        raise BusinessError(_("At most %(most)s websites can be allowed."), params={"most": MOST}, field="origin")
    website, new = Website.objects.get_or_create(origin=origin)
    if not website.on:
        website.on = new = True
        website.save(update_fields=["on"])
    if new:
        record(website, "website.allowed", actor=actor, on=on, origin=origin)
    return website


@step
def forbid_website(*, website_id: int, actor: Actor, on: date) -> Website:
    """No frame on that website any more; pages that stand open there stay until they load the next."""
    website = Website.objects.select_for_update().get(pk=website_id)
    if website.on:
        website.on = False
        website.save(update_fields=["on"])
        record(website, "website.forbidden", actor=actor, on=on, origin=website.origin)
    return website
