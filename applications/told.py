"""What was told, in the reader's words: answers as their version words them, records as a table, details of people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from applications.steps import Step
from common.formats import day_in_prose, street_line, town_line
from products.language import Product, ask, fill_system_answers, read_answer
from products.language.answer_types import AnswerError


def told_answers(
    product: Product, step: Step, answers: Mapping[str, Any], on: date, language: str
) -> list[tuple[str, str]]:
    """Questions in the wording of their version with the answers in words."""
    run = ask(product, on, fill_system_answers(product, on, answers)).run
    spoken = product.language(language)
    rows = []
    for part in product.questions:
        if part.spec.key in step.keys:
            words = answer_told(product, part.spec.key, run.values.get(part.spec.key), language)
            rows.append((part.spec.label[spoken], words))
    return rows


def answer_told(product: Product, key: str, value: Any, language: str) -> str:
    """A typed answer as every page shows it: a choice by its label, an amount with its currency, a number with its
    unit; what the product doesn't say in that language, in one it speaks."""
    if value is None or value == ():
        return _("Not answered") if value is None else _("None of these")
    words = product.answer_in_words(key, value, language)
    return words[:1].upper() + words[1:] if isinstance(value, bool) else words


def told_details(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The details of a role as they will stand on the papers."""
    address = details.get("address") or {}
    name = f"{details.get('given_names') or ''} {details.get('name') or ''}".strip()
    born = date.fromisoformat(details["birth_date"]) if details.get("birth_date") else None
    country = address.get("country", "")
    street = street_line(address.get("street", ""), address.get("house_number", ""), country)
    city = " ".join(town_line(address.get("postcode", ""), address.get("city", ""), country).split())
    rows = [
        (_("Name"), name),
        (_("Registration number in the trade register"), str(details.get("registration_number") or "")),
        (_("Date of birth"), day_in_prose(born)),
        (_("Address"), ", ".join(part for part in (street, city) if part)),
        (_("E-mail"), str(details.get("email") or "")),
        (_("Phone"), str(details.get("phone") or "")),
    ]
    return [row for row in rows if row[1]]


def record_name(product: Product, key: str, language: str) -> str:
    """What one record of a list is called."""
    part = next(part for part in product.questions if part.spec.key == key)
    spoken = product.language(language)
    return (part.spec.record_name or {}).get(spoken) or _("One more")


def records_table(product: Product, key: str, records: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """The records of a list as a table: a column for each field that one of them has, its words in the cells."""
    part = next(part for part in product.questions if part.spec.key == key)
    spoken = product.language(language)
    rows = [dict(record_in_words(product, key, record, spoken)) for record in records]
    labels = [field.spec.label[spoken] for field in part.fields if any(field.spec.label[spoken] in row for row in rows)]
    return {
        "title": part.spec.label[spoken],
        "head": labels,
        "rows": [{"cells": [{"label": label, "words": row.get(label, "")} for label in labels]} for row in rows],
    }


def record_in_words(product: Product, key: str, record: Mapping[str, Any], spoken: str) -> list[tuple[str, str]]:
    """Labels and answers of one record; one that can't be read any more shows none."""
    try:
        return product.records_in_words(key, read_answer(product, key, [record]), spoken)[0]
    except (AnswerError, KeyError, TypeError):
        return []
