"""By which ways a product is sold: each switchable, and each appointed distributor on his own (S2-36, S2-37)."""

from datetime import date

from common.db import step
from companies.actor import Actor
from companies.trail import record
from products.models import Channel, Product, ProductChannel
from relations.models import Appointment


@step
def switch_channel(
    *, product: Product, channel: Channel, appointment: Appointment | None = None, on: bool, actor: Actor, day: date
) -> ProductChannel:
    """Open or close a way of selling from now on, for all of it or for one distributor, whose own switch wins.

    What is in the making can still be sent in; only nothing new begins.
    """
    Product.objects.select_for_update().get(pk=product.pk)
    switch, _made = ProductChannel.objects.update_or_create(
        product=product, channel=channel, appointment=appointment, defaults={"on": on}
    )
    record(
        product,
        "product.channel_on" if on else "product.channel_off",
        actor=actor,
        on=day,
        channel=channel.value,
        distributor=appointment.code if appointment else "",
    )
    return switch
