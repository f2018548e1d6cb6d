"""What a product leaves to an acceptor: which of its questions he may set for an application, and what he set."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import Field
from django.utils.translation import gettext as _

from acceptance.ways import behind
from applications.forms import as_typed, question_field
from applications.models import Application
from applications.problems import sentence_of, value_in_words
from common.languages import base_language
from products.language import Problem, ask, read_form
from products.language.answer_types import typed
from products.language.answers import Asked
from products.language.product import QuestionPart
from products.language.result import Look
from products.language.scope import Formula
from products.selectors import compiled


@dataclass(frozen=True)
class Setting:
    """An application with what is set for it; whatever is left out stands at the product's default."""

    application: Application
    given: Mapping[str, Any]

    @cached_property
    def parts(self) -> tuple[QuestionPart, ...]:
        """The questions of the application's version that an acceptor sets."""
        return tuple(part for part in compiled(self.application.version).questions if part.spec.set_by == "acceptor")

    @cached_property
    def open(self) -> tuple[QuestionPart, ...]:
        """Those that can be set here: asked as it stands, or as soon as another of them is set."""
        asked, product = self._asked({}), compiled(self.application.version)
        found: dict[str, QuestionPart] = {}
        for part in self.parts:
            look = asked.refused.get(part.spec.key)
            waits = look is not None and found.keys() & set(behind(product, looked_at(look)))
            if part.spec.key in asked.keys or waits:
                found[part.spec.key] = part
        return tuple(found.values())

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What holds of them as answers are stored, where any of it differs from its default; else nothing."""
        run = self._asked(self.given).run
        standing = {part.spec.key: part for part in self.parts if part.spec.key in run.values}
        if all(run.values[key] == typed(part, part.spec.default) for key, part in standing.items()):
            return {}
        return {key: self.given.get(key, part.spec.default) for key, part in standing.items()}

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with what is given, or goes wrong by it, at its question."""
        return self._asked(self.given).problems

    def field(self, part: QuestionPart) -> Field:
        """The field in which an acceptor sets it, with its limits, at its default."""
        product = compiled(self.application.version)
        currency = product.definition.currency
        field = question_field(part, currency, product.language(base_language()))
        kind, spec = product.types[part.spec.key].kind, part.spec
        if spec.least is not None and spec.most is not None and kind != "set":
            least, most = (value_in_words(limit, kind, currency) for limit in (spec.least, spec.most))
            limits = _("From %(least)s to %(most)s.") % {"least": least, "most": most}
            field.help_text = f"{field.help_text} {limits}".strip()
        field.initial = as_typed(part, spec.default)
        return field

    def entered(self, raw: Mapping[str, Any]) -> tuple["Setting", list[Problem]]:
        """The same with what was typed in a form, and what can't be read of it."""
        product = compiled(self.application.version)
        typed_in = {key: value for key, value in raw.items() if value is not None}
        read, unread = read_form(product, typed_in, base_language())
        asked = self._asked(read).keys
        return Setting(self.application, {key: value for key, value in read.items() if key in asked}), unread

    def said(self, problem: Problem) -> str:
        """A problem in the acceptor's words."""
        product = compiled(self.application.version)
        known = problem.question in product.types and problem.question not in product.years
        return sentence_of(problem, product.types[problem.question].kind if known else "", product.definition.currency)

    def _asked(self, given: Mapping[str, Any]) -> Asked:
        product = compiled(self.application.version)
        return ask(product, self.application.submitted_on, {**self.application.answers, **given})


def looked_at(look: Look) -> list[str]:
    """The names that the part which refused a question looks at."""
    refusing = look[3]
    return list(refusing.names) if isinstance(refusing, Formula) else []
