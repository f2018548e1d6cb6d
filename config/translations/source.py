"""The texts to be translated, read out of code and templates as they stand, into memory."""

import ast
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

CALLS = {
    name + kind: arguments  # how many of them are text
    for name, arguments in {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}.items()
    for kind in ("", "_lazy", "_noop")
}
LEFT_OUT = {"tests", "proofs", "benchmarks", "migrations", "var"}  # what no reader of a page meets


class Text(NamedTuple):
    """One text as a catalogue finds it: its context, and its forms."""

    context: str | None
    forms: tuple[str, ...]


class Source(NamedTuple):
    """A file that readers may meet, as text and, of a module, as tree."""

    path: Path
    text: str
    tree: ast.Module | None


def sources(folder: Path) -> list[Source]:
    """Code, templates and scripts under `folder` whose words a reader may meet."""
    found = []
    for here, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".") and name not in LEFT_OUT]
        paths = [Path(here, name) for name in names]
        found += [path for path in paths if _ours(path.relative_to(folder))]
    return [_read(path) for path in sorted(found)]


def _ours(path: Path) -> bool:
    return path.suffix in {".py", ".js"} or (path.parts[0] == "templates" and path.suffix in {".html", ".txt"})


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text, path) if path.suffix == ".py" else None)


def texts(source: Source) -> Iterator[Text]:
    """Each text of a file that goes through gettext."""
    if source.tree:
        yield from _in_code(source.tree)
    elif source.path.suffix != ".js":
        yield from _in_template(source)


def _in_code(tree: ast.Module) -> Iterator[Text]:
    known = CALLS | {"_": 1} | aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            said = [place.value for place in node.args[: known[node.func.id]] if isinstance(place, ast.Constant)]
            if len(said) == known[node.func.id]:
                yield _text("pgettext" in node.func.id, [str(part) for part in said])


def _in_template(source: Source) -> Iterator[Text]:
    told = templatize(source.text, origin=str(source.path))
    lines = (line.lstrip() for line in told.split("\n"))  # a template's indents mean nothing
    code = io.BytesIO("\n".join(lines).encode())
    names: Any = dict.fromkeys([*CALLS, "_"])
    calls: Any = extract_python(code, names, [], {"encoding": "utf-8"})
    for _line, name, found, _comments in calls:
        said = ([found] if isinstance(found, str) else list(found or ()))[: CALLS.get(name or "", 1)]
        if said and all(isinstance(part, str) for part in said):
            yield _text("pgettext" in (name or ""), [str(part) for part in said])


def _text(in_context: bool, said: list[str]) -> Text:
    return Text(said[0], tuple(said[1:])) if in_context else Text(None, tuple(said))


def aliases(tree: ast.Module) -> dict[str, int]:
    """Other names that a module gives gettext and its like: `from ... import gettext as now`."""
    return {
        name.asname: CALLS[name.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in CALLS
    }
