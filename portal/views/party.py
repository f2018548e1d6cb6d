"""The page of one party: names, addresses over time, policies, proposals."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from companies.models import PartCode, Right, TrailEntry
from companies.trail import signed
from companies.views import RoomView
from policies.models import Policy, PolicyState
from policies.views import MARKS
from relations.folder_views import has_folder
from relations.models import Party
from relations.selectors import appointment_of, visible_to
from relations.services.folder import folder_state
from relations.views import changes_in_words


class PartyView(RoomView):
    """One person or organisation."""

    right = (PartCode.RELATIONS, Right.VIEW)
    template_name = "portal/party.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        party = visible_to(self.actor).select_related("folder", "merged_into").filter(number=kwargs["number"]).first()
        if party is None:
            raise Http404
        return self.render_to_response(self.get_context_data(party=party, **self.parts(party)))

    def parts(self, party: Party) -> dict[str, Any]:
        """What hangs on the party; policies only for who may view them."""
        sees_policies = self.may(PartCode.POLICIES, Right.VIEW)
        proposals = list(party.proposals.order_by("-pk"))
        for proposal in proposals:
            proposal.told = changes_in_words(proposal)  # type: ignore[attr-defined]
        return {
            "addresses": party.addresses.order_by("-valid_from"),
            "appointment": appointment_of(party.pk),
            "proposals": proposals,
            "merged": list(party.merged.order_by("pk")),
            "roles": [role.get_code_display() for role in party.roles.filter(valid_until=None).order_by("pk")],
            "registered": registered(party),
            "folder": folder_state(party) if has_folder() and party.merged_into is None else None,
            "may_open_folder": self.may(PartCode.RELATIONS, Right.EDIT),
            "may_apply": party.merged_into is None and self.may(PartCode.APPLICATIONS, Right.INPUT),
            "sees_policies": sees_policies,
            "policies": self.policies(party) if sees_policies else [],
        }

    def policies(self, party: Party) -> list[Policy]:
        """The policies he holds, newest first, at most 50; the list of policies has them all."""
        language = (get_language() or "en")[:2]
        found = list(Policy.objects.select_related("case", "product").filter(holder=party).order_by("-pk")[:50])
        for policy in found:
            shown: Any = policy
            shown.product_name = policy.product.name(language)
            shown.mark = MARKS[PolicyState(policy.state)]
        return found


def registered(party: Party) -> dict[str, Any] | None:
    """Who took the party in, and when (S1-31)."""
    rows = TrailEntry.objects.select_related("user").filter(
        subject_kind=Party._meta.label_lower, subject_id=party.pk, code="party.registered"
    )
    entry = rows.first()
    return {"by": signed(entry), "at": entry.recorded_at} if entry else None
