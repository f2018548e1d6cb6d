"""An employee from invitation to the first page: invited, mailed, password set, landed; switched off, out at once."""

import re

import pytest
from playwright.sync_api import expect

from config.launch.stack import Stack
from config.launch.walk.mails import Post
from config.launch.walk.staff import ADMINISTRATORS
from tests.browser.conftest import Meet
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADMIN = "/duinbaken/office/admin/"
LINK = re.compile(r"http://\S+/accounts/invitation/[A-Za-z0-9_-]{43}/")
PROVE = """
from companies.sessions import hashed
from companies.signing import ask, prove
key = "%s"
ask("SELECT sec.verify_sign_in(%%s, %%s, %%s, %%s)", [key, "totp", *prove("entrance", "verified", hashed(key), "totp")])
"""


def at_the_desk(meet: Meet, stack: Stack, *, language: str = "en", width: int = 1400) -> Visitor:
    """The administrator, logged in, with the second factor proved."""
    visitor = meet(language=language, width=width)
    visitor.log_in("office", ADMINISTRATORS["duinbaken"])
    (key,) = [cookie["value"] for cookie in visitor.context.cookies() if cookie["name"] == "session"]
    stack.manage("shell", "-v0", "-c", PROVE % key)
    return visitor


def test_invited_mailed_password_set_landed_and_switched_off(meet: Meet, stack: Stack, post: Post) -> None:
    chief = at_the_desk(meet, stack)
    chief.open("office", f"{ADMIN}invitations/")
    form = {"name": "Wieke Postma", "email": "wieke@duinbaken.example", "language": "nl", "post": "Acceptant"}
    panel = chief.page.locator("form:has([name=email])")
    for name in ("name", "email", "post"):
        panel.locator(f"[name={name}]").fill(form[name])
    panel.locator("[name=language]").select_option("nl")
    panel.get_by_text("Acceptant", exact=True).click()
    panel.locator("button.btn-main").click()
    expect(chief.page.get_by_text("wieke@duinbaken.example is invited.")).to_be_visible()
    chief.see("people-invitations")

    mail = post.wait(form["email"], "/accounts/invitation/")
    (link,) = LINK.findall(mail.text)
    assert "Duinbaken" in mail.subject and "één keer" in mail.text
    wieke = meet(language="nl", width=390)
    wieke.page.goto(link)
    wieke.see("people-invitation")
    wieke.fill({"password": "paarse haven 42"})
    wieke.go_on()
    expect(wieke.page).to_have_url(re.compile(r"/duinbaken/office/$"))
    wieke.see("people-landed")
    wieke.open("office", "/accounts/sessions/")
    wieke.see("people-own-sessions")
    wieke.open("office", "/accounts/profile/")
    wieke.see("people-profile")

    chief.open("office", f"{ADMIN}?q=wieke")
    chief.page.get_by_role("link", name="Wieke Postma").click()
    expect(chief.page.locator("main")).to_contain_text("Acceptant")
    chief.see("people-employee")
    chief.page.get_by_role("button", name="Switch off").click()
    expect(chief.page.get_by_text("All sessions have ended.")).to_be_visible()
    wieke.open("office", "/duinbaken/office/")
    expect(wieke.page).to_have_url(re.compile(r"/accounts/login/"))


def test_an_invitation_that_is_gone_is_a_clear_page(meet: Meet) -> None:
    visitor = meet(language="nl", width=390)
    visitor.open("office", f"/accounts/invitation/{'x' * 43}/")
    expect(visitor.page.locator("h1")).to_have_text("Deze uitnodiging werkt niet meer")
    visitor.see("people-gone")
    visitor.faults = [fault for fault in visitor.faults if "404" not in fault]  # it says so by its status too
