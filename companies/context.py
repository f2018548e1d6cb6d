"""What every page's frame shows: company, door, who is in, navigation, business day."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from companies.clock import today
from companies.doors import BY_LOGIN, OFFICE_PAGES, Door
from companies.entrance import Way, address_of, my_ways
from companies.help_pages import find_help
from companies.helps import help_for, help_of
from companies.navigation import navigation
from companies.views import is_auditor, rights_of

SEARCH_AT = {Door.OFFICE: "office:search", Door.ADVISERS: "advisers:search"}  # a window isn't searched, nor a folder


def others(request: HttpRequest) -> list[Way]:
    """The other doors of the person who is in, for the menu."""
    if settings.PROCESS == "operator":
        return []
    company, actor = getattr(request, "company", None), getattr(request, "actor", None)
    here = address_of(company.slug, actor.door) if company and actor and actor.door in BY_LOGIN else None
    return [way for way in my_ways() if way.url != here]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the base templates (templates/base_*.html)."""
    frame: dict[str, Any] = {
        "release": settings.VERSION,
        "demo": settings.DEMO,
        "languages": getattr(request, "languages", settings.LANGUAGES),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        frame |= {"actor_name": str(user), "actor_initials": user.initials}
        frame["memberships"] = lambda: others(request)
    company, actor = getattr(request, "company", None), getattr(request, "actor", None)
    if company is None or actor is None:
        if found := help_for(request):
            frame |= {"company": {"name": found.company}, "helps": found}
        return frame
    frame["helps"] = lambda: help_of(company.slug)
    frame |= {"company": company, "door": actor.door, "business_day": today(company)}
    if search := SEARCH_AT.get(actor.door):
        frame["search_url"] = reverse(search, kwargs={"company": company.slug})
    if actor.door in OFFICE_PAGES:
        frame["look_in"] = getattr(request, "look", None)
        frame["administered"] = actor.administrator and not company.is_rehearsal and company.administered_by_operator
        rights, auditor = rights_of(request), is_auditor(request)
        who = {"administrator": actor.administrator, "auditor": auditor}
        match = request.resolver_match
        if match is not None and find_help(match.view_name) is not None:
            where = {"company": company.slug, "page": match.view_name}
            frame["help_url"] = reverse("office:help", kwargs=where)
        frame["navigation"] = navigation(slug=company.slug, rights=rights, path=request.path, **who)
        if actor.administrator or auditor:
            frame["page_rights_url"] = reverse("rights:page", kwargs={"company": company.slug})
    return frame
