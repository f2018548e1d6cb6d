from django.apps import AppConfig
from django.core.validators import MaxLengthValidator
from django.forms import Field, FileField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        """What is missing or too long is refused in our words: what was expected, what was found (visual language,
        Writing).
        """
        Field.default_error_messages = {
            **Field.default_error_messages,
            "required": _("Expected an answer, found nothing."),
        }
        FileField.default_error_messages = {
            **FileField.default_error_messages,
            "required": _("Expected a file here, found none."),
        }
        MaxLengthValidator.message = ngettext_lazy(
            "Expected at most %(limit_value)d character, found %(show_value)d.",
            "Expected at most %(limit_value)d characters, found %(show_value)d.",
            "limit_value",
        )
