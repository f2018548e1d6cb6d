"""The forms of a page as a machine finds them, and how each is sent with something hostile in it.

Nothing is listed by hand: a new form is found by itself, with its fields, its files and its buttons.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote_from_bytes, urljoin

from config.launch.walk.browser import Field, Form, Reader

OWN = frozenset({"csrfmiddlewaretoken", "token"})  # what a page signs its form with
TYPED = frozenset({"text", "email", "search", "tel", "url", "password", "textarea"})
BOUNDARY = "x-hostile-x"
Sent = list[tuple[str, bytes]]


@dataclass
class Found(Form):
    """A form of a page with all that it can send."""

    kind: str = "application/x-www-form-urlencoded"
    key: str = ""  # the `id` by which controls outside it belong to it
    bounds: dict[str, Mapping[str, str]] = field(default_factory=dict)  # attributes of its controls by name
    buttons: list[tuple[str, str] | None] = field(default_factory=list)  # None: one that says nothing

    @property
    def targets(self) -> list[str]:
        """The names of what a person fills in or chooses, and of what the page hides but doesn't sign."""
        names = [row.name for row in self.fields if row.name not in OWN] + [one[0] for one in self.buttons if one]
        return list(dict.fromkeys(names))

    @property
    def typed(self) -> set[str]:
        """The names of what takes any text."""
        return {row.name for row in self.fields if row.kind in TYPED}

    @property
    def files(self) -> frozenset[str]:
        """The names of what takes a file."""
        return frozenset(row.name for row in self.fields if row.kind == "file")

    def honest(self, told: Mapping[str, Any], *, button: tuple[str, str] | None = None) -> Sent:
        """What a person would send: what stands in it, what is told, something likely where it is empty."""
        sent: list[tuple[str, str]] = []
        by_name: dict[str, list[Field]] = {}
        for row in self.fields:
            by_name.setdefault(row.name, []).append(row)
        for name, rows in by_name.items():
            sent += [(name, value) for value in self._values(rows, told)]
        return [(name, value.encode()) for name, value in [*sent, *([button] if button else [])]]

    def _values(self, rows: list[Field], told: Mapping[str, Any]) -> list[str]:
        first = rows[0]
        if first.name in OWN or first.kind == "hidden":
            return [row.value for row in rows]
        if first.key in told or first.name in told:
            found = told[first.name] if first.name in told else told[first.key]
            return [str(value) for value in (found if isinstance(found, list) else [found])]
        if first.kind in {"radio", "checkbox"}:
            chosen = [row.value for row in rows if row.on]
            return chosen or [rows[0].value]
        return [] if first.kind == "file" else [first.value or likely(first, self.bounds.get(first.name, {}))]


def likely(row: Field, bounds: Mapping[str, str]) -> str:
    """Something that a person might write in an empty field."""
    if row.kind == "date":
        return bounds.get("min") or f"{date.today() + timedelta(days=14)}"
    if row.kind == "number" or bounds.get("inputmode") in {"numeric", "decimal"}:
        return bounds.get("min") or "1"
    if row.kind == "email" or "email" in row.name:
        return "sanne@hostile.example"
    return "Wort" if row.kind in TYPED else ""


class Forms(Reader):
    """Collects a page's forms with their buttons, files and bounds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.outside: list[tuple[str, str, Mapping[str, str]]] = []
        self.feed(text)
        self.close()
        for tag, key, told in self.outside:
            for form in self.forms:
                if isinstance(form, Found) and form.key == key:
                    self._add(form, tag, told)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            kind = told.get("enctype", Found.kind)
            self.forms.append(
                Found(told.get("action", ""), told.get("method", "get").lower(), kind=kind, key=told.get("id", ""))
            )
            self._in_form = True
            return
        if tag in {"input", "select", "textarea", "button"} and "form" in told:
            self.outside.append((tag, told["form"], told))
        elif self._in_form and tag == "button":
            self._add(self.forms[-1], tag, told)
        else:
            super().handle_starttag(tag, attrs)
            if self._in_form and told.get("name"):
                self.forms[-1].bounds.setdefault(told["name"], told)  # type: ignore[attr-defined]

    def _add(self, form: Any, tag: str, told: Mapping[str, str]) -> None:
        if tag == "button":
            form.buttons.append((told["name"], told.get("value", "")) if told.get("name") else None)
        elif told.get("name"):
            form.fields.append(Field(told["name"], told.get("type", tag), told.get("value", ""), "checked" in told))
            form.bounds.setdefault(told["name"], told)


def forms_of(text: str) -> list[Found]:
    """The forms of a page."""
    return [form for form in Forms(text).forms if isinstance(form, Found)]


def spoiled(sent: Sent, names: set[str], value: bytes, *, twice: bool = False) -> Sent:
    """What is sent, with the value in place of what these fields say."""
    kept = [(name, said) for name, said in sent if name not in names]
    return kept + [(name, value) for name in sorted(names) for _time in range(1 + twice)]


def target_of(form: Form, page: str) -> str:
    """Where a form goes, without its host."""
    return urljoin(page, form.action) if form.action else page


def body_of(sent: Sent, kind: str, files: frozenset[str] = frozenset()) -> tuple[bytes, str]:
    """The body of a request and its type; what is sent as a file is its own name too."""
    if kind != "multipart/form-data":
        quoted = ((quote_from_bytes(name.encode(), safe=""), quote_from_bytes(value, safe="")) for name, value in sent)
        return "&".join(f"{name}={value}" for name, value in quoted).encode(), Found.kind
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        + (b'; filename="' + file_name(value) + b'"\r\nContent-Type: image/png' if name in files else b"")
        + b"\r\n\r\n" + value + b"\r\n"
        for name, value in sent
    )  # fmt: skip
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), f"{kind}; boundary={BOUNDARY}"


def file_name(name: bytes) -> bytes:
    """A file's name as browsers write it."""
    return name[:300].replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")


def query_of(sent: Sent) -> str:
    """The query of an address, as a form by GET makes it."""
    return body_of(sent, Found.kind)[0].decode()


def named(forms: list[Found]) -> Iterator[tuple[str, Found]]:
    """Each form under what it is: its place's last word and its fields; the same form on ten rows is one."""
    seen = set()
    for form in forms:
        key = (form.method, form.action.rstrip("/").rpartition("/")[2], tuple(form.targets))
        if key not in seen:
            seen.add(key)
            yield f"{form.method} {'+'.join(form.targets) or 'nothing'}"[:80], form
