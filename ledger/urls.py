from django.urls import path

from ledger import figures, views

app_name = "ledger"
urlpatterns = [
    path("", views.TrialBalanceView.as_view(), name="trial_balance"),
    path("accounts/<str:code>/", views.AccountCardView.as_view(), name="account"),
    path("debtors/", views.DebtorListView.as_view(), name="debtors"),
    path("debtors/ages/", figures.AgesView.as_view(), name="ages"),
    path("debtors/<slug:number>/", views.DebtorView.as_view(), name="debtor"),
]
