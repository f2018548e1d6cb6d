from django.urls import path

from applications import office

app_name = "applications"
urlpatterns = [path("", office.ApplicationListView.as_view(), name="list")]
