"""One customer's way: apply, read the quotation's mail, read its page, order, read the policy's mail."""

import re
import secrets
import time
import urllib.parse
from dataclasses import dataclass, field
from decimal import Decimal

from config.launch.walk.browser import Answers, Browser, Page
from config.launch.walk.expect import StepFailed, expect, expect_text, wait_for
from config.launch.walk.mails import Mail, Paper, Post
from config.launch.walk.sales import CONTENTS_AND_GLASS, HOMEOWNERS, LIABILITY, TRAILER, Sale

HUMAN = 2.2  # seconds before a first page is sent: the front office takes a faster one for a machine
MOST_STEPS = 20
QUOTATION, POLICY, INVOICE = "O", "P", "F"  # what the numbers of things begin with


@dataclass
class Customer:
    """Who applies where, with or without an adviser, in which language; and what came of it."""

    company: str
    language: str
    given: str
    family: str
    born: str  # ISO
    adviser: str = ""  # his code in the address
    adviser_email: str = ""
    sale: Sale = TRAILER
    email: str = ""  # one of his own, unless he is known
    house_number: str = ""
    application: str = ""  # secret address
    quotation: str = ""
    policy: str = ""
    invoice: str = ""
    link: str = ""  # secret address in the customer's mail
    adviser_link: str = ""
    file_link: str = ""  # secret address in the policy's mail, where the law lets the customer withdraw
    papers: dict[str, Paper] = field(default_factory=dict)  # by hash
    mails: list[Mail] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    submitted: float = 0.0  # time.monotonic()
    ordered: float = 0.0

    def __post_init__(self) -> None:
        self.email = self.email or f"{self.given}.{self.family}.{secrets.token_hex(3)}@example.nl".lower()
        self.house_number = self.house_number or str(secrets.randbelow(400) + 1)

    @property
    def title(self) -> str:
        """The walk of this customer as its steps are called."""
        return f"{self.company}, {self.sale.product}, {f'by {self.adviser}' if self.adviser else 'direct'}"

    @property
    def tokens(self) -> list[str]:
        """The secrets that opened something on this way."""
        return [
            part
            for address in (self.application, self.link, self.adviser_link, self.file_link)
            for part in address.split("/")
            if len(part) == 43
        ]

    @property
    def answers(self) -> Answers:
        """What the forms are filled in with: the answers of the product, and who applies."""
        who = {
            "kind": "person",
            "given_names": self.given,
            "name": self.family,
            "birth_date": self.born,
            "house_number": self.house_number,
            "email": self.email,
            "declared": "on",
        }
        told = {**self.sale.answers, **self.sale.home, **who}
        return told

    def shown(self, amount: Decimal) -> str:
        """An amount as the pages of this customer's language show it."""
        written = f"{amount:,.2f}"
        return written if self.language == "en" else written.translate(str.maketrans(",.", ".,"))


def customers() -> list[Customer]:
    """Ways through the chain: an insurer's customers with and without adviser, an agent's with one; each product."""
    ilse, her_mail = "ilse-markus", "ilse.markus@kroonlaan.example"
    everybody = [
        Customer("duinbaken", "nl", "Sanne", "Verbruggen", "1986-04-17"),
        Customer("duinbaken", "en", "Joost", "Hendriksma", "1974-09-02", ilse, her_mail),
        Customer("schutsluis", "nl", "Marit", "Vonkelaar", "1991-01-30", ilse, her_mail),
        Customer("duinbaken", "nl", "Noor", "Wagenmaker", "1990-05-08", sale=LIABILITY),
        Customer("lindenquell", "de", "Mara", "Feldhoff", "1983-08-21", sale=CONTENTS_AND_GLASS),
        Customer("bluestem", "en", "Marcus", "Hale", "1979-10-03", sale=HOMEOWNERS),
    ]
    return [row for row in everybody if row.sale.on_sale]


def apply(customer: Customer, base: str) -> None:
    """From the public page to the outcome, each page's form filled in as it asks; no employee does anything."""
    browser = Browser(base, language=customer.language)
    page = outcome_of(browser, fill_in(customer, browser))
    customer.seconds["outcome"] = round(time.monotonic() - customer.submitted, 2)
    customer.quotation = number_in(page, QUOTATION)
    if customer.email in page.text:
        raise StepFailed(f"Expected the outcome page to mask the e-mail address; found {customer.email} on it.")


def fill_in(customer: Customer, browser: Browser) -> Page:
    """From the public page to the last word, each page's form filled in as it asks; the page that tells the outcome."""
    via = f"via/{customer.adviser}/" if customer.adviser else ""
    page = browser.open(f"/{customer.company}/apply/{customer.sale.product}/{via}")
    time.sleep(HUMAN)
    for _step in range(MOST_STEPS):
        if page.path.endswith("/outcome/"):
            break
        customer.application = page.url if "/a/" in page.path else customer.application
        after = browser.send(page, page.form_with("token"), customer.answers)
        if after.path == page.path:
            said = "; ".join(" ".join(error.split()) for error in after.reader.errors)
            raise StepFailed(f"Expected to go on from {page.shown}; found: {said or after.heading}.")
        page = after
    customer.submitted = time.monotonic()
    return page


def outcome_of(browser: Browser, page: Page) -> Page:
    """The page that waits for the worker, asked again until it tells."""

    def told() -> Page | None:
        found = browser.open(page.url)
        return found if "Refresh" not in found.headers else None

    return wait_for(f"an outcome at {page.shown}", told)


def number_in(page: Page, prefix: str) -> str:
    """A number such as P-2026-000417 in a page's words."""
    found = re.search(rf"\b{prefix}-\d{{4}}-\d{{6}}\b", page.text)
    if found is None:
        raise StepFailed(f"Expected a number {prefix}-… at {page.shown}; found “{page.heading}”.")
    return found[0]


def read_quotation_mails(customer: Customer, post: Post) -> None:
    """One mail to the customer, one to the adviser, three papers each; the link that orders is the customer's alone."""
    mail = post.wait(customer.email, customer.quotation)
    customer.seconds["quotation_mail"] = round(time.monotonic() - customer.submitted, 2)
    papers = sorted(["application", "quotation", "service", "terms", customer.sale.information])
    expect("the kinds of the papers", papers, kinds(mail))
    expect("the number of links in the customer's mail", 1, len(mail.links))
    customer.link = mail.links[0]
    customer.papers = {paper.sha256: paper for paper in mail.papers}
    customer.mails.append(mail)
    if customer.adviser:
        copy = mail_to_adviser(customer, post, customer.quotation, mail)
        customer.adviser_link = next(iter(copy.links), "")


def mail_to_adviser(customer: Customer, post: Post, about: str, mail: Mail) -> Mail:
    """The adviser's own message: the same papers, behind them those that are told in his own language, another
    Message-ID, never the customer's secret.
    """
    copy = post.wait(customer.adviser_email, about)
    same, told = copy.papers[: len(mail.papers)], copy.papers[len(mail.papers) :]
    expect("the papers of the adviser", [row.sha256 for row in mail.papers], [row.sha256 for row in same])
    if beside := {kind_of(paper) for paper in told} - {*kinds(mail)}:
        raise StepFailed(f"Expected no other papers in the adviser's language; found {', '.join(sorted(beside))}.")
    if copy.message_id == mail.message_id:
        raise StepFailed(f"Expected a Message-ID of its own for the adviser's mail; found {mail.message_id} twice.")
    if customer.link and customer.link in copy.text:
        raise StepFailed(f"Expected the customer's link in his own mail alone; the adviser's about {about} has it too.")
    customer.mails.append(copy)
    return copy


def read_page(customer: Customer) -> tuple[Browser, Page]:
    """The quotation's page in a browser that never was there before; its papers are those of the mail."""
    browser, page = check_papers(customer)
    total = customer.shown(customer.sale.total)
    expect_text(page.text, "the quotation's page", customer.quotation, f"{customer.given} {customer.family}", total)
    return browser, page


def check_papers(customer: Customer) -> tuple[Browser, Page]:
    """The page behind the mailed link: kept nowhere, and its papers are those that were mailed, byte for byte."""
    browser = Browser(customer.link, language=customer.language)
    page = browser.open(customer.link)
    check_secret_headers(page)
    found = {papered(browser, url) for url, _text in page.links if "/papers/" in url}
    expect("the papers on the quotation's page", set(customer.papers), found)
    return browser, page


def papered(browser: Browser, url: str) -> str:
    """The hash of a paper behind a link."""
    page = browser.open(url)
    expect("the type of a paper", "application/pdf", page.headers.get_content_type())
    return Paper("", page.body, 0).sha256


def check_secret_headers(page: Page) -> None:
    """A page behind a secret tells its address to nobody and is kept nowhere (S0-22)."""
    expect("Referrer-Policy", "no-referrer", page.headers["Referrer-Policy"])
    if "no-store" not in (page.headers["Cache-Control"] or ""):
        raise StepFailed(f"Expected Cache-Control no-store at {page.shown}; found {page.headers['Cache-Control']}.")


def order_wrongly(customer: Customer) -> None:
    """A birth date that isn't the customer's orders nothing; the adviser's own link shows no order form."""
    browser, page = read_page(customer)
    form = page.form_with("birth_date")
    refused = outcome_of(browser, browser.send(page, form, {"birth_date": "1960-06-06", "agreed": "on"}))
    if refused.find_form("birth_date") or not [url for url, _text in refused.links if url == customer.link]:
        raise StepFailed(f"Expected a refusal with the way back at {refused.shown}; found “{refused.heading}”.")
    if re.search(rf"\b{POLICY}-\d", refused.text):
        raise StepFailed(f"Expected no policy after a wrong birth date; found “{refused.heading}”.")
    if customer.adviser_link and Browser(customer.adviser_link).open(customer.adviser_link).find_form("birth_date"):
        raise StepFailed("Expected no order form behind the adviser's link; found one.")


def order(customer: Customer) -> None:
    """Order three times, twice by the same form and once by another: one policy comes of it."""
    browser, page = read_page(customer)
    other = browser.open(customer.link)
    told = {"birth_date": customer.born, "agreed": "on"}
    ordered = browser.send(page, page.form_with("birth_date"), told)
    customer.ordered = time.monotonic()
    for again in (page, other):
        browser.send(again, again.form_with("birth_date"), told)
    done = outcome_of(browser, ordered)
    customer.policy, customer.invoice = number_in(done, POLICY), number_in(done, INVOICE)
    if browser.open(customer.link).find_form("birth_date"):
        raise StepFailed("Expected no order form after the order; found one.")


def read_policy_mails(customer: Customer, post: Post) -> None:
    """Policy, invoice and, byte for byte, the application copy that came with the quotation (S0-24)."""
    mail = post.wait(customer.email, customer.policy)
    customer.seconds["policy_mail"] = round(time.monotonic() - customer.ordered, 2)
    expect("the number of links in the policy's mail", int(customer.sale.withdraws), len(mail.links))
    expect("the kinds of the papers", ["application", "invoice", "policy"], kinds(mail))
    first = next(row for row in customer.papers.values() if kind_of(row) == "application")
    copy = next(row for row in mail.papers if kind_of(row) == "application")
    expect("the hash of the application copy", first.sha256, copy.sha256)
    customer.papers |= {paper.sha256: paper for paper in mail.papers}
    customer.mails.append(mail)
    if customer.adviser:
        mail_to_adviser(customer, post, customer.policy, mail)
    expect_text(check_papers(customer)[1].text, "the quotation's page after the order", customer.policy)
    if customer.sale.withdraws:
        customer.file_link = mail.links[0]
        check_withdrawal(customer)


def check_withdrawal(customer: Customer) -> None:
    """The page of the policy's mail offers to withdraw, asks who declares it, and shows what is declared."""
    browser = Browser(customer.file_link, language=customer.language)
    page = browser.open(customer.file_link)
    place = next((url for url, _text in page.links if url.endswith("/withdraw/")), None)
    if place is None:
        raise StepFailed(f"Expected a way to withdraw at {page.shown}; found none.")
    asked = browser.open(place)
    check_secret_headers(asked)
    declared = browser.send(asked, asked.form_with("token"), {})  # the first of two steps: nothing is sent yet
    expect_text(declared.text, "the page that asks to confirm", customer.policy, f"{customer.given} {customer.family}")


def kinds(mail: Mail) -> list[str]:
    """Which papers are in a mail, by the first word of their file names."""
    return sorted(kind_of(paper) for paper in mail.papers)


def kind_of(paper: Paper) -> str:
    """application, quotation, ipid, policy or invoice."""
    return paper.name.partition("-")[0]


def check_closed_doors(customer: Customer) -> None:
    """An unknown secret, and the secret at another company, open nothing."""
    browser = Browser(customer.link)
    token = next(part for part in customer.link.split("/") if len(part) == 43)
    other = "schutsluis" if customer.company == "duinbaken" else "duinbaken"
    path = urllib.parse.urlsplit(customer.link).path
    for address in (path.replace(token, secrets.token_urlsafe(32)), path.replace(customer.company, other, 1)):
        browser.open(address, status=404)


def check_ended(customer: Customer) -> None:
    """The link of the mail opens nothing any more."""
    Browser(customer.link).open(customer.link, status=404)
