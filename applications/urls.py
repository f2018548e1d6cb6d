"""The front office: what is sold, the first question of a product, and an application behind its secret address.

No cookie is needed on these pages, since they may stand in a frame on another website, where there is none: who one is
stands in the secret address, and what a form may do in its signed token. So there is nothing that a foreign page could
borrow, and Django's CSRF cookie isn't asked for; `FrontView` still refuses a form sent from another origin.
"""

from typing import Any

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from applications import views

app_name = "apply"
MINE = r"^(?P<company>[a-z0-9-]+)/apply/a/(?P<secret>[A-Za-z0-9_-]{43})/"

RECORD = r"(?P<step>list-[a-z0-9-]+)/(?P<record>new|[1-9][0-9]{0,2})/"


def page(view: Any) -> Any:
    """A page that takes its forms without a cookie."""
    return csrf_exempt(view.as_view())


urlpatterns = [
    path("<slug:company>/apply/", page(views.ProductListView), name="list"),
    re_path(MINE + r"$", page(views.ContinueView), name="continue"),
    re_path(MINE + r"outcome/$", page(views.OutcomeView), name="outcome"),
    re_path(MINE + r"later/$", page(views.LaterView), name="later"),
    re_path(MINE + r"renew/$", page(views.RenewView), name="renew"),
    re_path(
        MINE + r"files/(?P<public_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/$",
        page(views.FileView),
        name="file",
    ),
    re_path(MINE + RECORD + r"$", page(views.RecordView), name="record"),
    re_path(MINE + r"(?P<step>[a-z0-9-]+)/$", page(views.StepView), name="step"),
    path("<slug:company>/apply/<slug:product>/", page(views.StartView), name="start"),
    path("<slug:company>/apply/<slug:product>/via/<slug:code>/", page(views.StartView), name="via"),
]
