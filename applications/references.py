from django.utils.translation import gettext_lazy as _

from relations.references import ADVISES, Does, Reference, add

# Whom somebody picked stands in what was filled in as it was; who is meant by now is asked when it is used.
add(
    Reference("applications.Draft", "adviser_id", Does.HOLDS, why=ADVISES),
    Reference("applications.Draft", "known_id", Does.STAYS),
    Reference("applications.Application", "adviser_id", Does.HOLDS, why=ADVISES),
    Reference("applications.Application", "known_id", Does.STAYS, _("Applications in which it was picked")),
)
