"""Rights on parts by protocol: an effective right is guardian's right of a live office membership's protocols."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.doors import Door
from companies.models import Membership, Module, Part, PartCode, PartGroupPermission, Protocol, ProtocolAct, Right
from companies.models.rights import MODULE_OF, Act

Effective = frozenset[tuple[str, str]]


def effective_rights(*, user_id: int) -> Effective:
    """All (part, right) of the user's live office membership here, of parts whose module is on; two queries."""
    rows = PartGroupPermission.objects.filter(
        group__user=user_id, group__user__memberships__door=Door.OFFICE, group__user__memberships__on=True
    ).values_list("content_object__code", "permission__codename")
    on = set(Module.objects.filter(on=True).values_list("code", flat=True))
    return frozenset((part, right) for part, right in rows if MODULE_OF[PartCode(part)] in on)


def effective_acts(*, user_id: int) -> frozenset[str]:
    """The named acts of the user's live office membership in the current company."""
    acts = ProtocolAct.objects.filter(
        protocol__group__user=user_id,
        protocol__group__user__memberships__door=Door.OFFICE,
        protocol__group__user__memberships__on=True,
    )
    return frozenset(acts.values_list("act", flat=True))


def check_act(actor: Actor, act: Act) -> None:
    """Refuse unless the actor's protocols hold the act. Raises BusinessError naming it."""
    if actor.door != Door.OFFICE or actor.user_id is None or act not in effective_acts(user_id=actor.user_id):
        raise BusinessError(
            _("“%(act)s” isn't among your rights. Ask your administrator.") % {"act": act.label}, code="act"
        )


@step
def create_protocol(
    *,
    company_id: int,
    name: str,
    rights: Iterable[tuple[PartCode, Right]],
    acts: Iterable[Act] = (),
    template: str = "",
) -> Protocol:
    """A protocol of the current company with its own group; the company's number leads the group's name, which is
    unique over all.
    """
    group = Group.objects.create(name=f"{company_id}: {name}")
    protocol = Protocol.objects.create(group=group, name=name, template=template)
    parts = {part.code: part for part in Part.objects.all()}
    permissions = {row.codename: row for row in Permission.objects.filter(content_type__app_label=Part._meta.app_label)}
    PartGroupPermission.objects.bulk_create(
        [
            PartGroupPermission(group=group, content_object=parts[part], permission=permissions[right.value])
            for part, right in dict.fromkeys(rights)
        ]
    )
    ProtocolAct.objects.bulk_create([ProtocolAct(protocol=protocol, act=act) for act in acts])
    return protocol


@step
def give_protocol(*, protocol: Protocol, membership: Membership) -> None:
    """Link a protocol to an employee's login; it bites on the next request (S2-05)."""
    if membership.door != Door.OFFICE:
        raise BusinessError(_("A protocol is for employees; this login comes by another door."))
    membership.user.groups.add(protocol.group)


@step
def take_protocol(*, protocol: Protocol, membership: Membership) -> None:
    """Take a protocol from an employee's login; it bites on the next request."""
    membership.user.groups.remove(protocol.group)
