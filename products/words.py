"""A product's names and values in a reader's words, read back from the JSON of an evaluation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from products.language import Product, read_answer
from products.language.texts import read_template

COMPARED = re.compile(r"(\w+)\s*(<=|>=|<>|<|>|=)\s*(\"[^\"]*\"|-?\d+(?:\.\d+)?)")
ASKED_YES_NO = re.compile(r"(not )?(\w+)")


def typed_value(product: Product, key: str, value: Any) -> Any:
    """A stored value of a name as the value it stands for; of a question as its answer is read."""
    if value is None:
        return None
    if any(part.spec.key == key for part in product.questions):
        return read_answer(product, key, value)
    kind = product.types[key].kind if key in product.types else "text"
    if kind in {"money", "number"}:
        return Decimal(str(value))
    if kind == "date":
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def told(texts: Mapping[str, str] | None, language: str) -> str:
    """A text in a language, else in English, else in whichever there is."""
    if not texts:
        return ""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


def left_open(text: str) -> str:
    """A text of a product before it has values: “Value …, below 20,000.”"""
    return read_template(text).render(lambda _name: "…").replace("….", "…")


@dataclass(frozen=True)
class Reader:
    """Names, values and conditions of one product for a reader of one language."""

    product: Product
    language: str

    def label(self, name: str) -> str:
        """A question as it is asked, a computed value by its label, any other name in plain letters."""
        labels = {spec.key: spec.label for spec in self.product.definition.computed if spec.label}
        labels |= {part.spec.key: part.spec.label for part in self.product.questions}
        if name in labels:
            return told(labels[name], self.language)
        return name.replace("_", " ")

    def value(self, name: str, value: Any) -> str:
        """A value of a name; none is said."""
        if value is None or value == []:
            return _("none")
        return self.product.answer_in_words(name, typed_value(self.product, name, value), self.language)

    def values(self, found: Mapping[str, Any]) -> str:
        """Names with their values, one behind the other."""
        return "; ".join(
            _("“%(name)s” %(value)s") % {"name": self.label(key), "value": self.value(key, value)}
            for key, value in found.items()
        )

    def wanted(self, formula: str) -> str:
        """What a simple part of a condition asks for, in words; empty where only the formula says it."""
        if (found := COMPARED.fullmatch(formula.strip())) is not None:
            name, sign, literal = found.groups()
            constant = (
                literal.strip('"') if literal.startswith('"') else Decimal(literal)
            )  # it may be no answer: 2.5 rooms
            value = {"value": self.product.answer_in_words(name, constant, self.language)}
            return {
                ">": _("more than %(value)s"),
                ">=": _("at least %(value)s"),
                "<": _("less than %(value)s"),
                "<=": _("at most %(value)s"),
                "=": _("exactly %(value)s"),
                "<>": _("something other than %(value)s"),
            }[sign] % value
        if (found := ASKED_YES_NO.fullmatch(formula.strip())) is not None and found[2] in self.product.types:
            return self.value(found[2], not found[1])
        return ""
