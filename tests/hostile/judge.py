"""What an answer to something hostile must be: an ordinary page or a clear refusal, with nothing of it alive."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.forms import BaseForm
from django.utils import translation

from tests.hostile.corpus import PROBE

ADDRESSES = {
    "src", "href", "action", "formaction", "data", "poster", "srcset", "background", "xlink:href", "ping", "cite",
    "content", "manifest", "hx-get", "hx-post", "data-hx-get", "data-hx-post",
}  # fmt: skip
RUNNING = ("javascript:", "vbscript:", "data:text/html", "data:text/xml", "data:text/javascript", "data:application")
RUNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
NUMBER = re.compile(r"-?\d+([.,]\d+)?|-")
STRANGE = {"base", "embed", "object", "marquee", "math", "video", "audio", "iframe", "mglyph", "c-icon"}
REFUSED_WHOLE = {400, 403, 404, 405, 413, 429}
PAGES = {200, 422}
DONE = {204, 302, 303}


class Alive(HTMLParser):
    """What of a page would run or fetch, had somebody put it there; our own pages hold nothing of the kind."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        ours = (values.get("src") or "").startswith("/static/") or values.get("type") == "application/json"
        if tag in STRANGE or tag == "style" or (tag == "script" and not ours):
            self.found.append(tag)
        for name, value in attrs:
            told = (value or "").lower()
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")):
                self.found.append(f"{tag} {name}")
            if name in ADDRESSES and leads_out(told):
                self.found.append(f"{tag} {name}={told[:60]}")


def formulas(content: bytes) -> tuple[int, list[str]]:
    """How many cells an export has, and those that a spreadsheet would run."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row]
    return len(cells), [cell[:60] for cell in cells if cell.strip()[:1] in RUNS and not NUMBER.fullmatch(cell)]


def leads_out(address: str) -> bool:
    """Whether an address runs something, leads to the probe, or writes more into a mail than to whom it goes."""
    if address.startswith("mailto:"):
        return bool({"?", "&", " ", '"'} & set(address))
    return PROBE in host_of(address) or "".join(address.split()).startswith(RUNNING)


def host_of(address: str) -> str:
    """The host that an address leads to; of what is none, all of it."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return address


@dataclass
class Tally:
    """What was sent, what came back, what was wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seen: set[tuple[str, str, str]] = field(default_factory=set)  # forms that were attacked, by whom

    def look(
        self,
        response: Any,
        what: str,
        *,
        sent: Set[str] = frozenset(),
        is_form: bool = True,
    ) -> None:
        """Count one answer and note its faults. `sent`: the fields that were hostile; `is_form`: a page's own form was
        sent, so the page says what is wrong with it.
        """
        self.counts["answers"] += 1
        self.counts[verdict(response, sent)] += 1
        self.faults += [f"{what}: {fault}" for fault in faults(response, is_form=is_form)]


def verdict(response: Any, sent: Set[str]) -> str:
    """How an answer is counted."""
    if response.status_code in DONE:
        return "taken"
    if response.status_code in REFUSED_WHOLE:
        return "refused as a whole"
    if response.status_code not in PAGES:
        return "answered otherwise"
    wrong = {name for form in forms_in(response) for name in named_errors(form)}
    return "refused naming the field" if wrong & sent else "refused by another field or rule" if wrong else "pages"


def faults(response: Any, *, is_form: bool = True) -> Iterator[str]:
    """Everything an answer may not be."""
    if response.status_code >= 500:
        yield f"status {response.status_code}: {told(response)}"
    elif response.status_code not in PAGES | DONE | REFUSED_WHOLE:
        yield f"status {response.status_code}"
    for name, value in response.items():
        if "evil" in name.lower() or "\r" in value or "\n" in value:
            yield f"a header line {name}"
        if name == "Location" and (PROBE in host_of(value) or value.startswith(("/\\", "\\"))):
            yield f"leads away to {value[:80]}"
    if any(cookie.value == "planted" for cookie in response.cookies.values()):
        yield "a planted cookie"
    if response.get("Content-Type", "").startswith("text/html"):
        text = response.content.decode()
        yield from (f"alive: {one}" for one in Alive(text).found)
        if is_form:
            yield from (f"an error that isn’t shown: {error}" for error in unsaid(response, text))


def told(response: Any) -> str:
    """What went wrong in a view."""
    kind, error, *_ = getattr(response, "exc_info", None) or (None, None)
    return f"{kind.__name__ if kind else '?'}: {str(error)[:200]}"


def forms_in(response: Any) -> list[BaseForm]:
    """The forms with errors that a page was drawn with."""
    seen: dict[int, BaseForm] = {}
    for context in response.context or []:
        for values in getattr(context, "dicts", [context]):
            if isinstance(values, dict):
                seen |= {
                    id(one): one for one in values.values() if isinstance(one, BaseForm) and one.is_bound and one.errors
                }
    return [form for form in seen.values() if form.is_bound and form.errors]


def named_errors(form: BaseForm) -> set[str]:
    """The names under which a form was sent that are wrong."""
    return {form[name].html_name if name in form.fields else name for name in form.errors}


def unsaid(response: Any, text: str) -> Iterator[str]:
    """Errors of a form that stand nowhere on its page, in its language."""
    with translation.override(response.get("Content-Language")):
        said = [
            (name, str(error))
            for form in forms_in(response)
            for name, errors in form.errors.items()
            for error in errors
        ]
    return (f"{name}: {error}"[:120] for name, error in said if escape(error) not in text and error not in text)
