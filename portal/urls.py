"""Office pages that gather from all rooms."""

from django.urls import path

from companies.help_pages import HelpView
from companies.saved_pages import SavedViewsView
from portal.views import access, case, channels, decision, evidence, party, search, today, translation

app_name = "office"
urlpatterns = [
    path("views/", SavedViewsView.as_view(), name="views"),
    path("", today.TodayView.as_view(), name="today"),
    path("help/<str:page>/", HelpView.as_view(), name="help"),
    path("search/", search.SearchView.as_view(), name="search"),
    path("jobs/", today.JobListView.as_view(), name="jobs"),
    path("access/", access.AccessView.as_view(), name="access"),
    path("access/<int:number>/", access.AccessWindowView.as_view(), name="access_window"),
    path("wall/", access.WallView.as_view(), name="wall"),
    path("channels/<slug:slug>/", channels.ChannelsView.as_view(), name="channels"),
    path("relations/<slug:number>/", party.PartyView.as_view(), name="party"),
    path("cases/<slug:number>/", case.CaseOverview.as_view(), name="case"),
    path("cases/<slug:number>/answers/", case.CaseAnswers.as_view(), name="case_answers"),
    path("cases/<slug:number>/documents/", case.CaseDocuments.as_view(), name="case_documents"),
    path("cases/<slug:number>/documents/<uuid:public_id>/", evidence.CaseProof.as_view(), name="case_proof"),
    path(
        "cases/<slug:number>/documents/<uuid:public_id>/translation/",
        translation.CaseTranslation.as_view(),
        name="case_translation",
    ),
    path("cases/<slug:number>/evidence/", evidence.CaseEvidence.as_view(), name="case_evidence"),
    path("cases/<slug:number>/compare/", case.CaseCompared.as_view(), name="case_compared"),
    path("cases/<slug:number>/messages/", case.CaseMessages.as_view(), name="case_messages"),
    path("cases/<slug:number>/messages/again/", case.SendAgain.as_view(), name="case_send_again"),
    path("cases/<slug:number>/decision/", decision.CaseDecision.as_view(), name="case_decision"),
    path("cases/<slug:number>/timeline/", case.CaseTimeline.as_view(), name="case_timeline"),
]
