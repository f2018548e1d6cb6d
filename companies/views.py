"""The base of every page behind a company's door: checks the right, finds objects only as visible, shows business
errors in the form.
"""

from typing import Any, ClassVar, NoReturn
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from common.clock import today as day_everywhere
from common.errors import BusinessError
from companies.actor import Actor
from companies.clock import today
from companies.doors import OFFICE_PAGES, Door
from companies.models import Company, ModuleCode, PartCode, Right
from companies.models.company import Module
from companies.models.rights import MODULE_OF, Act
from companies.operator.entrance import rights_by
from companies.rights import Effective, effective_acts, effective_rights, modules_on, sees_all
from companies.rights.use import Used, note_use

MODULE_OF_DOOR = {
    Door.ADVISERS: ModuleCode.ADVISERS,
    Door.FOLDER: ModuleCode.FOLDER,
    Door.FRONT: ModuleCode.PRODUCTS,
    Door.LINK: ModuleCode.PRODUCTS,
}


class RoomRequest(HttpRequest):
    """A request inside the wall."""

    company: Company
    actor: Actor


class RoomView(ContextMixin, TemplateResponseMixin, View):
    """A page of a room. It says through which doors it is reached and, in the office, which right on which part it
    needs.

    `right`: (part, right), or None for a page every employee may see; each of `or_rights` opens it too. A missing right
    answers 403, a switched-off module or a foreign object 404.
    """

    doors: ClassVar[frozenset[Door]] = frozenset({Door.OFFICE})
    right: ClassVar[tuple[PartCode, Right] | None] = None
    or_rights: ClassVar[tuple[tuple[PartCode, Right], ...]] = ()
    request: RoomRequest

    @property
    def actor(self) -> Actor:
        return self.request.actor

    @property
    def company(self) -> Company:
        return self.request.company

    @cached_property
    def today(self) -> Any:
        return today(self.company)

    @cached_property
    def rights(self) -> Effective:
        return rights_of(self.request)

    @cached_property
    def acts(self) -> frozenset[str]:
        """The named acts the reader holds."""
        if self.actor.door != Door.OFFICE or self.actor.user_id is None:
            return frozenset()
        return effective_acts(user_id=self.actor.user_id)

    @cached_property
    def used(self) -> set[Used]:
        """The rights by which the page was opened, and the rights and acts by which its step was taken."""
        return set()

    def may(self, part: PartCode, right: Right) -> bool:
        """Whether the actor holds a right; pages show no button that would be refused."""
        held = (part.value, right.value) in self.rights
        if held and self.request.method == "POST":
            self.used.add((part, right))
        return held

    def may_act(self, act: Act) -> bool:
        """Whether the actor holds a named act."""
        held = act in self.acts
        if held and self.request.method == "POST":
            self.used.add(act)
        return held

    @classmethod
    def shown_to(cls, rights: Effective) -> bool:
        """Whether these rights let an employee read the page."""
        needs = () if cls.right is None else (cls.right, *cls.or_rights)
        return not needs or any((part.value, right.value) in rights for part, right in needs)

    def lead_on(self, response: HttpResponseBase) -> None:
        """A step leads to a page that its reader may see: where he may not, back to the step's own page, else to his
        start page; what was done is said there (S2-08: input doesn't hold view).
        """
        if self.request.method == "POST" and isinstance(response, HttpResponseRedirectBase):
            home = reverse("office:today", kwargs={"company": self.company.slug})
            ways = (response.url, self.request.path, home)
            response["Location"] = next(way for way in ways if readable(way, self.rights))

    def opened(self) -> bool:
        """Whether one of the rights that open the page is held."""
        if self.right is None:
            return True
        opens = next((pair for pair in (self.right, *self.or_rights) if self.may(*pair)), None)
        if opens is not None:
            self.used.add(opens)
        return opens is not None

    def refuse(self) -> NoReturn:
        """The answer to an employee for whom the page isn't."""
        if self.right is None:
            raise PermissionDenied
        part, right = self.right
        if not Module.objects.filter(code=MODULE_OF[part], on=True).exists():
            raise Http404
        raise PermissionDenied(
            _("This page needs “%(part)s: %(right)s”. Ask your administrator.")
            % {"part": part.label, "right": right.label}
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kwargs.pop("company", None)
        self.kwargs = kwargs
        actor = getattr(request, "actor", None)
        if actor is None or (Door.OFFICE if actor.door == Door.OPERATOR else actor.door) not in self.doors:
            raise Http404
        if (module := MODULE_OF_DOOR.get(actor.door)) and not Module.objects.filter(code=module, on=True).exists():
            raise Http404
        if actor.door in OFFICE_PAGES and not self.opened():
            self.refuse()
        response = super().dispatch(request, *args, **kwargs)
        if actor.door == Door.OFFICE:
            self.lead_on(response)
        if actor.door == Door.OFFICE and actor.membership_id is not None and response.status_code < 400:
            note_use(membership_id=actor.membership_id, used=self.used, on=day_everywhere())
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            company=self.company, actor=self.actor, today=self.today, rights=self.rights, **kwargs
        )


class PageView(RoomView):
    """A page that shows and changes nothing."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())


def readable(address: str, rights: Effective) -> bool:
    """Whether an employee with these rights gets the page at an address; one that is no page of a room is his."""
    try:
        view = getattr(resolve(urlsplit(address).path).func, "view_class", None)
    except Resolver404:
        return True
    if view is None or not issubclass(view, RoomView):
        return True
    return hasattr(view, "get") and view.shown_to(rights)


def rights_of(request: Any) -> Effective:
    """The actor's effective rights, read once a request."""
    if not hasattr(request, "effective_rights"):
        actor = request.actor
        if actor.door == Door.OPERATOR:
            request.effective_rights = rights_by(request.look)
            return request.effective_rights  # type: ignore[no-any-return]
        office = actor.door == Door.OFFICE and actor.user_id is not None
        request.modules = modules_on() if office else set()
        request.effective_rights = (
            effective_rights(user_id=actor.user_id, on=request.modules) if office else frozenset()
        )
    rights: Effective = request.effective_rights
    return rights


def is_auditor(request: Any) -> bool:
    """Whether an employee may view every part of the company, and so who may do what; no query of its own."""
    rights = rights_of(request)
    return request.actor.door == Door.OFFICE and bool(rights) and sees_all(rights, request.modules)


def show_error(form: Form, error: BusinessError) -> None:
    """A business error as the form's own, at its field where it has one."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
