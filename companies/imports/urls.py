"""Imports, behind `<company>/office/imports/`."""

from django.urls import path

from companies.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.ImportListView.as_view(), name="list"),
    path("new/", views.NewImportView.as_view(), name="new"),
    path("files/<slug:kind>/", views.TemplateView.as_view(), name="template"),
    path("<uuid:public_id>/", views.ReportView.as_view(), name="report"),
    path("<uuid:public_id>/run/", views.RunView.as_view(), name="run"),
    path("<uuid:public_id>/stop/", views.StopView.as_view(), name="stop"),
    path("<uuid:public_id>/resume/", views.ResumeView.as_view(), name="resume"),
]
