"""The smoke walk: starts the application, walks the whole chain over HTTP, prints one JSON object as its last line.

Customers go from the public page to the booked policy: an insurer's without and with adviser, an agent's with, and one
for each other product of the catalogue.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from config.launch.errors import LaunchError
from config.launch.processes import health
from config.launch.stack import Stack
from config.launch.walk import books, customer, staff
from config.launch.walk.customer import Customer, customers
from config.launch.walk.expect import StepFailed, expect
from config.launch.walk.first_sale import KNOWN
from config.launch.walk.mails import Post


@dataclass(frozen=True)
class Step:
    """One step of the walk: whether it went as expected, how long it took, and what was found if not."""

    name: str
    ok: bool
    seconds: float
    found: str = ""


class Walk:
    """What is known on the way: the running application, the customers, their mails, the books before and after."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.customers = customers()
        self.companies = list(dict.fromkeys(row.company for row in self.customers))
        self.post: Post | None = None
        self.before: dict[str, staff.Balances] = {}
        self.books: dict[str, Any] = {}

    @property
    def office(self) -> str:
        """Address of the office."""
        return self.stack.addresses["office"]

    @property
    def public(self) -> str:
        """Address of the front office, the links and the advisers."""
        return self.stack.addresses["public"]

    def of(self, company: str) -> list[Customer]:
        """The customers of one company."""
        return [row for row in self.customers if row.company == company]

    def figures(self) -> dict[str, Any]:
        """What the walk found: numbers, mails with their papers and pages, seconds, books."""
        rows = self.customers
        mails = [mail for row in rows for mail in row.mails]
        return {
            "companies": list(self.before),
            "products": self.products(),
            "quotations": [row.quotation for row in rows if row.quotation],
            "policies": [row.policy for row in rows if row.policy],
            "invoices": [row.invoice for row in rows if row.invoice],
            "mails": len(mails),
            "papers": {mail.name: [f"{paper.name}, {paper.pages} p." for paper in mail.papers] for mail in mails},
            "seconds": {row.title: row.seconds for row in rows if row.seconds},
            "books": self.books,
        }

    def products(self) -> dict[str, Any]:
        """What was sold of each product, and what one of it costs."""
        sold: dict[str, Any] = {}
        for row in self.customers:
            found = sold.setdefault(
                row.sale.product,
                {"net": f"{row.sale.net}", "tax": f"{row.sale.tax}", "total": f"{row.sale.total}", "policies": []},
            )
            found["policies"] += [f"{row.company} {row.policy}"] if row.policy else []
        return sold


def main(stack: Stack) -> int:
    """Start the stack, walk all steps until one fails, print the result; exit code 0 or 1."""
    walk = Walk(stack)
    steps: list[Step] = []
    way = [("start", start), *steps_of(walk)]
    for name, act in way:
        began = time.monotonic()
        try:
            act(walk)
        except (StepFailed, LaunchError) as error:
            steps.append(Step(name, False, round(time.monotonic() - began, 3), str(error)))
            print(f"{name}: {error}", file=sys.stderr, flush=True)
            break
        steps.append(Step(name, True, round(time.monotonic() - began, 3)))
        print(f"{name}: {steps[-1].seconds} s", file=sys.stderr, flush=True)
    ok = len(steps) == len(way) and all(step.ok for step in steps)
    report = {"ok": ok, "addresses": stack.addresses, **walk.figures(), "steps": [asdict(step) for step in steps]}
    print(json.dumps(report, ensure_ascii=False), flush=True)
    return 0 if ok else 1


Act = Callable[[Walk], None]


def steps_of(walk: Walk) -> list[tuple[str, Act]]:
    """The steps in their order: each customer's way, then everybody who works with what came of it."""
    ways: list[tuple[str, Act]] = []
    for row in walk.customers:
        ways += [(f"{row.title}: {name}", partial(act, row)) for name, act in CUSTOMER_STEPS]
    return [*BEFORE, *ways, *AFTER]


def start(walk: Walk) -> None:
    """Everything up, demo companies and all."""
    walk.stack.start()
    walk.post = Post(walk.stack.places.mailbox)


def check_health(walk: Walk) -> None:
    """Each door answers its health page."""
    for child in walk.stack.children:
        if child.process.probe == "http" and (status := health(child.port)) != 200:
            address = walk.stack.addresses[child.process.name]
            raise StepFailed(f"Expected status 200 of {child.process.title} at {address}/health/; found {status}.")


def read_books(walk: Walk) -> None:
    """The trial balances before the first sale."""
    for company in walk.companies:
        walk.before[company] = staff.read_balances(staff.bookkeeper(walk.office, company), company)


def mailbox(walk: Walk) -> Post:
    """The mails since the start."""
    if walk.post is None:
        raise StepFailed("Expected a started application; found none.")
    return walk.post


def apply(row: Customer, walk: Walk) -> None:
    customer.apply(row, walk.public)


def quotation(row: Customer, walk: Walk) -> None:
    customer.read_quotation_mails(row, mailbox(walk))


def wrong_fact(row: Customer, walk: Walk) -> None:
    customer.order_wrongly(row)


def order(row: Customer, walk: Walk) -> None:
    customer.order(row)


def policy(row: Customer, walk: Walk) -> None:
    customer.read_policy_mails(row, mailbox(walk))


def closed_doors(row: Customer, walk: Walk) -> None:
    customer.check_closed_doors(row)


def check_mails(walk: Walk) -> None:
    """No mail more than promised, each with a Message-ID of its own."""
    mails = mailbox(walk).all()
    expect("the number of mails", sum(len(row.mails) for row in walk.customers), len(mails))
    expect("the number of different Message-IDs", len(mails), len({mail.message_id for mail in mails}))


def check_portfolio(walk: Walk) -> None:
    """The adviser sees his sales, another doesn't."""
    staff.check_portfolio(walk.public, [row for row in walk.customers if row.adviser])


def check_folder(walk: Walk) -> None:
    """The demo's first customer finds all in his folder."""
    staff.check_folder(walk.public, KNOWN.company, KNOWN.email)


def check_office(walk: Walk) -> None:
    """The clerks find everything of their own, the administrators every list."""
    for company in walk.companies:
        staff.check_office(walk.office, company, walk.of(company))
        staff.check_administrator(walk.office, company)


def check_books(walk: Walk) -> None:
    """The books moved by what was sold, to the cent, and hold together."""
    for company in walk.companies:
        keeper = staff.bookkeeper(walk.office, company)
        after = staff.read_balances(keeper, company)
        walk.books[company] = books.check_books(
            walk.stack, company, walk.of(company), before=walk.before[company], after=after
        )
        for row in walk.of(company):
            staff.check_debtor(keeper, row)


def check_expired(walk: Walk) -> None:
    """A link whose time is over opens nothing; the clock is moved for the link, since no visitor can move it."""
    row = walk.customers[0]
    with walk.stack.cluster.postgres.connect("polisdesk") as connection:
        done = connection.execute(
            "UPDATE companies_link SET expires_at = now() - interval '1 day' "
            "WHERE kind = 'case' AND addressee = 'customer' AND (company_id, case_id) IN "
            "(SELECT p.company_id, p.case_id FROM policies_policy p JOIN companies_company c ON c.id = p.company_id "
            "WHERE p.number = %s AND c.slug = %s)",
            [row.policy, row.company],
        )
    expect("the number of links that ended", 1 + bool(row.file_link), done.rowcount)
    customer.check_ended(row)


def check_logs(walk: Walk) -> None:
    """No log holds a secret, and no process has written of an error of its own."""
    tokens = [token for row in walk.customers for token in row.tokens]
    expect("the number of secrets on the way", len({*tokens}), len(tokens))
    for log in sorted(walk.stack.places.logs.iterdir()):
        text = log.read_text(errors="replace")
        if any(token in text for token in tokens):
            raise StepFailed(f"Expected no secret of a link in {log}; found one.")
        if log.stem in {process.name for process in walk.stack.table} and "Traceback (most recent call last)" in text:
            raise StepFailed(f"Expected no error in {log}; found one.")


def check_nothing_ended(walk: Walk) -> None:
    """No process has ended on the way."""
    for child in walk.stack.children:
        if (code := child.ended()) is not None:
            raise StepFailed(f"Expected {child.process.title} to run; it ended with code {code}.")


BEFORE: list[tuple[str, Act]] = [("health", check_health), ("books before", read_books)]
CUSTOMER_STEPS: list[tuple[str, Callable[[Customer, Walk], None]]] = [
    ("application", apply),
    ("quotation by mail", quotation),
    ("wrong birth date", wrong_fact),
    ("order", order),
    ("policy by mail", policy),
    ("closed doors", closed_doors),
]
AFTER: list[tuple[str, Act]] = [
    ("mails", check_mails),
    ("portfolio", check_portfolio),
    ("folder", check_folder),
    ("office", check_office),
    ("books", check_books),
    ("expired link", check_expired),
    ("logs", check_logs),
    ("processes", check_nothing_ended),
]
