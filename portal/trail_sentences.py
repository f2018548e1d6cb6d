from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence


@sentence("case.bundled")
def bundled(details: Mapping[str, Any]) -> str:
    return _("Evidence bundle made, head %(head)s") % details
