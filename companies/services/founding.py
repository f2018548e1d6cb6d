"""A new company: its modules, its rights matrix, its protocols, its rehearsal twin, and its people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import ROBOT, Actor
from companies.doors import Door
from companies.models import Company, CompanyKind, Membership, Module, ModuleCode, Protocol, User
from companies.models.company import Profile
from companies.rights import give_protocol
from companies.rights.protocols import complete_protocols
from companies.scope import company_scope
from companies.trail import record

MODULES_OF = {
    CompanyKind.PROVIDER: {
        ModuleCode.BASE,
        ModuleCode.PRODUCTS,
        ModuleCode.POLICIES,
        ModuleCode.LEDGER,
        ModuleCode.ADVISERS,
        ModuleCode.FOLDER,
    },
    CompanyKind.AGENT: {
        ModuleCode.BASE,
        ModuleCode.PRODUCTS,
        ModuleCode.POLICIES,
        ModuleCode.LEDGER,
        ModuleCode.ADVISERS,
        ModuleCode.FOLDER,
    },
    CompanyKind.POOL: {ModuleCode.BASE, ModuleCode.LEDGER, ModuleCode.ADVISERS, ModuleCode.COMPANIES},
    CompanyKind.GROUP: {ModuleCode.BASE},
    CompanyKind.BROKER: {ModuleCode.BASE},
}


@step
def found_company(
    *,
    slug: str,
    name: str,
    kind: CompanyKind,
    country: str,
    currency: str,
    language: str,
    time_zone: str,
    on: date,
    founded_by: Company | None = None,
) -> Company:
    """A company with everything switched on that its kind uses, and its rehearsal twin `<slug>-rehearsal`; a company
    above it founds it by its own worker (companies.services.below).
    """
    both: dict[str, Any] = {
        "name": name, "kind": kind, "country": country, "currency": currency, "language": language,
        "time_zone": time_zone,
    }  # fmt: skip
    company = Company.objects.create(slug=slug, founded_by=founded_by, **both)
    furnish(company, on=on)
    if kind in {CompanyKind.PROVIDER, CompanyKind.AGENT}:
        twin = Company.objects.create(slug=f"{slug}-rehearsal", rehearsal_of=company, rehearsal_day=on, **both)
        furnish(twin, on=on)
    return company


def furnish(company: Company, *, on: date) -> None:
    """Modules, parts and protocols of a new company, in its own language."""
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT), translation.override(company.language):
        Module.objects.bulk_create([Module(code=code) for code in sorted(MODULES_OF[CompanyKind(company.kind)])])
        complete_protocols(actor=ROBOT, on=on)
        record(company, "company.founded", actor=ROBOT, on=on)


@step
def set_profile(*, on: date, actor: Actor, **fields: str) -> Profile:
    """What stands in the letterhead of the current company."""
    profile = Profile.objects.first() or Profile()
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save()
    record(profile, "company.profile_changed", actor=actor, on=on, changed=sorted(fields))
    return profile


@step
def add_member(
    *,
    user: User,
    door: Door,
    on: date,
    actor: Actor,
    administrator: bool = False,
    protocols: Iterable[str] = (),
    via_company: Company | None = None,
    post: str = "",
) -> Membership:
    """A login's place at a door of the current company, with protocols by their templates' names."""
    membership = Membership.objects.create(
        user=user, door=door, administrator=administrator, via_company=via_company, post=post
    )
    for protocol in Protocol.objects.filter(template__in=list(protocols), retired_at=None):
        give_protocol(protocol=protocol, membership=membership, actor=actor, on=on)
    record(membership, "member.added", actor=actor, on=on, door=door.value, administrator=administrator)
    return membership


@step
def move_rehearsal_day(*, company: Company, to: date, actor: Actor) -> Company:
    """Let a rehearsal twin stand on another business day; a real company can't leave today (DESIGN section 4, two
    clocks).
    """
    if not company.is_rehearsal:
        raise BusinessError(
            _("Only a rehearsal can stand on another day; %(name)s works today.") % {"name": company.name}
        )
    company.rehearsal_day = to
    company.save(update_fields=["rehearsal_day"])
    with company_scope(company.pk, door=actor.door, actor=actor):
        record(company, "company.rehearsal_day", actor=actor, on=to, day=to.isoformat())
    return company
