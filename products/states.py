"""The life of a product version (DESIGN section 5); the database holds the same table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VersionState(TextChoices):
    DRAFT = "draft", _("Draft")  # being drawn up
    SUBMITTED = "submitted", _("Submitted")  # waits for somebody else's approval
    APPROVED = "approved", _("Approved")  # frozen; every worked case is green
    TEST = "test", _("In test")  # live in the rehearsal twin only
    LIVE = "live", _("Live")  # open for new business
    WITHDRAWN = "withdrawn", _("Withdrawn")  # no new business; running contracts keep it


S = VersionState
VERSION_MOVES: dict[VersionState, set[VersionState]] = {
    S.DRAFT: {S.SUBMITTED},
    S.SUBMITTED: {S.DRAFT, S.APPROVED},
    S.APPROVED: {S.TEST, S.WITHDRAWN},
    S.TEST: {S.LIVE, S.WITHDRAWN},
    S.LIVE: {S.WITHDRAWN},
    S.WITHDRAWN: set(),
}
FROZEN = {S.APPROVED, S.TEST, S.LIVE, S.WITHDRAWN}
