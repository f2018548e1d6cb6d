from django.utils.translation import gettext_lazy as _

from companies.navigation import Entry, add

add(Entry("administration", _("Second factor"), "factors:list", "key", order=91, administrator=True))
