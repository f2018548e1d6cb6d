from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.navigation import Entry, add

add(
    Entry("administration", _("People"), "admin:employees", "person", order=10, administrator=True),
    Entry("administration", _("Invitations"), "admin:invitations", "mail", order=20, administrator=True),
    Entry("administration", _("Who is in"), "admin:presence", "eye", order=30, administrator=True),
    Entry("administration", pgettext_lazy("own", "Company"), "admin:company", "home", order=70, administrator=True),
    Entry("administration", _("Modules"), "admin:modules", "columns", order=80, administrator=True),
)
