"""From a document to a product: reads, types and compiles each part, collecting everything that is wrong."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from threading import Lock
from typing import Any

from pydantic import ValidationError

from products.language import schema
from products.language.builder import Builder
from products.language.checks import check_product
from products.language.errors import DefinitionError, Problem, nearest
from products.language.fields import Part
from products.language.limits import PROBLEMS
from products.language.parts import build_parts
from products.language.product import Product
from products.language.reading import dotted, fingerprint, kind_of, read_document, shown

_KEPT = 128
_SIZES = {
    "too_long": ("max_length", "at most", "entries"), "too_short": ("min_length", "at least", "entries"),
    "string_too_long": ("max_length", "at most", "characters"),
    "string_too_short": ("min_length", "at least", "characters"),
}  # fmt: skip
_cache: OrderedDict[str, Product] = OrderedDict()
_lock = Lock()


def compile_definition(source: str | bytes | dict[str, Any]) -> Product:
    """A product from its document (JSON text or object); raises `DefinitionError` with every problem found.

    Compiled products are kept by the sha256 of their canonical JSON, the last 128 of them.
    """
    document = read_document(source)
    sha256 = fingerprint(document)
    with _lock:
        if sha256 in _cache:
            _cache.move_to_end(sha256)
            return _cache[sha256]
    product = _compile(document, sha256)
    with _lock:
        _cache[sha256] = product
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return product


def _compile(document: dict[str, Any], sha256: str) -> Product:
    definition = read_definition(document)
    builder = Builder(definition)
    builder.read_all()
    product = build_parts(builder, sha256)
    check_product(builder, product)
    if builder.problems or product is None:
        raise builder.refusal()
    return product


def read_definition(document: dict[str, Any]) -> schema.Definition:
    """The document by its schema; raises `DefinitionError` with one problem a field."""
    try:
        return schema.Definition.model_validate(document)
    except ValidationError as error:
        found: dict[tuple[str, str], Problem] = {}
        for detail in error.errors(include_url=False):
            problem = _problem(document, detail)
            found.setdefault((problem.path, problem.code), problem)
            if len(found) == PROBLEMS:
                break
        raise DefinitionError(list(found.values())) from None


def _problem(document: dict[str, Any], detail: Any) -> Problem:
    """A pydantic error as a problem of ours: the path in the document, what was expected, what was found."""
    path, value = _path_in(document, detail["loc"]), detail.get("input")
    kind = detail["type"]
    if kind == "missing":
        return Problem(path, "missing", f"Expected the field “{detail['loc'][-1]}”, found nothing.")
    if kind == "extra_forbidden":
        name = str(detail["loc"][-1])
        message = f"Expected a known field, found “{shown(name)}”.{nearest(name, _field_names())}"
        return Problem(path, "unknown_field", message, {"name": shown(name)})
    if kind in ("number", "amount", "day", "reserved", "language"):
        return Problem(path, kind, str(detail["ctx"]["text"]))
    if kind in _SIZES:
        bound, least, what = _SIZES[kind]
        message = f"Expected {least} {detail['ctx'][bound]} {what}, found {len(value)}."
        return Problem(path, "wrong_value", message, {"found": len(value)})
    if kind == "string_pattern_mismatch":
        message = f"Expected a text like {detail['ctx']['pattern']}, found “{shown(value)}”."
        return Problem(path, "wrong_value", message, {"found": shown(value)})
    expected = str(detail["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
    found = f"{kind_of(value)}: {shown(value)}" if not isinstance(value, (dict, list)) else kind_of(value)
    return Problem(path, "wrong_value", f"Expected {expected}, found {found}.", {"found": shown(value)})


def _path_in(document: Any, location: tuple[int | str, ...]) -> str:
    """The part of a location that exists in the document, without the tags of alternatives."""
    path: list[int | str] = []
    value = document
    for place, part in enumerate(location):
        inside = (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        )
        if inside:
            value = value[part]
            path.append(part)
        elif place == len(location) - 1 and isinstance(value, dict) and isinstance(part, str):
            path.append(part)
    return dotted(path)


@cache
def _field_names() -> frozenset[str]:
    names: set[str] = set()
    for part in vars(schema).values():
        if isinstance(part, type) and issubclass(part, Part):
            names.update(field.alias or name for name, field in part.model_fields.items())
    return frozenset(names)
