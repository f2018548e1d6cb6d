from django.urls import path

from policies import views

app_name = "policies"
urlpatterns = [
    path("policies/", views.PolicyListView.as_view(), name="list"),
    path("invoices/", views.InvoiceListView.as_view(), name="invoices"),
]
