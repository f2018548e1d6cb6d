"""The buttons on a customer's page that let him into his client folder and shut him out."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.models import Module, ModuleCode, PartCode, Right
from companies.views import RoomView
from relations.models import Party
from relations.selectors import visible_to
from relations.services.folder import disable_folder, enable_folder, folder_state


def has_folder() -> bool:
    """Whether the current company has a client folder."""
    return Module.objects.filter(code=ModuleCode.FOLDER, on=True).exists()


class FolderStep(RoomView):
    """One step about a customer's folder, then his page again."""

    right: ClassVar[tuple[PartCode, Right]] = (PartCode.RELATIONS, Right.EDIT)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        party = visible_to(self.actor).filter(number=kwargs["number"]).first()
        if party is None or not has_folder():
            raise Http404
        try:
            with transaction.atomic():
                messages.success(request, self.take(party))
        except BusinessError as error:
            messages.error(request, str(error))
        return self.back(party)

    def back(self, party: Party) -> HttpResponse:
        return redirect("office:party", company=self.company.slug, number=party.number)

    def take(self, party: Party) -> str:
        """Do it, and say what was done."""
        raise NotImplementedError


class EnableFolderView(FolderStep):
    """Let the customer in."""

    def take(self, party: Party) -> str:
        state = folder_state(enable_folder(number=party.number, actor=self.actor, on=self.today)).state
        if state == "on":
            return _("%(name)s may enter the client folder again.") % {"name": party.name}
        return _("An invitation is on its way to %(email)s.") % {"email": party.email}


class DisableFolderView(FolderStep):
    """Shut the customer out."""

    def take(self, party: Party) -> str:
        disable_folder(number=party.number, actor=self.actor, on=self.today)
        return _("%(name)s can't enter the client folder any more.") % {"name": party.name}
