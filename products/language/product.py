"""A product ready to be evaluated: everything of its document, checked and compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from products.language import schema
from products.language.scope import Condition, Formula
from products.language.tables import Table
from products.language.texts import Template, in_words
from products.language.types import Type

Sentence = Mapping[str, Template]  # a text per language


@dataclass(frozen=True)
class QuestionPart:
    """A question with its condition, type and limits."""

    spec: schema.Question
    place: int
    type: Type
    when: Condition | None
    least: Decimal | date | None
    most: Decimal | date | None
    system_value: Formula | None


@dataclass(frozen=True)
class ComputedPart:
    """A computed value."""

    spec: schema.Computed
    when: Condition | None
    formula: Formula


@dataclass(frozen=True)
class RulePart:
    """An acceptance rule with its sentences."""

    spec: schema.AcceptanceRule
    when: Condition
    customer: Sentence
    underwriter: Sentence
    detail: Sentence | None


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


@dataclass(frozen=True)
class ConditionText:
    """A condition with a key and a sentence: a reason not to rate, or to refuse a plan."""

    key: str
    when: Condition
    text: Sentence


@dataclass(frozen=True)
class PlanPart:
    """A payment plan with its refusals."""

    spec: schema.Plan
    deposit: Formula | None
    refusals: tuple[ConditionText, ...]


@dataclass(frozen=True)
class LinePart:
    """A line of the information document."""

    spec: schema.IpidLine
    when: Condition | None
    text: Sentence


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
    computed: Mapping[str, ComputedPart]
    tables: Mapping[str, Table]
    rules: tuple[RulePart, ...]
    terms: tuple[TermPart, ...]
    taxes: Mapping[str, TaxPart]
    sections: Mapping[str, SectionPart]
    not_rated: tuple[ConditionText, ...]
    steps: tuple[StepPart, ...]
    plans: tuple[PlanPart, ...]
    plan_matters: bool  # whether a rating step or computed value depends on the plan, so that each is rated anew
    first_due: Formula
    edition_by: Formula
    lines: tuple[LinePart, ...]
    documents: tuple[DocumentPart, ...]
    sentences: Mapping[str, Sentence]  # renewal, cancellation, withdrawal

    @property
    def key(self) -> str:
        """The product's key."""
        return self.definition.key

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its texts."""
        return tuple(self.definition.languages)

    def language(self, wanted: str | None = None) -> str:
        """The wanted language if the product speaks it, else English, else its first."""
        for language in (wanted, "en"):
            if language in self.definition.languages:
                return str(language)
        return self.definition.languages[0]

    def words(self, name: str, value: Any, language: str) -> str:
        """A value of a name as a reader of that language sees it."""
        kind = self.types[name].kind if name in self.types else "text"
        return in_words(value, kind, language, self.definition.currency, self.labels.get(name, {}))

    def sentences_of(self, sentence: Sentence, value_of: Callable[[str], Any]) -> dict[str, str]:
        """A text with its values, in each language of the product."""
        return {language: self.say(template, value_of, language) for language, template in sentence.items()}

    def say(self, template: Template, value_of: Callable[[str], Any], language: str) -> str:
        """A text with its values in one language."""
        return template.render(lambda name: self.words(name, value_of(name), language))
