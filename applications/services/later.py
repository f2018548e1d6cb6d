"""Come back by link: the applicant is mailed the address of his own application, by a worker, a few times a day."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from applications.models import Draft
from common.db import step
from common.errors import BusinessError
from common.formats import day_in_prose
from companies.actor import Actor
from companies.commands import knock
from companies.models import Command, Company, Link
from companies.trail import record
from correspondence.models import Addressee, Message
from correspondence.services.mail import write

SAVE = "save"
A_DAY = timedelta(days=1)
MOST_ASKED = 3  # mails a day for one application
MOST_TO_ONE = 5  # mails a day to one address of whatever applications, so that nobody is flooded with them
KEY = "saved:"


class TooOften(BusinessError):
    """The link was mailed as often as it is on one day; it still works."""

    default_code = "too_often"


def link_until() -> datetime:
    """When the address of the current application ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.link_until()")
        (until,) = cursor.fetchone()
    found: datetime = until
    return found


def mails_asked(case_id: int) -> list[Command]:
    """The mails that were asked for from this application within a day, newest first."""
    return list(
        Command.objects.filter(case_id=case_id, kind=SAVE, recorded_at__gt=timezone.now() - A_DAY).order_by("-pk")
    )


@step
def ask_for_link(*, case_id: int, command_id: uuid.UUID, email: str, address: str | None) -> int:
    """Ask for one mail with the application's own address; the command's id. Raises TooOften after three a day."""
    if len(mails_asked(case_id)) >= MOST_ASKED:
        raise TooOften(
            _("The link was mailed %(count)s times within a day. It still works: keep one of those mails.")
            % {"count": MOST_ASKED}
        )
    return knock(kind=SAVE, command_id=command_id, payload={"email": email}, address=address)


@step
def send_link(*, command: Command, company: Company, actor: Actor, on: date) -> bool:
    """Write one mail with the link by which the command came; whether it was written.

    One that nobody may get any more isn't: the applicant's page doesn't tell, so that it tells nothing of an address.
    """
    email = str(command.payload.get("email", ""))
    link = Link.objects.get(pk=command.link_id or 0)
    draft = Draft.objects.select_related("case", "version__product").filter(case=command.case_id).first()
    if draft is None or link.revoked_at or link.expires_at <= timezone.now() or mailed_often(email):
        return False
    with translation.override(draft.case.language):
        product = draft.version.product.name(draft.case.language)
        last = link.expires_at.astimezone(ZoneInfo(company.time_zone)).date()
        until = day_in_prose(last, draft.case.language)
        write(
            case=draft.case,
            key=f"{KEY}{command.pk}",
            addressee=Addressee.CUSTOMER,
            to=("", email),
            subject=_("Continue your application for %(product)s") % {"product": product},
            body=body_of_mail() % {"product": product, "until": until, "company": company.name},
            documents=[],
            link=link,
        )
    record(draft, "application.link_mailed", actor=actor, on=on, case_id=draft.case_id)
    return True


def mailed_often(email: str) -> bool:
    """Whether an address has had as many of these mails within a day as one gets."""
    recent = Message.objects.filter(to_email=email, key__startswith=KEY, recorded_at__gt=timezone.now() - A_DAY)
    return recent.count() >= MOST_TO_ONE


def body_of_mail() -> str:
    """The words of the mail."""
    return _(
        "You began an application for %(product)s. What you filled in is kept. Continue by this page:\n"
        "{link}\n\n"
        "It works until %(until)s. Who has this link sees your answers, so don't pass it on. If you did not ask for "
        "this mail, throw it away.\n\n"
        "Kind regards,\n%(company)s\n"
    )
