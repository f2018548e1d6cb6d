"""The steps of saved views and columns, by POST from the list they belong to, and back to it."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve
from django.urls.converters import UUIDConverter
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.doors import Door
from companies.lists import ListView
from companies.models import SavedView
from companies.saved_views import LONGEST, address_of, conditions_of
from companies.services import saved_views as services
from companies.views import RoomView


class SavedViewsView(RoomView):
    """What a list's page sends: `back` is the list's address with its conditions, `act` what to do.

    It writes the person's own choices alone, and asks for the right that the list asks for.
    """

    doors = frozenset({Door.OFFICE, Door.ADVISERS})

    @cached_property
    def place(self) -> tuple[str, str]:
        """Address and query of the list, which is one of this company and door."""
        path, _mark, query = self.request.POST.get("back", "").partition("?")
        return path, query

    @cached_property
    def list_view(self) -> ListView:
        """The list's own view, opened as by its reader."""
        path = self.place[0]
        here = self.request.path.removesuffix("views/")
        try:
            match = resolve(path)
        except Resolver404 as error:
            raise Http404 from error
        kind: Any = getattr(match.func, "view_class", None)
        if not path.startswith(here) or kind is None or not issubclass(kind, ListView):
            raise Http404
        self.list_name = match.view_name
        view: ListView = kind()
        view.setup(self.request, *match.args, **match.kwargs)
        if self.actor.door == Door.OFFICE and not view.opened():
            view.refuse()
        return view

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        acts: dict[str, Callable[[], str]] = {
            "save": self.save, "change": self.change, "remove": self.remove, "put_back": self.put_back,
            "open": self.open_with, "columns": self.columns,
        }  # fmt: skip
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return HttpResponseRedirect(self.request.path.removesuffix("views/"))
        _view, (path, query) = self.list_view, self.place
        try:
            with transaction.atomic():
                query = act()
        except BusinessError as error:
            messages.error(request, str(error))
        except SavedView.DoesNotExist as error:
            raise Http404 from error
        return HttpResponseRedirect(f"{path}?{query}" if query else path)

    @property
    def view_id(self) -> str:
        asked = self.request.POST.get("view", "")
        if not SavedView.objects.filter(public_id__in=[asked] if is_uuid(asked) else []).exists():
            raise Http404
        return asked

    @property
    def shares(self) -> bool:
        """Whether the person asks to share, and may."""
        return self.list_view.may_share and "shared" in self.request.POST

    def save(self) -> str:
        view = self.list_view
        conditions = conditions_of(
            QueryDict(self.place[1]), names=list(view.form_class.base_fields), sorts=view.sorts
        )  # fmt: skip
        if len(conditions) > LONGEST:
            raise BusinessError(_("These conditions are too long to be kept. Take some away."))
        saved = services.save_view(
            list_name=self.list_name, name=self.request.POST.get("name", ""), conditions=conditions,
            shared=self.shares, actor=self.actor, on=self.today,
        )  # fmt: skip
        saved.refresh_from_db(fields=["public_id"])
        if "default" in self.request.POST:
            services.open_with(list_name=self.list_name, view=saved, actor=self.actor)
        messages.success(self.request, _("“%(name)s” is saved.") % {"name": saved.name})
        return address_of(saved)

    def change(self) -> str:
        saved = services.change_view(
            public_id=self.view_id,
            name=self.request.POST.get("name", ""),
            shared=self.shares if self.list_view.may_share else None,
            actor=self.actor,
            on=self.today,
        )
        messages.success(self.request, _("“%(name)s” is kept.") % {"name": saved.name})
        return address_of(saved)

    def remove(self) -> str:
        gone = services.remove_view(public_id=self.view_id, actor=self.actor, on=self.today)
        return f"view=all&removed={gone.public_id}"

    def put_back(self) -> str:
        return address_of(services.put_back_view(public_id=self.view_id, actor=self.actor, on=self.today))

    def open_with(self) -> str:
        asked = self.request.POST.get("view", "")
        view = SavedView.objects.filter(public_id=self.view_id).first() if asked else None
        services.open_with(list_name=self.list_name, view=view, actor=self.actor)
        messages.success(
            self.request,
            _("This list opens with “%(name)s” from now on.") % {"name": view.name}
            if view
            else _("This list opens with all rows from now on."),
        )
        return self.place[1] or "view=all"

    def columns(self) -> str:
        keys = [column.key for column in self.list_view.columns if column.key]
        shown = self.request.POST.getlist("columns")
        services.hide_columns(
            list_name=self.list_name, hidden=[key for key in keys if key not in shown], actor=self.actor
        )
        return self.place[1] or "view=all"


def is_uuid(text: str) -> bool:
    """Whether a text can be a view's public id."""
    return re.fullmatch(UUIDConverter.regex, text) is not None
