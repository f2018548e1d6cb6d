from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.formats import number
from products.language import DefinitionError, read_document
from products.saying import said

LARGEST_DEFINITION = 2_000_000  # bytes; the largest product we know takes a tenth


class DefinitionForm(forms.Form):
    """A product's document as a JSON file; cleans to the document as a dictionary."""

    definition = forms.FileField(
        label=_("Definition"),
        help_text=_("A JSON file of at most 2 MB. It becomes a new draft; nothing goes live by this."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/json,.json"}),
        max_length=200,
    )

    def clean_definition(self) -> dict[str, Any]:
        file: Any = self.cleaned_data["definition"]
        if (file.size or 0) > LARGEST_DEFINITION:
            raise ValidationError(
                _("Expected a file of at most %(most)s bytes, found %(found)s."),
                params={"most": number(LARGEST_DEFINITION), "found": number(file.size or 0)},
            )
        try:
            return dict(read_document(file.read()))
        except DefinitionError as error:
            raise ValidationError([f"{one.path}: {said(one.message)}" for one in error.problems[:20]]) from None


class EvidenceForm(forms.Form):
    """What was tried in the rehearsal, as the second sign-off keeps it."""

    evidence = forms.CharField(
        label=_("What was tried in the rehearsal, and how it came out"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
