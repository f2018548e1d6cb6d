"""Which value needs which: the order of computed values, cycles, and questions that look ahead."""

from __future__ import annotations

from products.language import schema
from products.language.builder import Builder

Needs = dict[str, list[str]]


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
    for key in needs:
        chain = None if key in cyclic else cycle_from(key, needs)
        if chain:
            cyclic.update(chain)
            shown = chain if len(chain) < 10 else [*chain[:8], "…", chain[-1]]
            message = f"Expected a value that doesn't depend on itself, found {' → '.join(shown)}."
            builder.add(paths[key], "cycle", message, chain=chain)
    builder.failed |= cyclic & {spec.key for spec in definition.computed}
    if not cyclic:
        _check_order(builder, needs)


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


def reached(start: str, needs: Needs) -> set[str]:
    """All names a name depends on, directly or not."""
    found: set[str] = set()
    stack = [start]
    while stack:
        for needed in needs.get(stack.pop(), []):
            if needed not in found:
                found.add(needed)
                stack.append(needed)
    return found


def _check_order(builder: Builder, needs: Needs) -> None:
    places = {q.key: place for place, q in enumerate(builder.definition.questions)}
    for key, place in places.items():
        later = sorted(name for name in reached(key, needs) if places.get(name, -1) > place)
        if later:
            message = f"Expected a condition on earlier questions, found “{later[0]}”, which is asked later."
            question = builder.definition.questions[place]
            builder.add(
                f"questions[{place}].{'when' if question.when else 'fields'}", "looks_ahead", message, name=later[0]
            )


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
