from django.urls import path

from applications import office, websites

app_name = "applications"
urlpatterns = [
    path("", office.ApplicationListView.as_view(), name="list"),
    path("files/<uuid:public_id>/", office.FileView.as_view(), name="file"),
    path("websites/", websites.WebsitesView.as_view(), name="websites"),
]
