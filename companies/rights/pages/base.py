"""The base of the pages on rights: administrators change, an auditor (view of every part) reads."""

from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.doors import Door
from companies.models import Membership, Protocol
from companies.views import RoomView, is_auditor


class RightsView(RoomView):
    """A page on rights. A GET is for administrators and auditors, a POST for administrators."""

    tab = ""

    def opened(self) -> bool:
        reads = self.request.method in {"GET", "HEAD"}
        return self.actor.administrator or (reads and is_auditor(self.request))

    def refuse(self) -> NoReturn:
        raise PermissionDenied(_("This page is for administrators; auditors with the view of every part may read it."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(tabs=self.tabs(), writes=self.actor.administrator, **kwargs)

    def tabs(self) -> list[dict[str, Any]]:
        """The four places of this subject."""
        titles = {"list": _("Protocols"), "matrix": _("Matrix"), "confirm": _("To confirm"), "unused": _("Unused")}
        return [
            {"title": title, "url": self.place(name), "current": name == self.tab} for name, title in titles.items()
        ]

    def place(self, name: str, **kwargs: Any) -> str:
        """The address of another page on rights."""
        return reverse(f"rights:{name}", kwargs={"company": self.company.slug, **kwargs})

    def protocol(self, public_id: UUID) -> Protocol:
        """A protocol of the company; Http404 where there is none."""
        found = Protocol.objects.filter(public_id=public_id).first()
        if found is None:
            raise Http404
        return found

    def employee(self, public_id: UUID) -> Membership:
        """An employee of the company, switched off or not; Http404 where there is none."""
        found = Membership.objects.filter(public_id=public_id, door=Door.OFFICE).select_related("user").first()
        if found is None:
            raise Http404
        return found
