"""The office's process: the doors of employees."""

from django.urls import include, path

from config.urls.common import urlpatterns as everywhere

OFFICE = "<slug:company>/office/"
doors = [
    path(f"{OFFICE}applications/", include("applications.office_urls")),
    path(f"{OFFICE}acceptance/", include("acceptance.office_urls")),
    path(f"{OFFICE}quotations/", include("quotations.office_urls")),
    path(f"{OFFICE}admin/", include("companies.office_urls")),
    path(OFFICE, include("policies.urls")),
    path(f"{OFFICE}relations/", include("relations.urls")),
    path(f"{OFFICE}companies/", include("relations.below_urls")),
    path(f"{OFFICE}documents/", include("documents.urls")),
    path(f"{OFFICE}imports/", include("companies.imports.urls")),
    path(f"{OFFICE}products/", include("products.urls")),
    path(f"{OFFICE}ledger/", include("ledger.urls")),
    path(f"{OFFICE}admin/second-factor/", include("companies.factors.urls")),
    path(f"{OFFICE}admin/rights/", include("companies.rights.urls")),
    path(OFFICE, include("portal.urls")),
]
urlpatterns = [*everywhere, *doors]
handler500 = "portal.views.errors.broken"
