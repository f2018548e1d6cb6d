from django.apps import AppConfig
from django.forms import Field, FileField
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        """An empty field is refused in our words: what was expected, what was found (visual language, Writing)."""
        Field.default_error_messages = {
            **Field.default_error_messages,
            "required": _("Expected an answer, found nothing."),
        }
        FileField.default_error_messages = {
            **FileField.default_error_messages,
            "required": _("Expected a file here, found none."),
        }
