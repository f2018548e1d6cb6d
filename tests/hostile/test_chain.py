"""Customers whose every word is hostile, from application to policy: what is mailed and printed of them is text."""

import io
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.headerregistry import Address
from typing import Any

import pytest
from django.core import mail
from pypdf import PdfReader

from companies.doors import Door
from companies.models import Command, Company, Job
from documents.intake import child
from documents.models import Document
from documents.store import fetch
from quotations.models import Quotation
from tests import given
from tests.hostile import WHOLE, papers
from tests.hostile.corpus import EMAILS, FORMULAS, HEADERS, ODD, PROBE, SCRIPTS

pytestmark = pytest.mark.django_db
FIELDS = {"given_names": 60, "name": 80, "street": 120, "city": 80}
HEADS = {
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Subject", "From", "To", "Reply-To", "Date",
    "Message-ID", "Auto-Submitted", "Content-Language",
}  # fmt: skip


def customers() -> Iterator[dict[str, Any]]:
    """Four words to a customer; then an address to a customer; then names as long as they may be."""
    texts = [*papers.hostile(PROBE), *SCRIPTS, *HEADERS, *FORMULAS, *ODD]
    words = [word for word in dict.fromkeys(texts) if word.isprintable() and word.strip()]
    for number in range(0, len(words), len(FIELDS)):
        said = {name: words[(number + place) % len(words)][:most] for place, (name, most) in enumerate(FIELDS.items())}
        yield customer(f"c{number}@hostile.example", **said)
    for address in EMAILS:
        yield customer(address.lower())
    yield customer("long@hostile.example", given_names="W" * 60, name="V" * 80, street="U" * 120, city="T" * 80)
    yield customer("wide@hostile.example", name="\ufdfa" * 80, given_names="\u1e9e" * 60)


def customer(email: str, *, street: str = "Dorpsstraat", city: str = "Vlissingen", **said: str) -> dict[str, Any]:
    """A policyholder."""
    address = {**given.HOLDER["address"], "street": street, "city": city}
    return {**given.HOLDER, "email": email, **said, "address": address}


EVERYBODY = list(customers())
SAMPLE = EVERYBODY if WHOLE else [EVERYBODY[0], EVERYBODY[-2], EVERYBODY[-1]]


@pytest.mark.parametrize("holder", SAMPLE, ids=lambda holder: f"{holder['name'][:20]} {holder['email']}"[:40])
def test_a_hostile_customer_gets_papers_and_mails_of_plain_text(
    holder: dict[str, Any], figure: Callable[..., None]
) -> None:
    company = given.provider()
    figure("customers: sent", 1)
    quotation = applied(company, holder)
    if quotation is None:
        figure("customers: refused as incomplete", 1)
        assert mail.outbox == []
        return
    given.ordered(company, quotation)
    given.work(company)
    with given.inside(company):
        undone = [(job.kind, job.state) for job in Job.objects.exclude(state="done")]
        contents = [fetch(row.file) for row in Document.objects.select_related("file")]
    assert undone == []
    assert len(mail.outbox) == 2 and len(contents) == 5
    assert [fault for letter in mail.outbox for fault in faults_of(letter, holder)] == []
    read = [PdfReader(io.BytesIO(content)) for content in contents]
    printed = "".join("".join(page.extract_text() for paper in read for page in paper.pages).split())
    assert {child.pdf(content)[0] for content in contents} == {"application/pdf"}  # nothing in it acts or is carried
    assert not [content for content in contents if papers.addresses(content, PROBE) or papers.attachments(content)]
    assert "root:x:0" not in printed
    words = [holder["name"], holder["given_names"], holder["address"]["street"], holder["address"]["city"]]
    figure("customers: policies", 1)
    figure("customers: papers", len(contents))
    figure("customers: mails", len(mail.outbox))
    shown = sum(one_word(word) in printed for word in words)
    figure("customers: words printed as they were written", shown, least=0)  # of some scripts no font has a sign


def applied(company: Company, holder: dict[str, Any]) -> Quotation | None:
    """The quotation that a customer gets; None if his application is refused in words."""
    opened: Any = given.draft(company, holder=holder)
    sent = {"case_id": opened.case_id, "link_id": opened.link_id}
    command = given.knocked(company, "apply", **sent, door=Door.FRONT, payload={})
    given.work(company)
    with given.inside(company):
        command = Command.objects.get(pk=command.pk)
        if command.state == "refused":
            assert command.outcome["code"] == "not_complete"
            return None
        return Quotation.objects.select_related("case").get(case=opened.case_id)


def one_word(text: str) -> str:
    return "".join(text.split())


def one_spelling(email: str) -> str:
    """An address as heads write it: without quotes that it doesn't need, which every mail server takes for the same."""
    return Address(addr_spec=email).addr_spec


def faults_of(letter: Any, holder: dict[str, Any]) -> Iterator[str]:
    """What a mail server or a reader could be made to do by a mail."""
    written = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    yield from (f"a head {name}" for name in set(written.keys()) - HEADS)
    yield from (f"{name} twice" for name in HEADS if len(written.get_all(name, [])) > 1)
    addresses = written["To"].addresses
    if len(addresses) != 1 or letter.recipients() != letter.to or len(letter.to) != 1:
        yield f"addressees {letter.recipients()}"
    elif holder["email"].isascii() and addresses[0].addr_spec.lower() != one_spelling(holder["email"]):
        yield f"addressee {addresses[0].addr_spec} instead of {holder['email']}"
    if written.get_body(("html",)) is not None or letter.cc or letter.bcc:
        yield "a page or a copy"
    if any(kind != "application/pdf" for _name, _content, kind in letter.attachments):
        yield "another file than a paper"
