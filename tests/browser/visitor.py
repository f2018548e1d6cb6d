"""Somebody before a browser: opens pages, fills in what they ask with mouse or keys, and notes every fault he sees."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Response, expect

from config.launch.walk.codes import next_code
from config.launch.walk.staff import PASSWORD

MOST_TABS = 90  # keys until a control must have been reached
ASKING = ".htmx-request"  # what the page's script waits for an answer of
ACTIVE = "element => element === document.activeElement"
# Whether whoever works by keys sees where he is: a ring on what has the focus or its frame, on the screen, uncovered.
RINGED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return true;
  const ringed = (one) => {
    const style = getComputedStyle(one);
    const line = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return line || one.matches(".palette-find:focus-within");
  };
  let frame = at, ring = ringed(at);
  for (let up = 0; !ring && up < 3 && frame.parentElement; up++) ring = ringed((frame = frame.parentElement));
  const box = at.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (!ring || left >= right || top >= bottom) return false;
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return Boolean(hit) && (at.contains(hit) || hit.contains(at) || frame.contains(hit));
}"""
HELD = "document.activeElement.outerHTML.slice(0, 200)"
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visitor:
    """One browser window. `faults` are errors of the console, answers from 500 on, axe's violations, pages too wide."""

    def __init__(self, context: BrowserContext, addresses: Mapping[str, str], shots: Path, *, scripts: bool) -> None:
        self.context, self.addresses, self.shots, self.scripts = context, addresses, shots, scripts
        self.page = context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.path}: {error}"))
        self.page.on("response", self._answered)

    @property
    def path(self) -> str:
        """Where he is, without secrets."""
        return re.sub(r"[A-Za-z0-9_-]{43}", "…", re.sub(r"^https?://[^/]+", "", self.page.url))

    @property
    def width(self) -> int:
        size = self.page.viewport_size
        return size["width"] if size else 0

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{self.path}: {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{self.path}: {response.status} of {response.request.resource_type} {response.url}")

    def open(self, door: str, path: str) -> None:
        """Open an address of a door: office or public."""
        self.page.goto(self.addresses[door] + path)

    def see(self, name: str) -> None:
        """Look at the whole page: picture, width, axe."""
        language = self.page.locator("html").get_attribute("lang")
        self.page.screenshot(path=self.shots / f"{name}-{language}-{self.width}.png", full_page=True)
        if not self.scripts:
            return
        if (over := self.page.evaluate(WIDE)) > 0:
            self.faults.append(f"{self.path}: {over} pixels wider than the window of {self.width}")
        for found in Axe().run(self.page).response["violations"]:
            where = [node["html"][:200] for node in found["nodes"][:3]]
            self.faults.append(f"{self.path}: axe {found['id']}: {where}")

    def log_in(self, door: str, login: str) -> None:
        """Log in at a door by its page."""
        self.open(door, "/accounts/login/")
        self.page.locator("[name=login]").fill(login)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)
        if "/factor/authenticate/" in self.page.url:
            self.page.locator("[name=code]").fill(next_code(login))
            self.page.locator("[name=code]").press("Enter")
            self.page.wait_for_url(lambda url: "/factor/" not in url)

    # with the mouse

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Answer what the page's form asks: some of it, unless it asks nothing, as a list's page does."""
        if self.asked:
            expect(self.control(*answers).first).to_be_attached()
        for name, told in answers.items():
            expect(self.page.locator(ASKING)).to_have_count(0)
            controls = self.control(name)
            if controls.count() == 0:
                continue
            if controls.first.get_attribute("type") in {"radio", "checkbox"}:
                for value in values(told):
                    controls.and_(self.page.locator(f"[value='{value}']")).or_(
                        controls
                    ).first.scroll_into_view_if_needed()
                    self.box(name, value).check()
            elif controls.first.evaluate("control => control.tagName") == "SELECT":
                controls.select_option(str(told))
            else:
                controls.fill(str(told))
                controls.blur()

    def box(self, name: str, value: str) -> Locator:
        """A box or radio by its value; a single box needs none."""
        found = self.control(name).and_(self.page.locator(f"[value='{value}']"))
        return found if found.count() else self.control(name).first

    def control(self, *names: str) -> Locator:
        """What is filled in for a field, or for a question of a product, whose field stands behind a prefix."""
        return self.form.locator(", ".join(f"[name={name}], [name=q-{name}]" for name in names))

    @property
    def form(self) -> Locator:
        """The page's own form, not those of its frame."""
        return self.page.locator("main form[method=post]").first

    def go_on(self) -> None:
        """Press the page's main button."""
        self.leave(self.form.locator("button.btn-main"))

    def leave(self, by: Locator) -> None:
        """Press a link or button that leads to another page, and wait until that page is there with its script."""
        with self.page.expect_navigation():
            by.click()

    # with the keyboard alone

    def keys_fill(self, answers: Mapping[str, Any]) -> None:
        """Answer what the page's form asks by Tab, Space, arrows and letters; it asks some of it."""
        expect(self.control(*answers).first).to_be_attached()
        told: set[str] = set()
        while (name := next((name for name in self.asked if name in answers and name not in told), "")) != "":
            told.add(name)
            kind = self.control(name).first.get_attribute("type")
            if kind == "radio":
                self.keys_choose(name, str(answers[name]))
            elif kind == "checkbox":
                for value in values(answers[name]):
                    self.tab_to(self.box(name, value))
                    self.page.keyboard.press("Space")
            elif kind == "date":
                self.keys_day(self.control(name), str(answers[name]))
            else:
                self.tab_to(self.control(name))
                self.page.keyboard.type(str(answers[name]))
                self.page.keyboard.press("Tab")  # what follows from it appears behind it
                expect(self.page.locator(ASKING)).to_have_count(0)
                self.page.keyboard.press("Shift+Tab")

    @property
    def asked(self) -> list[str]:
        """What the page's form asks now, by its names, in order."""
        names = self.form.locator("input:not([type=hidden]), select, textarea")
        found = (str(names.nth(place).get_attribute("name")) for place in range(names.count()))
        return list(dict.fromkeys(name.removeprefix("q-") for name in found))

    def keys_choose(self, name: str, value: str) -> None:
        """Tab into the radios, then the arrow keys until the wanted one is chosen."""
        radios = self.control(name)
        for _key in range(MOST_TABS):
            if any(radios.nth(place).evaluate(ACTIVE) for place in range(radios.count())):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _key in range(radios.count()):
            if self.box(name, value).is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(self.box(name, value)).to_be_checked()

    def keys_day(self, control: Locator, day: str) -> None:
        """Type a day part by part, in whichever order this browser's picker has them."""
        year, month, date = day.split("-")
        self.tab_to(control)
        self.page.keyboard.type(month + date + year)
        if control.input_value() != day:
            for _part in range(3):
                self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.type(date + month + year)
        expect(control).to_have_value(day)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, and see after each where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)
            if not self.page.evaluate(RINGED):
                self.faults.append(f"{self.path}: no focus shows on {self.page.evaluate(HELD)}")

    def tab_to(self, control: Locator) -> None:
        """Press Tab until a control has the focus, and see at each stop that the focus shows."""
        for _key in range(MOST_TABS):
            if control.evaluate(ACTIVE):
                return
            self.press("Tab")
        raise AssertionError(f"Expected to reach {control} by Tab at {self.path}; found no way.")

    def keys_go_on(self) -> None:
        """Press the page's main button by key."""
        self.tab_to(self.form.locator("button.btn-main"))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def values(told: str | Sequence[str]) -> Sequence[str]:
    """One answer or several."""
    return [told] if isinstance(told, str) else told
