"""Compiles the parts of a document in the order in which they may use each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from products.language import product as made
from products.language import schema
from products.language.builder import Builder
from products.language.errors import nearest
from products.language.graph import check_cycles, order_computed
from products.language.limits import RECORDS, RECORDS_ASKED
from products.language.numbers import read_number
from products.language.parts_rating import build_payment, build_rating
from products.language.product import Product
from products.language.scope import PLAN_NAMES, Scope, Symbol
from products.language.tables import Table, compile_table
from products.language.types import BOOLEAN, CODE, DATE, FILE, LIST, MONEY, NUMBER, TEXT, Type
from products.language.weighing import book_of

VALUE_TYPES = {"number": NUMBER, "money": MONEY, "date": DATE, "text": TEXT, "code": CODE, "boolean": BOOLEAN}
QUESTION_TYPES = {"money": MONEY, "decimal": NUMBER, "integer": NUMBER, "year": NUMBER, "date": DATE, "code": CODE,
                  "text": TEXT, "yes_no": BOOLEAN, "list": LIST, "file": FILE}  # fmt: skip
AMOUNTS = {"instalment": MONEY, "premium_total": MONEY}
CONTRACTS = Symbol(
    "contracts",
    "builtin",
    LIST,
    fields=(
        Symbol("product", "field", TEXT, of="contracts"),
        Symbol("line_of_business", "field", TEXT, of="contracts"),
        Symbol("valid_from", "field", DATE, of="contracts"),
    ),
    most=RECORDS,
)
BUILT_IN = ("as_of", "edition", CONTRACTS.name, *(field.name for field in CONTRACTS.fields), *PLAN_NAMES)


def build_parts(builder: Builder, sha256: str) -> Product | None:
    """Compile everything; parts with a problem are left out, None where nothing whole can be made."""
    definition = builder.definition
    _check_names(builder)
    check_cycles(builder)
    tables = _tables(builder)
    scope = Scope(_symbols(definition, builder), tables)
    plans_known = {name: scope.symbols[name] for name in PLAN_NAMES}
    plan_free, computed = _computed(builder, _without(scope, PLAN_NAMES))
    questions, checks = _questions(builder, plan_free), _checks(builder, plan_free)
    scope = plan_free.with_symbols(*plans_known.values())
    rules, terms = _rules(builder, plan_free), _terms(builder, plan_free)
    taxes, sections = _taxes(builder, plan_free), _sections(builder, plan_free)
    rating = build_rating(builder, scope, sections)
    plans, first_due = build_payment(builder, rating.scope)
    lines, documents = _lines(builder, plan_free), _documents(builder, plan_free)
    edition_by = builder.formula("edition_by", definition.edition_by, _without(plan_free, ("edition",)), DATE)
    starts_on = builder.formula("starts_on", definition.starts_on, plan_free, DATE)
    sentences = {
        name: builder.sentence(f"{name}.text", getattr(definition, name).text)
        for name in ("renewal", "cancellation", "withdrawal")
    }
    if first_due is None or edition_by is None or starts_on is None:
        return None
    return Product(
        definition=definition,
        sha256=sha256,
        types=_types(rating.scope),
        labels=_labels(definition),
        questions=tuple(questions),
        checks=tuple(checks),
        computed=computed,
        tables=tables,
        rules=tuple(rules),
        rule_book=book_of("rule", "acceptance", [part.spec.key for part in rules], [part.when for part in rules]),
        line_book=book_of("ipid", "ipid.lines", [part.spec.key for part in lines], [part.when for part in lines]),
        document_book=book_of(
            "document", "documents", [part.spec.kind for part in documents], [part.when for part in documents]
        ),
        terms=tuple(terms),
        taxes=taxes,
        sections=sections,
        not_rated=rating.not_rated,
        steps=rating.steps,
        plans=plans,
        plan_matters=definition.payment.question is not None or any(map(_uses_plan, rating.steps)),
        first_due=first_due,
        edition_by=edition_by,
        starts_on=starts_on,
        lines=tuple(lines),
        documents=tuple(documents),
        sentences=sentences,
    )


def _types(scope: Scope) -> dict[str, Type]:
    """The type of every name, fields of records among them."""
    fields = {field.name: field.type for symbol in scope.symbols.values() for field in symbol.fields}
    return {name: symbol.type for name, symbol in scope.symbols.items()} | fields | AMOUNTS


def _without(scope: Scope, names: tuple[str, ...]) -> Scope:
    return replace(scope, symbols={name: symbol for name, symbol in scope.symbols.items() if name not in names})


def _check_names(builder: Builder) -> None:
    """All names that formulas use are different, and none is built in."""
    seen: dict[str, str] = dict.fromkeys((*BUILT_IN, *AMOUNTS), "a built-in value")
    definition = builder.definition
    groups = {
        "questions": [item.key for item in definition.questions],
        "computed": [item.key for item in definition.computed],
        "tables": [item.key for item in definition.tables],
        "rating.steps": [item.key for item in definition.rating.steps],
    }
    for place, question in enumerate(definition.questions):
        groups[f"questions[{place}].fields"] = [field.key for field in question.fields]
    for path, keys in groups.items():
        for place, key in enumerate(keys):
            if key in seen:
                message = f"Expected a name of its own, found “{key}”, which is {seen[key]}."
                builder.add(f"{path}[{place}].key", "key_twice", message, key=key)
            seen.setdefault(key, f"{path}[{place}]")
    for path in ("checks", "acceptance", "terms", "taxes", "sections", "editions"):
        builder.unique(path, [item.key for item in getattr(builder.definition, path)])
    builder.unique("payment.plans", [plan.key for plan in builder.definition.payment.plans])
    builder.unique(
        "ipid.lines", [line.key for line in builder.definition.ipid.lines] if builder.definition.ipid else []
    )


def _symbols(definition: schema.Definition, builder: Builder) -> dict[str, Symbol]:
    plans = tuple(plan.key for plan in definition.payment.plans)
    editions = tuple(edition.key for edition in definition.editions)
    found = {
        "as_of": Symbol("as_of", "builtin", DATE),
        "edition": Symbol("edition", "builtin", Type("choice", editions)),
        "contracts": CONTRACTS,
        "plan": Symbol("plan", "builtin", Type("choice", plans)),
        "plan_instalments": Symbol("plan_instalments", "builtin", NUMBER),
        "plan_surcharge_percent": Symbol("plan_surcharge_percent", "builtin", NUMBER),
    }
    for question in definition.questions:
        found[question.key] = question_symbol(builder, question)
    return found


def question_symbol(builder: Builder, question: schema.Question) -> Symbol:
    """What a question is to a formula: a list with the fields of its records."""
    fields = tuple(
        Symbol(field.key, "field", question_type(field), builder.facts(field.when), field.optional, of=question.key)
        for field in question.fields
    )
    most = read_number(question.most) if question.type == "list" else None
    return Symbol(
        question.key,
        "question",
        question_type(question),
        builder.facts(question.when),
        question.optional,
        fields=fields,
        most=RECORDS_ASKED if most is None else min(abs(int(most)), RECORDS),
    )


def question_type(question: schema.Question | schema.RecordField) -> Type:
    """The type of the answer to a question or field."""
    options = tuple(choice.key for choice in question.choices)
    if question.type in ("one_of", "several_of"):
        return Type("choice" if question.type == "one_of" else "set", options)
    return QUESTION_TYPES[question.type]


def _tables(builder: Builder) -> dict[str, Table]:
    questions = builder.definition.questions
    choices = {q.key: tuple(c.key for c in q.choices) for place in questions for q in (place, *place.fields)}
    choices["edition"] = tuple(edition.key for edition in builder.definition.editions)
    choices["plan"] = tuple(plan.key for plan in builder.definition.payment.plans)
    tables: dict[str, Table] = {}
    for place, table in enumerate(builder.definition.tables):
        made_table, problems = compile_table(table, f"tables[{place}]", choices)
        for problem in problems:
            builder.note(problem)
        if made_table is None:
            builder.failed.add(table.key)
        else:
            tables[table.key] = made_table
    return tables


def _computed(builder: Builder, scope: Scope) -> tuple[Scope, dict[str, made.ComputedPart]]:
    specs = list(builder.definition.computed)
    found: dict[str, made.ComputedPart] = {}
    for place in order_computed(builder):
        spec, path = specs[place], f"computed[{place}]"
        when = builder.condition(f"{path}.when", spec.when, scope)
        inner = scope.knowing(builder.facts(spec.when))
        wanted = VALUE_TYPES[spec.type] if spec.type else None
        formula = builder.formula(f"{path}.formula", spec.formula, inner, wanted)
        if formula is None or (spec.when and when is None):
            builder.failed.add(spec.key)
            continue
        found[spec.key] = made.ComputedPart(spec, when, formula)
        kind = replace(formula.type, literal=False)
        scope = scope.with_symbols(Symbol(spec.key, "computed", kind, builder.facts(spec.when)))
    return scope, found


def _questions(builder: Builder, scope: Scope) -> list[made.QuestionPart]:
    found: list[made.QuestionPart] = []
    for place, spec in enumerate(builder.definition.questions):
        path = f"questions[{place}]"
        when = builder.condition(f"{path}.when", spec.when, scope)
        system = builder.formula(f"{path}.system_value", spec.system_value, scope, question_type(spec))
        least, most = _limits(builder, path, spec)
        fields = _fields(builder, path, spec, scope.knowing(builder.facts(spec.when)))
        found.append(made.QuestionPart(spec, question_type(spec), when, least, most, place, system, fields))
    return found


def _checks(builder: Builder, scope: Scope) -> list[made.CheckPart]:
    """The contradictions; each is looked at where its question is asked and answered, or in each such record."""
    found: list[made.CheckPart] = []
    asking = {
        part.key: (question, part) for question in builder.definition.questions for part in (question, *question.fields)
    }
    for place, spec in enumerate(builder.definition.checks):
        path = f"checks[{place}]"
        text = builder.sentence(f"{path}.text", spec.text)
        if spec.at not in asking:
            message = f"Expected the key of a question or field, found “{spec.at}”.{nearest(spec.at, asking)}"
            builder.add(f"{path}.at", "unknown_name", message, name=spec.at)
            continue
        question, part = asking[spec.at]
        builder.used.add(question.key)
        inner = scope.knowing(builder.facts(question.when, part.when) | {f"answered({spec.at})"})
        if part is not question:
            inner = inner.with_symbols(*question_symbol(builder, question).fields)
        when = builder.condition(f"{path}.when", spec.when, inner)
        if when is not None:
            found.append(made.CheckPart(spec, question.key if part is not question else None, when, text))
    return found


def _limits(
    builder: Builder, path: str, spec: schema.Question | schema.RecordField
) -> tuple[Decimal | date | None, Decimal | date | None]:
    """The limits of an answer; lists and files have some of their own where the document says nothing."""
    least, most = {"list": (0, RECORDS_ASKED), "file": (0 if spec.optional else 1, 1)}.get(spec.type, (None, None))
    return (
        builder.limit(f"{path}.least", least if spec.least is None else spec.least, spec.type),
        builder.limit(f"{path}.most", most if spec.most is None else spec.most, spec.type),
    )


def _fields(builder: Builder, path: str, question: schema.Question, scope: Scope) -> tuple[made.FieldPart, ...]:
    """The fields of a list's records, in order; a field's condition may use the fields before it."""
    symbols = {field.name: field for field in question_symbol(builder, question).fields}
    later = {field.key for field in question.fields}
    found: list[made.FieldPart] = []
    for place, spec in enumerate(question.fields):
        field_path = f"{path}.fields[{place}]"
        ahead = sorted(builder.names_in(spec.when) & later)
        if ahead:
            message = f"Expected a condition on earlier fields of the record, found “{ahead[0]}”."
            builder.add(f"{field_path}.when", "looks_ahead", message, name=ahead[0])
        when = None if ahead else builder.condition(f"{field_path}.when", spec.when, scope)
        found.append(made.FieldPart(spec, question_type(spec), when, *_limits(builder, field_path, spec)))
        later.discard(spec.key)
        scope = scope.with_symbols(symbols[spec.key])
    return tuple(found)


def _rules(builder: Builder, scope: Scope) -> list[made.RulePart]:
    found: list[made.RulePart] = []
    for place, spec in enumerate(builder.definition.acceptance):
        path = f"acceptance[{place}]"
        when = builder.condition(f"{path}.when", spec.when, scope)
        customer = builder.sentence(f"{path}.customer", spec.customer)
        underwriter = builder.sentence(f"{path}.underwriter", spec.underwriter)
        detail = builder.sentence(f"{path}.detail", spec.detail) if spec.detail else None
        if when is not None:
            plain = customer.plain, underwriter.plain, detail.plain if detail else None
            fixed = None not in plain[:2] and (detail is None or detail.plain is not None)
            said = (
                made.RulePart.reason(spec, customer.plain or {}, underwriter.plain or {}, plain[2]) if fixed else None
            )
            found.append(made.RulePart(spec, when, customer, underwriter, detail, said))
    return found


def _terms(builder: Builder, scope: Scope) -> list[made.TermPart]:
    return [
        made.TermPart(
            spec,
            builder.condition(f"terms[{place}].when", spec.when, scope),
            builder.sentence(f"terms[{place}].text", spec.text),
        )
        for place, spec in enumerate(builder.definition.terms)
    ]


def _taxes(builder: Builder, scope: Scope) -> dict[str, made.TaxPart]:
    found: dict[str, made.TaxPart] = {}
    for place, spec in enumerate(builder.definition.taxes):
        country = builder.formula(f"taxes[{place}].country", spec.country, scope, TEXT)
        due_on = builder.formula(f"taxes[{place}].due_on", spec.due_on, scope, DATE)
        if country is not None and due_on is not None:
            found[spec.key] = made.TaxPart(spec, country, due_on)
    return found


def _sections(builder: Builder, scope: Scope) -> dict[str, made.SectionPart]:
    return {
        spec.key: made.SectionPart(
            spec,
            builder.condition(f"sections[{place}].when", spec.when, scope),
            builder.formula(
                f"sections[{place}].insured_sum", spec.insured_sum, scope.knowing(builder.facts(spec.when)), MONEY
            ),
        )
        for place, spec in enumerate(builder.definition.sections)
    }


def _lines(builder: Builder, scope: Scope) -> list[made.LinePart]:
    found: list[made.LinePart] = []
    for place, spec in enumerate(builder.definition.ipid.lines if builder.definition.ipid else []):
        when = builder.condition(f"ipid.lines[{place}].when", spec.when, scope)
        text = builder.sentence(f"ipid.lines[{place}].text", spec.text)
        said = None if text.plain is None else made.LinePart.line(spec, text.plain)
        found.append(made.LinePart(spec, when, text, said))
    return found


def _documents(builder: Builder, scope: Scope) -> list[made.DocumentPart]:
    return [
        made.DocumentPart(spec, builder.condition(f"documents[{place}].when", spec.when, scope))
        for place, spec in enumerate(builder.definition.documents)
    ]


def _labels(definition: schema.Definition) -> dict[str, dict[str, dict[str, str]]]:
    asking = [part for question in definition.questions for part in (question, *question.fields)]
    labels = {part.key: {choice.key: choice.label for choice in part.choices} for part in asking if part.choices}
    labels["plan"] = {plan.key: plan.names for plan in definition.payment.plans}
    return labels


def _uses_plan(step: made.StepPart) -> bool:
    """Whether a step depends on the plan, or says it; computed values, sections and taxes can't name it."""
    parts = (step.formula, step.otherwise, step.when, step.base, step.rate, step.how)
    return any(name in PLAN_NAMES for part in parts if part is not None for name in part.names)
