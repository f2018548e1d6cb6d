"""Every step leaves a row; its sentence is put together when it is read, in the reader's language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from companies.actor import Actor
from companies.models.trail import TrailEntry
from companies.rows import insert_values

Sentence = Callable[[Mapping[str, Any]], str]
SENTENCES: dict[str, Sentence] = {}
Gathered = tuple[int, list[dict[str, Any]]]
GATHERED: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def sentence(code: str) -> Callable[[Sentence], Sentence]:
    """Register the words of a code: a function of the entry's details (ids, codes, numbers; never personal data)."""

    def register(function: Sentence) -> Sentence:
        SENTENCES[code] = function
        return function

    return register


@dataclass(frozen=True, slots=True)
class Note:
    """What happened to one subject on a business day, to be written down; details are numbers and codes only."""

    subject: Model
    code: str
    on: date
    case_id: int | None = None
    changed: Iterable[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def record(
    subject: Model,
    code: str,
    /,
    *,
    actor: Actor,
    on: date,
    case_id: int | None = None,
    changed: Iterable[str] = (),
    **details: Any,
) -> None:
    """Write down what happened to the subject, by whom, on which business day. Details are numbers and codes only."""
    record_many([Note(subject, code, on, case_id, changed, details)], actor=actor)


def record_many(notes: Iterable[Note], *, actor: Actor) -> None:
    """Write down what happened to each subject, in their order, in one statement."""
    entries, gathered = [entry_of(note, actor) for note in notes], GATHERED.get()
    if gathered is not None and gathered[0] == len(connection.savepoint_ids):
        gathered[1].extend(entries)
    else:
        insert_values(TrailEntry, entries)


@contextmanager
def gathered_trail() -> Iterator[None]:
    """What the steps inside record is written at the end of the block, in one statement and in their order. What is
    recorded inside a savepoint of its own is written at once, since it goes if that is taken back.
    """
    entries: list[dict[str, Any]] = []
    token = GATHERED.set((len(connection.savepoint_ids), entries))
    try:
        yield
        insert_values(TrailEntry, entries)
    finally:
        GATHERED.reset(token)


def entry_of(note: Note, actor: Actor) -> dict[str, Any]:
    """The row of a note."""
    return {
        "code": note.code,
        "on": note.on,
        "case_id": note.case_id or getattr(note.subject, "case_id", None),
        "subject_kind": note.subject._meta.label_lower,
        "subject_id": note.subject.pk,
        "changed": list(note.changed),
        "details": dict(note.details),
        "actor_kind": actor.kind,
        "user_id": actor.user_id,
        "membership_id": actor.membership_id,
        "link_id": actor.link_id,
        "job_id": actor.job_id,
    }


def words(entry: TrailEntry) -> str:
    """The entry as a sentence; one whose room was removed shows its code."""
    told = SENTENCES.get(entry.code)
    return told(entry.details) if told else entry.code


def signed(entry: TrailEntry) -> str:
    """Who did it, as a reader names him: an employee by name, a computer as Robot."""
    if entry.actor_kind == "robot":
        return _("Robot")
    if entry.actor_kind == "operator":
        return _("Operator")
    if entry.user is not None:
        return str(entry.user)
    if entry.actor_kind == "employee":
        return _("An employee")  # his login isn't shown to the operator
    return _("Customer") if entry.link_id else _("Visitor")
