"""The main job in a real browser: from the public page to policy and papers, with no employee touching it."""

import re

import pytest
from playwright.sync_api import expect

from config.launch.walk.customer import HUMAN, Customer, kinds
from config.launch.walk.mails import Mail, Post
from config.launch.walk.sales import CONTENTS_AND_GLASS, HOMEOWNERS, LIABILITY
from config.launch.walk.staff import BRAM, ILSE
from tests.browser.conftest import Meet
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OUTCOME = re.compile(r"/outcome/$")
ORDERED = re.compile(r"/order/$")
MOST_STEPS = 14
POLICY = re.compile(r"P-\d{4}-\d{6}")


def apply(visitor: Visitor, customer: Customer, *, keys: bool = False, named: str = "") -> None:
    """From the public page to the outcome, answering what each page asks."""
    fill, go_on = (visitor.keys_fill, visitor.keys_go_on) if keys else (visitor.fill, visitor.go_on)
    via = f"via/{customer.adviser}/" if customer.adviser else ""
    visitor.open("public", f"/{customer.company}/apply/{customer.sale.product}/{via}")
    visitor.page.wait_for_timeout(HUMAN * 1000)
    for number in range(1, MOST_STEPS):
        if OUTCOME.search(visitor.page.url):
            break
        look(visitor, named and f"{named}-{number}")
        fill(customer.answers)
        address = visitor.page.url
        go_on()
        expect(visitor.page).not_to_have_url(address)
    settled(visitor)
    look(visitor, named and f"{named}-outcome")
    assert customer.email not in visitor.page.content()


def look(visitor: Visitor, name: str) -> None:
    if name:
        visitor.see(name)


def settled(visitor: Visitor) -> None:
    """The waiting page has told by itself what became of it."""
    expect(visitor.page.locator("section.waiting")).to_have_count(0, timeout=20_000)
    expect(visitor.page.locator("h1")).to_have_count(1)


def order(visitor: Visitor, customer: Customer, mail: Mail, *, keys: bool = False, named: str = "") -> str:
    """Open the mailed link, give the day of birth, order; the policy's number."""
    fill, go_on = (visitor.keys_fill, visitor.keys_go_on) if keys else (visitor.fill, visitor.go_on)
    visitor.page.goto(mail.links[0])
    expect(visitor.page.locator("h1")).to_contain_text(customer.family)
    look(visitor, named and f"{named}-quotation")
    fill({"birth_date": customer.born, "agreed": "on"})
    go_on()
    visitor.page.wait_for_url(ORDERED)
    settled(visitor)
    look(visitor, named and f"{named}-ordered")
    found = POLICY.search(visitor.page.locator("h1").inner_text())
    assert found is not None, visitor.page.locator("h1").inner_text()
    return found[0]


def quotation_mail(customer: Customer, post: Post) -> Mail:
    mail = post.wait(customer.email, "/c/")
    assert kinds(mail) == sorted(["application", "quotation", "service", "terms", customer.sale.information])
    return mail


def check_policy_mail(customer: Customer, post: Post, policy: str) -> None:
    assert kinds(post.wait(customer.email, policy)) == ["application", "invoice", "policy"]


def test_a_dutch_customer_on_a_phone_by_keyboard_alone(meet: Meet, post: Post) -> None:
    customer = Customer("duinbaken", "nl", "Floor", "Zandstra", "1988-02-11")
    apply(meet(language="nl", width=390), customer, keys=True, named="phone")
    mail = quotation_mail(customer, post)
    policy = order(meet(language="nl", width=390), customer, mail, keys=True, named="phone")
    check_policy_mail(customer, post, policy)


def test_an_english_customer_of_an_adviser(meet: Meet, post: Post) -> None:
    customer = Customer("schutsluis", "en", "Harriet", "Oldfield", "1979-12-24", "ilse-markus", ILSE)
    visitor = meet(language="en")
    apply(visitor, customer, named="desk")
    policy = order(meet(language="en"), customer, quotation_mail(customer, post), named="desk")
    check_policy_mail(customer, post, policy)
    check_policy_mail_of_adviser(post, policy)
    ilse, bram = meet(), meet(width=390)
    ilse.log_in("public", ILSE)
    ilse.open("public", "/schutsluis/advisers/")
    ilse.see("portfolio")
    ilse.page.get_by_role("link", name=policy).click()
    expect(ilse.page.locator("main")).to_contain_text(POLICY)
    ilse.see("portfolio-case")
    ilse.open("public", "/schutsluis/advisers/links/")
    ilse.see("portfolio-links")
    bram.log_in("public", BRAM)
    bram.open("public", "/schutsluis/advisers/")
    bram.see("portfolio-empty")
    expect(bram.page.get_by_role("link", name=policy)).to_have_count(0)


def check_policy_mail_of_adviser(post: Post, policy: str) -> None:
    assert kinds(post.wait(ILSE, policy)) == sorted(["application", "invoice", "policy"] * 2), "in Dutch as well"


OTHERS = {
    "liability": Customer("duinbaken", "nl", "Willemijn", "Dekkers", "1990-05-08", sale=LIABILITY),
    "contents-and-glass": Customer("lindenquell", "de", "Annegret", "Sommer", "1983-08-21", sale=CONTENTS_AND_GLASS),
    "homeowners": Customer("bluestem", "en", "Rosalind", "Pryor", "1979-10-03", sale=HOMEOWNERS),
}


@pytest.mark.parametrize("customer", OTHERS.values(), ids=OTHERS)
def test_each_other_product_is_bought_from_its_public_link(meet: Meet, post: Post, customer: Customer) -> None:
    apply(meet(language=customer.language), customer, named=customer.sale.product)
    mail = quotation_mail(customer, post)
    policy = order(meet(language=customer.language, width=390), customer, mail, named=customer.sale.product)
    check_policy_mail(customer, post, policy)


def test_without_scripts(meet: Meet, post: Post) -> None:
    customer = Customer("duinbaken", "nl", "Aleid", "Roosendaal", "1994-10-19")
    apply(meet(language="nl", scripts=False), customer, named="plain")
    policy = order(meet(language="nl", scripts=False), customer, quotation_mail(customer, post), named="plain")
    check_policy_mail(customer, post, policy)


def test_a_page_sent_half_filled_says_what_is_missing(meet: Meet) -> None:
    visitor = meet(language="nl", width=390)
    visitor.open("public", "/duinbaken/apply/nl-horse-trailer/")
    visitor.go_on()
    expect(visitor.page.locator("p.error").first).to_be_visible()
    visitor.see("phone-errors")
