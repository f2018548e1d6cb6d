from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.formats import language_name
from companies.trail import sentence
from documents.models import DocumentKind


@sentence("document.filed")
def filed(details: Mapping[str, Any]) -> str:
    named = {"kind": DocumentKind(details["kind"]).label, "reference": details["reference"]}
    if "language" in details:
        return _("%(kind)s %(reference)s filed as a translation into %(language)s") % {
            **named, "language": language_name(details["language"]),
        }  # fmt: skip
    return _("%(kind)s %(reference)s filed") % named
