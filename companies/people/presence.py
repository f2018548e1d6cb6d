"""Who is in: the live sessions of the company's people, for administrators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from companies.models import Membership
from companies.people.agents import browser_of
from companies.people.base import AdministratorView
from companies.services import people


class PresenceView(AdministratorView):
    """Each person once with his sessions; one button ends all of one person's."""

    template_name = "companies/presence.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sessions = people.who_is_in()
        members = Membership.objects.select_related("user").in_bulk({row.membership_id for row in sessions})
        rows: dict[int, dict[str, Any]] = {}
        for session in sessions:
            member = members[session.membership_id]
            row = rows.setdefault(member.user_id, {"member": member, "doors": [], "sessions": []})
            if member.get_door_display() not in row["doors"]:
                row["doors"].append(member.get_door_display())
            if member == row["member"]:
                row["sessions"].append({"session": session, "browser": browser_of(session.agent)})
        return self.render_to_response(self.get_context_data(rows=list(rows.values())))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            member = Membership.objects.select_related("user").get(pk=int(request.POST.get("end", "")))
        except (ValueError, Membership.DoesNotExist):
            raise Http404 from None
        name = {"name": member.user}
        if people.end_sessions(membership_id=member.pk, actor=self.actor, on=self.today) is None:
            messages.warning(
                request, _("%(name)s works at another company too; only the person can end sessions.") % name
            )
        else:
            messages.success(request, _("All sessions of %(name)s have ended.") % name)
        return redirect("admin:presence", company=self.company.slug)
