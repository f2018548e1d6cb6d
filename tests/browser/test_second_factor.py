"""The second factor by screen: a code read from a phone, an authenticator scanned, a key that Chromium plays."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from config.launch.walk.codes import next_code, of_secret
from config.launch.walk.staff import ADMINISTRATORS
from tests.browser.conftest import Meet
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SORGE, CARLA = "piet.sorge@lindenquell.example", ADMINISTRATORS["bluestem"]
FACTOR = "/accounts/factor/"


@pytest.fixture
def sorge(meet: Meet) -> Visitor:
    """A product developer at a screen, logged in by his password."""
    visitor = meet(language="en", width=1400)
    visitor.log_in("office", SORGE)
    return visitor


def security_key(visitor: Visitor) -> Any:
    """A key is plugged into his computer, and he touches it whenever it blinks."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def log_out(visitor: Visitor) -> None:
    visitor.open("office", "/accounts/logout/")
    visitor.leave(visitor.page.get_by_role("button", name=re.compile("Log out|Uitloggen")))


def test_administrator_logs_in_with_the_code_of_his_phone(meet: Meet) -> None:
    visitor = meet(language="nl", width=390)
    visitor.open("office", "/accounts/login/")
    visitor.page.locator("[name=login]").fill(CARLA)
    visitor.page.locator("[name=password]").fill("demo-polisdesk")
    visitor.page.locator("[name=password]").press("Enter")
    visitor.page.wait_for_url("**/factor/authenticate/")
    visitor.see("factor-code")
    visitor.page.locator("[name=code]").fill("000000")
    visitor.page.locator("[name=code]").press("Enter")
    expect(visitor.page.locator(".error")).to_contain_text("niet de code die uw telefoon nu toont")
    visitor.see("factor-code-wrong")
    visitor.page.get_by_role("link", name="kwijt").click()
    expect(visitor.page.locator("h1")).to_have_text("Tweede factor kwijt?")
    visitor.see("factor-lost")
    visitor.page.get_by_role("link", name="Terug naar de code").click()
    visitor.page.locator("[name=code]").fill(next_code(CARLA))
    visitor.page.locator("[name=code]").press("Enter")
    visitor.page.wait_for_url(lambda url: "/factor/" not in url)
    visitor.open("office", "/bluestem/office/admin/second-factor/")
    visitor.see("factor-people")
    visitor.open("office", "/demo/codes/")
    expect(visitor.page.locator("main")).to_contain_text(CARLA)
    visitor.see("factor-demo-codes")


def test_security_key_is_added_and_opens_the_door(sorge: Visitor) -> None:
    security_key(sorge)
    sorge.open("office", f"{FACTOR}webauthn/add/")
    sorge.see("factor-add-key")
    sorge.page.locator("[name=name]").fill("Key on my ring")
    sorge.page.get_by_role("button", name="Add it").click()
    sorge.page.wait_for_url("**/factor/recovery-codes/")
    expect(sorge.page.locator(".codes li")).to_have_count(10)
    sorge.see("factor-recovery-codes")
    sorge.open("office", FACTOR)
    sorge.see("factor-index")
    log_out(sorge)
    sorge.open("office", "/accounts/login/")
    sorge.page.locator("[name=login]").fill(SORGE)
    sorge.page.locator("[name=password]").fill("demo-polisdesk")
    sorge.page.locator("[name=password]").press("Enter")
    sorge.page.wait_for_url("**/factor/authenticate/")
    sorge.see("factor-key")
    sorge.page.get_by_role("button", name="Use a passkey instead").click()
    sorge.page.wait_for_url(lambda url: "/factor/" not in url)
    sorge.open("office", f"{FACTOR}webauthn/")
    expect(sorge.page.locator(".door-list")).to_contain_text("Key on my ring")
    sorge.see("factor-keys")


def test_authenticator_is_scanned_and_asked_from_then_on(meet: Meet) -> None:
    visitor = meet(language="nl", width=1400)
    visitor.log_in("office", "tessa.kuijk@schutsluis.example")
    visitor.open("office", f"{FACTOR}totp/activate/")
    visitor.see("factor-set-up")
    secret = visitor.page.locator("#authenticator_secret").input_value()
    visitor.page.locator("[name=code]").fill(of_secret(secret))
    visitor.page.locator("[name=code]").press("Enter")
    visitor.page.wait_for_url("**/factor/recovery-codes/")
    visitor.see("factor-codes-once")
    visitor.open("office", f"{FACTOR}totp/deactivate/")
    visitor.see("factor-take-off")
    visitor.page.locator("form[action$='/deactivate/'] button").click()
    visitor.page.wait_for_url("**/factor/")
    expect(visitor.page.locator(".door-list")).to_contain_text("Niet ingesteld")
