"""The steps of an application: which questions stand on which page, and how far an applicant has come (S0-06, S0-07).

Questions come in rounds. The first holds those that need no earlier answer, the next those that the answers so far make
necessary, and so on; a round longer than a page is divided. What the system fills in is on no page.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from products.language import Problem, Product, ask, fill_system_answers

MOST_ON_A_PAGE = 8
QUESTIONS, PARTY, REVIEW = "questions", "party", "review"
POLICYHOLDER = "policyholder"


@dataclass(frozen=True, slots=True)
class Step:
    """One page: `slug` in its address, the questions it asks, or the role whose details it takes."""

    slug: str
    kind: str
    keys: tuple[str, ...] = ()
    role: str = ""
    follow: bool = False  # questions that earlier answers made necessary
    part: int = 1  # of its kind


@dataclass(frozen=True, slots=True)
class Way:
    """The whole way of one application as its answers make it, and which steps are complete."""

    steps: tuple[Step, ...]
    complete: frozenset[str] = field(default_factory=frozenset)

    def find(self, slug: str) -> Step | None:
        """The step of an address; None where the answers so far don't lead to it."""
        return next((step for step in self.steps if step.slug == slug), None)

    def place(self, step: Step) -> int:
        """Its number for the reader, from 1."""
        return self.steps.index(step) + 1

    def before(self, step: Step) -> Step | None:
        """The step before it."""
        place = self.steps.index(step)
        return self.steps[place - 1] if place else None

    def known_before(self, step: Step, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers given on the pages before it."""
        keys = {key for earlier in self.steps[: self.steps.index(step)] for key in earlier.keys}
        return {key: value for key, value in answers.items() if key in keys}

    @property
    def first_open(self) -> Step:
        """The first step that isn't complete, at last the review."""
        return next((step for step in self.steps if step.slug not in self.complete), self.steps[-1])

    def reachable(self, step: Step) -> bool:
        """Whether everything before a step is complete."""
        return self.place(step) <= self.place(self.first_open)


def way_of(
    product: Product,
    *,
    answers: Mapping[str, Any],
    parties: Mapping[str, Any],
    on: date,
    unfinished: Collection[str] = (),
) -> Way:
    """The way for these answers on this day. A role is complete when it was stored, which only good details are.

    `unfinished`: pages (by slug) on which something stands that isn't good yet.
    """
    pages = pages_of(product, answers, on)
    roles = [
        Step("details" if role == POLICYHOLDER else f"details-{role}", PARTY, role=role, part=place)
        for place, role in enumerate(roles_asked(product), 1)
    ]
    wrong = wrong_answers(product, answers, on)
    complete = {page.slug for page in pages if all(key in answers and key not in wrong for key in page.keys)}
    complete |= {step.slug for step in roles if parties.get(step.role)}
    return Way((*pages, *roles, Step(REVIEW, REVIEW)), frozenset(complete - set(unfinished)))


def pages_of(product: Product, answers: Mapping[str, Any], on: date) -> list[Step]:
    """The pages of questions, round after round, as far as the answers reach."""
    pages: list[Step] = []
    known: dict[str, Any] = {}
    seen: set[str] = set()
    while fresh := [key for key in asked_keys(product, known, on) if key not in seen]:
        for start in range(0, len(fresh), MOST_ON_A_PAGE):
            place = len(pages) + 1
            slug = QUESTIONS if place == 1 else f"{QUESTIONS}-{place}"
            pages.append(
                Step(slug, QUESTIONS, tuple(fresh[start : start + MOST_ON_A_PAGE]), follow=bool(seen), part=place)
            )
        seen |= set(fresh)
        known |= {key: answers[key] for key in fresh if key in answers}
    return pages


def asked_keys(product: Product, answers: Mapping[str, Any], on: date) -> list[str]:
    """The questions to the applicant that these answers make necessary, in the product's order."""
    own = {part.spec.key for part in product.questions if not part.spec.set_by_system}
    return [key for key in ask(product, on, fill_system_answers(product, on, answers)).keys if key in own]


def follow_ups(
    product: Product, *, before: Mapping[str, Any], typed: Mapping[str, Any], keys: Collection[str], on: date
) -> list[str]:
    """The questions beyond a page's own `keys` that what was typed on it makes necessary, in the product's order."""
    earlier = {*asked_keys(product, before, on), *keys}
    return [key for key in asked_keys(product, {**before, **typed}, on) if key not in earlier]


def asked_only(product: Product, answers: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The answers without those that are not asked any more: a hidden answer is never kept (S0-07)."""
    asked = set(asked_keys(product, answers, on))
    kept = {key: value for key, value in answers.items() if key in asked}
    return kept if len(kept) == len(answers) else asked_only(product, kept, on)


def problems_with(product: Product, answers: Mapping[str, Any], on: date, keys: Iterable[str]) -> list[Problem]:
    """What is missing or wrong among these questions; `path` is `answers.KEY`, in a record `answers.KEY[0].FIELD`."""
    wanted = set(keys)
    found = ask(product, on, fill_system_answers(product, on, answers)).problems
    return [problem for problem in found if problem.question in wanted]


def wrong_answers(product: Product, answers: Mapping[str, Any], on: date) -> set[str]:
    """The questions whose answer is missing or wrong."""
    found = ask(product, on, fill_system_answers(product, on, answers)).problems
    return {problem.question for problem in found}


def roles_asked(product: Product) -> Sequence[str]:
    """The roles whose details are asked: the policyholder, and whoever must be named beside him."""
    others = [role.role for role in product.definition.parties if role.required and role.same_as is None]
    return [POLICYHOLDER, *(role for role in others if role != POLICYHOLDER)]
