"""What became of the applicants: what they were told, what stands in the database and what lies in the mailbox, counted
against each other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from config.launch.walk.customer import Customer


@dataclass(frozen=True)
class File:
    """What the database holds of one applicant."""

    company: str
    email: str
    applications: int
    quotations: tuple[str, ...]
    orders: int
    policies: tuple[str, ...]
    invoices: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """One mail that arrived: its Message-ID, to whom, and a hash of what a reader gets."""

    message_id: str
    to: str
    content: str


@dataclass(frozen=True)
class Found:
    """All that there is at the end; what was there before the first applicant is left out, but for the series."""

    files: Sequence[File]
    messages: Mapping[str, str]  # Message-ID and addressee of what was promised
    mails: Sequence[Sent]
    series: Mapping[str, Sequence[str]]  # invoice numbers by company, all of them
    books: Mapping[str, bool]  # verdict of ledger_verify by company
    undone: int  # jobs that should be done and aren't


def judge(people: Sequence[Customer], found: Found, *, cut_off: int) -> dict[str, Any]:
    """The figures, and `ok`: nothing lost, nothing doubled, the books exact.

    `cut_off`: how many jobs may have been cut off between the mail server's yes and the commit; so many mails may have
    come again under the same Message-ID (docs/decisions/0004).
    """
    lost, doubled = sorted(losses(people, found)), sorted(doubles(people, found))
    count = Counter(mail.message_id for mail in found.mails)
    repeats = count.total() - len(count)
    gaps = sum(not whole(numbers) for numbers in found.series.values())
    figures = {
        "applications": sum(bool(one.submitted) for one in people),
        "orders": sum(bool(one.ordered) for one in people),
        "policies": sum(len(file.policies) for file in found.files),
        "invoices": sum(len(file.invoices) for file in found.files),
        "mails promised": len(found.messages),
        "mails": len(count),
        "mails again under the same Message-ID": repeats,
        "lost": len(lost),
        "doubled": len(doubled),
        "companies with a gap in their invoices": gaps,
        "companies whose books are verified": sum(found.books.values()),
        "jobs not done": found.undone,
        "wrong": [*lost, *doubled][:10],
    }
    exact = not lost and not doubled and not gaps and not found.undone and all(found.books.values())
    enough = bool(figures["orders"]) and figures["orders"] == figures["applications"] and bool(found.books)
    return {**figures, "ok": exact and enough and repeats <= cut_off}


def losses(people: Sequence[Customer], found: Found) -> Iterator[str]:
    """What somebody was told, or was promised, and isn't there."""
    files = {(file.company, file.email): file for file in found.files}
    arrived = {mail.message_id for mail in found.mails}
    addressed = Counter(found.messages.values())
    for one in people:
        file = files.get((one.company, one.email))
        if one.submitted and (file is None or not file.quotations or not addressed[one.email]):
            yield f"application of {one.email}"
        elif one.ordered and (not file or not file.orders or not file.policies or not file.invoices):
            yield f"order of {one.email}"
        elif one.ordered and addressed[one.email] < 2:
            yield f"mail of the policy to {one.email}"
        elif file and {one.quotation, one.policy, one.invoice} - {*file.quotations, *file.policies, *file.invoices, ""}:
            yield f"number told to {one.email}"
    for adviser, owed in owed_to_advisers(people).items():
        if addressed[adviser] < owed:
            yield f"{owed - addressed[adviser]} copies for {adviser}"
    yield from (f"mail {number}" for number in found.messages if number not in arrived)


def doubles(people: Sequence[Customer], found: Found) -> Iterator[str]:
    """What is there twice, or was asked for by nobody."""
    ordered = {(one.company, one.email) for one in people if one.ordered}
    submitted = {(one.company, one.email) for one in people if one.submitted}
    for file in found.files:
        who = (file.company, file.email)
        most, orders = int(who in submitted), int(who in ordered)
        if file.applications > most or len(file.quotations) > most:
            yield f"application of {file.email}"
        if max(file.orders, len(file.policies), len(file.invoices)) > orders:
            yield f"policy of {file.email}"
    addressed, owed = Counter(found.messages.values()), owed_to_advisers(people)
    for address, number in addressed.items():
        if number > owed.get(address, 2):
            yield f"mails promised to {address}"
    contents: dict[tuple[str, str], set[str]] = {}
    for mail in found.mails:
        contents.setdefault((mail.to, mail.content), set()).add(mail.message_id)
        if mail.message_id not in found.messages:
            yield f"mail {mail.message_id}, which nobody promised"
    yield from (f"the same mail to {to}" for (to, _content), numbers in contents.items() if len(numbers) > 1)
    versions = Counter(number for number, _content in {(mail.message_id, mail.content) for mail in found.mails})
    yield from (f"mail {number} with two contents" for number, count in versions.items() if count > 1)


def owed_to_advisers(people: Sequence[Customer]) -> Counter[str]:
    """How many copies each adviser gets: of the quotation, and of the policy."""
    owed: Counter[str] = Counter()
    for one in people:
        if one.adviser:
            owed[one.adviser_email] += bool(one.submitted) + bool(one.ordered)
    return owed


def whole(numbers: Sequence[str]) -> bool:
    """Whether the invoices of a company are numbered without a gap, year by year: F-2026-000001, F-2026-000002 ..."""
    found = sorted((year, int(place)) for _kind, year, place in (number.split("-") for number in numbers))
    first = dict(reversed(found))
    return set(first.values()) <= {1} and all(b == (a[0], a[1] + 1) or b[0] != a[0] for a, b in pairwise(found))
