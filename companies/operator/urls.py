"""The operator's console."""

from django.urls import path

from companies.operator import views

app_name = "operator"
urlpatterns = [
    path("", views.CompaniesView.as_view(), name="companies"),
    path("windows/", views.WindowsView.as_view(), name="windows"),
    path("new/", views.FoundView.as_view(), name="found"),
    path("companies/<slug:slug>/", views.CompanyView.as_view(), name="company"),
]
