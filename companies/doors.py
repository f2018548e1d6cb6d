"""The doors through which a principal comes, and the addresses behind which each stands (DESIGN section 1)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Door(TextChoices):
    OFFICE = "office", _("Office")
    ADVISERS = "advisers", _("Advisers")
    FOLDER = "folder", _("Client folder")
    FRONT = "front", _("Front office")
    LINK = "link", _("Case link")
    WORKER = "worker", _("Robot")
    OPERATOR = "operator", _("Computing centre")  # looks in through the office's pages, in a process of its own


# First path segment after the company's; the rest of the address belongs to the rooms.
SEGMENTS = {
    "office": Door.OFFICE,
    "advisers": Door.ADVISERS,
    "folder": Door.FOLDER,
    "apply": Door.FRONT,
    "c": Door.LINK,
}
# The process that opens each door; a process holds the password of its own database role only.
PROCESS_OF = {
    Door.OFFICE: "office",
    Door.ADVISERS: "public",
    Door.FOLDER: "public",
    Door.FRONT: "public",
    Door.LINK: "public",
    Door.OPERATOR: "operator",
}
BY_LOGIN = {Door.OFFICE, Door.ADVISERS, Door.FOLDER}
# Through these one sees the whole company, as far as one's rights go; the others see a portfolio or a case.
WHOLE = frozenset({Door.OFFICE, Door.OPERATOR, Door.WORKER})
OFFICE_PAGES = frozenset({Door.OFFICE, Door.OPERATOR})
