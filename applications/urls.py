"""The front office: what is sold, the first question of a product, and an application behind its secret address."""

from django.urls import path, re_path

from applications import views

app_name = "apply"
MINE = r"^(?P<company>[a-z0-9-]+)/apply/a/(?P<secret>[A-Za-z0-9_-]{43})/"

urlpatterns = [
    path("<slug:company>/apply/", views.ProductListView.as_view(), name="list"),
    re_path(MINE + r"$", views.ContinueView.as_view(), name="continue"),
    re_path(MINE + r"outcome/$", views.OutcomeView.as_view(), name="outcome"),
    re_path(MINE + r"(?P<step>[a-z0-9-]+)/$", views.StepView.as_view(), name="step"),
    path("<slug:company>/apply/<slug:product>/", views.StartView.as_view(), name="start"),
    path("<slug:company>/apply/<slug:product>/via/<slug:code>/", views.StartView.as_view(), name="via"),
]
