"""Reading a definition from outside within bounds of size, depth and count, and its canonical form and hash."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from products.language.errors import DefinitionError, Problem
from products.language.limits import DOCUMENT_BYTES, DOCUMENT_DEPTH, DOCUMENT_NODES, LITERAL_DIGITS, TEXT_CHARACTERS

_UNWRITABLE = re.compile("[\ud800-\udfff\x00]")
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)  # a text is one, whatever it holds


def writable(text: str) -> bool:
    """Whether a text can be kept: a half character and a null can't."""
    return not _UNWRITABLE.search(text)


def read_document(source: str | bytes | dict[str, Any]) -> dict[str, Any]:
    """A JSON object from a file's content or an already read one; raises `DefinitionError` with path and message.

    Refused: too large, too deep, too many values, a key twice, a float (amounts and rates are text), a number too long.
    """
    document = parse_json(source) if isinstance(source, (str, bytes)) else source
    if not isinstance(document, dict):
        raise _wrong("$", "not_an_object", f"Expected a JSON object, found {kind_of(document)}.")
    _check_bounds(document)
    return document


def canonical(document: Any) -> bytes:
    """The one way a document is written for hashing: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(document: Any) -> str:
    """The sha256 of a document's canonical JSON, as hexadecimal text: what is frozen at approval (DESIGN section 5)."""
    return hashlib.sha256(canonical(document)).hexdigest()


def kind_of(value: Any) -> str:
    """What a JSON value is, in words for a message."""
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "yes or no",
        int: "a whole number",
        float: "a float",
    }
    return "nothing" if value is None else names.get(type(value), type(value).__name__)


def shown(value: Any, most: int = 60) -> str:
    """A value from outside, short enough for a message and fit to be kept."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**LITERAL_DIGITS:
        return "a number of more than 20 digits"
    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value if isinstance(value, str) else repr(value)[: most + 1])
    return text if len(text) <= most else f"{text[:most]}…"


def dotted(location: tuple[int | str, ...] | list[int | str]) -> str:
    """A JSON path such as `questions[2].when`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else (f".{part}" if path else part)
    return path or "$"


def _wrong(path: str, code: str, message: str, **values: Any) -> DefinitionError:
    return DefinitionError([Problem(path, code, message, values)])


def parse_json(source: str | bytes) -> Any:
    """The JSON value in a file's content; raises `DefinitionError` where it is too large, too deep or no JSON."""
    size = len(source) if isinstance(source, bytes) else len(source.encode(errors="replace"))
    if size > DOCUMENT_BYTES:
        raise _wrong("$", "too_large", f"Expected a file of at most {DOCUMENT_BYTES} bytes, found {size}.", found=size)
    try:
        text = source if isinstance(source, str) else source.decode()
    except UnicodeDecodeError as error:
        message = f"Expected UTF-8 text, found another byte at place {error.start + 1}."
        raise _wrong("$", "encoding", message) from None
    text = text.removeprefix("\ufeff")  # some editors put it before a file
    _check_nesting(text)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        message = f"Expected JSON, found something else on line {error.lineno}, column {error.colno}: {error.msg}."
        raise _wrong("$", "not_json", message, line=error.lineno, column=error.colno) from None


def _check_nesting(text: str) -> None:
    """Count brackets before parsing, so that nesting never reaches the parser's own recursion."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if depth > DOCUMENT_DEPTH:
            raise _too_deep("$")


def _too_deep(path: str) -> DefinitionError:
    return _wrong(path, "too_deep", f"Expected at most {DOCUMENT_DEPTH} levels of nesting, found more.")


class _Twins(dict[str, Any]):
    """An object that names a key twice; `twin` is the first such key."""

    twin = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            twins = _Twins()
            twins.twin = key
            return twins
        found[key] = value
    return found


def _whole_number(digits: str) -> int:
    """A whole number; of one with far too many digits only so many that it is refused at its place."""
    return int(digits[: LITERAL_DIGITS + 2])


def _check_bounds(document: dict[str, Any]) -> None:
    """Walk without recursion: depth, count, floats, long texts and numbers."""
    stack: list[tuple[Any, tuple[int | str, ...]]] = [(document, ())]
    count = 0
    while stack:
        value, location = stack.pop()
        count += 1
        if count > DOCUMENT_NODES:
            raise _wrong("$", "too_many", f"Expected at most {DOCUMENT_NODES} values, found more.")
        if len(location) > DOCUMENT_DEPTH:
            raise _too_deep(dotted(location))
        if isinstance(value, _Twins):
            raise _twice(dotted(location), shown(value.twin))
        if isinstance(value, dict):
            for key, inner in value.items():
                _check_leaf(key, location)
                stack.append((inner, (*location, key)))
        elif isinstance(value, list):
            stack.extend((inner, (*location, place)) for place, inner in enumerate(value))
        else:
            _check_leaf(value, location)


def _twice(path: str, key: str) -> DefinitionError:
    return _wrong(path, "key_twice", f"Expected each key once in an object, found “{key}” twice.", key=key)


def _check_leaf(value: Any, location: tuple[int | str, ...]) -> None:
    if isinstance(value, str):
        if len(value) > TEXT_CHARACTERS:
            message = f"Expected a text of at most {TEXT_CHARACTERS} characters, found {len(value)}."
            raise _wrong(dotted(location), "text_too_long", message, found=len(value))
        if not writable(value):
            message = "Expected ordinary characters, found a half character or a null."
            raise _wrong(dotted(location), "character", message)
    elif isinstance(value, float):
        message = f'Expected a number as text such as "1.375", found the float {value!r}.'
        raise _wrong(dotted(location), "float", message)
    elif isinstance(value, int) and abs(value) >= 10**LITERAL_DIGITS:
        message = f"Expected a number of at most {LITERAL_DIGITS} digits, found more."
        raise _wrong(dotted(location), "number_too_long", message)
    elif value is not None and not isinstance(value, (bool, int)):
        raise _wrong(dotted(location), "not_json", f"Expected a JSON value, found {kind_of(value)}.")
