from django.urls import path

from relations import folder_views, merge_views, views

app_name = "relations"
urlpatterns = [
    path("", views.PartyListView.as_view(), name="list"),
    path("new/", views.NewCustomerView.as_view(), name="new"),
    path("proposals/", views.ProposalListView.as_view(), name="proposals"),
    path("duplicates/", merge_views.DuplicatesView.as_view(), name="duplicates"),
    path("<slug:number>/merge/<slug:other>/", merge_views.MergeView.as_view(), name="merge"),
    path("<slug:number>/unmerge/", merge_views.UnmergeView.as_view(), name="unmerge"),
    path("<slug:number>/folder/on/", folder_views.EnableFolderView.as_view(), name="folder_on"),
    path("<slug:number>/folder/off/", folder_views.DisableFolderView.as_view(), name="folder_off"),
]
