"""What waits for a person today, each thing only for who holds its right."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from acceptance.models import Stage
from acceptance.office import PAGES as STAGE_PAGES
from acceptance.rules import promised_by
from acceptance.rules import time_left as time_left_of_promise
from acceptance.selectors import waiting_since
from applications.models import Application, ApplicationState
from applications.office import holder_in_text
from companies.models import Company, Job, JobState, PartCode, Right
from companies.operator.windows import waiting_windows
from companies.rights import Effective
from companies.rights.review import to_confirm
from correspondence.models import Message
from correspondence.services.mail import SEND
from documents.views import sees_cases
from portal.job_names import job_name
from products.models import ProductVersion
from products.states import VersionState
from quotations.models import Quotation
from quotations.office import SOON, last_day, soon, time_left
from relations.models import Proposal, ProposalState

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what to do, about whom, and the promise that runs out (None: no day is promised)."""

    title: str
    about: str
    url: str
    icon: str
    act: str
    since: datetime | None = None
    until: date | None = None
    left: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind: the first few, how many there are, and the list that holds them all, if there is one."""

    title: str
    icon: str
    count: int
    url: str
    items: list[Waiting] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many of them aren't shown here."""
        return self.count - len(self.items)


def waiting(*, company: Company, on: date, rights: Effective, administrator: bool, language: str) -> list[Group]:
    """All that waits for this reader, soonest promise first; kinds of which nothing waits are there with a zero."""
    place = {"company": company.slug}
    groups: list[Group] = []
    if (PartCode.QUOTATIONS.value, Right.VIEW.value) in rights:
        groups.append(expiring(place, on))
    if (PartCode.ACCEPTANCE.value, Right.VIEW.value) in rights:
        groups += [to_decide(place, stage, on, country=company.country) for stage in Stage]
    elif (PartCode.APPLICATIONS.value, Right.VIEW.value) in rights:
        groups.append(applications(place, ApplicationState.REFERRED, _("Waiting for an acceptor"), "shield"))
        groups.append(applications(place, ApplicationState.SPECIAL, _("Waiting for a quotation officer"), "quote"))
    if (PartCode.RELATIONS.value, Right.VIEW.value) in rights:
        groups.append(proposals(place))
    if (PartCode.PRODUCTS.value, Right.VIEW.value) in rights:
        groups.append(versions(place, language))
    if sees_cases(rights):
        groups.append(undelivered(place))
    if administrator:
        groups += [rights_to_confirm(place, on), windows_asked(place), failed_jobs(place)]
    return groups


def cut(rows: QuerySet[Any]) -> tuple[int, list[Any]]:
    """How many rows there are, and the first few."""
    return rows.count(), list(rows[:SHOWN])


def expiring(place: dict[str, str], on: date) -> Group:
    """Open quotations that expire within a week, soonest first."""
    rows = Quotation.objects.filter(soon(on)).select_related("case", "assessment__application")
    rows = rows.defer("evaluation", "assessment__trace", "assessment__application__answers").order_by(
        "valid_until", "pk"
    )
    count, found = cut(rows)
    return Group(
        _("Quotations that expire within a week"),
        "clock",
        count,
        reverse("quotations:list", kwargs=place) + f"?state={SOON}&sort=until",
        [
            Waiting(
                title=(
                    _("Quotation %(number)s expires") if last_day(row) >= on else _("Quotation %(number)s has expired")
                )
                % {"number": row.number},
                about=holder_in_text(row.assessment.application),
                url=reverse("office:case", kwargs={**place, "number": row.case.number}),
                icon="clock",
                act=pgettext("button", "Open"),
                until=last_day(row),
                left=time_left(row, on=on),
            )
            for row in found
        ],
    )


def decided_by(stage: Stage) -> str:
    """For whom things of a stage wait."""
    return {
        Stage.REFERRAL: _("Waiting for an acceptor"),
        Stage.SPECIAL: _("Waiting for a quotation officer"),
        Stage.REVIEW: _("Refusals to review"),
    }[stage]


def to_decide(place: dict[str, str], stage: Stage, on: date, *, country: str) -> Group:
    """What waits for an acceptor or a quotation officer, longest first, each with its promise."""
    rows = waiting_since(stage).select_related("case").defer("answers").order_by("since", "pk")
    count, found = cut(rows)
    icon = "quote" if stage == Stage.SPECIAL else "shield"
    promised = {row.pk: promised_by(stage, row.since_on, country=country) for row in found}
    return Group(
        decided_by(stage),
        icon,
        count,
        reverse(f"acceptance:{STAGE_PAGES[stage]}", kwargs=place),
        [
            Waiting(
                title=_("Application %(number)s") % {"number": row.number},
                about=holder_in_text(row),
                url=reverse("office:case_decision", kwargs={**place, "number": row.case.number}),
                icon=icon,
                act=_("Decide"),
                until=promised[row.pk],
                left=time_left_of_promise(row.since_on, promised[row.pk], on=on),
            )
            for row in found
        ],
    )


def applications(place: dict[str, str], state: ApplicationState, title: str, icon: str) -> Group:
    """Applications that wait for a person, oldest first."""
    rows = (
        Application.objects.filter(state=state).select_related("case").defer("answers").order_by("submitted_at", "pk")
    )
    count, found = cut(rows)
    return Group(
        title,
        icon,
        count,
        reverse("applications:list", kwargs=place) + f"?state={state.value}&sort=submitted",
        [
            Waiting(
                title=_("Application %(number)s") % {"number": row.number},
                about=holder_in_text(row),
                url=reverse("office:case", kwargs={**place, "number": row.case.number}),
                icon=icon,
                act=pgettext("button", "Open"),
                since=row.submitted_at,
            )
            for row in found
        ],
    )


def proposals(place: dict[str, str]) -> Group:
    """Changes of known parties that a person decides, oldest first."""
    rows = Proposal.objects.filter(state=ProposalState.OPEN).select_related("party").order_by("pk")
    count, found = cut(rows)
    return Group(
        _("Proposed changes of relations"),
        "people",
        count,
        reverse("relations:proposals", kwargs=place) + "?state=open",
        [
            Waiting(
                title=_("An application says something else"),
                about=row.party.name,
                url=reverse("office:party", kwargs={**place, "number": row.party.number}),
                icon="person",
                act=pgettext("button", "Open"),
                since=row.recorded_at,
            )
            for row in found
        ],
    )


def versions(place: dict[str, str], language: str) -> Group:
    """Product versions that wait for somebody else's approval."""
    rows = ProductVersion.objects.filter(state=VersionState.SUBMITTED).select_related("product").defer("definition")
    count, found = cut(rows.order_by("pk"))
    return Group(
        _("Product versions to approve"),
        "product",
        count,
        reverse("products:list", kwargs=place) + "?state=submitted",
        [
            Waiting(
                title=_("Version %(number)s waits for approval") % {"number": row.number},
                about=row.product.name(language),
                url=reverse("products:version", kwargs={**place, "slug": row.product.slug, "number": row.number}),
                icon="product",
                act=_("Check"),
                since=row.recorded_at,
            )
            for row in found
        ],
    )


def rights_to_confirm(place: dict[str, str], on: date) -> Group:
    """Employees of whom an administrator has to say again that their rights are right."""
    url = reverse("rights:confirm", kwargs=place)
    found = [row for row in to_confirm() if row.overdue(on)]
    items = [
        Waiting(
            title=str(row.membership.user), about=", ".join(row.protocols), url=url, icon="shield", act=_("Look"),
            until=row.due_on, left=Decimal(0),
        )
        for row in found[:SHOWN]
    ]  # fmt: skip
    return Group(_("Rights to confirm"), "shield", len(found), url, items)


def windows_asked(place: dict[str, str]) -> Group:
    """The computing centre asks to look in; an administrator opens or refuses."""
    found, url = waiting_windows(), reverse("office:access", kwargs=place)
    return Group(
        _("Access by the computing centre"),
        "eye",
        len(found),
        url,
        [
            Waiting(
                title=_("%(who)s asks to look in") % {"who": row.asked_by},
                about=row.reason,
                url=url,
                icon="eye",
                act=_("Answer"),
                since=row.asked_at,
            )
            for row in found[:SHOWN]
        ],
    )


def undelivered(place: dict[str, str]) -> Group:
    """Mails that the mail server didn't take for a whole day, newest first; their files hold the button to send them
    again.
    """
    count, found = cut(Job.objects.filter(kind=SEND, state=JobState.FAILED).order_by("-pk").only("ids"))
    ids = [job.ids.get("message") for job in found]
    mails = Message.objects.select_related("case").filter(pk__in=ids).defer("body").order_by("-pk")
    return Group(
        _("Mails that were not delivered"),
        "mail",
        count,
        "",
        [
            Waiting(
                title=mail.subject,
                about=mail.to_name,
                url=reverse("office:case_messages", kwargs={**place, "number": mail.case.number}),
                icon="mail",
                act=pgettext("button", "Open"),
                since=mail.recorded_at,
            )
            for mail in mails
        ],
    )


def failed_jobs(place: dict[str, str]) -> Group:
    """Work of the machine that failed for good; an administrator looks."""
    count, found = cut(Job.objects.filter(state=JobState.FAILED).order_by("-pk"))
    url = reverse("office:jobs", kwargs=place) + "?state=failed"
    return Group(
        _("Work that failed"),
        "alert",
        count,
        url,
        [
            Waiting(
                title=job_name(row.kind), about=row.error, url=url, icon="alert", act=_("Look"), since=row.recorded_at
            )
            for row in found
        ],
    )
