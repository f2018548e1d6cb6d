from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from acceptance.models import Outcome
from companies.trail import sentence


@sentence("application.assessed")
def assessed(details: Mapping[str, Any]) -> str:
    outcome = Outcome(details["outcome"]).label
    if details.get("rules"):
        return _("Assessed: %(outcome)s, by %(rules)s") % {"outcome": outcome, "rules": ", ".join(details["rules"])}
    return _("Assessed: %(outcome)s, no rule stands against it") % {"outcome": outcome}
