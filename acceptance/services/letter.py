"""A refusal is told: the letter filed in the Case and mailed to the customer, a message of its own to his adviser."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from acceptance.contents import decision_content
from acceptance.models import Assessment, Decision
from applications.letterhead import holder_name, holder_of
from applications.models import Application
from common.db import step
from companies.actor import Actor
from companies.links import open_link
from companies.models import Company, LinkKind
from companies.trail import record
from correspondence.models import Addressee
from correspondence.services.mail import write
from documents.models import Document, DocumentKind
from documents.services.papers import Print, file_papers

OPEN_FOR = timedelta(days=90)  # how long the page that asks for a person stays open


@step
def send_letter(
    *, assessment: Assessment, decision: Decision | None, company: Company, actor: Actor, on: date
) -> Document:
    """File the reasoned refusal and write to customer and adviser, once a decision (GDPR art. 22, DESIGN section 3)."""
    application = assessment.application
    key = f"decision:{application.number}" + (f":{decision.pk}" if decision else "")
    printed = Print(DocumentKind.DECISION, key, application.number, decision_content(assessment, decision, company))
    (letter,) = file_papers(case=application.case, company=company, prints=[printed], on=on, actor=actor)
    write_to_customer(application, company, letter, decision=decision, key=key, on=on)
    write_to_adviser(application, company, letter, key=key)
    record(letter, "decision.letter", actor=actor, on=on, case_id=application.case_id, number=application.number)
    return letter


def write_to_customer(
    application: Application, company: Company, letter: Document, *, decision: Decision | None, key: str, on: date
) -> None:
    """The customer's mail: the letter, and the page on which he can ask for a person, or for another one."""
    expires = datetime.combine(on + OPEN_FOR, time.min, ZoneInfo(company.time_zone))
    link = open_link(kind=LinkKind.CASE, case_id=application.case_id, addressee=Addressee.CUSTOMER, expires_at=expires)
    name = holder_name(application)
    with translation.override(application.language):
        body = _(
            "Dear %(name)s,\n\n"
            "We can't insure you as you asked in your application %(number)s. The letter that comes with this mail "
            "says why, and what you can do.\n\n"
            "%(view)s\n"
            "{link}\n\n"
            "Kind regards,\n%(company)s\n"
        )
        write(
            case=application.case,
            key=key,
            addressee=Addressee.CUSTOMER,
            to=(name, holder_of(application)["email"]),
            subject=_("Our decision on your application %(number)s") % {"number": application.number},
            body=body
            % {"name": name, "number": application.number, "view": own_view(decision), "company": company.name},
            documents=[letter],
            link=link,
        )


def own_view(decision: Decision | None) -> str:
    """The way to a person, after a refusal of the robot or of a person."""
    if decision is None:
        return _("If you see it otherwise, say your own view and ask that a person looks at it:")
    return _("If you see it otherwise, say your own view and ask that another person looks at it:")


def write_to_adviser(application: Application, company: Company, letter: Document, *, key: str) -> None:
    """The adviser's own message, with the letter his customer has."""
    adviser = application.adviser
    if adviser is None or not adviser.email:
        return
    values = {
        "adviser": adviser.name,
        "name": holder_name(application),
        "number": application.number,
        "company": company.name,
    }
    with translation.override(adviser.language):
        body = _(
            "Dear %(adviser)s,\n\n"
            "We can't accept application %(number)s of %(name)s. The letter that your customer has comes with this "
            "mail; it says why, what would be possible, and how a person can be asked to look at it.\n\n"
            "Kind regards,\n%(company)s\n"
        )
        write(
            case=application.case,
            key=key,
            addressee=Addressee.ADVISER,
            to=(adviser.name, adviser.email),
            subject=_("Application %(number)s of %(name)s was declined") % values,
            body=body % values,
            documents=[letter],
        )
