"""Protocols of a company: made from a template or another one, changed, retired (S2-05)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.doors import Door
from companies.models import Grant, Part, PartCode, PartGroupPermission, Protocol, ProtocolAct, Right
from companies.models.rights import Act
from companies.security_log import refused
from companies.templates_of_protocols import TEMPLATES
from companies.trail import record

Pair = tuple[PartCode, Right]


@dataclass(frozen=True, slots=True)
class Content:
    """What a protocol holds: rights on parts, and named acts."""

    rights: frozenset[Pair] = frozenset()
    acts: frozenset[Act] = frozenset()

    def __sub__(self, other: "Content") -> "Content":
        return Content(self.rights - other.rights, self.acts - other.acts)

    def __bool__(self) -> bool:
        return bool(self.rights or self.acts)

    @property
    def codes(self) -> list[str]:
        """Each as the trail keeps it: `policies:view`, `release_payment`."""
        return sorted([f"{part.value}:{right.value}" for part, right in self.rights] + [act.value for act in self.acts])


def content_of(protocol: Protocol) -> Content:
    """What the protocol holds now; two queries."""
    rows = PartGroupPermission.objects.filter(group=protocol.group_id)
    pairs = rows.values_list("content_object__code", "permission__codename")
    acts = ProtocolAct.objects.filter(protocol=protocol).values_list("act", flat=True)
    return Content(
        frozenset((PartCode(part), Right(right)) for part, right in pairs), frozenset(Act(act) for act in acts)
    )


def check_writes_rights(actor: Actor) -> None:
    """Refuse unless an administrator, or the machine itself, does it; the database refuses it too."""
    if actor.door != Door.WORKER and not actor.administrator:
        refused(actor, "administrator")
        raise BusinessError(_("Rights are given and taken by an administrator."), code="administrator")


def protocol_for_update(protocol_id: int, actor: Actor) -> Protocol:
    """The protocol, locked, to be changed by this actor. Raises BusinessError for one that he holds himself or that is
    retired.
    """
    check_writes_rights(actor)
    protocol = Protocol.objects.select_for_update(of=("self",)).get(pk=protocol_id)
    if protocol.retired_at is not None:
        raise BusinessError(_("The protocol “%(name)s” is retired."), params={"name": protocol.name}, code="retired")
    if Grant.objects.filter(protocol=protocol, taken_at=None, membership__user=actor.user_id).exists():
        refused(actor, "own_protocol")
        raise BusinessError(
            _("You hold “%(name)s” yourself. Another administrator can change it."),
            params={"name": protocol.name},
            code="own_protocol",
        )
    return protocol


def check_name(name: str, *, but: int | None = None) -> None:
    """Refuse a name that another protocol in use has."""
    if Protocol.objects.filter(name=name, retired_at=None).exclude(pk=but or 0).exists():
        raise BusinessError(
            _("There is a protocol “%(name)s” already. Expected another name."), params={"name": name}, field="name"
        )


@step
def create_protocol(
    *,
    name: str,
    rights: Iterable[Pair],
    acts: Iterable[Act] = (),
    template: str = "",
    actor: Actor,
    on: date,
) -> Protocol:
    """A protocol of the current company with a group of its own, which nobody holds yet. Raises BusinessError for a
    name in use.
    """
    check_writes_rights(actor)
    check_name(name)
    public_id = uuid.uuid4()
    group = Group.objects.create(name=f"protocol {public_id}")
    protocol = Protocol.objects.create(group=group, name=name, template=template, public_id=public_id)
    add(protocol, Content(frozenset(rights), frozenset(acts)))
    record(protocol, "protocol.created", actor=actor, on=on, name=name)
    return protocol


@step
def change_protocol(
    *, protocol_id: int, name: str, rights: Iterable[Pair], acts: Iterable[Act], actor: Actor, on: date
) -> Protocol:
    """Name, rights and acts of a protocol as they shall be; it bites on the next request of everybody who holds it
    (S2-05). Raises BusinessError for a protocol one holds oneself, a retired one, or a name in use.
    """
    protocol = protocol_for_update(protocol_id, actor)
    check_name(name, but=protocol.pk)
    before, after = content_of(protocol), Content(frozenset(rights), frozenset(acts))
    if protocol.name != name:
        record(protocol, "protocol.renamed", actor=actor, on=on, name=name, before=protocol.name)
        protocol.name = name
        protocol.save(update_fields=["name"])
    if before != after:
        remove(protocol, before - after)
        add(protocol, after - before)
        added, removed = (after - before).codes, (before - after).codes
        record(protocol, "protocol.changed", actor=actor, on=on, name=name, added=added, removed=removed)
    return protocol


@step
def retire_protocol(*, protocol_id: int, actor: Actor, on: date) -> Protocol:
    """Nobody can be given the protocol any more; its name is free. Raises BusinessError while somebody holds it."""
    protocol = protocol_for_update(protocol_id, actor)
    if count := Grant.objects.filter(protocol=protocol, taken_at=None).count():
        raise BusinessError(
            _("Expected that nobody holds “%(name)s”; %(count)s still do. Take it from them first."),
            params={"name": protocol.name, "count": count},
            code="held",
        )
    protocol.retired_at = timezone.now()
    protocol.save(update_fields=["retired_at"])
    record(protocol, "protocol.retired", actor=actor, on=on, name=protocol.name)
    return protocol


@step
def complete_protocols(*, actor: Actor, on: date) -> list[Protocol]:
    """The ready-made protocols that the current company has never had, in the language that is set; its own are left
    as they are, and a name already in use is left out.
    """
    Part.objects.bulk_create([Part(code=code) for code in PartCode], ignore_conflicts=True)
    had = set(Protocol.objects.values_list("template", flat=True))
    names = set(Protocol.objects.filter(retired_at=None).values_list("name", flat=True))
    missing = [row for row in TEMPLATES.values() if row.slug not in had and str(row.name) not in names]
    return [
        create_protocol(
            name=str(row.name), rights=row.pairs(), acts=row.acts, template=row.slug, actor=actor, on=on
        )
        for row in missing
    ]  # fmt: skip


def add(protocol: Protocol, content: Content) -> None:
    """Lay rights and acts into a protocol; a part that the company hasn't yet gets its row (S2-22)."""
    wanted = {part for part, _right in content.rights}
    parts = {part.code: part for part in Part.objects.filter(code__in=wanted)}
    parts |= {code.value: Part.objects.create(code=code) for code in sorted(wanted) if code.value not in parts}
    kinds = Permission.objects.filter(content_type__app_label=Part._meta.app_label)
    permissions = {row.codename: row for row in kinds}
    PartGroupPermission.objects.bulk_create(
        [
            PartGroupPermission(
                group_id=protocol.group_id, content_object=parts[part.value], permission=permissions[right.value]
            )
            for part, right in sorted(content.rights)
        ]
    )
    ProtocolAct.objects.bulk_create([ProtocolAct(protocol=protocol, act=act) for act in sorted(content.acts)])


def remove(protocol: Protocol, content: Content) -> None:
    """Take rights and acts out of a protocol."""
    for part, right in content.rights:
        PartGroupPermission.objects.filter(
            group=protocol.group_id, content_object__code=part, permission__codename=right
        ).delete()
    ProtocolAct.objects.filter(protocol=protocol, act__in=content.acts).delete()
