"""bin/proof fire finds what is planted: an order lost, one carried out twice, a mail that never came, a bare page."""

import urllib.request
from collections.abc import Callable
from dataclasses import replace
from email.message import Message
from typing import Any

import pytest

from config.launch.walk.browser import Page
from config.launch.walk.customer import Customer
from config.launch.walk.expect import StepFailed
from proofs._applicants import Tally, Visitor
from proofs._counts import File, Found, Sent, judge, whole

SANNE, JOOST = "sanne@example.nl", "joost@example.nl"
ILSE = "ilse@kroonlaan.example"
ADDRESS = "http://localhost/duinbaken/apply/x/"


def person(email: str, number: int, adviser: str = "") -> Customer:
    """Somebody who was told the number of his policy."""
    return Customer(
        "duinbaken", "nl", "Sanne", "Verbruggen", "1986-04-17", adviser, ILSE if adviser else "", email=email,
        quotation=f"O-2026-00000{number}", policy=f"P-2026-00000{number}", invoice=f"F-2026-00000{number}",
        submitted=1.0, ordered=2.0,
    )  # fmt: skip


def file_of(one: Customer) -> File:
    return File(one.company, one.email, 1, (one.quotation,), 1, (one.policy,), (one.invoice,))


PEOPLE = [person(SANNE, 1), person(JOOST, 2, "ilse-markus")]
MESSAGES = {"<1>": SANNE, "<2>": SANNE, "<3>": JOOST, "<4>": JOOST, "<5>": ILSE, "<6>": ILSE}
GOOD = Found(
    files=[file_of(one) for one in PEOPLE],
    messages=MESSAGES,
    mails=[Sent(number, to, f"words of {number}") for number, to in MESSAGES.items()],
    series={"duinbaken": ["F-2026-000001", "F-2026-000002"]},
    books={"duinbaken": True},
    undone=0,
)
Plant = Callable[[Found], Found]


def second(found: Found, **changes: Any) -> Found:
    """The second applicant's file changed."""
    return replace(found, files=[found.files[0], replace(found.files[1], **changes)])


LOST: dict[str, Plant] = {
    "an application": lambda found: replace(found, files=found.files[:1]),
    "an order": lambda found: second(found, orders=0, policies=(), invoices=()),
    "an invoice": lambda found: second(found, invoices=()),
    "a policy told under another number": lambda found: second(found, policies=("P-2026-000009",)),
    "a mail that was promised": lambda found: replace(found, mails=found.mails[1:]),
    "a mail that wasn't even promised": lambda found: replace(
        found, messages={n: to for n, to in MESSAGES.items() if n != "<4>"}, mails=[*found.mails[:3], *found.mails[4:]]
    ),
    "an adviser's copy": lambda found: replace(
        found, messages={n: to for n, to in MESSAGES.items() if n != "<6>"}, mails=found.mails[:5]
    ),
}
DOUBLED: dict[str, Plant] = {
    "an application": lambda found: second(found, applications=2),
    "a policy": lambda found: second(found, policies=("P-2026-000002", "P-2026-000003")),
    "an invoice": lambda found: second(found, invoices=("F-2026-000002", "F-2026-000003")),
    "an order that nobody gave": lambda found: replace(found, files=[*found.files, file_of(person("no@one.nl", 3))]),
    "a mail under two numbers": lambda found: replace(
        found, messages={**MESSAGES, "<7>": SANNE}, mails=[*found.mails, Sent("<7>", SANNE, "words of <2>")]
    ),
    "a mail that came again with other words": lambda found: replace(
        found, mails=[*found.mails, Sent("<2>", SANNE, "others")]
    ),
}
BROKEN: dict[str, Plant] = {
    "a gap": lambda found: replace(found, series={"duinbaken": ["F-2026-000001", "F-2026-000003"]}),
    "books that aren't exact": lambda found: replace(found, books={"duinbaken": False}),
    "books that nobody verified": lambda found: replace(found, books={}),
    "a job that isn't done": lambda found: replace(found, undone=1),
}


def test_what_everybody_was_told_is_there_once():
    figures = judge(PEOPLE, GOOD, cut_off=0)
    assert figures["ok"], figures["wrong"]
    assert (figures["orders"], figures["policies"], figures["mails"], figures["lost"], figures["doubled"]) == (
        2,
        2,
        6,
        0,
        0,
    )


@pytest.mark.parametrize("plant", LOST.values(), ids=LOST)
def test_what_is_lost_is_found(plant):
    figures = judge(PEOPLE, plant(GOOD), cut_off=9)
    assert figures["lost"] and not figures["ok"]


@pytest.mark.parametrize("plant", DOUBLED.values(), ids=DOUBLED)
def test_what_is_doubled_is_found(plant):
    figures = judge(PEOPLE, plant(GOOD), cut_off=9)
    assert figures["doubled"] and not figures["ok"]


@pytest.mark.parametrize("plant", BROKEN.values(), ids=BROKEN)
def test_gap_inexact_books_and_work_left_over_fail(plant):
    assert not judge(PEOPLE, plant(GOOD), cut_off=9)["ok"]


def test_same_mail_may_come_again_as_often_as_jobs_were_cut_off():
    again = replace(GOOD, mails=[*GOOD.mails, GOOD.mails[0]])
    assert judge(PEOPLE, again, cut_off=1)["ok"]
    assert not judge(PEOPLE, again, cut_off=0)["ok"]


def test_nobody_at_all_or_somebody_who_never_ordered_fails():
    assert not judge([], replace(GOOD, files=[], messages={}, mails=[]), cut_off=0)["ok"]
    assert not judge([*PEOPLE, replace(person("third@example.nl", 3), submitted=0.0, ordered=3.0)], GOOD, cut_off=0)[
        "ok"
    ]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], True),
        (["F-2026-000001", "F-2026-000002"], True),
        (["F-2025-000001", "F-2026-000001"], True),
        (["F-2026-000002"], False),
        (["F-2025-000001", "F-2025-000003", "F-2026-000001"], False),
    ],
)
def test_series_is_whole_from_its_first_number_year_by_year(numbers, expected):
    assert whole(numbers) is expected


def page(body: str, **headers: str) -> Page:
    told = Message()
    for name, value in headers.items():
        told[name.replace("_", "-")] = value
    return Page(ADDRESS, 503, told, body.encode())


KEPT = '<h1>Away</h1><form method="post" action=""><input type="hidden" name="a" value="1 &amp; 2"></form>'


def test_visitor_sends_again_what_a_clear_page_has_kept():
    visitor = Visitor("http://localhost", Tally(), language="en", number=1)
    asked = urllib.request.Request(ADDRESS, data=b"a=1+%26+2", headers={"Origin": "http://localhost"})
    again = visitor.again(asked, page(KEPT, Retry_After="5"))
    assert (again.full_url, again.data, again.get_header("Origin")) == (ADDRESS, b"a=1+%26+2", "http://localhost")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("Service Unavailable", {"Retry_After": "5"}),
        (KEPT, {}),
        (KEPT.replace('name="a"', 'name="b"'), {"Retry_After": "5"}),
        (f'<h1>Away</h1><a href="{ADDRESS}">Try again</a>', {"Retry_After": "5"}),
    ],
    ids=["bare", "without a time", "with another form", "without the form"],
)
def test_page_that_loses_what_was_sent_or_says_nothing_fails(body, headers):
    visitor = Visitor("http://localhost", Tally(), language="en", number=1)
    asked = urllib.request.Request(ADDRESS, data=b"a=1+%26+2", headers={"Origin": "http://localhost"})
    with pytest.raises(StepFailed):
        visitor.again(asked, page(body, **headers))
