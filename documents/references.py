from django.utils.translation import gettext_lazy as _

from relations.references import ADVISES, Does, Reference, add

add(
    Reference("documents.Case", "customer_id", Does.MOVES, _("Cases")),
    Reference("documents.Case", "adviser_id", Does.HOLDS, why=ADVISES),
)
