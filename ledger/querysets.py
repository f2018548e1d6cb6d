from typing import Any

from django.db.models import Manager, QuerySet

from companies.actor import Actor
from companies.doors import WHOLE


def reads_books(actor: Actor) -> bool:
    """Whether the actor stands where the books may be read at all: in the office or as the robot. Rights are checked
    at the page."""
    return actor.door in WHOLE


class BookQuerySet(QuerySet[Any]):
    """Rows of the books, cut to what an actor may see: the wall gives the company, the door decides the rest."""

    def visible_to(self, actor: Actor) -> "BookQuerySet":
        return self.all() if reads_books(actor) else self.none()


class BookManager(Manager[Any]):
    def get_queryset(self) -> BookQuerySet:
        return BookQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> BookQuerySet:
        return self.get_queryset().visible_to(actor)
