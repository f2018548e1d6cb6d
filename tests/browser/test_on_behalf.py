"""Filling in for a client in a real browser: the adviser sends in or hands over, the office enters by hand."""

import re

import pytest
from playwright.sync_api import expect

from config.launch.walk.customer import HUMAN, Customer, kinds
from config.launch.walk.mails import Post
from config.launch.walk.sales import TRAILER
from config.launch.walk.staff import BRAM, CLERKS, ILSE
from tests.browser.conftest import Meet
from tests.browser.test_chain import OUTCOME, check_policy_mail, order, quotation_mail, settled
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PRODUCT = TRAILER.product
BEGIN = f'form[action$="/products/{PRODUCT}/begin/"]'
EXTRANET, OFFICE = "/duinbaken/advisers/", "/duinbaken/office/"
DEVELOPER = "pim.ockels@duinbaken.example"
CONTINUE = re.compile(r"http://[^\s<>]+/apply/a/[A-Za-z0-9_-]{43}/")
REVIEW = re.compile(r"/review/$")


def fill_in(visitor: Visitor, customer: Customer, *, named: str = "") -> None:
    """From the first step to the review, answering what each page asks."""
    for number in range(1, 9):
        if named:
            visitor.see(f"{named}-{number}")
        if REVIEW.search(visitor.page.url):
            return
        visitor.fill(customer.answers)
        heading = visitor.page.locator("h1").inner_text()
        visitor.go_on()
        expect(visitor.page.locator("h1")).not_to_have_text(heading)
    raise AssertionError(f"Expected the review after eight steps, found {visitor.path}.")


def begin(visitor: Visitor) -> None:
    visitor.open("public", f"{EXTRANET}products/")
    visitor.page.locator(BEGIN).get_by_role("button").click()
    expect(visitor.page.locator("ol.steps, svg.meter").first).to_be_attached()


def send(visitor: Visitor) -> None:
    visitor.fill({"declared": "on"})
    visitor.go_on()
    visitor.page.wait_for_url(OUTCOME)
    settled(visitor)


def adviser(meet: Meet, login: str = ILSE, **window: int) -> Visitor:
    found = meet(language="en", **window)
    found.log_in("public", login)
    return found


def test_an_adviser_sends_in_for_his_client(meet: Meet, post: Post) -> None:
    customer = Customer("duinbaken", "en", "Marieke", "Dolfijn", "1990-01-31")
    ilse = adviser(meet, width=390)
    ilse.open("public", f"{EXTRANET}products/")
    ilse.see("behalf-products")
    begin(ilse)
    fill_in(ilse, customer, named="behalf")
    send(ilse)
    ilse.see("behalf-outcome")
    expect(ilse.page.locator("main")).to_contain_text("is on its way to the client")
    mail = quotation_mail(customer, post)
    both = ["application", "ipid", "quotation"] * 2  # in the language of the client, and in the adviser's
    assert kinds(post.wait(ILSE, customer.family)) == sorted([*both, "service", "terms"])
    policy = order(meet(language="en"), customer, mail)
    check_policy_mail(customer, post, policy)
    ilse.open("public", f"{EXTRANET}applications/")
    ilse.see("behalf-applications")


def test_an_adviser_hands_over_and_the_client_declares(meet: Meet, post: Post) -> None:
    customer = Customer("duinbaken", "en", "Jelle", "Waterman", "1975-06-02")
    ilse = adviser(meet)
    begin(ilse)
    fill_in(ilse, customer)
    ilse.page.get_by_role("button", name="Mail it to the client").click()
    expect(ilse.page.locator("h1")).to_have_text("The application is with the client", timeout=20_000)
    ilse.see("behalf-with-client")
    found = CONTINUE.search(post.wait(customer.email, "/apply/a/").text)
    assert found is not None
    client = meet(language="en", width=390)
    client.page.goto(found[0])
    expect(client.page.locator("main")).to_contain_text("My answers are true and complete")
    client.page.wait_for_timeout(HUMAN * 1000)
    send(client)
    client.see("behalf-client-outcome")
    quotation_mail(customer, post)
    ilse.open("public", f"{EXTRANET}applications/?q={customer.family}")
    expect(ilse.page.locator("main")).to_contain_text("The client orders before")


def test_the_office_enters_by_hand(meet: Meet, post: Post) -> None:
    customer = Customer("duinbaken", "nl", "Wiebe", "Kastanje", "1968-12-09")
    clerk = meet(language="nl", width=1400)
    clerk.log_in("office", CLERKS["duinbaken"])
    clerk.open("office", f"{OFFICE}applications/new/")
    clerk.see("by-hand-new")
    clerk.page.locator("[name=product]").select_option(PRODUCT)
    clerk.go_on()
    expect(clerk.page.locator("ol.steps")).to_be_visible()
    clerk.open("office", f"{OFFICE}applications/drafts/")
    clerk.see("by-hand-drafts")
    clerk.page.get_by_role("link", name="Verdergaan").first.click()
    fill_in(clerk, customer, named="by-hand")
    send(clerk)
    policy = order(meet(language="nl"), customer, quotation_mail(customer, post))
    check_policy_mail(customer, post, policy)
    clerk.open("office", f"{OFFICE}applications/?channel=office")
    expect(clerk.page.locator("main")).to_contain_text("Sjoerd Brandsma")
    clerk.see("by-hand-intake")


def test_a_switched_off_distributor_sells_nothing(meet: Meet) -> None:
    developer, bram, stranger = meet(language="en", width=390), adviser(meet, BRAM), meet(language="en")
    bram.open("public", f"{EXTRANET}products/")
    expect(bram.page.locator(BEGIN)).to_have_count(1)
    developer.log_in("office", DEVELOPER)
    developer.open("office", f"{OFFICE}channels/{PRODUCT}/")
    developer.page.get_by_role("button", name="Switch off Bram Ottens").click()
    developer.see("channels")
    bram.open("public", f"{EXTRANET}products/")
    expect(bram.page.locator("main")).to_be_visible()
    expect(bram.page.locator(BEGIN)).to_have_count(0)
    bram.open("public", f"{EXTRANET}links/")
    bram.see("behalf-links-none")
    stranger.open("public", f"/duinbaken/apply/{PRODUCT}/via/bram-ottens/")
    expect(stranger.page.locator("h1")).to_have_text("Bram Ottens does not sell this product.")
    developer.page.get_by_role("button", name="Switch on Bram Ottens").click()
    bram.open("public", f"{EXTRANET}links/")
    bram.see("behalf-links")
