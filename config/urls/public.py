"""The public process: front office, case links, the client folder and the advisers' door."""

from django.urls import include, path

from config.urls.common import urlpatterns as everywhere

doors = [
    path("<slug:company>/advisers/", include("portal.advisers_urls")),
    path("<slug:company>/folder/", include("portal.folder_urls")),
    path("", include("acceptance.urls")),
    path("", include("applications.urls")),
    path("", include("quotations.urls")),
    path("", include("policies.withdrawal_urls")),
]
urlpatterns = [*everywhere, *doors]
handler500 = "portal.views.errors.broken"
