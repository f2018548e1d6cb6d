"""The office's side navigation: each room adds its entries; an entry is shown only to who may open it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import ModuleCode, PartCode, Right
from companies.models.company import Module

GROUPS = {
    "": "",
    "business": _("Business"),
    "money": _("Money"),
    "setup": _("Set-up"),
    "administration": _("Administration"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation: where it leads, the right it needs, its icon, and what it counts.

    administrator: for administrators only, and with `auditor` for auditors too; `module`: of a company that has it.
    """

    group: str
    title: "str | Promise"
    page: str
    icon: str
    right: tuple[PartCode, Right] | None = None
    order: int = 50
    count: Callable[[], int] | None = None
    administrator: bool = False
    auditor: bool = False
    module: ModuleCode | None = None

    def shown_to(
        self, rights: frozenset[tuple[str, str]], *, administrator: bool, auditor: bool, modules: set[str]
    ) -> bool:
        """Whether a reader may open it."""
        if self.administrator:
            return (administrator and self.module in {None, *modules}) or (self.auditor and auditor)
        return self.right is None or (self.right[0].value, self.right[1].value) in rights


ENTRIES: list[Entry] = []


def add(*entries: Entry) -> None:
    """Called by a room's navigation.py."""
    ENTRIES.extend(entries)


def navigation(
    *, slug: str, rights: frozenset[tuple[str, str]], path: str, administrator: bool = False, auditor: bool = False
) -> list[dict[str, Any]]:
    """Groups of entries the reader may open, as templates/base_office.html takes them."""
    modules = set(Module.objects.filter(on=True).values_list("code", flat=True)) if administrator else set()
    shown = [
        (entry, reverse(entry.page, kwargs={"company": slug}))
        for entry in sorted(ENTRIES, key=lambda e: e.order)
        if entry.shown_to(rights, administrator=administrator, auditor=auditor, modules=modules)
    ]
    within = [url for entry, url in shown if path == url or (entry.group != "" and path.startswith(url))]
    here = max(within, key=len, default="")  # one place only: the debtors' address lies beneath the ledger's
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in GROUPS}
    for entry, url in shown:
        count = entry.count() if entry.count else None
        groups[entry.group].append(
            {"title": entry.title, "url": url, "icon": entry.icon, "current": url == here, "count": count}
        )
    return [{"title": GROUPS[key], "items": items} for key, items in groups.items() if items]


add(
    Entry("setup", _("Import"), "imports:list", "upload", (PartCode.IMPORT, Right.VIEW), order=80),
    Entry(
        "administration", _("Protocols and rights"), "rights:list", "table", order=90, administrator=True, auditor=True
    ),
)
