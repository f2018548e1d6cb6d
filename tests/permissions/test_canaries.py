"""Marks in every text column of company B: nobody in company A finds one, and B finds its own (threat A2)."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import resolve, reverse

from applications.models import Upload
from companies.actor import ROBOT
from companies.doors import Door
from companies.lists import ListView
from companies.logs import CutSecrets
from companies.models import Act, Company
from companies.services.founding import set_profile
from companies.tasks import work
from correspondence.models import Message
from correspondence.services.mail import send
from documents.models import Document
from documents.store import fetch
from ledger.models import Account
from ledger.services import Role
from policies.models import Policy
from quotations.models import Quotation
from tests import given, operators, people, world
from tests.conftest import doors_become_roles, drop_copy, fresh_copy, role_connection
from tests.database.test_rows_behind_the_wall import in_the_copy
from tests.permissions import canaries
from tests.permissions.pages import PAGES
from tests.permissions.principals import below
from tests.permissions.test_matrix import Worlds
from tests.permissions.test_walk import ask, paper


class Lines(logging.Handler):
    """Every line as the log would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.addFilter(CutSecrets())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@dataclass
class Run:
    """What the people of one company could read."""

    pages: list[str]
    exports: list[str]
    papers: list[str]
    mails: list[str]
    logs: list[str]

    @property
    def texts(self) -> list[str]:
        return [canaries.plain(text) for text in (*self.pages, *self.exports, *self.papers, *self.mails, *self.logs)]


@dataclass
class Marked:
    """The columns of B, what the database refused, which tables hold no row of B; the runs of both."""

    columns: list[canaries.Column]
    refused: list[str]
    empty: set[canaries.Column]
    of_a: Run
    of_b: Run
    of_operator: Run  # whom A lets look in, and B doesn't
    let_in: Run  # whom B lets look in


def mark_of(table: str, name: str) -> str:
    column = next(column for column in canaries.columns() if (column.table, column.name) == (table, name))
    return f"{column.mark}1@canary.example" if column.mail else f"{column.mark}1"


def holder() -> dict[str, Any]:
    """A customer who says the marks of the columns his words go to."""
    address = {field: mark_of("relations_address", field) for field in ("street", "city")}
    return {
        **given.HOLDER,
        "name": mark_of("relations_party", "family_name"),
        "given_names": mark_of("relations_party", "given_name"),
        "email": mark_of("relations_party", "email"),
        "address": {**given.HOLDER["address"], **address},
    }


def build(slug: str, code: str, *, marked: bool) -> world.World:
    """A company with what its pages show; a marked one says the marks in its letterhead and for its customer."""
    company = given.provider(slug, papers=True)
    if marked:
        fields = [column.name for column in canaries.columns() if column.table == "companies_profile"]
        with given.inside(company):
            set_profile(on=given.DAY, actor=ROBOT, **{name: mark_of("companies_profile", name) for name in fields})
    made = world.furnish(company, code=code, email=f"{code}@{slug}.example", holder=holder() if marked else None)
    below(made)
    people.invited(company, f"sanne@{slug}.example", post="Clerk")
    given.folder(company, made.policy.holder_id, f"customer@{slug}.example")
    world.employee(company, f"all@{slug}.example", *world.ALL_RIGHTS, acts=tuple(Act), administrator=True)
    saved = {"act": "save", "back": f"/{slug}/office/policies/?state=active", "name": "In force", "shared": "on"}
    world.client_of(f"all@{slug}.example").post(f"/{slug}/office/views/", saved)
    return made


def read_again(of: world.World) -> world.World:
    """The same things with the words that stand in them now."""
    with given.inside(of.company):
        of.version.product.refresh_from_db()
        for row in (of.adviser, of.application, of.document, of.link_document):
            row.refresh_from_db()
        for draft in (of.draft, of.office_draft):
            draft.case.refresh_from_db()
        return replace(
            of,
            policy=Policy.objects.select_related("case", "holder").get(pk=of.policy.pk),
            quotation=Quotation.objects.select_related("case").get(pk=of.quotation.pk),
        )


def send_again(of: world.World) -> None:
    """All mails of the company go out once more, with what stands in their rows now."""
    with given.inside(of.company):
        for message in Message.objects.select_related("link"):
            send(message=message, company=of.company)


def read_everything(of: world.World, code: str, mails: list[Any], lines: Lines) -> Run:
    """All pages as all people of the company, its lists as files, its papers and mails as text, its log."""
    before = len(lines.lines)
    slug = of.company.slug
    with given.inside(of.company):
        account = Account.objects.get(role=Role.DEBTORS).code
        files = [str(number) for number in Upload.objects.values_list("public_id", flat=True)]
        papers = [paper(fetch(row.file)) for row in Document.objects.select_related("file")]
    addresses = Worlds(of, of, {}, account)
    employee, adviser = world.client_of(f"all@{slug}.example"), world.client_of(f"{code}@{slug}.example")
    customer = world.client_of(f"customer@{slug}.example")
    reader: dict[str, Client] = {Door.OFFICE: employee, Door.ADVISERS: adviser, Door.FOLDER: customer}
    reader |= {Door.FRONT: Client(), Door.LINK: Client()}
    places = [(reader[page.door], addresses.address(name)) for name, page in PAGES.items() if page.door in reader]
    places += [(employee, reverse("applications:file", args=[slug, number])) for number in files]
    pages = [ask(client, method, place).text for client, place in places for method in ("get", "post")]
    exports = [ask(client, "get", f"{place}?export=csv").text for client, place in places if is_list(place)]
    letters = [f"{m.message()}\n{m.subject}\n{m.body}\n{m.to}" for m in mails]
    return Run(pages, exports, papers, letters, lines.lines[before:])


def operator_reads(company: Company, places: list[world.World], lines: Lines) -> Run:
    """What an operator reads whom one company lets look in: his console, and all pages of the office, lists and papers
    at the addresses of each place.
    """
    before = len(lines.lines)
    client = operators.browser_of(operators.operator(f"{company.slug}@centre.example"))
    client.raise_request_exception = False
    operators.let_in(company, client, by="opens")
    with given.inside(company):
        account = Account.objects.get(role=Role.DEBTORS).code
    names = [name for name, page in PAGES.items() if page.door in {Door.OFFICE, Door.OPERATOR}]
    addresses = [Worlds(of, of, {}, account).address(name) for of in places for name in names]
    addresses += [reverse("operator:company", args=[of.company.slug]) for of in places]
    answers = [ask(client, method, address) for address in addresses for method in ("get", "post")]
    exports = [ask(client, "get", f"{address}?export=csv").text for address in addresses if is_list(address)]
    papers = [ask(client, "get", Worlds(of, of, {}, account).address("documents:paper")).text for of in places]
    assert {answer.status for answer in answers} <= {200, 302, 403, 404, 405, 422}
    return Run([answer.text for answer in answers], exports, papers, [], lines.lines[before:])


def is_list(address: str) -> bool:
    """Whether a page is a list that gives its rows as a file."""
    return issubclass(getattr(resolve(address).func, "view_class", object), ListView)


@pytest.fixture(scope="module")
def marked(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Marked]:
    """B is built and marked; A is built beside it, writes its papers and mails, and everybody reads everything."""
    lines, patch = Lines(), pytest.MonkeyPatch()
    doors_become_roles(patch)
    patch.setattr(work, "apply_async", lambda **_kwargs: None)
    logging.getLogger().addHandler(lines)
    name = fresh_copy("_canary")
    try:
        with in_the_copy(name, django_db_blocker):
            yield both_runs(name, lines)
    finally:
        logging.getLogger().removeHandler(lines)
        patch.undo()
        drop_copy("_canary")


def both_runs(name: str, lines: Lines) -> Marked:
    mail.outbox = []
    theirs = build("zandwijk", "berta-vos", marked=True)
    given.handed_over(theirs.company)
    columns = canaries.columns()
    with role_connection("bo_owner", dbname=name) as owner:
        refused = canaries.add_rows(owner, theirs.company.pk)
        unmarked, empty = canaries.mark_rows(owner, theirs.company.pk, columns)
    mail.outbox, started = [], len(lines.lines)
    ours = build("duinhaven", "ilse-markus", marked=False)
    of_a = read_everything(ours, "ilse-markus", list(mail.outbox), lines)
    of_a.logs = lines.lines[started:]
    mail.outbox = []
    send_again(theirs)
    of_b = read_everything(read_again(theirs), "berta-vos", list(mail.outbox), lines)
    given.handed_over(ours.company)
    of_operator = operator_reads(ours.company, [ours, read_again(theirs)], lines)
    let_in = operator_reads(theirs.company, [read_again(theirs)], lines)
    return Marked(columns, refused + unmarked, empty, of_a, of_b, of_operator, let_in)


def test_every_text_column_is_marked_or_has_its_reason(marked: Marked, figure: Callable[..., None]) -> None:
    figure("columns marked", len(marked.columns), least=100)
    assert marked.refused == []
    assert marked.empty == set()
    known = {(model._meta.db_table, field.column) for model, field in canaries.text_fields()}
    assert set(canaries.UNMARKED) <= known


def test_nobody_in_a_finds_a_mark_of_b(marked: Marked, figure: Callable[..., None]) -> None:
    for kind in ("pages", "exports", "papers", "mails"):
        figure(f"{kind} of A searched", len(getattr(marked.of_a, kind)), least=5)
    figure("log lines of A searched", len(marked.of_a.logs))
    found = canaries.seen_in(marked.of_a.texts, marked.columns)
    figure("marks of B found in A", len(found), least=0)
    assert found == set()


def test_an_operator_in_a_window_of_a_finds_no_mark_of_b(marked: Marked, figure: Callable[..., None]) -> None:
    read = marked.of_operator
    for kind, least in (("pages", 100), ("exports", 10), ("papers", 2)):
        figure(f"{kind} of an operator in a window of A searched", len(getattr(read, kind)), least=least)
    shown = [canaries.plain(text) for text in (*read.pages, *read.exports, *read.papers)]
    assert canaries.seen_in(shown, marked.columns) == set()
    found = canaries.seen_in(marked.let_in.texts, marked.columns)  # the same search, in a window of B
    figure("marks of B found by an operator in a window of B", len(found), least=30)
    logs = [canaries.plain(line) for line in (*read.logs, *marked.let_in.logs)]
    private = [column for column in marked.columns if column.name not in {"number", "slug", "code"}]
    assert canaries.seen_in(logs, private) == set()


def test_b_finds_its_own_marks(marked: Marked, figure: Callable[..., None]) -> None:
    """This proves that the search above would have found them."""
    seen = {(column.table, column.name) for column in canaries.seen_in(marked.of_b.texts, marked.columns)}
    filled = {(column.table, column.name) for column in marked.columns if column not in marked.empty}
    technical = {column for column in filled if canaries.not_shown(*column)}
    figure("marks of B meant to be shown", len(filled - technical), least=40)
    figure("marks of B found in B", len(seen))
    assert technical & seen == set(), "shown after all"
    assert len(seen - technical) >= 0.95 * len(filled - technical), sorted(filled - technical - seen)


def test_logs_of_b_hold_none_of_its_marks(marked: Marked, figure: Callable[..., None]) -> None:
    figure("log lines of B searched", len(marked.of_b.logs))
    lines = [canaries.plain(line) for line in marked.of_b.logs]
    private = [column for column in marked.columns if column.name not in {"number", "slug", "code"}]
    assert canaries.seen_in(lines, private) == set()
