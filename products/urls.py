from django.urls import path

from products import paper_views, rule_views, views

app_name = "products"
VERSION = "<slug:slug>/<int:number>/"
PAPER = "<slug:kind>/<slug:language>/"
urlpatterns = [
    path("", views.ProductListView.as_view(), name="list"),
    path("new/", views.UploadView.as_view(), name="upload"),
    path(VERSION, views.VersionView.as_view(), name="version"),
    path(f"{VERSION}definition/", views.DefinitionView.as_view(), name="definition"),
    path(f"{VERSION}rules/", rule_views.RuleListView.as_view(), name="rules"),
    path(f"{VERSION}rules/draft/", rule_views.DraftView.as_view(), name="rules_draft"),
    path(f"{VERSION}rules/new/", rule_views.NewRuleView.as_view(), name="rule_new"),
    path(f"{VERSION}rules/<str:rule>/change/", rule_views.RuleView.as_view(), name="rule"),
    path(f"{VERSION}rules/<str:rule>/move/", rule_views.MoveRuleView.as_view(), name="rule_move"),
    path(f"{VERSION}rules/<str:rule>/remove/", rule_views.RemoveRuleView.as_view(), name="rule_remove"),
    path(f"{VERSION}papers/new/", paper_views.NewPaperView.as_view(), name="paper_new"),
    path(f"{VERSION}papers/{PAPER}", paper_views.PaperView.as_view(), name="paper"),
    path(f"{VERSION}papers/{PAPER}remove/", paper_views.RemovePaperView.as_view(), name="paper_remove"),
    path(f"{VERSION}submit/", views.SubmitView.as_view(), name="submit"),
    path(f"{VERSION}return/", views.ReturnView.as_view(), name="return"),
    path(f"{VERSION}approve/", views.ApproveView.as_view(), name="approve"),
    path(f"{VERSION}test/", views.TestView.as_view(), name="test"),
    path(f"{VERSION}live/", views.LiveView.as_view(), name="live"),
    path(f"{VERSION}withdraw/", views.WithdrawView.as_view(), name="withdraw"),
]
