"""Mails to a company's administrators about the computing centre: it asks to look in, a window opens, it has ended."""

from collections.abc import Iterable
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.formats import moment
from common.text import one_line
from companies.doors import Door
from companies.jobs import company_of_scope, handles
from companies.models import Company, Job, LookedRow, Membership, User, Window, WindowExtension
from companies.tries import PATIENT


def administrators() -> list[User]:
    """Everybody who administers the company now."""
    rows = Membership.objects.filter(door=Door.OFFICE, administrator=True, on=True).select_related("user")
    return [row.user for row in rows.order_by("pk")]


def asked(company: Company, window: Window) -> tuple[str, str]:
    """The words of a request."""
    return _("The computing centre asks to look in at %(name)s") % {"name": company.name}, _(
        "%(who)s of the computing centre asks to look in at %(name)s:\n\n%(why)s\n\nUntil an administrator opens a "
        "window with the code on his phone it sees nothing. Open or refuse here:\n%(url)s\n"
    ) % {"who": window.asked_by, "name": company.name, "why": window.reason, "url": page(company)}


def opened(company: Company, window: Window) -> tuple[str, str]:
    """The words of an opening."""
    return _("The computing centre looks in at %(name)s") % {"name": company.name}, _(
        "%(opener)s let %(who)s of the computing centre look in at %(name)s, until %(until)s:\n\n%(why)s\n\n"
        "Each of you can close the window sooner, and reads here what it shows:\n%(url)s\n"
    ) % {
        "opener": window.opened_by.user if window.opened_by else "", "who": window.asked_by, "name": company.name,
        "until": moment(window.expires_at), "why": window.reason, "url": page(company),
    }  # fmt: skip


def extended(company: Company, window: Window) -> tuple[str, str]:
    """The words of a window that stays open for longer."""
    last = WindowExtension.objects.select_related("by__user").filter(window=window.pk).order_by("-pk").first()
    return _("The computing centre looks in at %(name)s for longer") % {"name": company.name}, _(
        "%(by)s lets %(who)s of the computing centre look in at %(name)s for longer, until %(until)s:\n\n%(why)s\n\n"
        "Each of you can close the window sooner, and reads here what it shows:\n%(url)s\n"
    ) % {
        "by": last.by.user if last else "", "who": window.asked_by, "name": company.name,
        "until": moment(window.expires_at), "why": window.reason, "url": page(company),
    }  # fmt: skip


def ended(company: Company, window: Window) -> tuple[str, str]:
    """The words of an end, by time or by hand."""
    rows = LookedRow.objects.filter(window=window.pk).count()
    return _("The computing centre looks in at %(name)s no more") % {"name": company.name}, _(
        "The window for %(who)s of the computing centre has ended. The database showed %(rows)s rows; which, you read "
        "here:\n%(url)s\n"
    ) % {"who": window.asked_by, "rows": rows, "url": page(company)}


def page(company: Company) -> str:
    """Where administrators answer and read."""
    return f"{settings.OFFICE_URL}/{company.slug}/office/access/"


WORDS = {"window.asked": asked, "window.opened": opened, "window.extended": extended, "window.ended": ended}


def tell(job: Job) -> None:
    """Write to each administrator in his language; sent again after a crash it is the same mail."""
    company = company_of_scope()
    window = Window.objects.select_related("asked_by", "opened_by__user").get(pk=job.ids["window"])
    if job.kind == "window.asked" and (window.opened_at or window.refused_at):
        return
    for mail in mails(job, company, window, administrators()):
        mail.send()


def mails(job: Job, company: Company, window: Window, to: Iterable[User]) -> Iterable[EmailMessage]:
    """One mail each."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    for user in to:
        with translation.override(user.language or company.language), timezone.override(company.time_zone):
            subject, body = WORDS[job.kind](company, window)
        yield EmailMessage(
            subject=one_line(subject),
            body=body,
            from_email=str(Address(display_name=one_line(company.name), addr_spec=settings.DEFAULT_FROM_EMAIL)),
            to=[user.email],
            headers={"Message-ID": f"<{job.ticket}.{user.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
        )


for kind in WORDS:
    handles(kind, tries=PATIENT)(tell)
