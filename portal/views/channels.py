"""Where a product is sold: its channels and distributors, each with a switch and its consequence (S2-36, S2-37)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from applications.office_drafts import Open, open_drafts
from common.formats import number
from companies.models import PartCode, Right
from companies.models.trail import TrailEntry
from companies.trail import signed, words
from companies.views import RoomView
from products.models import Channel, Product
from products.services.channels import switch_channel
from products.states import VersionState
from relations.models import Appointment
from relations.selectors import holds_on

WHAT = {
    Channel.DIRECT: gettext_lazy("Anyone, on the company’s own pages."),
    Channel.ADVISER: gettext_lazy("By distributors, with their links and in the extranet."),
    Channel.OFFICE: gettext_lazy("Entered by hand by an employee."),
}


@dataclass(frozen=True, slots=True)
class Switch:
    """One way of selling with its switch: the channel's own, or a distributor's (with his code)."""

    channel: Channel
    name: str
    on: bool
    consequence: str
    what: str = ""
    url: str = ""
    code: str = ""
    own: bool = True  # False: follows the channel
    barred: str = ""  # why it doesn't sell whatever the switch says


class ChannelsView(RoomView):
    """The channels of one product. Seen by who views products, switched by who edits them."""

    right = (PartCode.PRODUCTS, Right.VIEW)
    template_name = "portal/channels.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        switches = {(row.channel, row.appointment_id): row.on for row in self.product.channels.all()}
        version = self.product.versions.filter(state=VersionState.LIVE).only("number", "product_id").first()
        return self.render_to_response(
            self.get_context_data(
                product=self.product,
                product_name=self.product.name((get_language() or "en")[:2]),
                version=version or self.product.versions.only("number", "product_id").latest("number"),
                live=version is not None,
                channels=self.channels(switches),
                distributors=self.distributors(switches),
                may_edit=self.may(PartCode.PRODUCTS, Right.EDIT),
                history=self.history(),
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may(PartCode.PRODUCTS, Right.EDIT):
            raise PermissionDenied(_("This step needs “Product development: Edit”."))
        channel, turn, code = (request.POST.get(name, "") for name in ("channel", "turn", "distributor"))
        appointment = Appointment.objects.select_related("party").filter(code=code).first() if code else None
        if channel not in Channel.values or turn not in {"on", "off"} or (code and appointment is None):
            messages.error(request, _("Expected a channel of this page to switch on or off, found another one."))
        else:
            way = Channel(channel)
            switch_channel(
                product=self.product,
                channel=way,
                appointment=appointment if way == Channel.ADVISER else None,
                on=turn == "on",
                actor=self.actor,
                day=self.today,
            )
            name = appointment.party.name if appointment else way.label
            said = _("Switched on: %(way)s") if turn == "on" else _("Switched off: %(way)s")
            messages.success(request, said % {"way": name})
        return redirect("office:channels", company=self.company.slug, slug=self.product.slug)

    @cached_property
    def product(self) -> Product:
        found = Product.objects.filter(slug=self.kwargs["slug"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def drafts(self) -> list[Open]:
        """What is in the making for this product."""
        return [row for row in open_drafts() if row.product_id == self.product.pk]

    def channels(self, switches: dict[tuple[str, int | None], bool]) -> list[Switch]:
        """The three ways of selling."""
        base = f"{settings.PUBLIC_URL}/{self.company.slug}/apply/{self.product.slug}/"
        return [
            Switch(
                channel=channel,
                name=str(channel.label),
                on=switches.get((channel, None), True),
                consequence=still_open(sum(row.number for row in self.drafts if row.channel == channel)),
                what=str(WHAT[channel]),
                url=base if channel == Channel.DIRECT else "",
            )
            for channel in Channel
        ]

    def distributors(self, switches: dict[tuple[str, int | None], bool]) -> list[Switch]:
        """Each appointed distributor: his own switch, else the channel's."""
        base = f"{settings.PUBLIC_URL}/{self.company.slug}/apply/{self.product.slug}/via/"
        rows = Appointment.objects.select_related("party").order_by("party__sort_key", "pk")
        general = switches.get((Channel.ADVISER, None), True)
        return [
            Switch(
                channel=Channel.ADVISER,
                name=row.party.name,
                on=switches.get((Channel.ADVISER, row.pk), general),
                consequence=still_open(sum(one.number for one in self.drafts if one.adviser_id == row.party_id)),
                url=f"{base}{row.code}/",
                code=row.code,
                own=(Channel.ADVISER, row.pk) in switches,
                barred=self.barred(row),
            )
            for row in rows
        ]

    def barred(self, appointment: Appointment) -> str:
        """Why an appointment doesn't let him sell this today; empty where it does."""
        lines = appointment.lines_of_business
        if not holds_on(appointment, self.today):
            return _("The appointment doesn't hold today.")
        return (
            _("Not appointed for this line of business.")
            if lines and self.product.line_of_business not in lines
            else ""
        )

    def history(self) -> list[dict[str, Any]]:
        """Who switched what, newest first."""
        codes = ["product.channel_on", "product.channel_off"]
        kind = Product._meta.label_lower
        rows = TrailEntry.objects.select_related("user").filter(subject_kind=kind, subject_id=self.product.pk)
        return [
            {"text": words(row), "small": signed(row), "at": row.recorded_at, "icon": "history"}
            for row in rows.filter(code__in=codes).order_by("-pk")[:20]
        ]


def still_open(count: int) -> str:
    """What switching off leaves alone."""
    if not count:
        return _("Nothing is in the making.")
    return ngettext(
        "%(count)s application in the making can still be sent in.",
        "%(count)s applications in the making can still be sent in.",
        count,
    ) % {"count": number(count)}
