"""One rule of acceptance as a form: when it fires, what follows, and its words for each reader and language."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.forms import LineField, OutcomeField
from products.language.limits import FORMULA_CHARACTERS, TEXT_CHARACTERS
from products.saying import said

TEXTS = ("customer", "underwriter", "detail")
PATH = re.compile(r"acceptance\[(\d+)\]\.(\w+)(?:\.(\w+))?")
OUTCOMES = [
    ("refer", _("Acceptor"), _("A person decides; the rule is told to him.")),
    ("special", _("Quotation officer"), _("A quotation is made by hand.")),
    ("decline", _("Decline"), _("A letter goes out, and an acceptor reviews it.")),
    ("accept", _("Accept"), _("Only to put a term on the contract.")),
]
OUTCOME_NAMES = {key: name for key, name, _consequence in OUTCOMES}


class RuleForm(forms.Form):
    """The parts of a rule; texts stand in each language of the product, `detail` may be empty."""

    key = LineField(label=_("Key"), help_text=_("Short and lasting, such as R07_FLOOD_ZONE."), max_length=60)
    when = forms.CharField(
        label=pgettext_lazy("condition", "When"),
        help_text=_("A condition over answers, such as: catalogue_value > 20000 and not bought_new"),
        max_length=FORMULA_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "code"}),
    )
    outcome = OutcomeField(label=_("What follows"), outcomes=OUTCOMES)
    authority = LineField(
        label=_("Authority needed"),
        help_text=_("“acceptor” or empty: every acceptor decides alone. Any other: a second signature."),
        required=False,
        max_length=60,
    )
    term = forms.ChoiceField(label=_("Term that it puts on the contract"), required=False)

    def __init__(
        self, data: Any = None, *, definition: Mapping[str, Any], rule: Mapping[str, Any] | None = None
    ) -> None:
        self.languages = list(definition["languages"])
        super().__init__(data, initial=initial_of(rule or {}, self.languages))
        terms: Any = self.fields["term"]
        terms.choices = [("", now("none")), *((row["key"], row["key"]) for row in definition.get("terms") or [])]
        labels = {"customer": _("To the customer"), "underwriter": _("To the underwriter"), "detail": _("Detail")}
        for part in TEXTS:
            for language in self.languages:
                self.fields[f"{part}_{language}"] = forms.CharField(
                    label=f"{labels[part]} ({language})",
                    help_text=_("An answer in braces puts its value in: {catalogue_value}.")
                    if part != "customer"
                    else "",
                    required=part != "detail",
                    max_length=TEXT_CHARACTERS,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    @property
    def rule(self) -> dict[str, Any]:
        """The rule as the document holds it."""
        told = self.cleaned_data
        texts = {part: {lang: told.get(f"{part}_{lang}") or "" for lang in self.languages} for part in TEXTS}
        return {
            "key": told["key"],
            "when": " ".join(told["when"].split()),
            "outcome": told["outcome"],
            "authority": told["authority"] or None,
            "term": told["term"] or None,
            "customer": texts["customer"],
            "underwriter": texts["underwriter"],
            "detail": texts["detail"] if any(texts["detail"].values()) else None,
        }

    def show_findings(self, findings: list[dict[str, Any]], place: int) -> None:
        """Each finding at its field; what lies elsewhere in the document, above all with its path."""
        for finding in findings[:20]:
            found = PATH.match(finding["path"])
            own = found is not None and int(found[1]) == place
            names = [f"{found[2]}_{found[3]}", found[2]] if found and own else []
            field = next((name for name in names if name in self.fields), None)
            message = said(finding["message"])
            self.add_error(field, message if field else f"{finding['path']}: {message}")


def initial_of(rule: Mapping[str, Any], languages: list[str]) -> dict[str, Any]:
    """A rule's parts as the form's fields hold them."""
    texts = {f"{part}_{lang}": (rule.get(part) or {}).get(lang, "") for part in TEXTS for lang in languages}
    return {name: rule.get(name) or "" for name in ("key", "when", "outcome", "authority", "term")} | texts
