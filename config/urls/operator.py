"""The operator's process: its console, and the office's pages of companies that let it look in."""

from django.urls import include, path

from config.urls.common import urlpatterns as everywhere
from config.urls.office import doors as office

console = [path("operator/", include("companies.operator.urls"))]
urlpatterns = [*everywhere, *console, *office]
handler500 = "portal.views.errors.broken"
