"""The client gets the address by which he checks, declares and sends in what his adviser filled in (S0-05)."""

from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from applications.models import Draft
from applications.services.behalf import unsent
from applications.services.drafts import OPEN_FOR, Incomplete, way_of_draft
from applications.steps import POLICYHOLDER
from common.db import step
from common.errors import BusinessError
from common.formats import day_in_prose, name_in_text
from companies.actor import Actor, ActorKind
from companies.links import open_link, revoke_links
from companies.models import Command, Company, Link, LinkKind
from companies.trail import record
from correspondence.models import Addressee
from correspondence.services.mail import write


@step
def hand_over(*, command: Command, company: Company, actor: Actor, on: date) -> Draft:
    """Mail the client his address and give him the draft; an address mailed before is closed.

    Raises Incomplete where an answer or the client's details are missing, BusinessError where he has it already.
    """
    draft = unsent(command.case_id)
    way = way_of_draft(draft, on=on)
    if (missing := way.first_open) != way.steps[-1]:
        raise Incomplete(_("Something is still missing on this page."), missing.slug)
    if draft.filled_in_by != ActorKind.ADVISER or draft.handed_over_at is not None:
        raise BusinessError(_("Expected an application that the adviser has, found one that is with the client."))
    revoke_links(case_id=draft.case_id, kind=LinkKind.APPLICATION)
    link = open_link(
        kind=LinkKind.APPLICATION,
        case_id=draft.case_id,
        addressee=Addressee.CUSTOMER,
        expires_at=timezone.now() + OPEN_FOR,
    )
    draft.handed_over_at = draft.updated_at = timezone.now()
    draft.save(update_fields=["handed_over_at", "updated_at"])
    write_to_client(draft, link, command, company, on=on)
    record(draft, "draft.handed_over", actor=actor, on=on)
    return draft


def write_to_client(draft: Draft, link: Link, command: Command, company: Company, *, on: date) -> None:
    """The client's mail: who filled in for him, and where he checks it."""
    told, language = draft.parties[POLICYHOLDER], draft.case.language
    name = name_in_text(family=str(told["name"]), given=str(told.get("given_names") or ""))
    adviser = draft.adviser.name if draft.adviser else ""
    product = draft.version.product.name(language)
    with translation.override(language):
        body = _(
            "Dear %(name)s,\n\n"
            "Your adviser %(adviser)s filled in an application for %(product)s for you. Check the answers, correct "
            "what isn't right, declare that they are true, and send the application in:\n"
            "{link}\n\n"
            "The link holds until %(until)s. It is yours alone, so don't pass it on. Until you send the "
            "application in, nothing happens; you commit yourself to nothing by it.\n\n"
            "Kind regards,\n%(company)s\n"
        )
        write(
            case=draft.case,
            key=f"handover:{command.pk}",
            addressee=Addressee.CUSTOMER,
            to=(name, str(told["email"])),
            subject=_("Check your application for %(product)s") % {"product": product},
            body=body
            % {
                "name": name,
                "adviser": adviser,
                "product": product,
                "until": day_in_prose(on + OPEN_FOR, language),
                "company": company.name,
            },
            documents=[],
            link=link,
        )
