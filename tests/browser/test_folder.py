"""The client folder in a real browser: a customer buys, an employee lets him in, and his folder shows the policy."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from config.launch.walk.customer import Customer
from config.launch.walk.mails import Post
from config.launch.walk.staff import CLERKS
from tests.browser.conftest import Meet
from tests.browser.test_chain import apply, order, quotation_mail

pytestmark = [pytest.mark.browser, pytest.mark.slow]
INVITATION = re.compile(r"http://[^\s<>]+/accounts/invitation/[A-Za-z0-9_-]{43}/")
PASSWORD = "purple harbour lantern 42"  # noqa: S105 (chosen in the test)


def test_a_customer_is_let_in_and_finds_his_policy(meet: Meet, post: Post) -> None:
    customer = Customer("duinbaken", "nl", "Wietske", "Baarda", "1984-07-21")
    apply(meet(language="nl"), customer)
    policy = order(meet(language="nl"), customer, quotation_mail(customer, post))
    clerk = meet()
    clerk.log_in("office", CLERKS["duinbaken"])
    clerk.open("office", f"/duinbaken/office/relations/?q={customer.family}")
    clerk.page.get_by_role("link", name=customer.family).first.click()
    clerk.see("party-folder")
    clerk.page.get_by_role("button", name="Enable and invite").click()
    expect(clerk.page.locator("main")).to_contain_text(f"An invitation is on its way to {customer.email}.")
    clerk.see("party-invited")
    found = INVITATION.search(post.wait(customer.email, "/accounts/invitation/").text)
    assert found is not None
    wietske = meet(language="nl", width=390)
    wietske.page.goto(found[0])
    wietske.see("folder-invitation")
    for field in wietske.page.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    wietske.page.locator("main form button.btn-main").click()
    wietske.open("public", "/duinbaken/folder/")
    expect(wietske.page.get_by_role("link", name=re.compile(policy))).to_be_visible()
    wietske.see("folder")
    wietske.page.get_by_role("link", name=re.compile(policy)).click()
    expect(wietske.page.locator("main")).to_contain_text(policy)
    wietske.see("folder-policy")
    for place in ("payments", "papers"):
        wietske.open("public", f"/duinbaken/folder/{place}/")
        wietske.see(f"folder-{place}")
    wide = meet(language="de", width=1400)
    cookies: Any = wietske.context.cookies()
    wide.context.add_cookies(cookies)
    wide.context.clear_cookies(name="language")
    wide.open("public", "/duinbaken/folder/")
    wide.see("folder")
    wide.page.locator("details.menu > summary").focus()
    wide.page.keyboard.press("Enter")
    wide.see("folder-menu")
    clerk.page.get_by_role("button", name="Call the invitation back").or_(
        clerk.page.get_by_role("button", name="Disable")
    ).wait_for()
    clerk.page.reload()
    clerk.page.get_by_role("button", name="Disable").click()
    expect(clerk.page.locator("main")).to_contain_text("can't enter the client folder any more")
    assert wietske.page.request.get(wietske.addresses["public"] + "/duinbaken/folder/").status == 404
