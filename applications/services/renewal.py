"""A draft whose version isn't sold any more goes on with the live one; answers to the same questions come along."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from applications.forms import SignedForm
from applications.held import product_for
from applications.models import Draft
from applications.services.drafts import draft_for_update, kept
from applications.steps import asked_only, wrong_answers
from common.db import step
from products.language import Product
from products.language.schema import Question
from products.models import ProductVersion
from products.selectors import compiled


class RenewForm(SignedForm):
    """The will to go on with the version that stood on the page."""

    def is_for(self, version_id: int) -> bool:
        """Whether the page showed this version."""
        return self.is_valid() and self.ticket is not None and self.ticket.shown == version_id


@step
def renew_draft(*, case_id: int, version: ProductVersion, on: date) -> Draft:
    """Move a draft to the live version of its product, with every answer that still answers the same question.

    Case and draft change together in the database, which refuses a version that isn't live or of another product.
    """
    draft = draft_for_update(case_id)
    answers = carried(compiled(draft.version), product_for(draft, version), draft.answers, on=on)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.renew_draft(%s, %s)", [case_id, version.pk])
    draft.version, draft.answers, draft.unfinished, draft.declared = version, answers, {}, False
    return kept(draft)


def carried_count(draft: Draft, version: ProductVersion, *, on: date) -> int:
    """How many of a draft's answers would come along."""
    return len(carried(compiled(draft.version), product_for(draft, version), draft.answers, on=on))


def carried(old: Product, new: Product, answers: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    """The answers whose question is the same in both versions, and that are good and asked in the new one."""
    before = {part.spec.key: sense(part.spec) for part in old.questions}
    same = {part.spec.key for part in new.questions if before.get(part.spec.key) == sense(part.spec)}
    kept = asked_only(new, {key: value for key, value in answers.items() if key in same}, on)
    wrong = wrong_answers(new, kept, on)
    return asked_only(new, {key: value for key, value in kept.items() if key not in wrong}, on)


def sense(question: Question) -> Any:
    """What a question asks: its words, type, unit, choices and fields; not why, when and within which limits."""
    return question.model_dump(include={"type", "label", "unit", "choices", "fields", "decimals", "media"})
