"""The matrix of pages and principals, complete by machine (S2-05 to S2-08)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Act, Membership, Module, PartCode, Protocol, Right
from companies.rights import take_protocol
from ledger.models import Account
from ledger.services import Role
from tests import given, operators, world
from tests.imports import scenes
from tests.permissions.pages import ADMINISTERED, OPEN, PAGES, WORDS, Page, named_urls
from tests.permissions.principals import below

pytestmark = pytest.mark.django_db
SINGLES = [(part, right) for part in PartCode for right in Right]
OFFICE = [name for name, page in PAGES.items() if page.door == Door.OFFICE]
ADVISERS = [name for name, page in PAGES.items() if page.door == Door.ADVISERS]
FOLDER = [name for name, page in PAGES.items() if page.door == Door.FOLDER]
OPERATOR = [name for name, page in PAGES.items() if page.door == Door.OPERATOR]
PUBLIC = [name for name, page in PAGES.items() if page.door in {Door.FRONT, Door.LINK}]
OPERATORS = ("operator", "closed", "inside")
VIEWS = {(part, Right.VIEW) for part in PartCode}
NO_IMPORT = {"list", "new"}
PAPERS = {"paper", "paper_remove"}
RULES = {"rule", "rule_move", "rule_remove"}
ACTS = {"approve_product": Act.APPROVE_PRODUCT, "release_product": Act.RELEASE_PRODUCT}


ZERO = "00000000-0000-4000-8000-000000000000"


def email_of(part: PartCode, right: Right) -> str:
    return f"{part.value}-{right.value}@duinhaven.example"


PARTS: dict[str, dict[str, Any]] = {  # of an application in the making
    "step": {"step": "review"},
    "record": {"step": "list-losses", "record": "new"},
    "file": {"public_id": "00000000-0000-4000-8000-000000000000"},
}


RIGHTS = {"protocol", "retire", "employee", "why"}


def of_rights(of: world.World, page: str) -> Any:
    """The address of a ready-made protocol, or of an employee."""
    with given.inside(of.company):
        if page in {"protocol", "retire"}:
            return Protocol.objects.get(template="bookkeeper").public_id
        return Membership.objects.get(user__email=f"author@{of.company.slug}.example").public_id


@dataclass
class Worlds:
    """Two companies that look alike, and a browser of each principal."""

    here: world.World
    there: world.World
    clients: dict[str, Client]
    account: str  # the code of an account in the chart

    def address(self, name: str, of: world.World | None = None, company: str = "") -> str:
        """The page in the sample world, with things that exist there."""
        return reverse(name, kwargs=self.sample_kwargs(name, of or self.here, company))

    def sample_kwargs(self, name: str, of: world.World, company: str = "") -> dict[str, Any]:
        """What stands in a page's address."""
        slug, product = company or of.company.slug, {"slug": of.version.product.slug, "number": of.version.number}
        space, _colon, page = name.partition(":")
        of_import: dict[str, dict[str, Any]] = {
            "report": {"public_id": of.brought.public_id},
            "template": {"kind": "relations"},
        }
        if space == "operator":
            slugs: dict[str, Any] = {"slug": slug} if page == "company" or page.startswith("import") else {}
            return slugs | of_import.get(page.removeprefix("import_"), {})
        found: dict[str, Any] = {"company": slug}
        if space == "products" and page not in {"list", "upload"}:
            found |= product | ({"rule": "R02_NO_THEFT_DEVICE"} if page in RULES else {})
            found |= {"kind": "terms", "language": "nl"} if page in PAPERS else {}
        elif space == "imports":
            found |= of_import.get("template" if page == "template" else "report", {}) if page not in NO_IMPORT else {}
        elif name == "admin:employee":
            found["member"] = of_rights(of, "employee")
        elif name == "office:help":
            found["page"] = "office:today"
        elif name == "office:channels":
            found["slug"] = of.version.product.slug
        elif page.startswith("draft") and page != "drafts":
            found["number"] = (of.draft if space == "advisers" else of.office_draft).case.number
            found |= PARTS.get(page.removeprefix("draft_"), {})
        elif name == "advisers:begin":
            found["product"] = of.version.product.slug
        elif name == "factors:reset":
            found["member"] = "00000000-0000-4000-8000-000000000000"
        elif space == "rights" and page in RIGHTS:
            found["public_id"] = of_rights(of, page)
        elif name == "office:access_window":
            found["number"] = 1
        elif name in {"office:party", "relations:merge", "relations:unmerge"}:
            found["number"] = of.policy.holder.number
            found |= {"other": of.adviser.number} if page == "merge" else {}
        elif page.startswith("case") and space in {"office", "advisers"}:
            found["number"] = of.case.number
            found |= {"public_id": of.document.public_id} if page in {"case_proof", "case_translation"} else {}
        elif name == "applications:file":
            found["public_id"] = "00000000-0000-4000-8000-000000000000"
        elif page in {"member", "invite", "folder_on", "folder_off"}:
            found["number"] = of.adviser.number
        elif page == "found":
            found["number"] = of.policy.holder.number
        elif name in {"folder:policy", "folder:withdraw"}:
            found["number"] = of.policy.number
        elif name in {"documents:paper", "advisers:paper", "folder:paper"}:
            found["public_id"] = of.document.public_id
        elif space == "apply" and page in {"start", "via"}:
            found |= {"product": of.version.product.slug} | ({"code": "ilse-markus"} if page == "via" else {})
        elif space == "apply" and page != "list":
            found |= {"secret": of.application_secret} | PARTS.get(page, {})
        elif space in {"case", "withdrawal"}:
            found |= {"secret": of.secret} | ({"public_id": of.link_document.public_id} if page == "paper" else {})
        elif space == "acceptance" and page in {"take", "give_back"}:
            found["number"] = of.application.number
        elif space == "decision":
            found["secret"] = of.application_secret if page == "application" else of.secret
        elif space == "ledger":
            found |= {"code": self.account} if page == "account" else {}
            found |= {"number": of.policy.holder.number} if page == "debtor" else {}
        return found


def customers(here: world.World, there: world.World) -> None:
    """Two customers of one company and one of the other, each with his folder."""
    given.folder(here.company, here.policy.holder_id, "sanne@verbruggen.example")
    otto = given.customer(here.company, "Verbeek", "otto@verbeek.example")
    given.folder(here.company, otto.pk, "otto@verbeek.example")
    given.folder(there.company, there.policy.holder_id, "sanne@elsewhere.example")


def all_operators(here: world.World, there: world.World) -> dict[str, Client]:
    """The computing centre of companies that administer themselves: without a window, with one that was closed just
    now, and with an open one of the first company.
    """
    with given.inside(here.company):
        chief = Membership.objects.select_related("user").get(user__email="chief@duinhaven.example")
    given.handed_over(here.company, chief)
    given.handed_over(there.company)
    none, closed, inside = (
        operators.browser_of(operators.operator(f"{name}@centre.example")) for name in ("op", "closed", "inside")
    )
    operators.shut(here.company, operators.let_in(here.company, closed, by="closes"))
    operators.let_in(here.company, inside, by="opens")
    return {"operator": none, "closed": closed, "inside": inside}


@pytest.fixture(scope="module")
def worlds(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Worlds]:
    """Built once; what a test writes is rolled back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        here, there = world.build(), world.build("zandwijk", email="ilse@zandwijk.example")
        given.adviser(here.company, "rami-bos", "rami@bos.example")
        customers(here, there)
        below(here)
        below(there)
        world.employee(here.company, "nobody@duinhaven.example")
        world.employee(here.company, "chief@duinhaven.example", administrator=True)
        world.employee(here.company, "all@duinhaven.example", *SINGLES, acts=tuple(Act), administrator=True)
        world.employee(there.company, "all@zandwijk.example", *SINGLES, acts=tuple(Act), administrator=True)
        world.employee(here.company, "auditor@duinhaven.example", *[(part, Right.VIEW) for part in PartCode])
        for part, right in SINGLES:
            world.employee(here.company, email_of(part, right), (part, right))
        for slug, act in ACTS.items():
            world.employee(here.company, f"{slug}@duinhaven.example", (PartCode.PRODUCTS, Right.VIEW), acts=(act,))
        people = {
            "nobody": "nobody@duinhaven.example", "chief": "chief@duinhaven.example", "all": "all@duinhaven.example",
            "foreigner": "all@zandwijk.example", "ilse": "ilse@kroonlaan.example", "rami": "rami@bos.example",
            "anonymous": None, "auditor": "auditor@duinhaven.example",
            **{email_of(*pair): email_of(*pair) for pair in SINGLES},
            "sanne": "sanne@verbruggen.example", "otto": "otto@verbeek.example", "neighbour": "sanne@elsewhere.example",
            **{slug: f"{slug}@duinhaven.example" for slug in ACTS},
        }  # fmt: skip
        with given.inside(here.company):
            account = Account.objects.get(role=Role.DEBTORS).code
        clients = {name: world.client_of(email) for name, email in people.items()}
        yield Worlds(here, there, clients | all_operators(here, there), account)
        transaction.set_rollback(True)


def test_every_page_has_a_row():
    assert set(named_urls(get_resolver().url_patterns)) == set(PAGES) | set(OPEN)


@pytest.mark.parametrize("name", OPEN)
def test_open_page_answers_a_stranger(name):
    assert Client().get(reverse(name, kwargs=WORDS.get(name))).status_code == OPEN[name][0]


def asked(page: Page, method: str, *, opens: bool, lets: bool) -> int:
    """The status a page of the office owes an employee."""
    if method == "get":
        return page.get if opens else 403
    return page.post if lets else 403


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", OFFICE)
def test_office_page_answers_each_single_right(worlds, name, method):
    page, address = PAGES[name], worlds.address(name)
    for pair in SINGLES:
        response = getattr(worlds.clients[email_of(*pair)], method)(address)
        expected = asked(page, method, opens=page.opens({pair}), lets=page.lets({pair}, set()))
        assert response.status_code == expected, pair


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", OFFICE)
def test_office_page_answers_principal(worlds, name, method):
    page, address = PAGES[name], worlds.address(name)
    sees = {(PartCode.PRODUCTS, Right.VIEW)}
    everything, views = set(SINGLES), {(part, Right.VIEW) for part in PartCode}
    expected = {
        "anonymous": 302,
        "foreigner": 404,
        "ilse": 404,
        "nobody": asked(page, method, opens=page.opens(set()), lets=page.lets(set(), set())),
        "auditor": asked(page, method, opens=page.opens(views), lets=page.lets(views, set())),
        "chief": asked(page, method, opens=page.opens(set(), True), lets=page.lets(set(), set(), True)),
        "all": asked(page, method, opens=page.opens(everything, True), lets=page.lets(everything, set(Act), True)),
        **{
            slug: asked(page, method, opens=page.opens(sees), lets=page.lets(sees, {act})) for slug, act in ACTS.items()
        },
    }
    found = {who: getattr(worlds.clients[who], method)(address) for who in expected}
    assert {who: response.status_code for who, response in found.items()} == expected
    assert found["anonymous"]["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", ADVISERS)
def test_advisers_page_answers_principal(worlds, name):
    page, address = PAGES[name], worlds.address(name)
    own = name in objects(ADVISERS) and page.get != 405
    expected = {"anonymous": 302, "foreigner": 404, "all": 404, "nobody": 404, "ilse": page.get}
    expected["rami"] = 404 if own else page.get
    assert {who: worlds.clients[who].get(address).status_code for who in expected} == expected
    for who in ("foreigner", "all", "nobody"):
        assert worlds.clients[who].post(address).status_code == 404
    if name in objects(ADVISERS):
        assert worlds.clients["rami"].post(address).status_code == (405 if page.post == 405 else 404)
    assert worlds.clients["ilse"].post(address).status_code == page.post


@pytest.mark.parametrize("name", FOLDER)
def test_folder_page_answers_principal(worlds, name):
    page, address = PAGES[name], worlds.address(name)
    strangers = dict.fromkeys(("all", "nobody", "foreigner", "ilse", "neighbour"), 404)
    other = 404 if name in objects(FOLDER) else page.get
    expected = {"anonymous": 302, **strangers, "sanne": page.get, "otto": other}
    assert {who: worlds.clients[who].get(address).status_code for who in expected} == expected
    posted = {"anonymous": 302, **strangers, "sanne": page.post, "otto": page.post}
    assert {who: worlds.clients[who].post(address).status_code for who in posted} == posted


@pytest.mark.parametrize("name", OPERATOR)
def test_operators_page_is_there_for_an_operator_only(worlds, name):
    page, address = PAGES[name], worlds.address(name)
    stranger = operators.OperatorClient()
    for who in ("anonymous", "all", "chief", "foreigner", "ilse", "sanne"):
        assert {getattr(worlds.clients[who], method)(address).status_code for method in ("get", "post")} == {404}, who
    assert {getattr(stranger, method)(address).status_code for method in ("get", "post")} == {302}
    for who in OPERATORS:
        operator = worlds.clients[who]
        assert (operator.get(address).status_code, operator.post(address).status_code) == (page.get, page.post), who


@pytest.mark.parametrize("name", ADMINISTERED)
def test_imports_are_there_for_an_operator_where_he_administers_and_for_nobody_else(worlds, name):
    slug, (get, post) = "nieuwland", ADMINISTERED[name]
    given.company(slug)
    operator = worlds.clients["operator"]
    file = SimpleUploadedFile("relations.csv", scenes.file_of([scenes.a_relation(1)]), content_type="text/csv")
    sent = operator.post(reverse("operator:import_new", args=[slug]), {"kind": "relations", "file": file})
    kwargs = worlds.sample_kwargs(name, worlds.here, slug)
    kwargs |= {"public_id": sent["Location"].split("/")[-2]} if "public_id" in kwargs else {}
    address = reverse(name, kwargs=kwargs)
    assert (operator.get(address).status_code, operator.post(address).status_code) == (get, post)
    for who in ("anonymous", "all", "chief", "foreigner", "ilse", "sanne"):
        assert {getattr(worlds.clients[who], method)(address).status_code for method in ("get", "post")} == {404}, who
    if "public_id" in kwargs:
        assert worlds.clients["inside"].get(address).status_code == 404, "brought by another operator"


@pytest.mark.parametrize("name", OFFICE)
def test_office_page_is_read_in_a_window_and_there_for_no_other_operator(worlds, name):
    """With all modules open he reads what every view opens, but administrators' pages and who may do what."""
    page, address, elsewhere = PAGES[name], worlds.address(name), worlds.address(name, worlds.there)
    inside = worlds.clients["inside"]
    reads = page.get if page.opens(VIEWS) and not page.auditor else 403
    if name == "imports:report":
        reads = 404  # a company's own import: he sees those that he brought himself
    assert (inside.get(address).status_code, inside.post(address).status_code) == (reads, 405)
    shut = [
        (inside, elsewhere),
        *[(worlds.clients[who], at) for who in ("operator", "closed") for at in (address, elsewhere)],
    ]
    assert {getattr(client, method)(at).status_code for client, at in shut for method in ("get", "post")} == {404}


@pytest.mark.parametrize("name", OFFICE + ADVISERS)
def test_a_customer_reaches_no_other_door(worlds, name):
    for who in ("sanne", "neighbour"):
        for method in ("get", "post"):
            assert getattr(worlds.clients[who], method)(worlds.address(name)).status_code == 404, who


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_answers_everybody_alike(worlds, name, method):
    expected = getattr(PAGES[name], method)
    for who in ("anonymous", "foreigner", "ilse", "all"):
        assert getattr(worlds.clients[who], method)(worlds.address(name)).status_code == expected, who


def objects(names: list[str]) -> list[str]:
    """Pages whose address names a thing."""
    things = {
        *RIGHTS, "case", "paper", "party", "account", "debtor", "take", "give", "draft", "channels", "member",
        "found", "invite", "folder", "policy", "withdraw", "report", "run", "stop", "resume",
    }  # fmt: skip
    lists = {"products:list", "products:upload"}
    return [
        name
        for name in names
        if name.partition(":")[2].partition("_")[0] in things or (name.startswith("products:") and name not in lists)
    ]


def missing_word(key: str, value: Any) -> Any:
    """A word that names nothing, in the shape that the address takes."""
    shapes = {"company": value, "public_id": ZERO, "member": ZERO, "record": "99"}
    if key in shapes or not isinstance(value, str):
        return shapes.get(key, value)
    return "list-nothing-here" if value.startswith("list-") else "nothing-here"


@pytest.mark.parametrize("name", objects(OFFICE + ADVISERS))
def test_foreign_and_missing_things_answer_alike(worlds, name):
    client = worlds.clients["ilse" if name in ADVISERS else "all"]
    method = "post" if PAGES[name].get == 405 else "get"
    foreign = worlds.address(name, worlds.there, company=worlds.here.company.slug)
    kwargs = worlds.sample_kwargs(name, worlds.here)
    missing = {key: missing_word(key, value) for key, value in kwargs.items()}
    assert getattr(client, method)(reverse(name, kwargs=missing)).status_code == 404
    if foreign != worlds.address(name):  # numbers of two companies may be equal; then it is one's own thing
        assert getattr(client, method)(foreign).status_code == 404


@pytest.mark.parametrize("name", OFFICE + ADVISERS)
def test_a_company_that_does_not_exist_answers_as_a_foreign_one(worlds, name):
    client = worlds.clients["ilse" if name in ADVISERS else "all"]
    for slug in ("nowhere", worlds.there.company.slug):
        response = client.get(worlds.address(name, company=slug))
        assert response.status_code == 404
        assert b"Duinhaven" not in response.content


def test_a_right_taken_away_bites_on_the_next_request(worlds):
    part, right = PartCode.APPLICATIONS, Right.VIEW
    client, address = worlds.clients[email_of(part, right)], worlds.address("applications:list")
    assert client.get(address).status_code == 200
    with given.inside(worlds.here.company):
        membership = Membership.objects.get(user__email=email_of(part, right))
        take_protocol(
            protocol=Protocol.objects.get(name=email_of(part, right)), membership=membership, actor=ROBOT, on=given.DAY
        )
    assert client.get(address).status_code == 403


def test_a_membership_switched_off_bites_on_the_next_request(worlds):
    client, address = worlds.clients["all"], worlds.address("office:today")
    assert client.get(address).status_code == 200
    with given.inside(worlds.here.company):
        Membership.objects.filter(user__email="all@duinhaven.example").update(on=False)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", [name for name in OFFICE + ADVISERS + FOLDER if PAGES[name].module])
def test_a_module_switched_off_closes_its_pages(worlds, name):
    page = PAGES[name]
    with given.inside(worlds.here.company):
        Module.objects.filter(code=page.module).update(on=False)
    client = worlds.clients["ilse" if name in ADVISERS else "sanne" if name in FOLDER else "all"]
    method = client.post if page.get == 405 else client.get
    assert method(worlds.address(name)).status_code == 404


def test_no_right_no_menu(worlds):
    menu = {email_of(PartCode.POLICIES, Right.VIEW): 3, "nobody": 1, email_of(PartCode.POLICIES, Right.EDIT): 1}
    for who, entries in menu.items():
        groups = worlds.clients[who].get(worlds.address("office:today")).context["navigation"]
        assert sum(len(group["items"]) for group in groups) == entries


def test_export_and_island_of_a_list_need_the_same_right(worlds):
    address = worlds.address("policies:list")
    for who in ("nobody", email_of(PartCode.POLICIES, Right.EDIT)):
        assert worlds.clients[who].get(f"{address}?export=csv").status_code == 403
        assert worlds.clients[who].get(address, headers={"HX-Request": "true"}).status_code == 403
