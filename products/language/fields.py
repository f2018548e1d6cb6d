"""Field types of the document's schema: keys, texts per language, formulas, amounts, rates and days."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from common.money import cents
from products.language.dates import read_day
from products.language.limits import FORMULA_CHARACTERS
from products.language.numbers import LARGEST_AMOUNT, read_number
from products.language.parser import WORDS
from products.language.reading import kind_of, shown


class Part(BaseModel):
    """A part of the document: unknown fields are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _number(value: Any) -> Decimal:
    found = read_number(value)
    if found is None:
        text = f'Expected a number as text such as "1.375", found {kind_of(value)}: {shown(value)}.'
        raise PydanticCustomError("number", "{text}", {"text": text})
    return found


def _amount(value: Any) -> Decimal:
    found = _number(value)
    if cents(found) != found or abs(found) > LARGEST_AMOUNT:
        text = f'Expected an amount with at most two decimals such as "1250.00", found {shown(value)}.'
        raise PydanticCustomError("amount", "{text}", {"text": text})
    return found


def _day(value: Any) -> date:
    found = read_day(value)
    if found is None:
        raise PydanticCustomError(
            "day", "{text}", {"text": f"Expected a day such as 2027-01-31, found {shown(value)}."}
        )
    return found


def _not_a_word(value: str) -> str:
    if value in WORDS:
        text = f"Expected a key that isn't a word of the formula language, found “{value}”."
        raise PydanticCustomError("reserved", "{text}", {"text": text})
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", value):
        text = f"Expected a language of two small letters such as nl, found {shown(value)}."
        raise PydanticCustomError("language", "{text}", {"text": text})
    return value


Rate = Annotated[
    Decimal, BeforeValidator(_number), WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,20}(\.\d{1,20})?$"})
]
Amount = Annotated[
    Decimal, BeforeValidator(_amount), WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,2})?$"})
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Language = Annotated[str, AfterValidator(_language)]
Texts = dict[str, str]
Formula = Annotated[str, StringConstraints(min_length=1, max_length=FORMULA_CHARACTERS)]
ValueKey = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,59}$"), AfterValidator(_not_a_word)
]  # a name that formulas use
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]  # stands in addresses
# Keys that contracts and invoices keep are shorter, as their columns are.
LineKey = Annotated[Key, StringConstraints(max_length=40)]
SectionKey = Annotated[Key, StringConstraints(max_length=40)]
PlanKey = Annotated[Key, StringConstraints(max_length=20)]
TaxClass = Annotated[Key, StringConstraints(max_length=20)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Scalar = str | int | bool
Months = Annotated[int, Field(ge=1, le=1200)]
Days = Annotated[int, Field(ge=0, le=3650)]
