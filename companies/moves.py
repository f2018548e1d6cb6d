"""Statuses and the moves between them: one table in the code, the same in the database."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from common.errors import BusinessError

T = TypeVar("T", bound=TextChoices)


class IllegalMove(BusinessError):
    """A step that the present state doesn't allow."""

    default_code = "illegal_move"


def pairs(moves: Mapping[T, set[T]]) -> list[tuple[str, str]]:
    """The table as (from, to) pairs, for the database's guard."""
    return [(start.value, end.value) for start, ends in moves.items() for end in sorted(ends)]


def check_move(moves: Mapping[T, set[T]], start: str, end: T) -> None:
    """Raise IllegalMove, naming both states, unless the table holds the move."""
    now = type(end)(start)
    if end not in moves[now]:
        raise IllegalMove(_("From “%(start)s” there is no step to “%(end)s”.") % {"start": now.label, "end": end.label})


def moves_guard(column: str, table_of_moves: Mapping[T, set[T]], start: T) -> str:
    """The body of a trigger that refuses every other move of the column, and rows that don't begin at the start."""
    allowed = ", ".join(f"('{a}', '{b}')" for a, b in pairs(table_of_moves))
    return f"""
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.{column} IS DISTINCT FROM '{start.value}' THEN
          RAISE EXCEPTION '{column}: a new row begins at {start.value}, found %', NEW.{column} USING ERRCODE =
          'check_violation';
        END IF;
      ELSIF NEW.{column} IS DISTINCT FROM OLD.{column}
        AND NOT ((OLD.{column}::text, NEW.{column}::text) IN ({allowed})) THEN
        RAISE EXCEPTION '{column}: no move from % to %', OLD.{column}, NEW.{column} USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END
    """
