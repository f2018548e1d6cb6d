"""The operator's console."""

from django.urls import path

from companies.operator import imports, views

app_name = "operator"
urlpatterns = [
    path("", views.CompaniesView.as_view(), name="companies"),
    path("windows/", views.WindowsView.as_view(), name="windows"),
    path("new/", views.FoundView.as_view(), name="found"),
    path("companies/<slug:slug>/", views.CompanyView.as_view(), name="company"),
    path("companies/<slug:slug>/imports/", imports.ImportsView.as_view(), name="imports"),
    path("companies/<slug:slug>/imports/new/", imports.NewImportView.as_view(), name="import_new"),
    path("companies/<slug:slug>/imports/files/<slug:kind>/", imports.TemplateView.as_view(), name="import_template"),
    path("companies/<slug:slug>/imports/<uuid:public_id>/", imports.ReportView.as_view(), name="import_report"),
]
