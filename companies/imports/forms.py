"""A file to import: of what kind, and which."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from companies.imports.kinds import KINDS, Kind
from companies.imports.reading import Cells, FileRefused, read_file
from companies.models import Import


class FileForm(forms.Form):
    """Cleans to the kind, the file's name and bytes, and its lines; what is wrong in it is named line by line."""

    kind = forms.ChoiceField(label=_("What it holds"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with the names of the columns in its first line, at most 20 MB and 50,000 lines."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        max_length=200,
    )

    def __init__(self, *args: Any, kinds: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.title) for kind in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind, file = KINDS.get(cleaned.get("kind", "")), cleaned.get("file")
        if kind is None or file is None:
            return cleaned
        if (file.size or 0) > Import.LARGEST:
            self.add_error("file", _("Expected a file of at most 20 MB."))
            return cleaned
        content = file.read()
        try:
            lines: list[tuple[int, Cells]] = read_file(content, columns=kind.names, needed=kind.needed)
        except FileRefused as error:
            self.add_error("file", ValidationError([str(finding) for finding in error.findings]))
            return cleaned
        return cleaned | {"kind": kind, "name": file.name, "content": content, "lines": lines}
