from django.utils.translation import gettext_lazy as _

from relations.references import Does, Reference, add

add(Reference("products.Product", "insurer_id", Does.HOLDS, why=_("It insures products.")))
