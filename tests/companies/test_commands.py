"""What a public door may ask for: one command with its job, once, through its own link (DESIGN section 4)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from common.errors import BusinessError
from companies.actor import Actor, ActorKind
from companies.commands import carries, knock
from companies.doors import Door
from companies.jobs import HANDLERS, run_job
from companies.models import Command, CommandState, Company, Job, Link, LinkKind, Module
from companies.scope import company_scope
from tests import given
from tests.companies.scenes import at, case_of, link_of, run_together
from tests.conftest import become, role_connection
from tests.contexts import set_context

ORDER = {"plan": "yearly", "born": "1980-01-01"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


@pytest.fixture
def link(company: Company) -> Link:
    with at(company):
        return link_of(case_of(company))


@contextmanager
def visitor(company: Company, link: Link | None, door: Door = Door.LINK) -> Iterator[None]:
    """Inside the company as bo_public, at a public door, with a link or without."""
    actor = Actor(
        kind=ActorKind.VISITOR, door=door, case_id=link.case_id if link else None, link_id=link.pk if link else None
    )
    with company_scope(company.pk, door=door, actor=actor):
        become("bo_public")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                become("bo_app")


def ask(kind: str = "order", command_id: UUID | None = None, payload: Any = None) -> int:
    return knock(
        kind=kind, command_id=command_id or uuid4(), payload=ORDER if payload is None else payload, address="192.0.2.7"
    )


def test_command_is_stored_with_its_job(company: Company, link: Link) -> None:
    with visitor(company, link):
        number = ask()
    with at(company):
        command, job = Command.objects.get(), Job.objects.get(kind="command.order")
        assert (command.pk, command.link_id, command.case_id, command.address) == (
            number,
            link.pk,
            link.case_id,
            "192.0.2.7",
        )
        assert (command.state, command.payload, command.company_id) == (CommandState.WAITING, ORDER, company.pk)
        assert (job.ids, job.key, job.company_id) == ({"command": number}, f"command:{number}", company.pk)


@pytest.mark.parametrize(
    ("door", "kind", "with_link"),
    [
        (Door.LINK, "apply", True), (Door.FRONT, "order", True), (Door.LINK, "endorse", True), (Door.LINK, "", True),
        (Door.LINK, "order", False), (Door.FRONT, "apply", False), (Door.ADVISERS, "order", True),
        (Door.FOLDER, "order", True),
        (Door.OFFICE, "order", True), (Door.WORKER, "order", True),
    ],
)  # fmt: skip
def test_wrong_door_kind_or_no_link_is_refused(
    company: Company, link: Link, door: Door, kind: str, with_link: bool
) -> None:
    with (
        visitor(company, link if with_link else None, door),
        pytest.raises(ProgrammingError, match="no command"),
        transaction.atomic(),
    ):
        ask(kind)
    with at(company):
        assert not Command.objects.exists() and not Job.objects.exists()


def test_no_company_no_command(company: Company, link: Link) -> None:
    become("bo_public")
    with pytest.raises(ProgrammingError, match="no command"), transaction.atomic():
        ask()
    become("bo_app")


def test_same_command_twice_is_the_first(company: Company, link: Link, woken: list[Any]) -> None:
    command_id = uuid4()
    with visitor(company, link):
        assert ask(command_id=command_id) == ask(command_id=command_id, payload=dict(reversed(ORDER.items())))
    with at(company):
        assert (Command.objects.count(), Job.objects.count()) == (1, 1)


def test_same_command_with_other_content_is_refused(company: Company, link: Link) -> None:
    command_id = uuid4()
    with visitor(company, link):
        ask(command_id=command_id)
        with pytest.raises(BusinessError) as refusal:
            ask(command_id=command_id, payload=ORDER | {"plan": "monthly"})
        assert refusal.value.code == "command_reused"
    with at(company):
        other = link_of(case_again(link))
    with visitor(company, other), pytest.raises(BusinessError):
        ask(command_id=command_id)


def case_again(link: Link) -> Any:
    """The case of a link, to hang a second link on it."""
    from documents.models import Case

    return Case.objects.get(pk=link.case_id)


def test_payload_has_a_size(company: Company, link: Link) -> None:
    with visitor(company, link):
        ask(payload={"text": "x" * 65000})
        with pytest.raises(IntegrityError, match="at most 65536 bytes"), transaction.atomic():
            ask(payload={"text": "x" * 65536})


def test_same_command_by_two_logins_at_once_is_stored_once(
    transactional_db: None, company: Company, link: Link
) -> None:
    command_id, found, together = uuid4(), [], threading.Barrier(4)

    def click() -> None:
        with role_connection("bo_public") as login:
            together.wait(10)
            with login.transaction():
                set_context(login, company=company.pk, door="link", case=link.case_id, link=link.pk)
                row = login.execute(
                    "select command, job from sec.knock('order', %s, '{\"plan\": 1}', '192.0.2.7')", [command_id]
                ).fetchone()
                found.append(row)

    run_together([threading.Thread(target=click) for _ in range(4)], seconds=30)
    assert len(found) == 4 and len({row[0] for row in found if row}) == 1
    assert sum(1 for row in found if row and row[1] is not None) == 1


@pytest.mark.parametrize(
    "table",
    ["companies_job", "companies_link", "companies_linkevent", "companies_membership", "companies_trailentry",
     "companies_series", "relations_address", "relations_bankaccount", "ledger_line", "policies_invoiceline",
     "quotations_order", "acceptance_assessment"],
)  # fmt: skip
def test_visitor_reads_no_table_of_the_office(company: Company, link: Link, table: str) -> None:
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with visitor(company, link), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"select * from {table}")


def test_visitor_sees_the_commands_of_his_link_only(company: Company, link: Link) -> None:
    with at(company):
        other = link_of(case_again(link))
    with visitor(company, other):
        ask()
        assert Command.objects.count() == 1
    with visitor(company, link):
        assert Command.objects.count() == 0
        mine = ask()
        assert list(Command.objects.values_list("pk", flat=True)) == [mine]
    with at(company):
        assert Command.objects.count() == 2


def test_visitor_writes_neither_command_nor_job_himself(company: Company, link: Link) -> None:
    with visitor(company, link):
        ask()
        for sql in (
            "insert into companies_command (kind) values ('order')", "update companies_command set state = 'done'",
            "delete from companies_command", "insert into companies_job (kind) values ('command.order')",
            "select * from sec.enter_job(gen_random_uuid())", "select * from sec.companies_with_work()",
        ):  # fmt: skip
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)


def test_case_of_another_company_cant_be_knocked_on(company: Company, link: Link) -> None:
    """Even with a forged context a command can't point at another company's case: its key is composite."""
    other = given.company("beta")
    with pytest.raises(DatabaseError, match="foreign key"), transaction.atomic(), visitor(other, link):
        ask()


def carried(company: Company, link: Link, monkeypatch: pytest.MonkeyPatch, carrier: Any) -> Command:
    """A command, knocked by a visitor and carried out by a worker."""
    monkeypatch.setitem(HANDLERS, "command.order", None)
    carries("order")(carrier)
    with visitor(company, link):
        ask()
    with at(company):
        ticket = Job.objects.get().ticket
    run_job(ticket)
    with at(company):
        return Command.objects.get()


def test_worker_carries_it_out_and_keeps_the_outcome(
    transactional_db: None, company: Company, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = carried(
        company, link, monkeypatch, lambda command: {"policy": "P-2026-000001", "plan": command.payload["plan"]}
    )
    assert (command.state, command.outcome) == (CommandState.DONE, {"policy": "P-2026-000001", "plan": "yearly"})
    assert command.done_at is not None


def test_business_error_refuses_the_command_and_keeps_nothing(
    transactional_db: None, company: Company, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(command: Command) -> Any:
        Module.objects.create(code="claims")
        raise BusinessError("The quotation has expired.", code="expired")

    command = carried(company, link, monkeypatch, refuse)
    assert (command.state, command.outcome) == (
        CommandState.REFUSED,
        {"code": "expired", "message": "The quotation has expired."},
    )
    with at(company):
        assert not Module.objects.filter(code="claims").exists()
        assert Job.objects.get().state == "done"


def test_other_error_leaves_the_command_waiting_for_the_next_try(
    transactional_db: None, company: Company, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(command: Command) -> Any:
        raise RuntimeError

    command = carried(company, link, monkeypatch, break_down)
    assert (command.state, command.outcome) == (CommandState.WAITING, {})


def test_links_open_live_and_at_home_only(transactional_db: None, company: Company) -> None:
    from companies.links import revoke_links, secret_of

    other = given.company("beta")
    with at(company):
        case = case_of(company)
        live, expired = link_of(case), link_of(case, days=-1)
        gone = link_of(case, kind=LinkKind.APPLICATION)
        assert revoke_links(case_id=case.pk, kind=LinkKind.APPLICATION) == 1
    with role_connection("bo_public") as login:
        opened = [
            login.execute(
                "select link_id from sec.enter_openly(%s, 'link', %s)", [where.slug, secret_of(link.nonce)]
            ).fetchall()
            for link, where in ((live, company), (live, other), (expired, company), (gone, company))
        ]
        assert opened == [[(live.pk,)], [(None,)], [(None,)], [(None,)]]
        secret = secret_of(live.nonce)
        near = secret[:-1] + ("A" if secret[-1] != "A" else "Q")
        found = login.execute("select link_id from sec.enter_openly(%s, 'link', %s)", [company.slug, near]).fetchone()
        assert found == (None,)
