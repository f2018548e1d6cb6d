"""The advisers' door."""

from django.urls import path, re_path

from applications.urls import RECORD
from companies.saved_pages import SavedViewsView
from portal.views import adviser_applications, advisers, on_behalf, search

app_name = "advisers"
DRAFT = "applications/<slug:number>/"
urlpatterns = [
    path("views/", SavedViewsView.as_view(), name="views"),
    path("", advisers.PortfolioView.as_view(), name="portfolio"),
    path("search/", search.AdviserSearchView.as_view(), name="search"),
    path("links/", advisers.LinksView.as_view(), name="links"),
    path("products/", on_behalf.ProductsView.as_view(), name="products"),
    path("products/<slug:product>/begin/", on_behalf.BeginView.as_view(), name="begin"),
    path("applications/", adviser_applications.ApplicationListView.as_view(), name="applications"),
    path(DRAFT, on_behalf.DraftPageView.as_view(), name="draft"),
    path(f"{DRAFT}outcome/", on_behalf.DraftOutcomeView.as_view(), name="draft_outcome"),
    path(f"{DRAFT}hand-over/", on_behalf.HandOverView.as_view(), name="draft_hand_over"),
    path(f"{DRAFT}take-back/", on_behalf.TakeBackView.as_view(), name="draft_take_back"),
    path(f"{DRAFT}throw-away/", on_behalf.ThrowAwayView.as_view(), name="draft_throw_away"),
    path(f"{DRAFT}renew/", on_behalf.DraftRenewView.as_view(), name="draft_renew"),
    path(f"{DRAFT}files/<uuid:public_id>/", on_behalf.DraftFileView.as_view(), name="draft_file"),
    re_path(rf"^applications/(?P<number>[-\w]+)/{RECORD}$", on_behalf.DraftRecordView.as_view(), name="draft_record"),
    path(f"{DRAFT}<slug:step>/", on_behalf.DraftStepView.as_view(), name="draft_step"),
    path("cases/<slug:number>/", advisers.AdviserCaseView.as_view(), name="case"),
    path("documents/<uuid:public_id>/", advisers.AdviserPaperView.as_view(), name="paper"),
]
