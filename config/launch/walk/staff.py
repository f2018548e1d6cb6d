"""Employees and advisers: each logs in at his own door and sees what is his, and nothing else."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.launch.walk.browser import Browser, Page
from config.launch.walk.customer import Customer
from config.launch.walk.expect import StepFailed, expect, expect_text
from config.launch.walk.mails import Paper

PASSWORD = "demo-polisdesk"  # noqa: S105 (the demo's, printed by bin/demo)
CLERKS = {
    "duinbaken": "sjoerd.brandsma@duinbaken.example",
    "schutsluis": "tessa.kuijk@schutsluis.example",
    "lindenquell": "henrike.solt@lindenquell.example",
    "bluestem": "dwight.mercer@bluestem.example",
}
BOOKKEEPERS = {**CLERKS, "duinbaken": "naima.bakkali@duinbaken.example"}
ILSE, BRAM = "ilse.markus@kroonlaan.example", "bram.ottens@kroonlaan.example"
ADMINISTRATORS = {
    "duinbaken": "maud.terwiel@duinbaken.example",
    "schutsluis": "kees.verloop@schutsluis.example",
    "lindenquell": "ruth.amelang@lindenquell.example",
    "bluestem": "carla.whitfield@bluestem.example",
}
LISTS = ("", "applications/", "quotations/", "policies/", "invoices/", "relations/")
PAPER = re.compile(r"/folder/papers/[0-9a-f-]{36}/$")
EVERYTHING = (*LISTS, "products/", "jobs/", "ledger/", "ledger/debtors/")


def enter(base: str, login: str, *, language: str = "en") -> Browser:
    """Somebody's browser after he has logged in."""
    browser = Browser(base, language=language)
    browser.log_in(login, PASSWORD)
    return browser


def mailed(customer: Customer) -> set[str]:
    """The hashes of all papers that went to the customer or to his adviser."""
    return {paper.sha256 for mail in customer.mails for paper in mail.papers}


def check_portfolio(base: str, sold: Sequence[Customer]) -> None:
    """Ilse finds what was sold by her links in her portfolio, with its papers; Bram and strangers don't (S0-34)."""
    ilse, bram = enter(base, ILSE), enter(base, BRAM)
    for customer in sold:
        home = f"/{customer.company}/advisers/"
        page = ilse.open(home)
        case = link_named(page, customer.policy)
        file = ilse.open(case)
        expect_text(file.text, "the adviser's page of the case", customer.policy, customer.family)
        papers = {paper_hash(ilse, url) for url, _text in file.links if "/advisers/documents/" in url}
        if not papers or not papers <= mailed(customer):
            raise StepFailed(f"Expected the mailed papers at {file.shown}; found {len(papers)} others.")
        if customer.policy in bram.open(home).text:
            raise StepFailed(f"Expected {customer.policy} in one adviser's portfolio alone; the other sees it too.")
        bram.open(case, status=404)
        stranger = Browser(base).open(case)
        if stranger.find_form("password") is None:
            raise StepFailed(f"Expected the login page for a stranger at {stranger.shown}; found “{stranger.heading}”.")


def check_folder(base: str, company: str, email: str) -> None:
    """A customer finds his policy, what is due and his papers in his folder (S1-15)."""
    browser = enter(base, email)
    home = f"/{company}/folder/"
    policy = next((url for url, _text in browser.open(home).links if "/policies/" in url), None)
    if policy is None:
        raise StepFailed(f"Expected a policy in the folder of {email}; found none.")
    expect_text(browser.open(policy).text, "the folder's page of the policy", "P-", "F-")
    expect_text(browser.open(f"{home}payments/").text, "the folder's payments", "F-")
    found = [url for url, _text in browser.open(f"{home}papers/").links if PAPER.search(url)]
    papers = {paper_hash(browser, url) for url in found}
    expect("the number of papers in the folder", 7, len(papers))


def link_named(page: Page, text: str) -> str:
    """The address behind a link's words."""
    found = next((url for url, words in page.links if words == text), None)
    if found is None:
        raise StepFailed(f"Expected a link {text} at {page.shown}; found “{page.heading}” without it.")
    return found


def paper_hash(browser: Browser, url: str) -> str:
    """The hash of a paper's bytes, fetched with a login."""
    return Paper("", browser.open(url).body, 0).sha256


def check_office(base: str, company: str, customers: Sequence[Customer]) -> None:
    """A clerk finds policy, file, timeline and papers; the other company isn't there for him (S0-29, S0-33)."""
    clerk = enter(base, CLERKS[company])
    office = f"/{company}/office/"
    for name in LISTS:
        clerk.open(office + name)
    for customer in customers:
        case = link_named(clerk.open(f"{office}policies/?q={customer.policy}"), customer.policy)
        expect_text(clerk.open(f"{office}invoices/?q={customer.invoice}").text, "the invoices", customer.invoice)
        expect_text(clerk.open(case).text, "the file", customer.policy, customer.family)
        check_timeline(clerk.open(f"{case}timeline/"))
        documents = clerk.open(f"{case}documents/")
        hashes = {paper_hash(clerk, url) for url, _text in documents.links if "/office/documents/" in url}
        expect(f"the papers of {customer.policy} in the office", mailed(customer), hashes)
        messages = clerk.open(f"{case}messages/").body.decode()
        if any(token in messages for token in customer.tokens):
            raise StepFailed("Expected no customer's secret on the page of messages; found one.")
    other = next(name for name in CLERKS if name != company)
    clerk.open(f"/{other}/office/", status=404)


def check_administrator(base: str, company: str) -> None:
    """The administrator, an auditor too, opens every list; a clerk without that right is refused."""
    administrator = enter(base, ADMINISTRATORS[company], language="nl")
    for name in EVERYTHING:
        administrator.open(f"/{company}/office/{name}")
    if CLERKS[company] != BOOKKEEPERS[company]:
        enter(base, CLERKS[company]).open(f"/{company}/office/ledger/", status=403)


def check_timeline(page: Page) -> None:
    """The timeline tells the whole way, newest first."""
    told = page.body.decode().count("<time ")
    if told < 6:
        raise StepFailed(f"Expected at least six events at {page.shown}; found {told}.")


@dataclass(frozen=True)
class Balances:
    """Account codes with their balance, debit positive, in the company's currency."""

    rows: dict[str, Decimal]

    def since(self, before: "Balances") -> dict[str, Decimal]:
        """What moved since an earlier reading."""
        moved = {code: amount - before.rows.get(code, Decimal(0)) for code, amount in self.rows.items()}
        return {code: amount for code, amount in sorted(moved.items()) if amount}


def bookkeeper(base: str, company: str) -> Browser:
    """The bookkeeper of a company, logged in."""
    return enter(base, BOOKKEEPERS[company])


def read_balances(keeper: Browser, company: str) -> Balances:
    """The trial balance as the bookkeeper exports it, in the bookkeeper's language; its page must show too."""
    address = f"/{company}/office/ledger/"
    keeper.open(address)
    written = keeper.open(f"{address}?export=csv").body.decode("utf-8-sig")
    delimiter = ";" if '";"' in written.splitlines()[0] else ","
    rows = list(csv.reader(io.StringIO(written), delimiter=delimiter))[1:]
    return Balances({row[0]: Decimal(row[5].replace(",", ".")) for row in rows})


def check_debtor(keeper: Browser, customer: Customer) -> None:
    """The debtors' list names who owes, and the debtor's account his invoice to the cent."""
    page = keeper.open(f"/{customer.company}/office/ledger/debtors/?q={customer.family}")
    accounts = [
        keeper.open(url) for url in dict.fromkeys(url for url, _text in page.links if "/ledger/debtors/R-" in url)
    ]
    account = next((found for found in accounts if customer.invoice in found.text), None)
    if account is None:
        raise StepFailed(
            f"Expected {customer.family} to owe {customer.invoice}; found {len(accounts)} debtors without it."
        )
    expect_text(account.text, "the debtor's account", f"{customer.sale.total:,.2f}")
