from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence


@sentence("message.again")
def again(details: Mapping[str, Any]) -> str:
    return _("A mail that had not been delivered sent again")
