"""What schema and types can't see: texts per language, references, limits, tables' coverage, unused questions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from products.language import schema
from products.language.builder import Builder
from products.language.checks_questions import check_asking, check_default, check_set_by
from products.language.comparing import constant
from products.language.coverage import coverage_problems
from products.language.errors import nearest
from products.language.fields import Part
from products.language.limits import CASE_STEPS, COMPONENT_KEY, EXEMPTION_CHARACTERS, TABLE_COMBINATIONS
from products.language.never import never_holds, starting
from products.language.numbers import plain
from products.language.product import Product
from products.language.syntax import Binary
from products.language.types import GATHERED


def check_product(builder: Builder, product: Product | None) -> None:
    """Note everything that is wrong beyond schema and formulas."""
    _check_texts(builder)
    _check_questions(builder)
    _check_references(builder)
    _check_editions(builder)
    _check_rating(builder)
    _check_end(builder)
    _check_plans(builder)
    _check_ipid(builder)
    if product is not None:
        _check_coverage(builder, product)
        _check_placeholders(builder, product)
        _check_conditions(builder, product)
        for part in product.questions:
            check_default(builder, f"questions[{part.place}]", part, part.spec.default)
    _check_used(builder)
    steps, cases = builder.cost * (len(builder.definition.payment.plans) + 1), len(builder.definition.cases)
    if steps * cases > CASE_STEPS:
        message = f"Expected cases of at most {CASE_STEPS} steps in all, found {steps * cases}: leave some out."
        builder.add("cases", "too_costly", message)
    for place, spec in enumerate(builder.definition.commission):
        if not 0 <= spec.percent <= 100:
            message = f"Expected a percentage of 0 to 100, found {plain(spec.percent)}."
            builder.add(f"commission[{place}].percent", "limit", message)


def texts_in(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text per language of a document, with its path."""
    if isinstance(value, Part):
        for name, field in type(value).model_fields.items():
            if name != "cases":
                yield from texts_in(getattr(value, name), f"{path}.{field.alias or name}" if path else name)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from texts_in(item, f"{path}[{place}]")
    elif isinstance(value, dict):
        yield path, value


def _check_texts(builder: Builder) -> None:
    languages = builder.definition.languages
    if len(set(languages)) < len(languages):
        builder.add("languages", "key_twice", "Expected each language once.")
    for path, texts in texts_in(builder.definition):
        for language in languages:
            if not texts.get(language, "").strip():
                message = f"Expected a text in {language}, found none."
                builder.add(f"{path}.{language}", "text_missing", message, language=language)
        for language in sorted(set(texts) - set(languages)):
            message = f"Expected texts in {', '.join(languages)}, found one in “{language[:20]}”."
            builder.add(f"{path}.{language[:20]}", "language_unknown", message, language=language[:20])


def _check_questions(builder: Builder) -> None:
    for place, question in enumerate(builder.definition.questions):
        path = f"questions[{place}]"
        check_asking(builder, path, question)
        if question.set_by_system != (question.system_value is not None):
            message = "Expected “system_value” exactly where “set_by_system” is true."
            builder.add(f"{path}.system_value", "system_value", message)
        if question.why is None and question.to_applicant:
            builder.add(f"{path}.why", "why_missing", "Expected why this is asked, in each language, found nothing.")
        if (question.type == "list") != bool(question.fields):
            message = f"Expected {'fields' if question.type == 'list' else 'no fields'} with the type {question.type}."
            builder.add(f"{path}.fields", "fields", message)
        if question.set_by_system and question.type in ("list", "file"):
            message = f"Expected one value from the system, found the type {question.type}."
            builder.add(f"{path}.set_by_system", "system_value", message)
        check_set_by(builder, path, question)
        for number, inner in enumerate(question.fields):
            check_asking(builder, f"{path}.fields[{number}]", inner)


def _refer(builder: Builder, path: str, key: str | None, known: list[str], what: str) -> None:
    if key is not None and key not in known:
        message = f"Expected the key of {what}, found “{key}”.{nearest(key, known)}"
        builder.add(path, "unknown_name", message, name=key)


def _check_references(builder: Builder) -> None:
    definition = builder.definition
    terms = [term.key for term in definition.terms]
    sections = [section.key for section in definition.sections]
    taxes = [tax.key for tax in definition.taxes]
    for place, rule in enumerate(definition.acceptance):
        _refer(builder, f"acceptance[{place}].term", rule.term, terms, "a term")
    forced = {rule.term for rule in definition.acceptance}
    for place, term in enumerate(definition.terms):
        if term.forced and term.key not in forced:
            message = f"Expected an acceptance rule that brings the term “{term.key}”, found none."
            builder.add(f"terms[{place}].forced", "unreachable", message)
    for place, section in enumerate(definition.sections):
        _refer(builder, f"sections[{place}].tax", section.tax, taxes, "a tax")
    for place, step in enumerate(definition.rating.steps):
        _refer(builder, f"rating.steps[{place}].section", step.section, sections, "a section")
    for place, tax in enumerate(definition.taxes):
        for language, text in (tax.exemption or {}).items():
            if len(text) > EXEMPTION_CHARACTERS:
                message = f"Expected a sentence of at most {EXEMPTION_CHARACTERS} characters, found {len(text)}."
                builder.add(f"taxes[{place}].exemption.{language}", "text_too_long", message, found=len(text))
    roles = [party.role for party in definition.parties]
    if "policyholder" not in roles:
        builder.add("parties", "missing", "Expected the role policyholder, found none.")
    if len(set(roles)) < len(roles):
        builder.add("parties", "key_twice", "Expected each role once.")


def _check_editions(builder: Builder) -> None:
    editions = builder.definition.editions
    for place, edition in enumerate(editions):
        until = edition.valid_until
        if until is not None and until <= edition.valid_from:
            message = f"Expected a day after {edition.valid_from}, found {until}."
            builder.add(f"editions[{place}].valid_until", "empty_period", message)
        following = editions[place + 1] if place + 1 < len(editions) else None
        if following is not None and (until is None or following.valid_from < until):
            message = f"Expected an edition that starts when the one before ends, found {following.valid_from}."
            builder.add(f"editions[{place + 1}].valid_from", "overlap", message)


def _check_rating(builder: Builder) -> None:
    steps = builder.definition.rating.steps
    sections = {section.key: section for section in builder.definition.sections}
    totals = [place for place, step in enumerate(steps) if step.total]
    if totals != [len(steps) - 1]:
        builder.add("rating.steps", "total", "Expected exactly one step with “total”, as the last step.")
    for place, step in enumerate(steps):
        path, component = f"rating.steps[{place}]", step.component
        if component is None:
            continue
        if len(step.key) > COMPONENT_KEY:
            message = (
                f"Expected a key of at most {COMPONENT_KEY} characters for a part of the price, found {len(step.key)}."
            )
            builder.add(f"{path}.key", "key_too_long", message, found=len(step.key))
        section = sections.get(step.section or "")
        if component.kind in ("premium", "tax") and step.section is None:
            builder.add(f"{path}.section", "missing", f"Expected the section of a {component.kind}, found nothing.")
        if component.kind == "tax" and section is not None and section.tax is None:
            builder.add(f"{path}.section", "missing", f"Expected a section with a tax, found “{section.key}” without.")
        if component.kind == "tax" and (component.base is None or component.rate is None):
            builder.add(f"{path}.component", "missing", "Expected base and rate of a tax, found nothing.")
        _check_rate(builder, path, step)
        if step.rounding == "none":
            builder.add(f"{path}.rounding", "rounding", "Expected a component rounded to the cent, found no rounding.")


def _check_rate(builder: Builder, path: str, step: schema.Step) -> None:
    """A tax that is its base by a constant names the same rate, in percent: 21 for `net * 21%`."""
    component, node, base = step.component, builder.read(step.formula), step.formula.rpartition("*")[0]
    if component is None or component.kind != "tax" or base.strip(" ()") != (component.base or "").strip(" ()"):
        return
    rate = builder.read(component.rate)
    used = constant(node.right) if isinstance(node, Binary) and node.operator == "*" else None
    named = constant(rate) if rate is not None else None
    if isinstance(used, Decimal) and isinstance(named, Decimal) and used * 100 != named:
        message = f"Expected the rate of the formula in percent, {plain(used * 100)}, found {plain(named)}."
        builder.add(f"{path}.component.rate", "rate", message, found=plain(named))


def _check_end(builder: Builder) -> None:
    """Cover ends with its sections; of a contract that ends with it, the renewal can't say otherwise."""
    definition = builder.definition
    months = sorted({section.term_months for section in definition.sections})
    if definition.renewal.kind == "ends" and definition.renewal.term_months not in months:
        known, found = ", ".join(map(str, months)), definition.renewal.term_months
        message = f"Expected the term_months of a section, {known}, where the contract ends, found {found}."
        builder.add("renewal.term_months", "term", message, found=found)


def _check_plans(builder: Builder) -> None:
    definition = builder.definition
    payment = definition.payment
    keys = [plan.key for plan in payment.plans]
    for place, plan in enumerate(payment.plans):
        path = f"payment.plans[{place}]"
        _refer(builder, f"{path}.offered_instead", plan.offered_instead, keys, "a plan")
        if plan.offered_instead == plan.key:
            builder.add(f"{path}.offered_instead", "cycle", "Expected another plan than this one.")
        if (plan.division == "deposit") != (plan.deposit is not None):
            builder.add(f"{path}.deposit", "deposit", "Expected “deposit” exactly with the division deposit.")
        if plan.division != "balance_anew" and (plan.minimum_instalment is not None or plan.minimum_last is not None):
            builder.add(
                f"{path}.minimum_instalment", "division", "Expected a minimum only with the division balance_anew."
            )
        for name in ("surcharge_percent", "fee_per_payment", "minimum_instalment", "minimum_last"):
            found = getattr(plan, name)
            if found is not None and not 0 <= found <= 100_000:
                builder.add(f"{path}.{name}", "limit", f"Expected 0 to 100,000, found {plain(found)}.")
        if plan.surcharge_percent and not {"plan_surcharge_percent", "plan"} & builder.used:
            message = "Expected a rating step that uses plan_surcharge_percent, found none."
            builder.add(f"{path}.surcharge_percent", "unused", message)
    _check_plan_question(builder, keys)


def _check_plan_question(builder: Builder, keys: list[str]) -> None:
    name = builder.definition.payment.question
    if name is None:
        return
    questions = {question.key: question for question in builder.definition.questions}
    _refer(builder, "payment.question", name, list(questions), "a question")
    if name in questions and {choice.key for choice in questions[name].choices} != set(keys):
        message = f"Expected the plans {', '.join(keys)} as the choices of “{name}”."
        builder.add("payment.question", "choices", message)


def _check_ipid(builder: Builder) -> None:
    ipid = builder.definition.ipid
    if ipid is None:
        return
    always = {line.heading for line in ipid.lines if line.when is None}
    for heading in schema.HEADINGS:
        if heading not in always:
            message = f"Expected a line without condition under the heading {heading}, found none."
            builder.add("ipid.lines", "heading_empty", message, heading=heading)


def _check_coverage(builder: Builder, product: Product) -> None:
    left = TABLE_COMBINATIONS
    for place, spec in enumerate(builder.definition.tables):
        table = product.tables.get(spec.key)
        if table is not None:
            problems, looked_at = coverage_problems(
                table, f"tables[{place}]", most=left, looked_up=spec.key in builder.looked_up
            )
            for problem in problems:
                builder.note(problem)
            left -= looked_at


def _check_conditions(builder: Builder, product: Product) -> None:
    """A rule, step, line, question or plan whose condition can never hold is a mistake, where that is easy to see."""
    asking = [part for question in product.questions for part in (question, *question.fields)]
    limits = {part.spec.key: (part.least, part.most) for part in asking}
    start = starting(product.types, limits)
    for path, source in builder.conditions:
        node = builder.read(source)
        if node is not None and never_holds(node, start):
            builder.add(path, "never", "Expected a condition that can hold, found one that never does.")


def _check_placeholders(builder: Builder, product: Product) -> None:
    fields = {field.spec.key for question in product.questions for field in question.fields}
    gathered = fields | {question.spec.key for question in product.questions if question.type.kind in GATHERED}
    known = set(product.types) - gathered
    for path, template in builder.templates:
        for name in template.names:
            builder.used.add(name)
            if name in gathered:
                message = f"Expected a value that can be said, found “{name}”: say a computed value, such as a count()."
                builder.add(path, "wrong_type", message, name=name)
            elif name not in known and name not in builder.failed:
                message = f"Expected a known name in braces, found “{name}”.{nearest(name, known)}"
                builder.add(path, "unknown_name", message, name=name)


def _check_used(builder: Builder) -> None:
    if builder.unread:
        return  # a misspelt name would be told twice, the second time as something nobody needs
    for _path, template in builder.templates:
        builder.used.update(template.names)
    for place, question in enumerate(builder.definition.questions):
        chooses_plan = builder.definition.payment.question == question.key
        if question.key not in builder.used and not question.recorded and not chooses_plan:
            message = f"Expected a question that something needs, found “{question.key}”, which nothing uses."
            builder.add(f"questions[{place}].key", "unused_question", message, key=question.key)
        for number, inner in enumerate(question.fields):
            if inner.key not in builder.mentioned and not question.recorded:
                message = f"Expected a field that something needs, found “{inner.key}”, which nothing uses."
                builder.add(f"questions[{place}].fields[{number}].key", "unused_question", message, key=inner.key)
    for place, table in enumerate(builder.definition.tables):
        if table.key not in builder.mentioned:
            message = f"Expected a table that something uses, found “{table.key}”."
            builder.add(f"tables[{place}].key", "unused_table", message, key=table.key)
