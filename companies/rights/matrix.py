"""The whole matrix of a company: who holds which right on which part, by which protocol, given by whom and when.

Everything comes from live grants of live office memberships, in a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from common.formats import day_in_prose
from companies.doors import Door
from companies.models import Grant, Membership, PartCode, PartGroupPermission, ProtocolAct, Right
from companies.models.rights import MODULE_OF, Act
from companies.rights import modules_on
from companies.rights.protocols import Content
from companies.templates_of_protocols import TEMPLATES

NOTHING = Content()


def employees() -> list[Membership]:
    """Everybody with a live login in the office, by name."""
    rows = Membership.objects.filter(door=Door.OFFICE, on=True).select_related("user")
    return sorted(rows, key=lambda row: (str(row.user).casefold(), row.pk))


def contents() -> dict[int, Content]:
    """What each protocol of the company holds, by its number; two queries."""
    rights: dict[int, set[tuple[PartCode, Right]]] = defaultdict(set)
    acts: dict[int, set[Act]] = defaultdict(set)
    pairs = PartGroupPermission.objects.values_list("group__protocol", "content_object__code", "permission__codename")
    for protocol, part, right in pairs:
        rights[protocol].add((PartCode(part), Right(right)))
    for protocol, act in ProtocolAct.objects.values_list("protocol", "act"):
        acts[protocol].add(Act(act))
    return {key: Content(frozenset(rights[key]), frozenset(acts[key])) for key in rights.keys() | acts.keys()}


def live_grants() -> list[Grant]:
    """Every protocol that somebody holds, with who gave it."""
    rows = Grant.objects.filter(taken_at=None).select_related("protocol", "given_by__user", "membership__user")
    return list(rows.order_by("protocol__name", "pk"))


@dataclass
class Held:
    """An employee and what he holds; a right of a switched-off module is held but works no more."""

    membership: Membership
    grants: list[Grant]
    contents: dict[int, Content]
    on: set[str]

    def by(self, what: "tuple[PartCode, Right] | Act") -> list[Grant]:
        """The grants by which he holds a right or an act."""
        return [
            grant
            for grant in self.grants
            if what in self.contents.get(grant.protocol_id, NOTHING).rights
            or what in self.contents.get(grant.protocol_id, NOTHING).acts
        ]

    @cached_property
    def pairs(self) -> set[tuple[PartCode, Right]]:
        """His effective rights."""
        held = (self.contents.get(grant.protocol_id, NOTHING).rights for grant in self.grants)
        return {(part, right) for rights in held for part, right in rights if MODULE_OF[part] in self.on}

    @cached_property
    def acts(self) -> list[Act]:
        """His named acts, in the order they are listed."""
        held = {act for grant in self.grants for act in self.contents.get(grant.protocol_id, NOTHING).acts}
        return [act for act in Act if act in held]

    def rights_on(self, part: PartCode) -> list[Right]:
        """What he may do with a part."""
        return [right for right in Right if (part, right) in self.pairs]

    @property
    def cells(self) -> list[tuple[PartCode, list[Right]]]:
        """One cell a part, in the order of the matrix."""
        return [(part, self.rights_on(part)) for part in PartCode]


def whole_matrix() -> list[Held]:
    """All employees with what they hold; six queries however many they are."""
    found, on = contents(), modules_on()
    grants: dict[int, list[Grant]] = defaultdict(list)
    for grant in live_grants():
        grants[grant.membership_id].append(grant)
    return [Held(row, grants[row.pk], found, on) for row in employees()]


def held_by(membership: Membership) -> Held:
    """One employee and what he holds; nothing while his login is switched off."""
    grants = [grant for grant in live_grants() if grant.membership_id == membership.pk and membership.on]
    return Held(membership, grants, contents(), modules_on())


@dataclass(frozen=True, slots=True)
class Reason:
    """The answer to “why can she see this?” for one right or act: sentences, or none if she can't."""

    what: str
    because: list[str] = field(default_factory=list)
    off: bool = False  # the part's module is switched off, so it has no effect


def reasons(held: Held, parts: Iterable[PartCode], acts: Iterable[Act]) -> list[Reason]:
    """Why an employee may, or may not, do each of these."""
    rows = [
        Reason(
            _("%(part)s: %(right)s") % {"part": part.label, "right": right.label},
            [sentence_of(grant) for grant in held.by((part, right))],
            off=MODULE_OF[part] not in held.on,
        )
        for part in parts
        for right in Right
    ]
    return rows + [Reason(str(act.label), [sentence_of(grant) for grant in held.by(act)]) for act in acts]


def sentence_of(grant: Grant) -> str:
    """By which protocol, copied from which ready-made one, given by whom and when."""
    words = {
        "protocol": grant.protocol.name,
        "template": template_name(grant.protocol.template),
        "who": giver_of(grant),
        "day": day_in_prose(grant.given_at.date()),
    }
    if words["template"]:
        return _("By the protocol “%(protocol)s”, made from “%(template)s”, given by %(who)s on %(day)s.") % words
    return _("By the protocol “%(protocol)s”, given by %(who)s on %(day)s.") % words


def giver_of(grant: Grant) -> str:
    """Who gave it, by name; when the company was set up nobody of it did."""
    return str(grant.given_by.user) if grant.given_by else _("the set-up of the company")


def template_name(slug: str) -> str:
    """The ready-made protocol a protocol was made from, as a reader calls it; empty for one of the company's own."""
    return str(TEMPLATES[slug].name) if slug in TEMPLATES else ""
