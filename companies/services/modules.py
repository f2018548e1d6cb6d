"""Modules of a company: off means no menu, no address, no job; nothing is deleted (S1-32)."""

from datetime import date

from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Module, ModuleCode
from companies.trail import record


@step
def switch_module(*, code: str, turn_on: bool, actor: Actor, on: date) -> Module:
    """Switch a module that the company has on or off. Its pages answer 404 from the next request, its jobs wait and go
    on where they stood when it is on again. Administration itself stays on. Raises Module.DoesNotExist for one that the
    company doesn't have.
    """
    module = Module.objects.select_for_update().get(code=code)
    if module.code == ModuleCode.BASE and not turn_on:
        raise BusinessError(_("Administration and relations can’t be switched off: they switch the rest."), code="base")
    if module.on != turn_on:
        module.on = turn_on
        module.save(update_fields=["on"])
        record(module, "module.on" if turn_on else "module.off", actor=actor, on=on, module=module.code)
    return module
