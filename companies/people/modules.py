"""The modules of a company, each with its switch, what is open in it and what it holds (S1-32)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.models import Membership, Module, ModuleCode
from companies.open import HELD, OPEN, Counted
from companies.people.base import AdministratorView, trail_of
from companies.services.modules import switch_module
from companies.views import MODULE_OF_DOOR


def counted(kinds: list[Counted], code: ModuleCode) -> list[tuple[str, int]]:
    """Each kind that a module has some of, as its rooms count it."""
    found = [(str(kind.title), kind.count()) for kind in kinds if kind.module == code]
    return [(title, count) for title, count in found if count]


def open_in(code: ModuleCode) -> list[tuple[str, int]]:
    """What is open in a module, and the logins that it would shut out."""
    logins = [
        (str(door.label), Membership.objects.filter(door=door, on=True).count())
        for door, module in MODULE_OF_DOOR.items()
        if module == code
    ]
    return [*counted(OPEN, code), *((title, count) for title, count in logins if count)]


class ModulesView(AdministratorView):
    """Switches; what is off has no menu, no address and no job."""

    template_name = "companies/modules.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        modules = {module.code: module for module in Module.objects.all()}
        rows = [
            {
                "module": modules[code],
                "open": open_in(code),
                "holds": counted(HELD, code),
                "fixed": code == ModuleCode.BASE,
            }
            for code in ModuleCode
            if code in modules
        ]
        return self.render_to_response(self.get_context_data(rows=rows, history=trail_of(Module._meta.label_lower)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        turn_on = request.POST.get("turn") == "on"
        try:
            module = switch_module(
                code=request.POST.get("module", ""), turn_on=turn_on, actor=self.actor, on=self.today
            )
        except Module.DoesNotExist:
            raise Http404 from None
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            said = _("%(module)s is switched on.") if turn_on else _("%(module)s is switched off.")
            messages.success(request, said % {"module": module.get_code_display()})
        return redirect("admin:modules", company=self.company.slug)
