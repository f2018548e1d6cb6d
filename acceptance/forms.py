"""What a person decides, as forms: verdict and consequence, terms and their reasons, the words for each reader."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acceptance.models import Stage, Verdict
from acceptance.services.decide import ChosenTerm
from acceptance.setting import Setting
from applications.forms import SignedForm
from applications.models import Application
from common.formats import language_name
from common.forms import LineField, OutcomeField

AS_ASKED, WITH_TERMS, DECLINE = "accept", "terms", "decline"
CLAUSES = range(1, 4)  # how many terms one can write for this case
LONGEST_REASON, LONGEST_CLAUSE = 4000, 2000
MOST_DAYS = 365


def area(rows: int) -> forms.Textarea:
    """A field for some lines of text."""
    return forms.Textarea(attrs={"rows": rows})


class DecisionForm(forms.Form):
    """Accept as asked, accept with terms, or decline: a reason for the file always, words for the customer if declined.

    `terms` are the product's terms that aren't on the contract yet, by key with their name; each is chosen by its
    reason. `clause_1` and on are terms written for this case, `set_loading` and such what the product leaves to an
    acceptor.
    """

    verdict = OutcomeField(
        label=_("Outcome"),
        outcomes=[
            (AS_ASKED, _("Accept as asked"), _("The quotation goes out at once, with its papers.")),
            (WITH_TERMS, _("Accept with terms"), _("The quotation goes out at once, with the terms below.")),
            (DECLINE, _("Decline"), _("A letter with your words goes out at once; the customer may ask for a review.")),
        ],
        error_messages={"required": _("Choose an outcome.")},
    )
    reason = forms.CharField(
        label=_("Reason, for the file"),
        max_length=LONGEST_REASON,
        widget=area(3),
        error_messages={"required": _("Say why, for the file.")},
    )
    told = forms.CharField(
        label=_("To the customer, if you decline"),
        required=False,
        max_length=LONGEST_REASON,
        widget=area(3),
    )

    def __init__(
        self, *args: Any, application: Application, terms: Mapping[str, str], stage: Stage, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.keys, self.stage = list(terms), stage
        spoken = {"language": language_name(application.language)}
        self.fields["told"].help_text = (
            gettext("In %(language)s, as the customer reads; it stands in the letter.") % spoken
        )
        self.setting = Setting(application, {})
        for part in self.setting.open:
            self.fields[f"set_{part.spec.key}"] = self.setting.field(part)
        for key, name in terms.items():
            self.fields[f"term_{key}"] = LineField(
                label=name, help_text=_("Why it is added; empty: it isn't."), required=False, max_length=500
            )
        for place in CLAUSES:
            self.fields[f"clause_{place}_title"] = LineField(label=_("Title"), required=False, max_length=80)
            self.fields[f"clause_{place}_text"] = forms.CharField(
                label=_("Text"), required=False, max_length=LONGEST_CLAUSE, widget=area(2)
            )
            self.fields[f"clause_{place}_reason"] = LineField(label=_("Why"), required=False, max_length=500)
        if stage == Stage.SPECIAL:
            self.fields["valid_days"] = forms.IntegerField(
                label=_("Valid for how many days"),
                help_text=_("Empty: as long as the product says."),
                required=False,
                min_value=1,
                max_value=MOST_DAYS,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.check_clauses(cleaned)
        self.read_answers(cleaned)
        verdict, chosen = cleaned.get("verdict"), self.chosen or self.setting.answers
        if verdict == WITH_TERMS and not chosen:
            self.add_error("verdict", _("Expected at least one term with its reason, found none."))
        if verdict in {AS_ASKED, DECLINE} and chosen:
            self.add_error("verdict", _("Terms are filled in. Choose “Accept with terms”, or clear them."))
        if verdict == DECLINE and not (cleaned.get("told") or "").strip():
            self.add_error("told", _("Say to the customer why, in his words."))
        return cleaned

    def check_clauses(self, cleaned: dict[str, Any]) -> None:
        """A term of this case has title, text and reason, or nothing."""
        for place in CLAUSES:
            parts = {name: cleaned.get(f"clause_{place}_{name}") for name in ("title", "text", "reason")}
            if any(parts.values()):
                for name in (name for name, value in parts.items() if not value):
                    message = _("A term has a title, a text and a reason; this is missing.")
                    self.add_error(f"clause_{place}_{name}", ValidationError(message, code="incomplete"))

    def read_answers(self, cleaned: dict[str, Any]) -> None:
        """What is set, judged by the product's limits; what isn't asked as it stands is left out."""
        raw = {part.spec.key: cleaned.get(f"set_{part.spec.key}") for part in self.setting.open}
        self.setting, unread = self.setting.entered(raw)
        unreadable = {problem.question for problem in unread}
        for problem in [*unread, *(one for one in self.setting.problems if one.question not in unreadable)]:
            name = f"set_{problem.question}"
            self.add_error(name if name in self.fields else None, self.setting.said(problem))

    @property
    def chosen(self) -> list[ChosenTerm]:
        """The terms that are filled in: of the product first, then those written here."""
        told = self.cleaned_data
        named = [ChosenTerm(key=key, reason=told[f"term_{key}"]) for key in self.keys if told.get(f"term_{key}")]
        parts = [{name: told.get(f"clause_{n}_{name}") or "" for name in ("title", "text", "reason")} for n in CLAUSES]
        return named + [ChosenTerm(**part) for part in parts if any(part.values())]

    @property
    def decision(self) -> dict[str, Any]:
        """What `decide` takes."""
        told = self.cleaned_data
        declined = told["verdict"] == DECLINE
        return {
            "verdict": Verdict.DECLINE if declined else Verdict.ACCEPT,
            "terms": self.chosen,
            "answers": self.setting.answers,
            "reason": told["reason"],
            "told": told.get("told") or "",
            "valid_days": told.get("valid_days"),
        }

    def term_fields(self) -> list[Any]:
        """The fields of the product's terms."""
        return [self[f"term_{key}"] for key in self.keys]

    def set_fields(self) -> list[Any]:
        """The fields of what the product leaves to an acceptor."""
        return [self[f"set_{part.spec.key}"] for part in self.setting.open]

    def tried(self) -> dict[str, Any]:
        """What is set, to be priced before it is signed; only what is wrong with it is said."""
        self.is_valid()
        for name in [name for name in self.errors if not name.startswith("set_")]:
            del self.errors[name]
        return self.setting.answers

    def clause_fields(self) -> list[dict[str, Any]]:
        """The fields of each term that can be written here, and whether something stands in it."""
        rows = [{name: self[f"clause_{n}_{name}"] for name in ("title", "text", "reason")} for n in CLAUSES]
        return [
            {"place": place, "fields": list(row.values()), "open": any(f.value() or f.errors for f in row.values())}
            for place, row in enumerate(rows, 1)
        ]


class CountersignForm(forms.Form):
    """The second pair of eyes on a proposal."""

    agreed = OutcomeField(
        label=_("Second signature"),
        outcomes=[
            ("yes", _("Agree"), _("The decision takes effect at once.")),
            ("no", _("Return"), _("Nothing goes out; the application waits again.")),
        ],
        error_messages={"required": _("Agree or return.")},
    )
    why = forms.CharField(
        label=_("Reason, for the file"),
        max_length=LONGEST_REASON,
        widget=area(3),
        error_messages={"required": _("Say why, for the file.")},
    )


class AskForm(SignedForm):
    """The customer's own view of a refusal, when he asks for a person."""

    view = forms.CharField(
        label=_("Your own view"),
        help_text=_("What we should know, or why you see it otherwise. You may leave it empty."),
        required=False,
        max_length=LONGEST_REASON,
        widget=area(5),
    )
