"""The case link: a quotation behind the secret address in a mail, its papers, its order."""

from django.urls import re_path
from django.urls.converters import UUIDConverter

from quotations import views

app_name = "case"
MINE = r"^(?P<company>[a-z0-9-]+)/c/(?P<secret>[A-Za-z0-9_-]{43})/"

urlpatterns = [
    re_path(MINE + r"$", views.QuotationView.as_view(), name="quotation"),
    re_path(MINE + r"order/$", views.OrderedView.as_view(), name="order"),
    re_path(MINE + rf"papers/(?P<public_id>{UUIDConverter.regex})/$", views.PaperView.as_view(), name="paper"),
]
