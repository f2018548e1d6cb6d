"""Go on with the version that is sold now, after the one of a draft was withdrawn or replaced."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from applications.services.drafts import AlreadySubmitted
from applications.services.renewal import RenewForm, renew_draft
from applications.views.draft import DraftView
from products.selectors import find_live_version, may_be_sold


class RenewView(DraftView):
    """By POST alone: the page that says what has changed is every page of such an application."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move the draft to the version that stood on the page; nothing happens where another is live by now."""
        go_on = redirect(self.url_of("continue"))
        if self.handed_in or may_be_sold(self.open_draft.version, on=self.today):
            return go_on
        newer = find_live_version(self.open_draft.version.product.slug)
        form = RenewForm(request.POST, purpose=f"renew:{self.link.link_id}")
        if newer is not None and form.is_for(newer.pk):
            with suppress(AlreadySubmitted), transaction.atomic():  # sent in from another page a moment ago
                renew_draft(case_id=self.case_id, version=newer, on=self.today)
        return go_on
