"""All doors in one URLconf: for commands and tests; a web process opens only its own."""

from config.urls.common import urlpatterns as everywhere
from config.urls.office import doors as office
from config.urls.operator import console
from config.urls.public import doors as public

urlpatterns = [*everywhere, *office, *public, *console]
handler500 = "portal.views.errors.broken"
