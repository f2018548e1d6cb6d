from django.urls import path

from products import views

app_name = "products"
VERSION = "<slug:slug>/<int:number>/"
urlpatterns = [
    path("", views.ProductListView.as_view(), name="list"),
    path("new/", views.UploadView.as_view(), name="upload"),
    path(VERSION, views.VersionView.as_view(), name="version"),
    path(f"{VERSION}definition/", views.DefinitionView.as_view(), name="definition"),
    path(f"{VERSION}submit/", views.SubmitView.as_view(), name="submit"),
    path(f"{VERSION}return/", views.ReturnView.as_view(), name="return"),
    path(f"{VERSION}approve/", views.ApproveView.as_view(), name="approve"),
    path(f"{VERSION}test/", views.TestView.as_view(), name="test"),
    path(f"{VERSION}live/", views.LiveView.as_view(), name="live"),
    path(f"{VERSION}withdraw/", views.WithdrawView.as_view(), name="withdraw"),
]
