"""The advisers' door."""

from django.urls import path

from portal.views import advisers

app_name = "advisers"
urlpatterns = [
    path("", advisers.PortfolioView.as_view(), name="portfolio"),
    path("links/", advisers.LinksView.as_view(), name="links"),
    path("cases/<slug:number>/", advisers.AdviserCaseView.as_view(), name="case"),
    path("documents/<uuid:public_id>/", advisers.AdviserPaperView.as_view(), name="paper"),
]
