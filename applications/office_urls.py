from django.urls import path, re_path

from applications import office, office_drafts, websites
from applications.urls import RECORD
from applications.views import by_hand

app_name = "applications"
DRAFT = "drafts/<slug:number>/"
urlpatterns = [
    path("", office.ApplicationListView.as_view(), name="list"),
    path("files/<uuid:public_id>/", office.FileView.as_view(), name="file"),
    path("websites/", websites.WebsitesView.as_view(), name="websites"),
    path("new/", by_hand.NewView.as_view(), name="new"),
    path("drafts/", office_drafts.DraftListView.as_view(), name="drafts"),
    path(DRAFT, by_hand.DraftPageView.as_view(), name="draft"),
    path(f"{DRAFT}outcome/", by_hand.DraftOutcomeView.as_view(), name="draft_outcome"),
    path(f"{DRAFT}throw-away/", by_hand.ThrowAwayView.as_view(), name="draft_throw_away"),
    path(f"{DRAFT}take-over/", by_hand.TakeOverView.as_view(), name="draft_take_over"),
    path(f"{DRAFT}renew/", by_hand.DraftRenewView.as_view(), name="draft_renew"),
    path(f"{DRAFT}files/<uuid:public_id>/", by_hand.DraftFileView.as_view(), name="draft_file"),
    re_path(rf"^drafts/(?P<number>[-\w]+)/{RECORD}$", by_hand.DraftRecordView.as_view(), name="draft_record"),
    path(f"{DRAFT}<slug:step>/", by_hand.DraftStepView.as_view(), name="draft_step"),
]
