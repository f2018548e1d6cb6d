"""The client folder's door."""

from django.urls import path

from portal.views import folder

app_name = "folder"
urlpatterns = [
    path("", folder.OverviewView.as_view(), name="overview"),
    path("payments/", folder.PaymentsView.as_view(), name="payments"),
    path("papers/", folder.PapersView.as_view(), name="papers"),
    path("papers/<uuid:public_id>/", folder.FolderPaperView.as_view(), name="paper"),
    path("policies/<slug:number>/", folder.PolicyView.as_view(), name="policy"),
    path("policies/<slug:number>/withdraw/", folder.WithdrawView.as_view(), name="withdraw"),
]
