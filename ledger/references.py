from django.utils.translation import gettext_lazy as _

from relations.references import Does, Reference, add

# Posted is posted: the account of a party stays its own, and the pages of both name the other.
add(
    Reference("ledger.Line", "party_id", Does.STAYS, _("Ledger lines")),
    Reference("ledger.OpenItem", "party_id", Does.STAYS, _("Items on its account")),
)
