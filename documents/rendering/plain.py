"""A document's content as plain JSON and back, so that the archive can print it again and prove the bytes.

Amounts, days and moments are marked by their kind, because a sum insured may be an amount or words.
"""

import dataclasses
import types
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

from documents.rendering import contents
from documents.rendering.contents import Paper
from documents.rendering.errors import ContentRefused

PAPERS: dict[str, type[Paper]] = {
    paper.template: paper
    for paper in (
        contents.QuotationContent,
        contents.IpidContent,
        contents.SummaryContent,
        contents.ApplicationCopyContent,
        contents.PolicyContent,
        contents.InvoiceContent,
        contents.DecisionContent,
        contents.WithdrawalContent,
    )
}


def to_plain(value: Any) -> Any:
    """Content as JSON holds it. Masked answers stay masked: what isn't printed isn't kept here either."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Decimal):
        return {"amount": str(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def from_plain(template: str, plain: Any) -> Paper:
    """The content that `to_plain` wrote down. Raises ContentRefused for an unknown template or another shape."""
    if template not in PAPERS:
        raise ContentRefused(f"Expected one of {', '.join(PAPERS)}, found {template[:40]!r}.")
    try:
        paper = _read(PAPERS[template], plain)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise ContentRefused(f"The kept content of {template} has another shape: {error}.") from error
    if not isinstance(paper, Paper):
        raise ContentRefused(f"The kept content of {template} isn't that of a document.")
    return paper


def _read(kind: Any, plain: Any) -> Any:
    if isinstance(plain, dict) and len(plain) == 1 and (scalar := _scalar(plain)) is not None:
        return scalar
    if isinstance(plain, list):
        inner = get_args(kind)[0]
        return tuple(_read(inner, item) for item in plain)
    if isinstance(plain, dict):
        return _record(_dataclass_in(kind), plain)
    return plain


def _scalar(plain: dict[str, Any]) -> Decimal | date | None:
    match plain:
        case {"amount": str(text)}:
            return Decimal(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case {"moment": str(text)}:
            return datetime.fromisoformat(text)
    return None


def _record(kind: type[Any], plain: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    return kind(**{name: _read(hints.get(name), value) for name, value in plain.items()})


def _dataclass_in(kind: Any) -> type[Any]:
    """The dataclass itself, or the one in `Adviser | None`."""
    options = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    for option in options:
        if dataclasses.is_dataclass(option) and isinstance(option, type):
            return option
    raise ContentRefused(f"Expected {kind}, found a record.")
