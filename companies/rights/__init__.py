"""Rights on parts by protocol: an effective right is guardian's right of a live office membership's protocols
(docs/rights.md).
"""

from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.actor import Actor
from companies.doors import Door
from companies.models import Module, PartCode, PartGroupPermission, ProtocolAct, Right
from companies.models.rights import MODULE_OF, Act
from companies.rights.grants import give_protocol, take_protocol
from companies.rights.protocols import create_protocol
from companies.security_log import refused

__all__ = [
    "Effective", "check_act", "create_protocol", "effective_acts", "effective_rights", "give_protocol", "modules_on",
    "sees_all", "take_protocol",
]  # fmt: skip
Effective = frozenset[tuple[str, str]]


def modules_on() -> set[str]:
    """The modules switched on in the current company."""
    return set(Module.objects.filter(on=True).values_list("code", flat=True))


def effective_rights(*, user_id: int, on: set[str] | None = None) -> Effective:
    """All (part, right) of the user's live office membership here, of parts whose module is on; two queries, one where
    the modules are known already.
    """
    rows = PartGroupPermission.objects.filter(
        group__user=user_id, group__user__memberships__door=Door.OFFICE, group__user__memberships__on=True
    ).values_list("content_object__code", "permission__codename")
    on = modules_on() if on is None else on
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
        refused(actor, f"act:{act.value}")
        raise BusinessError(
            _("“%(act)s” isn't among your rights. Ask your administrator.") % {"act": act.label}, code="act"
        )


def sees_all(rights: Effective, on: set[str]) -> bool:
    """Whether these rights hold the view of every part whose module is on: an auditor's, who reads rights too."""
    return all((part.value, Right.VIEW.value) in rights for part in PartCode if MODULE_OF[part] in on)
