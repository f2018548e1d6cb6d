from django.urls import path

from policies import figures, views, withdrawals

app_name = "policies"
urlpatterns = [
    path("policies/", views.PolicyListView.as_view(), name="list"),
    path("policies/figures/", figures.PolicyFiguresView.as_view(), name="figures"),
    path("withdrawals/", withdrawals.WithdrawalListView.as_view(), name="withdrawals"),
    path("invoices/", views.InvoiceListView.as_view(), name="invoices"),
]
