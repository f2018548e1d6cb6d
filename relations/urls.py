from django.urls import path

from relations import views

app_name = "relations"
urlpatterns = [
    path("", views.PartyListView.as_view(), name="list"),
    path("proposals/", views.ProposalListView.as_view(), name="proposals"),
]
