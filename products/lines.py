"""Lines of business as their readers call them; a company may write down others in its products."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "bicycle": _("Bicycle"),
    "cancellation": _("Travel cancellation"),
    "cyber": _("Cyber risks"),
    "glass": _("Glass"),
    "home": _("Home"),
    "homeowners": _("Homeowners"),
    "horse-trailer": _("Horse trailers"),
    "household": _("Household contents"),
    "legal-expenses": _("Legal expenses"),
    "motor": _("Motor vehicles"),
    "private-liability": _("Private liability"),
    "travel": _("Travel"),
}


def line_name(key: str) -> str:
    """A line in the reader's language; one that only its products know, in plain letters."""
    return str(NAMES[key]) if key in NAMES else key.replace("-", " ").replace("_", " ").capitalize()
