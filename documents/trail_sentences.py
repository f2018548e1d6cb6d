from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence
from documents.models import DocumentKind


@sentence("document.filed")
def filed(details: Mapping[str, Any]) -> str:
    return _("%(kind)s %(reference)s filed") % {
        "kind": DocumentKind(details["kind"]).label,
        "reference": details["reference"],
    }
