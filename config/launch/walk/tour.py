"""The pictures of the documents: who looks at what, how wide his window is, and how the picture is kept small."""

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.launch.stack import Stack
from config.launch.walk import customer as way
from config.launch.walk.codes import next_code
from config.launch.walk.customer import Customer
from config.launch.walk.expect import StepFailed, wait_for
from config.launch.walk.first_sale import KNOWN
from config.launch.walk.mails import FILED, Post, read
from config.launch.walk.sales import TRAILER
from config.launch.walk.staff import BOOKKEEPERS, CLERKS, ILSE, PASSWORD

OFFICE, APPLY = "/duinbaken/office/", "/duinbaken/apply/nl-horse-trailer/"
DEVELOPER, ACCEPTOR = "pim.ockels@duinbaken.example", "jorien.hartog@duinbaken.example"
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"]
DESK, PHONE, SHEET = (1400, 875), (390, 780), (800, 1110)
SPARSE = 200  # colours that an empty page may have
EDGE = 6  # of the frame that Chromium draws around a PDF
BUYER = Customer("duinbaken", "en", "Harriet", "Oldfield", "1979-12-24", email="harriet.oldfield@post.example",
                 house_number="12")  # fmt: skip
UNLOCKED = replace(TRAILER, answers={key: told for key, told in TRAILER.answers.items() if key != "theft_devices"})
WAITING = Customer(
    "duinbaken",
    "en",
    "Noor",
    "Wiersma",
    "1984-06-02",
    email="noor.wiersma@post.example",
    house_number="31",
    sale=UNLOCKED,
)  # fmt: skip  without a lock: a rule leaves her to an acceptor


@dataclass(frozen=True)
class Shot:
    """One picture: whose, at which door, of which address; `follow` is a link pressed there, `dark` the colours."""

    name: str
    who: str
    path: str
    door: str = "office"
    size: tuple[int, int] = DESK
    follow: str = ""
    dark: bool = False


SHOTS = (
    Shot("product", DEVELOPER, f"{OFFICE}products/nl-horse-trailer/1/"),
    Shot("rules", DEVELOPER, f"{OFFICE}products/nl-horse-trailer/1/rules/"),
    Shot("apply", "", APPLY, "public"),
    Shot("acceptance", ACCEPTOR, f"{OFFICE}acceptance/?q={WAITING.family}", follow="main tbody a"),
    Shot("quotation", "", "quotation", "public", PHONE),
    Shot("policy", "", "paper", "public", SHEET),
    Shot("case", CLERKS["duinbaken"], f"{OFFICE}policies/?q={KNOWN.family}", follow="main tbody a"),
    Shot("list", CLERKS["duinbaken"], f"{OFFICE}policies/?sort=-premium"),
    Shot("list-dark", CLERKS["duinbaken"], f"{OFFICE}policies/?sort=-premium", dark=True),
    Shot("today", ACCEPTOR, OFFICE),
    Shot("figures", CLERKS["duinbaken"], f"{OFFICE}policies/figures/"),
    Shot("portfolio", ILSE, "/duinbaken/advisers/", "public"),
    Shot("folder", KNOWN.email, "/duinbaken/folder/", "public", PHONE),
    Shot("ledger", BOOKKEEPERS["duinbaken"], f"{OFFICE}ledger/"),
)


@dataclass
class Tour:
    """A demo that runs, with one customer who has his quotation and one who waits for an acceptor."""

    stack: Stack
    chromium: Path
    buyer: Customer = field(default_factory=lambda: BUYER)

    def pictures(self, folder: Path, names: Sequence[str]) -> Iterator[Path]:
        """Each picture as it is kept, in the order of the tour."""
        self.prepare()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=self.chromium, headless=False, args=ARGUMENTS)
            for shot in SHOTS:
                if not names or shot.name in names:
                    yield kept(folder / f"{shot.name}.webp", self.taken(browser, shot))
            browser.close()

    def prepare(self) -> None:
        """The two apply as anybody does; the buyer's quotation comes by mail."""
        public, post = self.stack.addresses["public"], Post(self.stack.places.mailbox)
        way.apply(self.buyer, public)
        way.read_quotation_mails(self.buyer, post)
        with suppress(StepFailed):  # no number of a quotation stands on the page of one who waits for a person
            way.apply(WAITING, public)

    def taken(self, browser: Browser, shot: Shot) -> bytes:
        """What somebody sees there, as PNG."""
        width, height = shot.size
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", timezone_id="Europe/Amsterdam",
            color_scheme="dark" if shot.dark else "light", reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        if shot.path == "paper":
            return self.paper(context, page)
        if shot.who:
            self.log_in(page, shot)
        page.goto(self.buyer.link if shot.path == "quotation" else self.stack.addresses[shot.door] + shot.path)
        if shot.follow:
            page.locator(shot.follow).first.click()
            page.wait_for_load_state()
        page.evaluate("document.fonts.ready")
        picture: bytes = page.screenshot(animations="disabled", caret="hide")
        context.close()
        return picture

    def log_in(self, page: Page, shot: Shot) -> None:
        """By the page of the door, with a code where one is asked."""
        page.goto(f"{self.stack.addresses[shot.door]}/accounts/login/")
        page.locator("[name=login]").fill(shot.who)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        if "/factor/authenticate/" in page.url:
            page.locator("[name=code]").fill(next_code(shot.who))
            page.locator("[name=code]").press("Enter")
            page.wait_for_url(lambda url: "/factor/" not in url)

    def paper(self, context: BrowserContext, page: Page) -> bytes:
        """The first page of the policy that the demo's customer was mailed, as the browser shows the file."""
        mails = [read(path) for path in sorted(self.stack.places.mailbox.glob(FILED))]
        papers = [paper for mail in mails if KNOWN.email in mail.envelope for paper in mail.papers]
        file = self.stack.places.root / "policy.pdf"
        file.write_bytes(next(paper.content for paper in papers if way.kind_of(paper) == "policy"))
        page.goto(f"file://{file}#toolbar=0&navpanes=0&view=FitH")
        width, height = SHEET
        clip: Any = {"x": EDGE, "y": EDGE, "width": width - 4 * EDGE, "height": height - EDGE}
        picture = wait_for("a page of the policy in the viewer", lambda: drawn(page.screenshot(clip=clip)), every=1)
        context.close()
        return picture


def drawn(picture: bytes) -> bytes | None:
    """The picture once something stands on it; the viewer of PDF files tells nobody when it has drawn."""
    return picture if Image.open(io.BytesIO(picture)).convert("RGB").getcolors(SPARSE) is None else None


def kept(place: Path, picture: bytes) -> Path:
    """The picture without the data of its making, so that the same window gives the same bytes."""
    Image.open(io.BytesIO(picture)).convert("RGB").save(place, "WEBP", lossless=True, quality=100, method=6)
    return place
