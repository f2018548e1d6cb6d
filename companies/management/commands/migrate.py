"""migrate, in a tenth of the time: docs/decisions/0019 says how and how it is known to make the same database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db.migrations.state import ProjectState


@contextmanager
def models_drawn_alone() -> Iterator[None]:
    """A step that changes a model draws that model anew, and not the hundred others that hang on a company too.

    Django marks such a state as delayed, and draws all anew for a step written in Python.
    """
    found = "_find_reload_model"
    before = getattr(ProjectState, found)
    setattr(ProjectState, found, alone)
    try:
        yield
    finally:
        setattr(ProjectState, found, before)


def alone(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    """What a change of a model draws anew: itself."""
    state.is_delayed = True
    return {(app_label, model_name)}


class Command(Migrate):
    """Bring the database to the tables, walls and guards of this version."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        with models_drawn_alone():
            return super().handle(*args, **options)
