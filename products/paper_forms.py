from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.intake.take import LARGEST, FileRefused, Taken, take_file
from products.models import PaperKind


class PaperForm(forms.Form):
    """A PDF that travels with each quotation of a version; cleans to the harmless file."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PaperKind)
    language = forms.ChoiceField(label=_("Language"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF of at most 10 MB. It takes the place of the one of its kind and language."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        max_length=200,
    )

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["language"]
        field.choices = [row for row in settings.LANGUAGES if row[0] in languages]

    def clean_file(self) -> Taken:
        """The file as it is kept, and never as it came."""
        file: Any = self.cleaned_data["file"]
        try:
            content = file.read() if file.size <= LARGEST else b"x" * (LARGEST + 1)
            return take_file(content, name=file.name or "", media=frozenset({"pdf"}))
        except FileRefused as error:
            raise ValidationError(str(error)) from None
