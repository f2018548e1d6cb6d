"""Companies below this one, for its administrators."""

from django.urls import path

from relations import below_views as views

app_name = "below"
urlpatterns = [
    path("", views.MemberListView.as_view(), name="list"),
    path("new/", views.NewMemberView.as_view(), name="new"),
    path("<slug:number>/", views.MemberView.as_view(), name="member"),
    path("<slug:number>/found/", views.FoundView.as_view(), name="found"),
    path("<slug:number>/invite/", views.InviteFirstView.as_view(), name="invite"),
]
