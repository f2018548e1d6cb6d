"""The matrix of one protocol as a form: a box for each part and right, and the named acts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from companies.models import ModuleCode, PartCode, Right
from companies.models.rights import MODULE_OF, Act
from companies.rights.protocols import Content, Pair

PAIRS = [(f"{part.value}:{right.value}", "") for part in PartCode for right in Right]


def pair_of(code: str) -> Pair:
    """`policies:view` as part and right."""
    part, _colon, right = code.partition(":")
    return PartCode(part), Right(right)


class ProtocolForm(forms.Form):
    """A protocol's name and what it holds. Boxes of switched-off modules can't be ticked and keep what they held."""

    name = forms.CharField(label=_("Name"), max_length=80)
    rights = forms.MultipleChoiceField(choices=PAIRS, required=False, label=_("Rights"))
    acts = forms.MultipleChoiceField(choices=Act.choices, required=False, label=_("Named acts"))

    def __init__(self, data: Any, *, name: str, held: Content, on: set[str]) -> None:
        super().__init__(data, initial={"name": name})
        self.held, self.on = held, on

    def content(self) -> Content:
        """What the protocol shall hold, of a valid form."""
        kept = {pair for pair in self.held.rights if MODULE_OF[pair[0]] not in self.on}
        asked = {pair_of(code) for code in self.cleaned_data["rights"]}
        chosen = {pair for pair in asked if MODULE_OF[pair[0]] in self.on}
        return Content(frozenset(chosen | kept), frozenset(Act(code) for code in self.cleaned_data["acts"]))

    def shown(self) -> Content:
        """What is ticked when the page opens: what was sent, else what is held."""
        if not isinstance(self.data, QueryDict):
            return self.held
        rights = [code for code in self.data.getlist("rights") if code in dict(PAIRS)]
        acts = [Act(code) for code in self.data.getlist("acts") if code in Act.values]
        return Content(frozenset(map(pair_of, rights)), frozenset(acts))


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the matrix."""

    code: str
    label: str
    ticked: bool


@dataclass(slots=True)
class Rows:
    """The parts of one module, each with its boxes; switched off, they are there but don't work."""

    title: str
    on: bool
    parts: list[tuple[str, list[Box]]] = field(default_factory=list)


def rows_of(content: Content, on: set[str]) -> list[Rows]:
    """The matrix of a protocol, grouped by module; every part that exists has its row by itself (S2-22)."""
    groups: dict[ModuleCode, Rows] = {}
    for part in PartCode:
        module = MODULE_OF[part]
        group = groups.setdefault(module, Rows(str(module.label), module in on))
        boxes = [
            Box(f"{part.value}:{right.value}", f"{part.label}: {right.label}", (part, right) in content.rights)
            for right in Right
        ]
        group.parts.append((str(part.label), boxes))
    return [groups[module] for module in ModuleCode if module in groups]


def boxes_of(acts: Iterable[Act]) -> list[Box]:
    """The named acts as boxes."""
    return [Box(act.value, str(act.label), act in acts) for act in Act]
