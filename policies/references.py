from django.utils.translation import gettext_lazy as _

from relations.references import ADVISES, Does, Reference, add

add(
    Reference("policies.Policy", "holder_id", Does.MOVES, _("Policies")),
    Reference("policies.Policy", "adviser_id", Does.HOLDS, why=ADVISES),
    Reference("policies.InsurerShare", "insurer_id", Does.HOLDS, why=_("It insures policies.")),
    Reference("policies.Invoice", "debtor_id", Does.STAYS, _("Invoices")),
)
