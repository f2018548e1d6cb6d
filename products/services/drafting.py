"""What may be changed in a version: its author's draft, and nothing else."""

from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.actor import Actor
from products.models import ProductVersion
from products.states import VersionState


def check_draft(version: ProductVersion, actor: Actor) -> None:
    """Only a draft is changed, and only by its author: whoever changed it can't approve it."""
    if version.state != VersionState.DRAFT:
        raise BusinessError(
            _("Version %(number)s is no draft. Start a new draft from it.") % {"number": version.number}
        )
    if version.author_id != actor.user_id:
        raise BusinessError(
            _("Version %(number)s is the draft of %(author)s. Start a draft of your own.")
            % {"number": version.number, "author": version.author or _("somebody else")}
        )
