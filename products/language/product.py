"""A product ready to be evaluated: everything of its document, checked and compiled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from products.language import schema
from products.language.errors import EvaluationError
from products.language.limits import TEXT_VALUE
from products.language.numbers import plain
from products.language.parser import parse
from products.language.reading import shown
from products.language.result import IpidLineResult, Look, Reason, value_json
from products.language.scope import Condition, Formula
from products.language.syntax import Call, Name, Node
from products.language.tables import Table
from products.language.texts import Said, Sentence, in_words, labelled
from products.language.types import GATHERED, Type
from products.language.weighing import Book

MARKS = {"insured": "tick", "not_insured": "cross", "restrictions": "exclamation", "where": "tick"}


def is_year(node: Node, years: Collection[str]) -> bool:
    """Whether a formula gives a year: one of these names, `year(day)`, the smallest, largest or a default of years."""
    match node:
        case Name():
            return (node.column or node.name) in years
        case Call(function="year"):
            return True
        case Call(function="min" | "max" | "default"):
            return any(is_year(one, years) for one in node.arguments)
    return False


@dataclass(frozen=True)
class FieldPart:
    """A field of a record with its condition, type and limits."""

    spec: schema.Question | schema.RecordField
    type: Type
    when: Condition | None
    least: Decimal | date | None
    most: Decimal | date | None


@dataclass(frozen=True)
class QuestionPart(FieldPart):
    """A question; one of type `list` has the fields of its records."""

    spec: schema.Question
    place: int
    system_value: Formula | None
    fields: tuple[FieldPart, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of its records' fields."""
        return frozenset(field.spec.key for field in self.fields)


@dataclass(frozen=True)
class CheckPart:
    """A contradiction between answers with its sentence; `of` is the list where it is looked at in each record."""

    spec: schema.Check
    of: str | None
    when: Condition
    text: Sentence


@dataclass(frozen=True)
class ComputedPart:
    """A computed value."""

    spec: schema.Computed
    when: Condition | None
    formula: Formula


@dataclass(frozen=True)
class RulePart:
    """An acceptance rule with its sentences; `said` is the reason itself where they hold no value."""

    spec: schema.AcceptanceRule
    when: Condition
    customer: Sentence
    underwriter: Sentence
    detail: Sentence | None
    said: Reason | None

    @staticmethod
    def reason(
        spec: schema.AcceptanceRule,
        customer: Mapping[str, str],
        underwriter: Mapping[str, str],
        detail: Mapping[str, str] | None,
    ) -> Reason:
        """The rule as a reason in the words for each reader."""
        return Reason(spec.key, spec.outcome, customer, underwriter, detail, spec.term, spec.authority)


@dataclass(frozen=True)
class TermPart:
    """A term with its text."""

    spec: schema.Term
    when: Condition | None
    text: Sentence


@dataclass(frozen=True)
class TaxPart:
    """A tax with its country and due day."""

    spec: schema.Tax
    country: Formula
    due_on: Formula


@dataclass(frozen=True)
class SectionPart:
    """A cover unit."""

    spec: schema.Section
    when: Condition | None
    insured_sum: Formula | None


@dataclass(frozen=True)
class StepPart:
    """A rating step with its component."""

    spec: schema.Step
    place: int
    type: Type
    when: Condition | None
    formula: Formula
    otherwise: Formula | None
    base: Formula | None
    rate: Formula | None
    how: Sentence | None
    rounding: tuple[Decimal, str] | None  # to what multiple, in which mode


@dataclass(frozen=True)
class ConditionText:
    """A condition with a key and a sentence: a reason not to rate, or to refuse a plan."""

    key: str
    when: Condition
    text: Sentence


@dataclass(frozen=True)
class PlanPart:
    """A payment plan with its condition and refusals."""

    spec: schema.Plan
    when: Condition | None
    deposit: Formula | None
    refusals: tuple[ConditionText, ...]


@dataclass(frozen=True)
class LinePart:
    """A line of the information document; `said` is the line itself where its text holds no value."""

    spec: schema.IpidLine
    when: Condition | None
    text: Sentence
    said: IpidLineResult | None

    @staticmethod
    def line(spec: schema.IpidLine, text: Mapping[str, str]) -> IpidLineResult:
        """The line as it is told, with its mark."""
        mark = "none" if spec.optional_cover else MARKS.get(spec.heading, "none")
        return IpidLineResult(spec.key, spec.heading, mark, text, spec.group)


@dataclass(frozen=True)
class DocumentPart:
    """A document with its condition."""

    spec: schema.Document
    when: Condition | None


@dataclass(frozen=True)
class Product:
    """A compiled definition; made by `compile_definition`, cached by the hash of its canonical JSON."""

    definition: schema.Definition
    sha256: str
    types: Mapping[str, Type]
    labels: Mapping[str, Mapping[str, Mapping[str, str]]]
    questions: tuple[QuestionPart, ...]
    checks: tuple[CheckPart, ...]
    computed: Mapping[str, ComputedPart]
    tables: Mapping[str, Table]
    rules: tuple[RulePart, ...]
    rule_book: Book
    line_book: Book
    document_book: Book
    terms: tuple[TermPart, ...]
    taxes: Mapping[str, TaxPart]
    sections: Mapping[str, SectionPart]
    not_rated: tuple[ConditionText, ...]
    steps: tuple[StepPart, ...]
    plans: tuple[PlanPart, ...]
    plan_matters: bool  # whether a price may depend on the plan, so that each is rated anew
    first_due: Formula
    edition_by: Formula
    starts_on: Formula
    lines: tuple[LinePart, ...]
    documents: tuple[DocumentPart, ...]
    sentences: Mapping[str, Sentence]  # renewal, cancellation, withdrawal
    held: tuple[Mapping[str, Any], ...] = ()  # the contracts of whom it is told to, where he is known

    def beside(self, contracts: Sequence[Mapping[str, Any]]) -> Product:
        """The same product for somebody who holds these contracts: product, line_of_business and valid_from of each."""
        return replace(self, held=tuple(contracts)) if contracts else self

    @cached_property
    def question_looks(self) -> tuple[tuple[QuestionPart, Look], ...]:
        """Each question with what the trace tells of it where it is asked."""
        return tuple((part, ("question", part.spec.key, part.when, None, ())) for part in self.questions)

    @cached_property
    def years(self) -> frozenset[str]:
        """The questions, fields and computed values that are a year, which is written without a thousands sign."""
        asking = (part for question in self.questions for part in (question, *question.fields))
        found = {part.spec.key for part in asking if part.spec.type == "year"}
        for key, part in self.computed.items():
            if is_year(parse(part.formula.source), found):
                found.add(key)
        return frozenset(found)

    @cached_property
    def units(self) -> Mapping[str, Mapping[str, str]]:
        """What questions and fields of records are counted in, where it isn't money."""
        asking = (part for question in self.questions for part in (question, *question.fields))
        return {part.spec.key: part.spec.unit for part in asking if part.spec.unit}

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of its questions."""
        return frozenset(part.spec.key for part in self.questions)

    @property
    def key(self) -> str:
        """The product's key."""
        return self.definition.key

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its texts."""
        return tuple(self.definition.languages)

    def edition_on(self, day: date) -> str:
        """The edition that holds on a day; raises `EvaluationError` where none does."""
        for edition in self.definition.editions:
            if edition.valid_from <= day and (edition.valid_until is None or day < edition.valid_until):
                return edition.key
        message = f"Expected a day within an edition (from {self.definition.editions[0].valid_from}), found {day}."
        raise EvaluationError("no_edition", message, found=day.isoformat())

    def language(self, wanted: str | None = None) -> str:
        """The wanted language if the product speaks it, else English, else its first."""
        for language in (wanted, "en"):
            if language in self.definition.languages:
                return str(language)
        return self.definition.languages[0]

    def words(self, name: str, value: Any, language: str) -> str:
        """A value of a name as a reader of that language sees it; records one after the other, files by their names."""
        kind = self.types[name].kind if name in self.types else "text"
        if name in self.years and value is not None:
            return plain(value)
        if kind == "list" and value:
            records = self.records_in_words(name, value, language)
            return "; ".join(", ".join(labelled(label, words) for label, words in record) for record in records)
        if kind == "file" and value:
            return ", ".join(shown(file["name"], TEXT_VALUE) for file in value)
        return in_words(value or None if kind in GATHERED else value, kind, language, self.definition.currency,
                        self.labels.get(name, {}))  # fmt: skip

    def records_in_words(
        self, name: str, records: Sequence[Mapping[str, Any]], language: str
    ) -> list[list[tuple[str, str]]]:
        """The records of a list question as a reader sees them: of each its fields' labels with the answers in words.

        `records` holds typed values, as `read_answer` gives them; a field that isn't asked or answered is left out.
        """
        part = next(part for part in self.questions if part.spec.key == name)
        spoken = self.language(language)
        return [
            [
                (field.spec.label[spoken], self.answer_in_words(field.spec.key, record[field.spec.key], language))
                for field in part.fields
                if record.get(field.spec.key) is not None
            ]
            for record in records
        ]

    def answer_in_words(self, name: str, value: Any, language: str) -> str:
        """An answer as a reader of that language sees it by itself: a value with the unit of its question."""
        unit = "" if value is None else self.units.get(name, {}).get(self.language(language), "")
        return f"{self.words(name, value, language)} {unit}".strip()

    def json_of(self, name: str, value: Any) -> Any:
        """A value of a name as JSON, for the trace."""
        kind = self.types[name].kind if name in self.types else "text"
        if kind == "list" and value is not None:
            return [{key: self.json_of(key, found) for key, found in record.items()} for record in value]
        return value_json(value, kind)

    def say(self, sentence: Sentence, value_of: Callable[[str], Any]) -> Mapping[str, str]:
        """A text in each language of the product with the values of now, put into words where it is read."""
        if sentence.plain is not None:
            return sentence.plain
        return Said(sentence, {name: value_of(name) for name in sentence.names}, self.words)
