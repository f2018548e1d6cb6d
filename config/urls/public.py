"""The public process: front office, case links and the advisers' door."""

from django.urls import include, path

from config.urls.common import urlpatterns as everywhere

doors = [
    path("<slug:company>/advisers/", include("portal.advisers_urls")),
    path("", include("acceptance.urls")),
    path("", include("applications.urls")),
    path("", include("quotations.urls")),
]
urlpatterns = [*everywhere, *doors]
