"""Which value needs which: the order of computed values, cycles, and questions that look ahead."""

from __future__ import annotations

from products.language import schema
from products.language.builder import Builder
from products.language.limits import VALUE_HEIGHT
from products.language.syntax import measure

Needs = dict[str, list[str]]
CYCLES_TOLD = 10


def needs_of(builder: Builder) -> Needs:
    """For each question and computed value the names its formulas use."""
    definition = builder.definition
    needs: Needs = {q.key: sorted(_names_of_question(builder, q)) for q in definition.questions}
    needs["edition"] = sorted(builder.names_in(definition.edition_by))
    for spec in definition.computed:
        needs[spec.key] = sorted(builder.names_in(spec.formula) | builder.names_in(spec.when))
    return needs


def _names_of_question(builder: Builder, question: schema.Question) -> set[str]:
    """What decides whether a question is asked; of a list also what decides on the fields of its records."""
    fields = {field.key for field in question.fields}
    inside = {name for field in question.fields for name in builder.names_in(field.when)}
    return builder.names_in(question.when) | (inside - fields)


def check_cycles(builder: Builder) -> None:
    """Refuse a value that depends on itself, and a question whose condition needs a later question."""
    definition, needs = builder.definition, needs_of(builder)
    paths = {spec.key: f"computed[{n}].formula" for n, spec in enumerate(definition.computed)}
    paths |= {q.key: f"questions[{n}].{'when' if q.when else 'fields'}" for n, q in enumerate(definition.questions)}
    paths["edition"] = "edition_by"
    cyclic: set[str] = set()
    chains = 0
    ordered, left = _sorted(needs)
    for key in left:
        chain = None if key in cyclic or chains == CYCLES_TOLD else cycle_from(key, needs)
        if chain:
            cyclic.update(chain)
            chains += 1
            shown = chain if len(chain) < 10 else [*chain[:8], "…", chain[-1]]
            message = f"Expected a value that doesn't depend on itself, found {' → '.join(shown)}."
            builder.add(paths[key], "cycle", message, chain=chain)
    builder.failed |= set(left) & {spec.key for spec in definition.computed}
    if not left:
        _check_order(builder, needs)
        _check_settled(builder, needs)
    _check_heights(builder, needs, ordered, paths)


def _check_heights(builder: Builder, needs: Needs, ordered: list[str], paths: dict[str, str]) -> None:
    """Refuse a value that is worked out through too many others: each is worked out inside the one that needs it."""
    definition = builder.definition
    sources = {spec.key: (spec.formula, spec.when) for spec in definition.computed}
    sources["edition"] = (definition.edition_by, None)
    heights: dict[str, int] = {}
    for name in ordered:
        if name not in sources:
            continue  # a question has its answer
        nodes = [node for node in map(builder.read, sources[name]) if node is not None]
        own = max((measure(node)[1] for node in nodes), default=0)
        heights[name] = 1 + own + max((heights.get(needed, 0) for needed in needs[name]), default=0)
        if heights[name] > VALUE_HEIGHT:
            message = (
                f"Expected at most {VALUE_HEIGHT} operations inside each other, through all values that this one "
                f"needs, found {heights[name]}."
            )
            builder.add(paths[name], "value_too_deep", message, found=heights[name])
            return


def _sorted(needs: Needs) -> tuple[list[str], list[str]]:
    """The names, each after those it needs; and those that are in a cycle or need one that is."""
    users: dict[str, list[str]] = {}
    waiting = {key: len(set(names) & set(needs)) for key, names in needs.items()}
    for key, names in needs.items():
        for name in set(names) & set(needs):
            users.setdefault(name, []).append(key)
    ready = [key for key, count in waiting.items() if count == 0]
    ordered: list[str] = []
    while ready:
        done = ready.pop()
        ordered.append(done)
        del waiting[done]
        for user in users.get(done, []):
            waiting[user] -= 1
            if waiting[user] == 0:
                ready.append(user)
    return ordered, list(waiting)


def cycle_from(start: str, needs: Needs) -> list[str] | None:
    """A way from a name back to itself."""
    came: dict[str, str] = {}
    stack = [start]
    while stack:
        name = stack.pop()
        for needed in needs.get(name, []):
            if needed == start:
                chain = [start, name]
                while chain[-1] != start:
                    chain.append(came[chain[-1]])
                return list(reversed(chain)) if name != start else [start, start]
            if needed not in came and needed in needs:
                came[needed] = name
                stack.append(needed)
    return None


def _latest(needs: Needs, places: dict[str, int]) -> dict[str, tuple[int, str]]:
    """For each name the latest question it depends on, directly or not, as place and key; without cycles."""
    found: dict[str, tuple[int, str]] = {}
    stack = list(needs)
    while stack:
        name = stack[-1]
        open_names = [needed for needed in needs.get(name, []) if needed in needs and needed not in found]
        if name in found or not open_names:
            stack.pop()
            below = [found.get(needed, (-1, "")) for needed in needs.get(name, [])]
            own = [(places[needed], needed) for needed in needs.get(name, []) if needed in places]
            found[name] = max([*below, *own], default=(-1, ""))
        else:
            stack.extend(open_names)
    return found


def _check_order(builder: Builder, needs: Needs) -> None:
    questions = builder.definition.questions
    places = {question.key: place for place, question in enumerate(questions)}
    latest = _latest(needs, places)
    for key, place in places.items():
        later, name = latest[key]
        if later > place:
            part = "when" if questions[place].when else "fields"
            message = f"Expected a condition on earlier questions, found “{name}”, which is asked later."
            builder.add(f"questions[{place}].{part}", "looks_ahead", message, name=name)


def _check_settled(builder: Builder, needs: Needs) -> None:
    """What the applicant and the system answer is settled before an acceptor sets anything."""
    questions = builder.definition.questions
    later = _users_of([question.key for question in questions if question.set_by], needs)
    for place, question in enumerate(questions):
        asking = "when" if question.when else "fields"
        for part, names in ((asking, needs[question.key]), ("system_value", builder.names_in(question.system_value))):
            found = sorted(later.intersection(names)) if question.set_by is None else []
            if found:
                message = f"Expected what is known before the acceptor decides, found “{found[0]}”."
                builder.add(f"questions[{place}].{part}", "set_later", message, name=found[0])


def _users_of(keys: list[str], needs: Needs) -> set[str]:
    """These names and all that depend on them, directly or not."""
    users: dict[str, list[str]] = {}
    for key, names in needs.items():
        for name in names:
            users.setdefault(name, []).append(key)
    found: set[str] = set()
    stack = list(keys)
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(users.get(name, []))
    return found


def order_computed(builder: Builder) -> list[int]:
    """The places of the computed values, each after those it needs; those in a cycle are left out."""
    specs = builder.definition.computed
    places: dict[str, int] = {}
    for place, spec in enumerate(specs):
        places.setdefault(spec.key, place)
    waiting = {key: builder.names_in(specs[p].formula) | builder.names_in(specs[p].when) for key, p in places.items()}
    waiting = {key: names & set(places) for key, names in waiting.items() if key not in builder.failed}
    ordered: list[int] = []
    done: set[str] = set(builder.failed)
    while True:
        ready = [key for key, names in waiting.items() if names <= done]
        if not ready:
            return ordered
        for key in ready:
            ordered.append(places[key])
            done.add(key)
            del waiting[key]
