"""The steps of an application: which questions stand on which page, and how far an applicant has come (S0-06, S0-07).

Questions come in rounds. The first holds those that need no earlier answer, the next those that the answers so far make
necessary, and so on; a round longer than a page is divided. A list of records and a question for files have a page
each, after the others of their round. What the system fills in is on no page.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from products.language import Problem, Product, ask, fill_system_answers, problems
from products.language.answers import Asked

MOST_ON_A_PAGE = 8
QUESTIONS, RECORDS, FILES, PARTY, REVIEW = "questions", "list", "file", "party", "review"
OWN_PAGE = {"list": RECORDS, "file": FILES}  # types of questions that stand on a page of their own
ASKING = {QUESTIONS, RECORDS, FILES}
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

    def place_of(self, slug: str) -> int:
        """The number of the step at an address."""
        return next(place for place, step in enumerate(self.steps, 1) if step.slug == slug)

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
    """The pages of questions, round after round, as far as the answers reach; the first holds plain questions."""
    pages: list[Step] = []
    known: dict[str, Any] = {}
    seen: set[str] = set()
    kinds = {part.spec.key: OWN_PAGE.get(part.spec.type, QUESTIONS) for part in product.questions}
    while fresh := [key for key in asked_keys(product, known, on) if key not in seen]:
        plain = [key for key in fresh if kinds[key] == QUESTIONS]
        starts = range(0, len(plain) or not pages, MOST_ON_A_PAGE)
        for start in starts:
            place = sum(page.kind == QUESTIONS for page in pages) + 1
            slug = QUESTIONS if place == 1 else f"{QUESTIONS}-{place}"
            keys = tuple(plain[start : start + MOST_ON_A_PAGE])
            pages.append(Step(slug, QUESTIONS, keys, follow=bool(seen), part=place))
        pages += [own_page(key, kinds[key]) for key in fresh if kinds[key] != QUESTIONS]
        seen |= set(fresh)
        known |= {key: answers[key] for key in fresh if key in answers}
    return pages


def gathered(
    way: Way, product: Product, *, answers: Mapping[str, Any], on: date, current: Step | None = None
) -> list[Step]:
    """The steps as a reader counts them: what is answered of further questions stands with the page that made it
    necessary, as it does when that page is opened again.
    """
    further = [step for step in way.steps if step.kind == QUESTIONS and step.follow]
    keys = {key for step in further for key in step.keys}
    moved: set[str] = set()
    found: list[Step] = []
    for step in way.steps:
        if step.kind != QUESTIONS or step.follow:
            found.append(step)
            continue
        typed = {key: value for key, value in answers.items() if key in {*step.keys, *keys}}
        before = way.known_before(step, answers)
        more = follow_ups(product, before=before, typed=typed, keys=step.keys, on=on)
        extra = tuple(key for key in more if key in answers and key in keys and key not in moved)
        moved |= set(extra)
        found.append(replace(step, keys=(*step.keys, *extra)))
    gone = {step.slug for step in further if set(step.keys) <= moved and step.slug in way.complete and step != current}
    return [step for step in found if step.slug not in gone]


def own_page(key: str, kind: str) -> Step:
    """The page of a list or of files."""
    return Step(f"{kind}-{key.replace('_', '-')}", kind, (key,))


def asked_keys(product: Product, answers: Mapping[str, Any], on: date) -> list[str]:
    """The questions to the applicant that these answers make necessary, in the product's order."""
    own = {part.spec.key for part in product.questions if part.spec.to_applicant}
    return [key for key in ask(product, on, fill_system_answers(product, on, answers)).keys if key in own]


def follow_ups(
    product: Product, *, before: Mapping[str, Any], typed: Mapping[str, Any], keys: Collection[str], on: date
) -> list[str]:
    """The questions beyond a page's own `keys` that what was typed on it makes necessary, in the product's order."""
    earlier = {*asked_keys(product, before, on), *keys}
    return [key for key in asked_keys(product, {**before, **typed}, on) if key not in earlier]


def asked_only(product: Product, answers: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The answers without those that are not asked any more: a hidden answer is never kept, in a record neither
    (S0-07).
    """
    asked = ask(product, on, fill_system_answers(product, on, answers))
    own = {part.spec.key for part in product.questions if part.spec.to_applicant}
    kept = {key: value for key, value in answers.items() if key in asked.keys and key in own}
    for key, fields in asked.records.items():
        kept[key] = [only(record, names) for record, names in zip(kept[key], fields, strict=True)]
    return kept if kept == answers else asked_only(product, kept, on)


def only(record: Any, names: Collection[str]) -> Any:
    """A record with these fields alone; what isn't a record stays, and is refused later."""
    return {name: value for name, value in record.items() if name in names} if isinstance(record, dict) else record


def one_record(product: Product, *, answers: Mapping[str, Any], key: str, record: Mapping[str, Any], on: date) -> Asked:
    """What is asked of a single record, whatever the other records are; it stands as often as the list needs."""
    least = next(int(str(part.least or 1)) for part in product.questions if part.spec.key == key)
    told = {**answers, key: [dict(record)] * max(least, 1)}
    return ask(product, on, fill_system_answers(product, on, told))


def asked_fields(
    product: Product, *, answers: Mapping[str, Any], key: str, record: Mapping[str, Any], on: date
) -> list[str]:
    """The fields of a list's record that the answers in it make necessary, in order."""
    found = one_record(product, answers=answers, key=key, record=record, on=on).records.get(key)
    return list(found[0]) if found else []


def record_problems(
    product: Product, *, answers: Mapping[str, Any], key: str, record: Mapping[str, Any], on: date
) -> list[Problem]:
    """What is missing or wrong in one record."""
    found = one_record(product, answers=answers, key=key, record=record, on=on).problems
    return [problem for problem in found if problem.path.startswith(f"answers.{key}[0]")]


def problems_with(product: Product, answers: Mapping[str, Any], on: date, keys: Iterable[str]) -> list[Problem]:
    """What is missing or wrong among these questions; `path` is `answers.KEY`, in a record `answers.KEY[0].FIELD`."""
    wanted = set(keys)
    found = problems(product, on, fill_system_answers(product, on, answers))
    return [problem for problem in found if problem.question in wanted]


def wrong_answers(product: Product, answers: Mapping[str, Any], on: date) -> set[str]:
    """The questions whose answer is missing or wrong."""
    found = problems(product, on, fill_system_answers(product, on, answers))
    return {problem.question for problem in found}


def roles_asked(product: Product) -> Sequence[str]:
    """The roles whose details are asked: the policyholder, and whoever must be named beside him."""
    others = [role.role for role in product.definition.parties if role.required and role.same_as is None]
    return [POLICYHOLDER, *(role for role in others if role != POLICYHOLDER)]
