"""Views of a list that a person saves, names, shares and removes, and columns he hides; each writes his own alone.

What is his alone leaves no trail, as density and language leave none; what others see of it does, in his history.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import ListChoice, Membership, SavedView
from companies.trail import record

MOST_VIEWS = 12  # of one person on one list: more tabs than that nobody finds anything in


def person(actor: Actor) -> int:
    """Whose choices these are; nothing is kept for whom nobody made a member of the company."""
    if actor.membership_id is None:
        raise BusinessError(_("Views and columns are kept for people of the company only."), code="nobody")
    return actor.membership_id


def own_views(list_name: str, actor: Actor) -> Any:
    """A person's own views of a list that stand, in the order he made them."""
    return SavedView.objects.filter(membership_id=person(actor), list_name=list_name, removed_at=None)


def check_name(name: str, *, list_name: str, actor: Actor, but: int | None = None) -> str:
    """The name, if it says something and no other view of this person on this list has it."""
    name = " ".join(name.split())[:60]
    if not name:
        raise BusinessError(_("Expected a name for this view, found none."), code="view_name", field="name")
    if own_views(list_name, actor).filter(name=name).exclude(pk=but).exists():
        raise BusinessError(
            _("You have a view “%(name)s” on this list already.") % {"name": name}, code="view_name", field="name"
        )
    return name


def tell(code: str, view: SavedView, *, actor: Actor, on: date) -> None:
    """What a person did with a view that others see, in his own history; the name he gave it stands nowhere."""
    record(Membership(pk=view.membership_id), code, actor=actor, on=on, list=view.list_name)


@step
def save_view(*, list_name: str, name: str, conditions: str, shared: bool, actor: Actor, on: date) -> SavedView:
    """Keep the conditions and the order of a list under a name, at most 12 a person and list."""
    name = check_name(name, list_name=list_name, actor=actor)
    if own_views(list_name, actor).count() >= MOST_VIEWS:
        raise BusinessError(
            _("A list holds at most %(most)s views of yours. Delete one first.") % {"most": MOST_VIEWS}, code="views"
        )
    view = SavedView.objects.create(
        membership_id=person(actor), list_name=list_name, name=name, conditions=conditions, shared=shared
    )
    if shared:
        tell("view.shared", view, actor=actor, on=on)
    return view


def own_view(public_id: Any, *, actor: Actor) -> SavedView:
    """A person's own view, locked; SavedView.DoesNotExist for another's."""
    return SavedView.objects.select_for_update().get(public_id=public_id, membership_id=person(actor))


@step
def change_view(*, public_id: Any, name: str, shared: bool | None = None, actor: Actor, on: date) -> SavedView:
    """Name a view anew, share it or take it back from the others (None: as it was)."""
    view = own_view(public_id, actor=actor)
    before = view.name
    view.name = check_name(name, list_name=view.list_name, actor=actor, but=view.pk)
    fields = ["name"]
    if shared is not None and shared != view.shared:
        view.shared = shared
        fields.append("shared")
        tell("view.shared" if shared else "view.unshared", view, actor=actor, on=on)
    elif view.shared and view.name != before:
        tell("view.renamed", view, actor=actor, on=on)
    view.save(update_fields=fields)
    return view


@step
def remove_view(*, public_id: Any, actor: Actor, on: date) -> SavedView:
    """Take a view off the list, for everybody it was shared with too; it can be put back."""
    view = own_view(public_id, actor=actor)
    view.removed_at = timezone.now()
    view.save(update_fields=["removed_at"])
    if view.shared:
        tell("view.removed", view, actor=actor, on=on)
    return view


@step
def put_back_view(*, public_id: Any, actor: Actor, on: date) -> SavedView:
    """Undo the removal, unless another view has taken its name or its place since."""
    view = own_view(public_id, actor=actor)
    check_name(view.name, list_name=view.list_name, actor=actor, but=view.pk)
    view.removed_at = None
    view.save(update_fields=["removed_at"])
    if view.shared:
        tell("view.put_back", view, actor=actor, on=on)
    return view


def choice_for(list_name: str, actor: Actor) -> ListChoice:
    """What a person chose for a list, made where he has chosen nothing yet, and locked."""
    ListChoice.objects.get_or_create(membership_id=person(actor), list_name=list_name)
    return ListChoice.objects.select_for_update().get(membership_id=person(actor), list_name=list_name)


@step
def open_with(*, list_name: str, view: SavedView | None, actor: Actor) -> ListChoice:
    """Let a list open with a view, for this person; None: with all rows."""
    choice = choice_for(list_name, actor)
    choice.default = view
    choice.save(update_fields=["default"])
    return choice


@step
def hide_columns(*, list_name: str, hidden: Sequence[str], actor: Actor) -> ListChoice:
    """Keep these columns away from a person's list and from its export."""
    choice = choice_for(list_name, actor)
    choice.hidden = sorted(hidden)
    choice.save(update_fields=["hidden"])
    return choice
