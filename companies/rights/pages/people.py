"""One employee's rights: his protocols given and taken, and why he can see what he sees."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.fresh import FreshFactor
from companies.models import Grant, Membership, PartCode, Protocol
from companies.models.rights import Act
from companies.rights.grants import give_protocol, take_protocol
from companies.rights.matrix import giver_of, held_by, reasons, template_name
from companies.rights.pages.base import RightsView
from companies.rights.pages.protocols import in_use


class HolderView(FreshFactor, RightsView):
    """The protocols of one employee: which, given by whom and when, and the ones he could be given."""

    template_name = "companies/holder.html"

    @cached_property
    def object(self) -> Membership:
        return self.employee(self.kwargs["public_id"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        grants = Grant.objects.filter(membership=self.object).select_related("protocol", "given_by__user")
        live = [grant for grant in grants.order_by("protocol__name", "-pk") if grant.taken_at is None]
        has = {grant.protocol_id for grant in live}
        context = self.get_context_data(
            member=self.object,
            own=self.object.user_id == self.actor.user_id,
            grants=[(grant, giver_of(grant), template_name(grant.protocol.template)) for grant in live],
            others=[protocol for protocol in in_use() if protocol.pk not in has],
            held=held_by(self.object),
        )
        return self.render_to_response(context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        gives = "give" in request.POST
        asked = request.POST.get("give" if gives else "take", "")
        protocol = next((row for row in Protocol.objects.all() if str(row.public_id) == asked), None)
        if protocol is None:
            messages.error(request, _("Expected one of the protocols of this page, found another one."))
            return redirect(request.path)
        if gives:
            self.check_fresh()
        step, said = (
            (give_protocol, _("“%(protocol)s” is given to %(name)s."))
            if gives
            else (take_protocol, _("“%(protocol)s” is taken from %(name)s."))
        )
        try:
            step(protocol=protocol, membership=self.object, actor=self.actor, on=self.today)
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said % {"protocol": protocol.name, "name": self.object.user})
        return redirect(request.path)


class WhyView(RightsView):
    """Why an employee may, or may not, do something: each protocol, who gave it, when, made from what.

    `?part=policies` narrows to one part, `?act=release_payment` to one act.
    """

    template_name = "companies/why.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = self.employee(self.kwargs["public_id"])
        part, act = request.GET.get("part", ""), request.GET.get("act", "")
        parts = [PartCode(part)] if part in PartCode.values else [] if act in Act.values else list(PartCode)
        acts = [Act(act)] if act in Act.values else [] if part in PartCode.values else list(Act)
        told = reasons(held_by(member), parts, acts)
        context = self.get_context_data(
            member=member,
            about=PartCode(part).label if part in PartCode.values else Act(act).label if act in Act.values else "",
            reasons=[row for row in told if row.because],
            without=[row.what for row in told if not row.because],
        )
        return self.render_to_response(context)
