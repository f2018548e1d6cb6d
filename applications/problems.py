"""What the product language found wrong with an answer, said in the applicant's language."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import formats
from common.languages import base_language
from products.language import Problem


def sentence_of(problem: Problem, kind: str, currency: str) -> str:
    """One sentence: what was expected and what was found. Limits are written as the applicant writes them."""
    if problem.code == "contradiction":
        texts: dict[str, str] = problem.values["texts"]
        return texts.get(base_language()) or problem.message
    if problem.code == "plan_refused":
        return plan_refused(problem)
    if kind == "set" and problem.code == "too_small":
        return ngettext("Choose at least one.", "Choose at least %(count)s.", int(problem.values["least"])) % {
            "count": problem.values["least"]
        }
    if kind in ("list", "file") and problem.code in ("too_small", "too_large"):
        kind = "number"
    values = {name: value_in_words(value, kind, currency) for name, value in problem.values.items()}
    return said(problem.code, values) or _("Expected another answer here; check it.")


def plan_refused(problem: Problem) -> str:
    """Why the payment plan can't be had, in the product's words, and which one can."""
    spoken = base_language()
    because, offered = (problem.values[name].get(spoken, "") for name in ("texts", "offered"))
    if not because:
        return _("Expected another answer here; check it.")
    return _("%(because)s Possible here: %(plan)s.") % {"because": because, "plan": offered} if offered else because


def said(code: str, values: dict[str, str]) -> str:
    """The sentence of a code with its values; empty for a code that no form can cause."""
    found = values.get("found", "")
    most, least = values.get("most", ""), values.get("least", "")
    sentences: dict[str, Any] = {
        "missing": lambda: _("Expected an answer here, found none."),
        "too_small": lambda: _("Expected at least %(least)s, found %(found)s.") % {"least": least, "found": found},
        "too_large": lambda: _("Expected at most %(most)s, found %(found)s.") % {"most": most, "found": found},
        "not_an_amount": lambda: (
            _("Expected an amount such as %(example)s, found “%(found)s”.")
            % {"example": formats.amount(Decimal(1250)), "found": found}
        ),
        "not_a_number": lambda: (
            _("Expected a number such as %(example)s, found “%(found)s”.")
            % {"example": formats.number(Decimal("52.3")), "found": found}
        ),
        "not_a_whole_number": lambda: _("Expected a whole number, found “%(found)s”.") % {"found": found},
        "too_precise": lambda: (
            _("Expected at most %(most)s decimals, found %(found)s.") % {"most": most, "found": found}
        ),
        "not_a_day": lambda: _("Expected a day such as 31-01-2027, found “%(found)s”.") % {"found": found},
        "not_a_choice": lambda: _("Expected one of the choices, found “%(found)s”.") % {"found": found},
        "not_yes_or_no": lambda: _("Expected yes or no, found “%(found)s”.") % {"found": found},
        "choice_twice": lambda: _("Expected each choice once, found one twice."),
        "too_long": lambda: _("Expected at most %(most)s characters, found more.") % {"most": most},
        "wrong_length": lambda: (
            _("Expected %(expected)s characters, found %(found)s.")
            % {"expected": values.get("expected", ""), "found": found}
        ),
        "characters": lambda: _("Expected other characters, found “%(found)s”.") % {"found": found},
        "not_a_text": lambda: _("Expected an answer in words, found none."),
    }
    return str(sentences[code]()) if code in sentences else ""


def value_in_words(value: Any, kind: str, currency: str) -> str:
    """A limit or an answer as one reads it: money with its sign, a number with its thousands, a day."""
    text = str(value)
    try:
        if kind == "money":
            return formats.money(Decimal(text), currency)
        if kind == "number":
            return formats.number(Decimal(text))
        if kind == "date":
            return formats.day_in_prose(date.fromisoformat(text))
    except (ValueError, InvalidOperation):
        return text
    return formats.number(Decimal(text)) if kind == "set" and text.isdigit() else text
