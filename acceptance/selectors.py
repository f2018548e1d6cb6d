"""What waits for a person, who may decide it, and what was decided."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from acceptance.models import Assignment, Decision, ReviewRequest, Stage, Verdict
from applications.models import Application, ApplicationState
from companies.doors import Door
from companies.models import Act, PartCode, PartGroupPermission, ProtocolAct, Right, User

STAGE_OF = {
    ApplicationState.REFERRED: Stage.REFERRAL,
    ApplicationState.SPECIAL: Stage.SPECIAL,
    ApplicationState.DECLINED: Stage.REVIEW,
}
STATE_OF = {stage: state for state, stage in STAGE_OF.items()}
# Few were asked for: who wasn't is known by one look, without a search for each.
AMONG_ASKED = Q(pk__in=ReviewRequest.objects.values("application"))
NAME = Coalesce(NullIf("user__name", Value("")), "user__email", output_field=CharField())
IN_FORCE = Q(authority="") | Q(countersignatures__agreed=True)
RIGHT_FOR = {
    Stage.REFERRAL: (PartCode.ACCEPTANCE, Right.INPUT),
    Stage.SPECIAL: (PartCode.QUOTATIONS, Right.INPUT),
    Stage.REVIEW: (PartCode.ACCEPTANCE, Right.INPUT),
}


def in_force() -> QuerySet[Decision]:
    """Decisions that hold: within every acceptor's authority, or countersigned."""
    return Decision.objects.filter(IN_FORCE)


def find_decision(application: Application) -> Decision | None:
    """The decision by a person that holds for an application: the newest one in force."""
    found = in_force().filter(application=application).prefetch_related("signed_by")
    return found.order_by("-pk").first()


def decisions_of(application: Application) -> list[Decision]:
    """All decisions and proposals on an application, newest first, with their signatures."""
    found = Decision.objects.filter(application=application).prefetch_related("signed_by")
    return list(found.prefetch_related("countersignatures__signed_by").order_by("-pk"))


def find_proposal(application: Application) -> Decision | None:
    """The proposal that waits for its second signature."""
    found = Decision.objects.filter(application=application, countersignatures=None).exclude(authority="")
    return found.prefetch_related("signed_by").order_by("-pk").first()


def find_request(application: Application) -> ReviewRequest | None:
    """The customer's request for a person that nobody has answered yet."""
    newest = ReviewRequest.objects.filter(application=application).order_by("-pk").first()
    decided = find_decision(application)
    return newest if newest is not None and newest.decision_id == (decided.pk if decided else None) else None


def requests_of(application: Application) -> list[ReviewRequest]:
    """The customer's requests for a person, newest first."""
    return list(ReviewRequest.objects.filter(application=application).order_by("-pk"))


def waits_for_review(application: Application) -> bool:
    """Whether a refusal waits for a person: the robot's that nobody has looked at, or one that is contested."""
    return find_decision(application) is None or find_request(application) is not None


def waiting(stage: Stage) -> QuerySet[Any]:
    """Applications that wait for a person at a stage; a refusal with whether its customer asks (`asked_id`)."""
    rows: QuerySet[Any] = Application.objects.filter(state=STATE_OF[stage])
    if stage != Stage.REVIEW:
        return rows
    newest = in_force().filter(application=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    asked = asked_for()
    open_request = Q(asked_id__isnull=False) & (
        Q(decided_id__isnull=True, contested_id__isnull=True) | Q(decided_id=Subquery(asked.values("decision_id")[:1]))
    )
    undecided = ~Q(pk__in=in_force().values("application"))
    rows = rows.annotate(
        decided_id=Subquery(newest),
        asked_id=Subquery(asked.values("pk")[:1]),
        contested_id=Subquery(asked.values("decision_id")[:1]),
    )
    return rows.filter(undecided | (AMONG_ASKED & open_request))


def waiting_since(stage: Stage) -> QuerySet[Any]:
    """What waits at a stage, with since when (`since`, `since_on`), who took it, and whether a decision is proposed."""
    asked = asked_for()
    taken = Assignment.objects.filter(application=OuterRef("pk")).order_by("-pk")
    proposed = Decision.objects.filter(application=OuterRef("pk"), countersignatures=None).exclude(authority="")
    rows: QuerySet[Any] = waiting(stage).annotate(
        since=Case(When(AMONG_ASKED, then=Subquery(asked.values("recorded_at")[:1])), default=F("submitted_at")),
        since_on=Case(When(AMONG_ASKED, then=Subquery(asked.values("on")[:1])), default=F("submitted_on")),
        taken_by=Subquery(taken.values("user_id")[:1]),
        taken_name=Subquery(taken.values(name=NAME)[:1]),
        proposed=Exists(proposed),
    )
    return rows


def asked_for() -> QuerySet[ReviewRequest]:
    """The requests for a person on an application of an outer query, newest first."""
    return ReviewRequest.objects.filter(application=OuterRef("pk")).order_by("-pk")


def assigned_to(application: Application) -> User | None:
    """Who works on an application."""
    row = Assignment.objects.filter(application=application).select_related("user").order_by("-pk").first()
    return row.user if row else None


def deciders(stage: Stage, *, above: bool) -> list[tuple[User, bool]]:
    """Who may decide at a stage, by name, and whether he may countersign; above the limit nobody may do it alone."""
    part, right = RIGHT_FOR[stage]
    groups = PartGroupPermission.objects.filter(content_object__code=part, permission__codename=right).values("group")
    acts = ProtocolAct.objects.filter(act=Act.DECIDE_REFERRAL).values("protocol__group")
    live = Q(memberships__door=Door.OFFICE, memberships__on=True)
    named = set(User.objects.filter(live, groups__in=acts).values_list("pk", flat=True))
    rows = User.objects.filter(live, Q(groups__in=groups) | (Q(groups__in=acts) if above else Q(pk=None)))
    return [(user, user.pk in named) for user in rows.distinct().order_by("name", "email")]


def terms_of(decision: Decision, definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The terms a decision added, each with its reason: of the product by its names, of the case by their title."""
    names = {row["key"]: row["names"] for row in definition.get("terms") or []}
    return [{**row, "names": names.get(row.get("key"), {})} for row in decision.terms]


def verdict_state(verdict: str) -> ApplicationState:
    """The state of an application that a decision leads to."""
    return ApplicationState.ACCEPTED if verdict == Verdict.ACCEPT else ApplicationState.DECLINED
