"""Forms that ask questions of a product: a page of them, or one record of a list; further ones appear by answers.

The product language reads and judges what was typed, so that a page and the worker agree to the letter.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from applications.forms import SignedForm, as_typed, entry_of, question_field
from applications.problems import sentence_of
from applications.steps import OWN_PAGE, asked_fields, follow_ups, problems_with, record_problems
from common.languages import base_language
from products.language import Problem, Product, read_form
from products.language.product import FieldPart

MOST_CLAIMED = 200  # questions that a page may say stood on it
Entries = QueryDict | Mapping[str, Any]


class AskingForm(SignedForm):
    """Questions that are asked anyway, and those that the answers to them make necessary.

    The latter stand here where they stood on the page that was sent (its field `asked` names them): with script they
    appear in place, without it they come afterwards. What is asked at all, the product alone says. `typed`: what
    stands on a page that isn't sent yet; then nothing is judged.

    Fields are named `q-KEY`: under its bare key a question could hide what a form of ours (token, asked, go) or of the
    browser (action, length, children) calls so.
    """

    prefix = "q"
    parts: Sequence[FieldPart]  # in order, all that may stand here
    own: tuple[str, ...]  # asked in any case

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        product: Product,
        answers: Mapping[str, Any],
        on: date,
        known: Mapping[str, Any],
        typed: Entries | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.product, self.answers, self.on = product, answers, on
        self.language = base_language()
        entries: Entries | None = data if data is not None else typed
        self.claimed = self.named_in(entries)
        self.told = dict(known) if entries is None else self.read(entries, [*self.own, *self.claimed])[0]
        self.necessary = self.further(self.told)
        self.keys = (*self.own, *self.shown_of(self.necessary, entries, known, sent=data is not None))
        self.stored = entries is None
        for part in self.parts:
            if part.spec.key in self.keys:
                self.add(part, known, typed)

    def add(self, part: FieldPart, known: Mapping[str, Any], typed: Entries | None) -> None:
        """The field of a question, with what was typed or answered before."""
        key = part.spec.key
        field = question_field(part, self.product.definition.currency, self.product.language(self.language))
        field.css = "" if key in self.own else "follow"  # type: ignore[attr-defined]
        entry = entry_of(typed, self.add_prefix(key)) if typed is not None else None
        self.fields[key] = field
        self.initial[key] = entry if entry is not None else as_typed(part, known.get(key))

    def shown_of(
        self, necessary: Sequence[str], entries: Entries | None, known: Mapping[str, Any], *, sent: bool
    ) -> list[str]:
        """Which further questions stand here: those answered before, all as one types, or those of the sent page."""
        if entries is None:
            return [key for key in necessary if key in known]
        return [key for key in necessary if not sent or key in self.claimed]

    @property
    def doubts(self) -> list[str]:
        """What is wrong with answers given before, such as two that contradict each other by now."""
        found = self.judged(self.told) if self.stored else []
        return [self.said(problem) for problem in found if problem.code != "missing"]

    def said(self, problem: Problem) -> str:
        """A problem in the applicant's words."""
        known = problem.name in self.product.types and problem.name not in self.product.years
        kind = self.product.types[problem.name].kind if known else ""
        return sentence_of(problem, kind, self.product.definition.currency)

    @property
    def left(self) -> list[str]:
        """What is necessary beyond what stood on the page."""
        return [key for key in self.necessary if key not in self.keys]

    def further(self, told: Mapping[str, Any]) -> list[str]:
        """The questions that these answers make necessary beyond one's own."""
        raise NotImplementedError

    def read(self, entries: Entries, keys: Iterable[str]) -> tuple[dict[str, Any], list[Problem]]:
        """What can be read of these entries as answers, and what can't."""
        raise NotImplementedError

    def judged(self, answers: Mapping[str, Any]) -> list[Problem]:
        """What is missing or wrong among the answers of this form."""
        raise NotImplementedError

    def named_in(self, entries: Entries | None) -> tuple[str, ...]:
        """The questions that stood on a page by its own word, as far as they may stand here."""
        told = str(entries.get("asked", "")).split() if entries is not None else []
        known = {part.spec.key for part in self.parts}
        return tuple(key for key in dict.fromkeys(told[:MOST_CLAIMED]) if key in known)

    def raw(self, entries: Entries, keys: Iterable[str]) -> dict[str, Any]:
        """Entries by key; boxes of which none is ticked send nothing, which is an answer."""
        wanted = set(keys)
        found = {key: entry for key in wanted if (entry := entry_of(entries, self.add_prefix(key))) is not None}
        boxes = {part.spec.key for part in self.parts if part.spec.type == "several_of"}
        return {key: [] for key in wanted & boxes} | found

    @property
    def typed(self) -> dict[str, Any]:
        """What was sent, and which questions stood there, so that all of it stands there again."""
        return super().typed | {"asked": " ".join(self.claimed)}

    @property
    def slots(self) -> list[dict[str, Any]]:
        """The questions in the product's order, with an empty place for each that may still appear."""
        return [
            {"place": place, "field": self[part.spec.key] if part.spec.key in self.fields else None}
            for place, part in enumerate(self.parts)
            if part.spec.key in self.fields or part.when is not None
        ]

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The places whose question has appeared or gone since the page was drawn."""
        changed = set(self.keys) ^ {*self.own, *self.claimed}
        places = {place for place, part in enumerate(self.parts) if part.spec.key in changed}
        return [slot for slot in self.slots if slot["place"] in places]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        told = {self.add_prefix(key): value for key, value in cleaned.items() if value is not None}
        read, unread = self.read(told, self.keys)
        self.cleaned_answers = {key: read.get(key) for key in self.keys}
        unreadable = {problem.path for problem in unread}
        for problem in [*unread, *(row for row in self.judged(read) if row.path not in unreadable)]:
            name = problem.name if problem.name in self.fields else None
            self.add_error(name, ValidationError(self.said(problem), code=problem.code))
        return cleaned


class QuestionForm(AskingForm):
    """One page of questions. `cleaned_answers` holds them as a draft stores them; one left open on purpose is None.

    `keys`: what stands on this page in any case. `before`: the answers of earlier pages.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        product: Product,
        keys: Sequence[str],
        answers: Mapping[str, Any],
        before: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.own, self.before = tuple(keys), before or {}
        self.parts = [
            part
            for part in product.questions
            if part.spec.to_applicant and part.spec.type not in OWN_PAGE and part.spec.key not in self.before
        ]
        super().__init__(data, product=product, answers=answers, known=answers, **options)

    def further(self, told: Mapping[str, Any]) -> list[str]:
        return follow_ups(self.product, before=self.before, typed=told, keys=self.own, on=self.on)

    def read(self, entries: Entries, keys: Iterable[str]) -> tuple[dict[str, Any], list[Problem]]:
        return read_form(self.product, self.raw(entries, keys), self.language)

    def judged(self, answers: Mapping[str, Any]) -> list[Problem]:
        told = {**self.answers, **{key: answers.get(key) for key in self.keys}}
        return problems_with(self.product, told, self.on, self.keys)


class RecordForm(AskingForm):
    """One record of a list; `cleaned_record` holds exactly what is asked of it. `record`: how it stands now."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        product: Product,
        key: str,
        answers: Mapping[str, Any],
        on: date,
        record: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.key = key
        question = next(part for part in product.questions if part.spec.key == key)
        self.parts = [part for part in question.fields if part.spec.type not in OWN_PAGE]
        self.own = tuple(asked_fields(product, answers=answers, key=key, record={}, on=on))
        super().__init__(data, product=product, answers=answers, on=on, known=record or {}, **options)

    def further(self, told: Mapping[str, Any]) -> list[str]:
        found = asked_fields(self.product, answers=self.answers, key=self.key, record=told, on=self.on)
        return [key for key in found if key not in self.own]

    def read(self, entries: Entries, keys: Iterable[str]) -> tuple[dict[str, Any], list[Problem]]:
        read, unread = read_form(self.product, {self.key: [self.raw(entries, keys)]}, self.language)
        return (read.get(self.key) or [{}])[0], unread

    def judged(self, answers: Mapping[str, Any]) -> list[Problem]:
        found = record_problems(self.product, answers=self.answers, key=self.key, record=answers, on=self.on)
        return [problem for problem in found if problem.name in self.keys]

    @property
    def cleaned_record(self) -> dict[str, Any]:
        """The record as the draft stores it; a field left open on purpose isn't in it."""
        return {key: value for key, value in self.cleaned_answers.items() if value is not None}
