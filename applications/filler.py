"""Who filled in an application, for whom, and who declared it (S0-05): one way to say it on pages and papers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from common.formats import name_in_text
from companies.actor import ActorKind
from companies.models.people import name_of

K = ActorKind


def client_name(parties: Mapping[str, Any]) -> str:
    """The policyholder as one addresses him; empty as long as he isn't named."""
    told = parties.get("policyholder") or {}
    return name_in_text(family=str(told.get("name") or ""), given=str(told.get("given_names") or ""))


def filler_name(application: Application, *, company_name: str = "") -> str:
    """Who filled in. With a company's name an employee is called by it: doors other than the office don't name him."""
    if application.filled_in_by == K.ADVISER and application.adviser is not None:
        return str(application.adviser.name)
    if application.filled_in_by == K.EMPLOYEE and company_name:
        return company_name
    if application.membership is not None:
        return name_of(application.membership)
    return client_name(application.parties)


def filled_in(application: Application, *, company_name: str = "") -> str:
    """As a sentence's part: Ilse Markus on behalf of Sanne Verbruggen; declared by Sanne Verbruggen."""
    client = client_name(application.parties)
    if application.filled_in_by == K.VISITOR:
        return client
    names = {"client": client, "filler": filler_name(application, company_name=company_name)}
    if application.filled_in_by == K.EMPLOYEE:
        return _("%(filler)s on behalf of %(client)s") % names
    if application.declared_by == K.VISITOR:
        return _("adviser %(filler)s on behalf of %(client)s, who declared and sent it") % names
    return _("adviser %(filler)s on behalf of %(client)s") % names
