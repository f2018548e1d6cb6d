"""Everybody who asks for a page, with what is his: the registry of the walk over all pages.

A new kind of principal is one line of `everybody`; a new page is its row in `pages.py` and its address in
`Worlds.sample_kwargs`.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from companies.actor import ROBOT
from companies.doors import Door
from companies.links import open_link, secret_of
from companies.models import Act, CompanyKind, Link, LinkKind, Module, ModuleCode, PartCode, Right
from companies.services.below import ask_for_company
from relations.models import PartyRole, RoleCode
from tests import given, operators, world
from tests.permissions.pages import PAGES, Page

MARKS = {  # company, customer or adviser: what stands on a page if something of theirs stands there
    "A": ("Duinhaven",), "A1": ("owneraone",), "A2": ("owneratwo",), "a1": ("Ilse-Markus",), "a2": ("Rami-Bos",),
    "B": ("Zandwijk",), "B1": ("ownerbone",), "b1": ("Berta-Vos",),
}  # fmt: skip

PUBLIC = frozenset({Door.FRONT, Door.LINK})


def holder(mark: str, house: str) -> dict[str, Any]:
    """A customer whose every word is marked; nothing of him matches another."""
    address = {"street": f"{mark}straat", "house_number": house, "postcode": f"43{house} AB", "city": f"{mark}stad"}
    return {
        **given.HOLDER, "name": mark, "given_names": f"{mark}voor",
        "email": f"{mark}@klant.example", "address": {**address, "country": "NL"},
    }  # fmt: skip


@dataclass
class Scene:
    """Two owners in company A, one in company B, none of whose numbers, links or products is another's."""

    first: world.World
    second: world.World
    foreign: world.World


@dataclass
class Principal:
    """Who asks: his browser, what is his, what is another owner's and another company's; whose marks he may read."""

    name: str
    client: Client
    own: world.World
    other: world.World
    foreign: world.World
    marks: frozenset[str]
    doors: frozenset[Door]  # that are his; at every other he is a stranger
    told: frozenset[str] = frozenset()  # also where there is no page: an expired link names the adviser to ask

    def may_read(self, status: int) -> frozenset[str]:
        """Whose marks may stand in an answer: where there is no page, nobody's but the company's own name.

        A form that comes back with what is wrong (422) is a page.
        """
        return self.marks if status < 300 or status == 422 else self.marks & {"A", "B"} | self.told


def build() -> Scene:
    """The two companies; in B all numbers are far from A's, and its product has another name."""
    first = world.furnish(
        given.provider("duinhaven", papers=True), code="ilse-markus", email="ilse@kroonlaan.example",
        holder=holder("owneraone", "11"),
    )  # fmt: skip
    second = world.furnish(first.company, code="rami-bos", email="rami@bos.example", holder=holder("owneratwo", "22"))
    there = given.provider("zandwijk", papers=True)
    with given.inside(there), connection.cursor() as cursor:
        for kind in ("case", "party", "application", "quotation", "policy"):
            cursor.execute("SELECT max(sec.loose_number(%s, y)) FROM generate_series(1, 500), (VALUES (%s), (%s)) v(y)",
                           [kind, given.DAY.year, timezone.now().year])  # fmt: skip
    foreign = world.furnish(there, code="berta-vos", email="berta@vos.example", holder=holder("ownerbone", "33"))
    author, approver = (
        given.actor_of(given.member(there, f"{who}2@zandwijk.example", protocol))
        for who, protocol in (("author", "product-developer"), ("approver", "product-approver"))
    )
    plans = given.live_product(there, given.PLANS, author=author, approver=approver)
    for of in (first, second, foreign):
        given.folder(of.company, of.policy.holder_id, customer_of(of))
    below(first)
    below(foreign)
    return Scene(first, second, replace(foreign, version=plans))


def below(of: world.World) -> None:
    """A company below, asked for, and a party that may become one."""
    with given.inside(of.company):
        Module.objects.create(code=ModuleCode.COMPANIES)
        PartyRole.objects.create(party=of.adviser, code=RoleCode.COMPANY, valid_from=given.DAY)
        PartyRole.objects.create(party=of.policy.holder, code=RoleCode.GROUP, valid_from=given.DAY)
        ask_for_company(
            party_id=of.adviser.pk, name="Kroonlaan", slug=f"kroonlaan-{of.company.slug}", kind=CompanyKind.BROKER,
            language="nl", actor=ROBOT, on=given.DAY,
        )  # fmt: skip


def customer_of(of: world.World) -> str:
    """The e-mail address by which the policy's holder logs in."""
    return f"{of.policy.holder.name.split()[-1].lower()}@klant.example"


def everybody(scene: Scene) -> list[Principal]:
    """All who ask for every page; those with one right on a part are added by `staff_of`."""
    here, there = scene.first.company, scene.foreign.company
    world.employee(here, "nobody@duinhaven.example")
    everything: dict[str, Any] = {"acts": tuple(Act), "administrator": True}
    world.employee(here, "all@duinhaven.example", *world.ALL_RIGHTS, **everything)
    world.employee(there, "all@zandwijk.example", *world.ALL_RIGHTS, **everything)
    for part, right in world.ALL_RIGHTS:
        world.employee(here, email_of(part, right), (part, right))
    office, first, second, theirs = (
        ("A", "A1", "A2", "a1", "a2"),
        ("A", "A1", "a1"),
        ("A", "A2", "a2"),
        ("B", "B1", "b1"),
    )
    no_link = replace(scene.first, secret="x" * 43, application_secret="x" * 43)
    return [
        with_first("anonymous", None, scene, "A", own=no_link, door=Door.LINK),
        with_first("link, live", None, scene, *first, door=Door.LINK),
        replace(
            with_first("link, expired", None, scene, "A", own=lapsed(scene.first, expired=True), door=Door.LINK),
            told=frozenset({"a1"}),
        ),
        with_first("link, revoked", None, scene, "A", own=lapsed(scene.first, expired=False), door=Door.LINK),
        swapped("link of another case", None, scene, *second, door=Door.LINK),
        with_first("adviser A1", "ilse@kroonlaan.example", scene, *first, door=Door.ADVISERS),
        swapped("adviser A2", "rami@bos.example", scene, *second, door=Door.ADVISERS),
        abroad("adviser B", "berta@vos.example", scene, *theirs, door=Door.ADVISERS),
        with_first("customer A1", customer_of(scene.first), scene, *first, door=Door.FOLDER),
        swapped("customer A2", customer_of(scene.second), scene, *second, door=Door.FOLDER),
        abroad("customer B", customer_of(scene.foreign), scene, *theirs, door=Door.FOLDER),
        with_first("staff without grants", "nobody@duinhaven.example", scene, *office),
        with_first("administrator A", "all@duinhaven.example", scene, *office),
        abroad("administrator B", "all@zandwijk.example", scene, *theirs),
        *all_operators(scene, office),
    ]


def all_operators(scene: Scene, office: tuple[str, ...]) -> list[Principal]:
    """The computing centre of companies that administer themselves: one who knows their names and nothing else, one
    for whom company A has closed its window just now, and one in an open window of A.
    """
    for of in (scene.first, scene.foreign):
        given.handed_over(of.company)
    none, closed, inside = (
        operators.browser_of(operators.operator(f"{name}@centre.example")) for name in ("op", "closed", "inside")
    )
    operators.shut(scene.first.company, operators.let_in(scene.first.company, closed, by="closes"))
    operators.let_in(scene.first.company, inside, by="opens")
    worlds = (scene.first, scene.second, scene.foreign)
    console, looks = frozenset({Door.OPERATOR}), frozenset({Door.OPERATOR, Door.OFFICE})
    return [
        Principal("operator", none, *worlds, frozenset(), console),
        Principal("operator, window closed", closed, *worlds, frozenset(), looks),
        Principal("operator in a window", inside, *worlds, frozenset(office), looks),
    ]


def his(door: Door) -> frozenset[Door]:
    """The door that is somebody's; who has no login stands at the public ones, which are open to all."""
    return PUBLIC if door in PUBLIC else frozenset({door})


def with_first(
    name: str, email: str | None, scene: Scene, *marks: str, own: world.World | None = None, door: Door = Door.OFFICE
) -> Principal:
    """Who stands with the first owner of company A."""
    client = world.client_of(email)
    return Principal(name, client, own or scene.first, scene.second, scene.foreign, frozenset(marks), his(door))


def swapped(name: str, email: str | None, scene: Scene, *marks: str, door: Door) -> Principal:
    """Who stands with the second owner of company A."""
    worlds = (scene.second, scene.first, scene.foreign)
    return Principal(name, world.client_of(email), *worlds, frozenset(marks), his(door))


def abroad(name: str, email: str | None, scene: Scene, *marks: str, door: Door = Door.OFFICE) -> Principal:
    """Who stands with company B, which has a product of the same name as A's, and one more."""
    there = replace(scene.first, version=scene.foreign.version)
    return Principal(name, world.client_of(email), scene.foreign, scene.foreign, there, frozenset(marks), his(door))


def who_ask(name: str, everybody: list[Principal], scene: Scene) -> list[Principal]:
    """Who asks for a page: all whose door it is, staff with one right each, and of the strangers a sample."""
    page = PAGES[name]
    owners = [principal for principal in everybody if page.door in principal.doors]
    return owners + sample(name, strangers_at(page.door, everybody)) + staff_of(page, scene)


def strangers_at(door: Door, everybody: list[Principal]) -> list[Principal]:
    """Whose door it isn't; the operator's process has no pages of other doors than the office's and its own."""
    there = door in {Door.OFFICE, Door.OPERATOR}
    return [one for one in everybody if door not in one.doors and (there or Door.OPERATOR not in one.doors)]


def sample(name: str, strangers: list[Principal]) -> list[Principal]:
    """Of the strangers at a page's door those who ask for this page: in turn, so that every page is asked for by one
    and every stranger asks for one.

    The others are left out: at a door with a login the middleware answers all strangers before any view, and looks at
    company, door and session alone (the walk checks of each stranger who asks that no view ran); at the public doors
    it isn't even told who is in, so of those with a login every third asks, always one of each kind and one of B.
    """
    door = PAGES[name].door
    pages = [other for other, page in PAGES.items() if page.door == door]
    at = pages.index(name)
    if door in PUBLIC:
        return [one for number, one in enumerate(strangers) if (at + number // 3) % 3 == number % 3]
    turns = ((at % len(strangers), number % len(pages)) for number in range(len(strangers)))
    return [one for number, (one, (turn, page)) in enumerate(zip(strangers, turns, strict=True))
            if turn == number or page == at]  # fmt: skip


def staff_of(page: Page, scene: Scene) -> list[Principal]:
    """An employee with one right for each part that a page of the office asks about, and each right."""
    if page.door != Door.OFFICE:
        return []
    parts = dict.fromkeys(part for pairs in (page.views, page.also, page.steps or ()) for part, _right in pairs)
    return [
        with_first(f"staff, {right.value} only", email_of(part, right), scene, "A", "A1", "A2", "a1", "a2")
        for part in parts or [PartCode.CLAIMS]
        for right in Right
    ]


def email_of(part: PartCode, right: Right) -> str:
    return f"{part.value}-{right.value}@duinhaven.example"


def lapsed(of: world.World, *, expired: bool) -> world.World:
    """What somebody holds whose links have expired, or were revoked."""
    with given.inside(of.company):
        cases = {LinkKind.CASE: case_of(of.secret), LinkKind.APPLICATION: case_of(of.application_secret)}
        until = timezone.now() + timedelta(days=-1 if expired else 30)
        made = {
            kind: open_link(kind=kind, case_id=case, addressee="customer", expires_at=until)
            for kind, case in cases.items()
        }
        if not expired:
            Link.objects.filter(pk__in=[link.pk for link in made.values()]).update(revoked_at=timezone.now())
    secrets = {kind: secret_of(link.nonce) for kind, link in made.items()}
    return replace(of, secret=secrets[LinkKind.CASE], application_secret=secrets[LinkKind.APPLICATION])


def case_of(secret: str) -> int:
    """The case that a secret opens; called inside the company."""
    return next(link.case_id for link in Link.objects.all() if secret_of(link.nonce) == secret)
