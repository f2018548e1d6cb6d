"""What an evaluation says to each reader, as sentences: the customer, the underwriter, the auditor (DESIGN section 5).

Sentences are put together from the stored trace when they are read; texts of the product stand in the reader's language
where it has it, else in English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from products.language import Product
from products.words import Reader, told

Trace = Mapping[str, Any]  # an evaluation as `products.language.to_json` gives it


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: `held` tells whether what it speaks of came about, `small` where it stands in the document."""

    text: str
    held: bool = False
    small: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sentences of one kind under their title."""

    title: str
    lines: tuple[Line, ...]


def for_customer(evaluation: Trace, product: Product, *, language: str) -> list[str]:
    """What was decided, the customer's reasons in his words, and what he can do next."""
    with translation.override(language):
        first, last = CUSTOMER[str(evaluation["decision"])]
        return [_(first), *(told(reason["customer"], language) for reason in evaluation["reasons"]), _(last)]


CUSTOMER = {
    "accept": (
        gettext_noop("We are glad to insure you."),
        gettext_noop("Your quotation is in your mail. You are insured once you have ordered it."),
    ),
    "special": (
        gettext_noop("Your wishes need a quotation of their own."),
        gettext_noop("One of our people draws it up and writes to you. You need do nothing."),
    ),
    "refer": (
        gettext_noop("One of our people looks at your application."),
        gettext_noop("You hear from us by e-mail, usually within one working day. You need do nothing."),
    ),
    "decline": (
        gettext_noop("By our rules we can't insure this."),
        gettext_noop(
            "If something you told us isn't right, apply again. You may also ask that a person looks at it, "
            "say your own view and contest the decision."
        ),
    ),
}


def for_underwriter(evaluation: Trace, product: Product, *, language: str) -> list[Chapter]:
    """Every rule that fired, with its values, and each that didn't, with the cell that refused: found and wanted."""
    with translation.override(language):
        reader = Reader(product, language)
        rules = conditions(evaluation, "rule")
        fired = tuple(fired_rule(reader, evaluation, row) for row in rules if row["fired"])
        nearly = tuple(quiet_rule(reader, row) for row in rules if not row["fired"])
        return [Chapter(_("Rules that fired"), fired), Chapter(_("Rules that did not fire"), nearly)]


def conditions(evaluation: Trace, kind: str) -> list[Mapping[str, Any]]:
    """What was looked at of a kind, in the order of the document."""
    return [row for row in evaluation["trace"]["conditions"] if row["kind"] == kind]


def fired_rule(reader: Reader, evaluation: Trace, row: Mapping[str, Any]) -> Line:
    """A rule that fired: its text for underwriters with its detail, else its condition with the values it saw."""
    reason = next((reason for reason in evaluation["reasons"] if reason["key"] == row["key"]), None)
    seen = reader.values(values_of(reader.product, evaluation, row["key"]))
    if reason is None:
        return Line(_("%(rule)s held: %(seen)s.") % {"rule": row["key"], "seen": seen}, True, row["key"])
    parts = [told(reason["underwriter"], reader.language), told(reason.get("detail"), reader.language)]
    text = " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)
    return Line(text, True, _("%(rule)s: %(seen)s") % {"rule": row["key"], "seen": seen} if seen else row["key"])


def values_of(product: Product, evaluation: Trace, rule: str) -> dict[str, Any]:
    """The values that a rule's condition looks at: answers, and what was computed from them."""
    part = next((part for part in product.rules if part.spec.key == rule), None)
    known = {**evaluation["trace"]["values"], **evaluation["answers"]}
    return {name: known[name] for name in (part.when.names if part else ()) if name in known}


def quiet_rule(reader: Reader, row: Mapping[str, Any]) -> Line:
    """A rule that didn't fire: the part of its condition that refused, what it found and what it asks for."""
    formula, found = str(row.get("refused_by") or ""), row.get("values") or {}
    wanted = reader.wanted(formula)
    if wanted and len(found) == 1:
        ((name, value),) = found.items()
        text = _("“%(name)s” is %(found)s; the rule asks for %(wanted)s.") % {
            "name": reader.label(name),
            "found": reader.value(name, value),
            "wanted": wanted,
        }
    else:
        text = _("Found %(found)s; the rule asks for “%(formula)s”.") % {
            "found": reader.values(found) or _("none"),
            "formula": formula,
        }
    return Line(text, False, row["key"])


def for_auditor(evaluation: Trace, product: Product, *, language: str) -> list[Chapter]:
    """The whole road: document, questions, rules, terms, tables, steps, plans, each with what was seen."""
    with translation.override(language):
        reader = Reader(product, language)
        looked = {kind: conditions(evaluation, kind) for kind in ("question", "rule", "term")}
        return [
            Chapter(_("Document"), tuple(document_lines(evaluation))),
            Chapter(_("Questions"), tuple(question_line(reader, evaluation, row) for row in looked["question"])),
            Chapter(_("Rules"), tuple(looked_line(reader, evaluation, row) for row in looked["rule"])),
            Chapter(_("Terms"), tuple(looked_line(reader, evaluation, row) for row in looked["term"])),
            Chapter(_("Tables"), tuple(table_lines(evaluation))),
            Chapter(_("Steps of the premium"), tuple(step_lines(reader, evaluation))),
            Chapter(_("Payment plans"), tuple(plan_line(reader, plan) for plan in evaluation["plans"])),
            Chapter(_("Other conditions"), tuple(looked_line(reader, evaluation, row) for row in others(evaluation))),
        ]


def document_lines(evaluation: Trace) -> list[Line]:
    """Which document, edition and day decided, and how."""
    spent = {"spent": evaluation["trace"]["steps_spent"]}
    return [
        Line(_("Product %(product)s, edition %(edition)s.") % evaluation),
        Line(_("Hash of the definition: %(sha256)s.") % evaluation),
        Line(_("Decided for %(as_of)s: %(decision)s.") % evaluation),
        Line(_("%(spent)s steps of arithmetic were spent.") % spent),
    ]


def question_line(reader: Reader, evaluation: Trace, row: Mapping[str, Any]) -> Line:
    """A question that was asked, with its answer; or why it wasn't."""
    name = reader.label(row["key"])
    if row["fired"]:
        answer = reader.value(row["key"], evaluation["answers"].get(row["key"]))
        text = _("“%(name)s” Answered: %(answer)s.") % {"name": name, "answer": answer}
        if row["condition"]:
            text += " " + _("Asked because “%(formula)s” holds.") % {"formula": row["condition"]}
        return Line(text, True, row["key"])
    seen = {"name": name, "formula": row["refused_by"], "found": reader.values(row["values"]) or _("none")}
    return Line(_("“%(name)s” Not asked: “%(formula)s” doesn't hold. Found %(found)s.") % seen, False, row["key"])


def looked_line(reader: Reader, evaluation: Trace, row: Mapping[str, Any]) -> Line:
    """Any condition: it held, or the part that refused with the values it saw."""
    if not row["condition"]:
        return Line(_("It has no condition: it always holds."), True, row["key"])
    if row["fired"]:
        seen = reader.values(values_of(reader.product, evaluation, row["key"])) if row["kind"] == "rule" else ""
        text = _("“%(formula)s” holds.") % {"formula": row["condition"]}
        return Line(f"{text} {_('Found %(found)s.') % {'found': seen}}" if seen else text, True, row["key"])
    values = {"formula": row["refused_by"], "found": reader.values(row["values"]) or _("none")}
    return Line(_("“%(formula)s” doesn't hold. Found %(found)s.") % values, False, row["key"])


def others(evaluation: Trace) -> list[Mapping[str, Any]]:
    """Conditions of steps, premium, plans, information document and papers that could have gone otherwise."""
    known = {"question", "rule", "term"}
    return [row for row in evaluation["trace"]["conditions"] if row["kind"] not in known and row["condition"]]


def table_lines(evaluation: Trace) -> list[Line]:
    """Each row of a table that served, by its number in the document, and by which keys."""
    return [
        Line(
            _("Table %(table)s: row %(row)s served %(keys)s.")
            % {"table": row["table"], "row": row_text(row["row"]), "keys": ", ".join(map(str, row["keys"]))},
            True,
        )
        for row in evaluation["trace"]["tables"]
    ]


def row_text(row: Any) -> str:
    """The number of a row as a reader counts, from 1; several where they were collected, none for the default."""
    if row is None:
        return _("“default”")
    return ", ".join(str(place + 1) for place in row) if isinstance(row, list) else str(row + 1)


def step_lines(reader: Reader, evaluation: Trace) -> list[Line]:
    """Each step of the premium: formula, operands, unrounded value and rounding; or why there is no premium."""
    if evaluation["premium"] is None:
        because = told(evaluation.get("not_rated_because"), reader.language)
        return [
            Line(
                _("No premium was worked out: %(because)s.") % {"because": because or _("the application was declined")}
            )
        ]
    return [step_line(reader, row) for row in evaluation["premium"]["steps"]]


def step_line(reader: Reader, row: Mapping[str, Any]) -> Line:
    """One step as it was worked out."""
    operands = "; ".join(f"{name} = {value}" for name, value in row["operands"].items())
    text = _("%(value)s by “%(formula)s”.") % {"value": row["value"], "formula": row["formula"]}
    if operands:
        text += " " + _("With %(operands)s.") % {"operands": operands}
    if row["unrounded"] is not None:
        rounding = {"unrounded": row["unrounded"], "to": row["rounding"]["to"], "mode": row["rounding"]["mode"]}
        text += " " + _("Rounded from %(unrounded)s to %(to)s (%(mode)s).") % rounding
    if row["refused_by"]:
        text += " " + _("“%(formula)s” doesn't hold, so its other value counts.") % {"formula": row["refused_by"]}
    return Line(text, not row["refused_by"], row["key"])


def plan_line(reader: Reader, plan: Mapping[str, Any]) -> Line:
    """A payment plan: what it costs, or why it was refused and what is offered instead."""
    name = told(plan["names"], reader.language)
    if plan["allowed"]:
        values = {"plan": name, "count": len(plan["instalments"]), "total": plan["total"]}
        return Line(_("%(plan)s: %(count)s payments, %(total)s in all.") % values, True, plan["plan"])
    because = told(plan.get("reason_text"), reader.language) or plan.get("reason") or _("it can't be judged yet")
    text = _("%(plan)s is refused: %(because)s.") % {"plan": name, "because": because.rstrip(".")}
    if plan.get("refused_instalment") is not None:
        text += " " + _("The instalment would be %(amount)s.") % {"amount": plan["refused_instalment"]}
    if plan.get("offered"):
        text += " " + _("Offered instead: %(offered)s.") % {"offered": plan["offered"]}
    return Line(text, False, plan["plan"])
