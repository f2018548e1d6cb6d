from django.urls import path

from applications import office, office_drafts
from applications.views import by_hand

app_name = "applications"
DRAFT = "drafts/<slug:number>/"
urlpatterns = [
    path("", office.ApplicationListView.as_view(), name="list"),
    path("new/", by_hand.NewView.as_view(), name="new"),
    path("drafts/", office_drafts.DraftListView.as_view(), name="drafts"),
    path(DRAFT, by_hand.DraftPageView.as_view(), name="draft"),
    path(f"{DRAFT}outcome/", by_hand.DraftOutcomeView.as_view(), name="draft_outcome"),
    path(f"{DRAFT}throw-away/", by_hand.ThrowAwayView.as_view(), name="draft_throw_away"),
    path(f"{DRAFT}take-over/", by_hand.TakeOverView.as_view(), name="draft_take_over"),
    path(f"{DRAFT}<slug:step>/", by_hand.DraftStepView.as_view(), name="draft_step"),
]
