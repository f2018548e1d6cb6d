"""What nobody uses, proposed for removal; and the periodic look at who holds what."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.rights.pages.base import RightsView
from companies.rights.review import confirm_rights, to_confirm
from companies.rights.use import unused_grants


class UnusedView(RightsView):
    """Protocols of which an employee used no right and no act for long; taken from him on his own page."""

    template_name = "companies/unused.html"
    tab = "unused"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(rows=unused_grants(on=localdate()), days=settings.UNUSED_DAYS)
        )


class ConfirmView(RightsView):
    """Each employee with protocols, soonest first: still right, or taken away on his own page."""

    template_name = "companies/confirm.html"
    tab = "confirm"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = [(row, row.overdue(self.today), row.membership.user_id == self.actor.user_id) for row in to_confirm()]
        return self.render_to_response(
            self.get_context_data(
                rows=rows, late=sum(overdue for _row, overdue, _own in rows), days=settings.REVIEW_DAYS
            )
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked, seen = request.POST.get("employee", ""), request.POST.get("protocols", "")
        due = next((row for row in to_confirm() if str(row.membership.public_id) == asked), None)
        if due is None or due.mark != seen:
            messages.error(request, _("Expected what this page shows, found other rights. Look once more."))
            return redirect(request.path)
        member = due.membership
        try:
            confirm_rights(membership=member, actor=self.actor, on=self.today)
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The rights of %(name)s are confirmed.") % {"name": member.user})
        return redirect(request.path)
