"""The forms of questions with a page of their own: go on with the records or files as they stand, or take one out."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from applications.forms import SignedForm
from applications.problems import sentence_of
from applications.steps import problems_with
from products.language import Product


class ListForm(SignedForm):
    """Going on needs as many records as the product asks for, each complete. `wrong`: those that aren't, from 0."""

    def __init__(
        self, *args: Any, product: Product, key: str, answers: Mapping[str, Any], on: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.product, self.key = product, key
        told = {**answers, key: answers.get(key) or []}
        self.problems = problems_with(product, told, on, [key])
        self.wrong = {place for problem in self.problems if (place := place_in(problem.path)) is not None}

    @property
    def removed(self) -> int | None:
        """The record to take out, from 0."""
        told = str(self.data.get("remove", ""))
        return int(told) - 1 if told.isascii() and told.isdigit() and 0 < int(told) < 1000 else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.removed is not None:
            return cleaned
        for place in sorted(self.wrong):
            message = _("Number %(number)s isn’t complete: change it or take it out.")
            self.add_error(None, ValidationError(message, code="record", params={"number": place + 1}))
        for problem in self.problems:
            if place_in(problem.path) is None:
                sentence = sentence_of(problem, "list", self.product.definition.currency)
                self.add_error(None, ValidationError(sentence, code=problem.code))
        return cleaned


class FilesForm(SignedForm):
    """Going on needs as many files as the product asks for; `removed` names one to take out."""

    def __init__(
        self, *args: Any, product: Product, key: str, answers: Mapping[str, Any], on: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.product, self.key = product, key
        self.problems = problems_with(product, {**answers, key: answers.get(key) or []}, on, [key])

    @property
    def removed(self) -> uuid.UUID | None:
        """The file to take out."""
        try:
            return uuid.UUID(str(self.data.get("remove", "")))
        except ValueError:
            return None

    def judge(self) -> None:
        """Say what is still missing; asked when the applicant wants to go on."""
        for problem in self.problems:
            few = problem.code in {"missing", "too_small"}
            sentence = _("Expected a file here, found none.") if few else sentence_of(problem, "file", "")
            self.add_error(None, ValidationError(sentence, code=problem.code))


def place_in(path: str) -> int | None:
    """The record of a problem's path: 1 in `answers.losses[1].cause`."""
    inside = path.partition("[")[2].partition("]")[0]
    return int(inside) if inside.isdigit() else None
