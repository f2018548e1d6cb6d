"""The pages of the office in a real browser, with a policy to show: no fault of axe, console or width on any."""

import re

import pytest
from playwright.sync_api import expect

from config.launch.stack import Stack
from config.launch.walk import customer as way
from config.launch.walk.customer import Customer
from config.launch.walk.mails import Post
from config.launch.walk.staff import ADMINISTRATORS, EVERYTHING
from tests.browser.conftest import Meet
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABS = ("", "answers/", "documents/", "messages/", "decision/", "timeline/")
OFFICE = "/duinbaken/office/"


@pytest.fixture(scope="module")
def insured(stack: Stack) -> Customer:
    """A customer with a policy, come there over the public pages."""
    post = Post(stack.places.mailbox)
    customer = Customer(
        "duinbaken", "nl", "Tjitske", "Boomgaard", "1982-08-30", "ilse-markus", way.customers()[1].adviser_email
    )
    way.apply(customer, stack.addresses["public"])
    way.read_quotation_mails(customer, post)
    way.order(customer)
    way.read_policy_mails(customer, post)
    return customer


@pytest.fixture
def administrator(meet: Meet, insured: Customer) -> Visitor:
    visitor = meet(language="en", width=1400)
    visitor.log_in("office", ADMINISTRATORS["duinbaken"])
    return visitor


def name_of(path: str) -> str:
    return path.strip("/").replace("/", "-") or "today"


def test_every_list(administrator: Visitor) -> None:
    for path in EVERYTHING:
        administrator.open("office", OFFICE + path)
        administrator.see(name_of(path))


def test_the_file_of_a_policy(administrator: Visitor, insured: Customer) -> None:
    administrator.open("office", f"{OFFICE}policies/?q={insured.policy}")
    administrator.page.get_by_role("link", name=insured.policy).click()
    case = re.sub(r"^https?://[^/]+", "", administrator.page.url)
    for tab in TABS:
        administrator.open("office", case + tab)
        expect(administrator.page.locator("main")).to_contain_text(insured.family)
        administrator.see(f"case-{name_of(tab)}")


def test_the_ledger(administrator: Visitor, insured: Customer) -> None:
    administrator.open("office", f"{OFFICE}ledger/")
    administrator.page.get_by_role("link", name="1300").first.click()
    expect(administrator.page.locator("main")).to_contain_text(insured.invoice)
    administrator.see("ledger-account")
    administrator.open("office", f"{OFFICE}ledger/debtors/?q={insured.family}")
    administrator.page.locator("a[href*='/ledger/debtors/R-']").first.click()
    expect(administrator.page.locator("main")).to_contain_text("141.42")
    administrator.see("ledger-debtor")


def test_on_a_phone_in_dutch(meet: Meet, insured: Customer) -> None:
    visitor = meet(language="nl", width=390)
    visitor.open("office", "/accounts/login/")
    visitor.see("login")
    visitor.log_in("office", ADMINISTRATORS["duinbaken"])
    for path in ("", "policies/", "ledger/"):
        visitor.open("office", OFFICE + path)
        visitor.see(name_of(path))
    visitor.open("office", f"{OFFICE}policies/?q={insured.policy}")
    visitor.page.get_by_role("link", name=insured.policy).click()
    visitor.see("case")
