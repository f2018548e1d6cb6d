from django.utils.translation import gettext_lazy as _

from companies.navigation import Entry, add

add(
    Entry("", _("Today"), "office:today", "today", order=0),
    Entry("administration", _("Computing centre"), "office:access", "terminal", order=95, administrator=True),
)
