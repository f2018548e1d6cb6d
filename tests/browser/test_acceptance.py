"""What the robot leaves to people, in a browser: accepted with a term; a refusal overturned (S0-09 to S0-12)."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from config.launch.stack import Stack
from config.launch.walk.browser import Browser
from config.launch.walk.customer import HUMAN, Customer, fill_in, outcome_of
from config.launch.walk.mails import Post
from config.launch.walk.tour import UNLOCKED
from tests.browser.conftest import Meet
from tests.browser.test_chain import OUTCOME, order, settled
from tests.browser.visitor import ACTIVE, Visitor
from tests.chain.scenes import text_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PRODUCT, OFFICE = "nl-horse-trailer", "/duinbaken/office/"
ACCEPTOR, DEVELOPER = "jorien.hartog@duinbaken.example", "pim.ockels@duinbaken.example"
TEXT = {"nl": "Zo dure trailers verzekeren wij niet.", "en": "We don't insure trailers as dear as that."}
RULE = {
    "key": "D07_TOO_DEAR", "when": "catalogue_value > 90000", "outcome": "decline",
    **{f"{part}_{language}": text for part in ("customer", "underwriter") for language, text in TEXT.items()},
}  # fmt: skip


def apply(visitor: Visitor, customer: Customer, **other: Any) -> None:
    """From the public page to the outcome, with some answers other than the customer's usual ones; None: left out."""
    answers = {key: value for key, value in {**customer.answers, **other}.items() if value is not None}
    visitor.open("public", f"/{customer.company}/apply/{PRODUCT}/")
    visitor.page.wait_for_timeout(HUMAN * 1000)
    for _step in range(8):
        if OUTCOME.search(visitor.page.url):
            break
        visitor.fill(answers)
        heading = visitor.page.locator("h1").inner_text()
        visitor.go_on()
        expect(visitor.page.locator("h1")).not_to_have_text(heading)
    settled(visitor)


def at_work(meet: Meet, login: str, *, width: int = 1400) -> Visitor:
    """Somebody of the office, logged in."""
    visitor = meet(language="en", width=width)
    visitor.log_in("office", login)
    return visitor


def decide(visitor: Visitor, family: str, path: str, told: dict[str, str]) -> None:
    """Find the application in a list, read its page, and sign."""
    visitor.open("office", f"{OFFICE}acceptance/{path}")
    row = visitor.page.locator("tbody tr").filter(has_text=family)
    visitor.see(f"acceptance-{path.strip('/') or 'list'}")
    row.get_by_role("link").first.click()
    form = visitor.page.locator("form:has([name=verdict])")
    visitor.see(f"decision-{path.strip('/') or 'referral'}")
    form.locator(f"[name=verdict][value={told['verdict']}]").check()
    form.locator("summary").click()
    for name, value in told.items():
        if name != "verdict":
            form.locator(f"[name={name}]").fill(value)
    form.locator("button.btn-main").click()
    expect(visitor.page.get_by_text("goes out within seconds")).to_be_visible()


def test_referral_accepted_with_a_term_becomes_a_policy_with_it(meet: Meet, post: Post) -> None:
    customer = Customer("duinbaken", "nl", "Noor", "Wiersma", "1984-06-02")
    visitor = meet(language="nl", width=390)
    apply(visitor, customer, theft_devices=None)
    visitor.see("referred")
    clause = {"title": "Slot", "text": "Diefstal is verzekerd met een SCM-slot.", "reason": "No device yet."}
    told = {"verdict": "terms", "reason": "She orders a lock."} | {f"clause_1_{k}": v for k, v in clause.items()}
    decide(at_work(meet, ACCEPTOR), customer.family, "", told)
    mail = post.wait(customer.email, "/c/")
    assert "Slot: Diefstal is verzekerd met een SCM-slot." in mail.text
    visitor.page.reload()
    expect(visitor.page.locator("main")).to_contain_text("Slot")
    visitor.see("accepted-with-terms")
    policy = order(meet(language="nl", width=390), customer, mail)
    papers = post.wait(customer.email, policy).papers
    assert any("SCM-slot" in text_of(paper.content) for paper in papers if paper.name.startswith("policy"))


def test_referral_is_decided_by_keyboard_alone(meet: Meet, stack: Stack, post: Post) -> None:
    customer = Customer("duinbaken", "nl", "Famke", "Terpstra", "1988-03-09", sale=UNLOCKED)
    browser = Browser(stack.addresses["public"], language="nl")
    outcome_of(browser, fill_in(customer, browser))
    acceptor = at_work(meet, ACCEPTOR)
    acceptor.open("office", OFFICE)
    for key in "ga":
        acceptor.page.keyboard.press(key)
    acceptor.page.wait_for_url("**/acceptance/")
    rows = acceptor.page.locator("tbody tr")
    link = rows.filter(has_text=customer.family).locator("a").first
    for _row in range(rows.count()):
        if not link.evaluate(ACTIVE):
            acceptor.press("j")
    expect(link).to_be_focused()
    acceptor.page.keyboard.press("Enter")
    acceptor.page.wait_for_url("**/decision/")
    form = acceptor.page.locator("form:has([name=verdict])")
    acceptor.tab_to(form.locator("[name=verdict]").first)
    acceptor.press("ArrowDown", "ArrowUp")
    expect(form.locator("[name=verdict][value=accept]")).to_be_checked()
    acceptor.tab_to(form.locator("[name=reason]"))
    acceptor.page.keyboard.type("Seen, and fine.")
    acceptor.tab_to(form.locator("button.btn-main"))
    acceptor.page.keyboard.press("Enter")
    expect(acceptor.page.get_by_text("goes out within seconds")).to_be_visible()
    assert post.wait(customer.email, "O-").links


def test_refusal_by_a_new_rule_is_overturned_when_the_customer_asks(meet: Meet, post: Post) -> None:
    new_rule(meet)
    customer = Customer("duinbaken", "nl", "Ruben", "Oosterhof", "1979-01-23")
    visitor = meet(language="nl", width=390)
    apply(visitor, customer, catalogue_value="95000", theft_devices=["coupling_lock", "wheel_clamp"])
    expect(visitor.page.locator("main")).to_contain_text(TEXT["nl"])
    visitor.see("declined")
    mail = post.wait(customer.email, "/c/")
    assert [paper.name for paper in mail.papers] == [mail.papers[0].name] and "decision-" in mail.papers[0].name
    asking = meet(language="nl", width=390)
    asking.page.goto(mail.links[0])
    asking.see("ask-for-a-person")
    asking.fill({"view": "De trailer staat in een afgesloten stal."})
    asking.go_on()
    settled(asking)
    expect(asking.page.locator("main .notice")).to_be_visible()
    asking.see("asked-for-a-person")
    phone = at_work(meet, ACCEPTOR, width=390)
    phone.open("office", f"{OFFICE}acceptance/reviews/")
    phone.see("acceptance-reviews")
    phone.page.locator("tbody tr").filter(has_text=customer.family).get_by_role("link").first.click()
    phone.see("decision-reviews")
    decide(at_work(meet, ACCEPTOR), customer.family, "reviews/", {"verdict": "accept", "reason": "A locked stable."})
    quotation = post.wait(customer.email, "O-")
    assert order(meet(language="nl", width=390), customer, quotation).startswith("P-")


def new_rule(meet: Meet) -> None:
    """A developer adds a rule in screens; somebody else approves it and sets it live."""
    pim = at_work(meet, DEVELOPER)
    pim.open("office", f"{OFFICE}products/{PRODUCT}/1/rules/")
    pim.see("rules-live")
    pim.page.get_by_role("button", name="Start a draft from this version").click()
    pim.page.get_by_role("link", name="New rule").click()
    pim.fill(RULE)
    pim.see("rule")
    pim.go_on()
    expect(pim.page.get_by_role("link", name=RULE["key"])).to_be_visible()
    pim.see("rules-draft")
    version = re.sub(r"rules/$", "", pim.path)
    pim.open("office", version)
    pim.page.get_by_role("button", name="Submit for approval").click()
    jorien = at_work(meet, ACCEPTOR)
    jorien.open("office", version)
    jorien.page.get_by_role("button", name="Approve").click()
    expect(jorien.page.locator("h1 + .st")).to_have_text("Approved")
    pim.open("office", version)
    pim.page.get_by_role("button", name="Put in test").click()
    expect(pim.page.locator("h1 + .st")).to_have_text("In test")
    jorien.open("office", version)
    jorien.page.locator("[name=evidence]").fill("Tried with 95,000.")
    jorien.page.get_by_role("button", name="Set live").click()
    expect(jorien.page.locator("h1 + .st")).to_have_text("Live")
