"""The life of a product version: draft, submitted, approved by somebody else, tried in the rehearsal twin, live,
withdrawn.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Act, Company, User
from companies.moves import check_move
from companies.rights import check_act
from companies.scope import company_scope
from companies.series import next_number
from companies.trail import record
from products.language import check, fingerprint, run_cases
from products.models import Product, ProductVersion
from products.services.papers import Carried, copy_papers, papers_in_hand, put_papers
from products.services.printable import check_printable
from products.states import VERSION_MOVES, VersionState
from relations.models import Party
from relations.services.parties import Person, register_party


class NotSound(BusinessError):
    """A definition with errors, or with worked cases that come out differently."""

    default_code = "not_sound"

    def __init__(self, message: str, findings: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.findings = findings


@step
def draft_version(
    *, definition: Mapping[str, Any], company: Company, actor: Actor, on: date, author_id: int | None = None
) -> ProductVersion:
    """A new draft from a document, by its author (the actor, if none is named); the product is made by its first one.
    The papers of the version before stand beside it.

    Raises NotSound with each error's path, BusinessError where the currency isn't the company's.
    """
    if errors := check(dict(definition))["errors"] or check_printable(definition, company, on):
        raise NotSound(_("The definition has %(count)s errors.") % {"count": len(errors)}, errors)
    if definition["currency"] != company.currency:
        raise BusinessError(
            _("Expected a product in %(expected)s, the company's currency, found %(found)s.")
            % {"expected": company.currency, "found": definition["currency"]}
        )
    first: dict[str, Any] = {
        "number": partial(next_number, "product", on=on),
        "names": definition["names"],
        "line_of_business": definition["line_of_business"],
    }
    product, _made = Product.objects.select_for_update(of=("self",)).get_or_create(
        slug=definition["key"], defaults=first
    )
    last = ProductVersion.objects.filter(product=product).order_by("-number").defer("definition", "evidence").first()
    version = ProductVersion.objects.create(
        product=product,
        number=(last.number if last else 0) + 1,
        definition=dict(definition),
        sha256=fingerprint(dict(definition)),
        author_id=author_id or actor.user_id,
    )
    if last is not None:
        copy_papers(old=last, new=version)
    record(version, "product.drafted", actor=actor, on=on, number=version.number, product=product.number)
    return version


@step
def submit_version(*, version: ProductVersion, actor: Actor, on: date) -> ProductVersion:
    """The author hands the draft in; from here somebody else decides."""
    return move(version, VersionState.SUBMITTED, actor=actor, on=on)


@step
def return_version(*, version: ProductVersion, actor: Actor, on: date) -> ProductVersion:
    """Back to the author, unapproved."""
    return move(version, VersionState.DRAFT, actor=actor, on=on)


@step
def approve_version(*, version: ProductVersion, actor: Actor, on: date) -> ProductVersion:
    """Freeze the version: by somebody other than its author, and only with every worked case green (S2-33).

    Raises BusinessError for its author and for somebody without the act, NotSound with the cases that differ.
    """
    check_act(actor, Act.APPROVE_PRODUCT)
    lock(version, to=VersionState.APPROVED)
    if actor.user_id == version.author_id:
        raise BusinessError(_("Somebody other than the author approves a product."), code="four_eyes")
    cases = run_cases(version.definition)
    if cases["failed"] or not cases["passed"]:
        wrong = [case for case in cases["cases"] if not case["ok"]]
        raise NotSound(
            _("%(failed)s of %(all)s worked cases come out differently; all must be right, and there must be one.")
            % {"failed": cases["failed"], "all": cases["passed"] + cases["failed"]},
            wrong,
        )
    version.approved_by = User.objects.get(pk=actor.user_id or 0)
    version.evidence = {"approved_on": on.isoformat(), "cases": cases["passed"]}
    return move(version, VersionState.APPROVED, actor=actor, on=on, fields=["approved_by", "evidence"])


@step
def put_in_test(*, version: ProductVersion, actor: Actor, on: date) -> ProductVersion:
    """Live in the rehearsal twin only: the wall keeps what is tried there out of the books (S2-34).

    Raises BusinessError where the company has no twin.
    """
    moved = move(version, VersionState.TEST, actor=actor, on=on)
    twin = Company.objects.filter(rehearsal_of=version.company_id).first()
    if twin is None:
        raise BusinessError(_("This company has no rehearsal twin to test in."))
    insurer = person_of(version.product.insurer) if version.product.insurer is not None else None
    papers = papers_in_hand(version)
    with company_scope(twin.pk, door=actor.door, actor=actor):
        set_up_in_twin(version, twin=twin, insurer=insurer, papers=papers, actor=actor, on=on)
    return moved


def person_of(insurer: Party) -> Person:
    """The insurer as the twin registers him: a party of its own, since nothing crosses the wall."""
    return Person(
        kind=insurer.kind,
        given_name=insurer.given_name,
        family_name=insurer.family_name,
        email=insurer.email,
        street="",
        house_number="",
        postcode="",
        city="",
        country="",
        language=insurer.language,
    )


def set_up_in_twin(
    version: ProductVersion, *, twin: Company, insurer: Person | None, papers: Carried, actor: Actor, on: date
) -> None:
    """The same document and papers, live in the twin in place of what was tried there before."""
    copy = draft_version(definition=version.definition, company=twin, actor=actor, on=on, author_id=version.author_id)
    put_papers(copy, papers)
    if insurer is not None:
        known = Party.objects.filter(kind=insurer.kind, family_name=insurer.family_name).first()
        copy.product.insurer = known or register_party(person=insurer, on=on, actor=actor)
        copy.product.insurer_commission_percent = version.product.insurer_commission_percent
        copy.product.save(update_fields=["insurer", "insurer_commission_percent"])
    ProductVersion.objects.filter(product=copy.product_id, state=VersionState.LIVE).update(
        state=VersionState.WITHDRAWN, withdrawn_from=on
    )
    rows = ProductVersion.objects.filter(pk=copy.pk)
    rows.update(state=VersionState.SUBMITTED)
    rows.update(state=VersionState.APPROVED, approved_by=version.approved_by_id)
    rows.update(state=VersionState.TEST)
    rows.update(state=VersionState.LIVE, released_by=actor.user_id, live_from=on)


@step
def set_live(*, version: ProductVersion, actor: Actor, on: date, evidence: str) -> ProductVersion:
    """Second sign-off, with what was tried in the twin; the version that was live before is withdrawn (S2-35).

    Raises BusinessError for its author, for somebody without the act and where nothing is said of the trial.
    """
    check_act(actor, Act.RELEASE_PRODUCT)
    Product.objects.select_for_update(of=("self",)).get(pk=version.product_id)  # one version goes live at a time
    lock(version, to=VersionState.LIVE)
    if actor.user_id == version.author_id:
        raise BusinessError(_("Somebody other than the author sets a product live."), code="four_eyes")
    if not evidence.strip():
        raise BusinessError(_("Say what was tried in the rehearsal and how it came out."), field="evidence")
    for old in ProductVersion.objects.filter(product=version.product_id, state=VersionState.LIVE):
        withdraw_version(version=old, actor=actor, on=on)
    version.released_by = User.objects.get(pk=actor.user_id or 0)
    version.live_from = on
    version.evidence = {**version.evidence, "test": evidence.strip()}
    return move(version, VersionState.LIVE, actor=actor, on=on, fields=["released_by", "live_from", "evidence"])


@step
def withdraw_version(*, version: ProductVersion, actor: Actor, on: date) -> ProductVersion:
    """No new business with it; contracts that run on it keep it."""
    version.withdrawn_from = on
    return move(version, VersionState.WITHDRAWN, actor=actor, on=on, fields=["withdrawn_from"])


def lock(version: ProductVersion, *, to: VersionState) -> None:
    """Lock the version, and read anew what decides on a step: its document may have been changed since it was shown.

    Raises IllegalMove where its state doesn't allow the step.
    """
    version.refresh_from_db(
        fields=["state", "definition", "sha256", "author"], from_queryset=ProductVersion.objects.select_for_update()
    )
    check_move(VERSION_MOVES, version.state, to)


def move(
    version: ProductVersion, state: VersionState, *, actor: Actor, on: date, fields: list[str] | None = None
) -> ProductVersion:
    """One step of the life, with its trail."""
    lock(version, to=state)
    version.state = state
    version.save(update_fields=["state", *(fields or [])])
    record(version, f"product.{state.value}", actor=actor, on=on, number=version.number)
    return version
