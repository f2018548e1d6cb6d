"""The customer's page of a refusal, behind the application's own address and behind the link in the letter's mail."""

from django.urls import re_path

from acceptance import views
from applications.urls import page

app_name = "decision"
BEHIND = r"(?P<secret>[A-Za-z0-9_-]{43})/"

urlpatterns = [
    re_path(rf"^(?P<company>[a-z0-9-]+)/apply/a/{BEHIND}outcome/person/$", page(views.AskView), name="application"),
    re_path(rf"^(?P<company>[a-z0-9-]+)/c/{BEHIND}decision/$", views.CaseAskView.as_view(), name="case"),
]
