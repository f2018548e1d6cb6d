"""On a phone the state of a row breaks between words and never inside one, in German too."""

import os
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import sync_playwright

from applications.models import ApplicationState
from tests.pages.looks import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("POLISDESK_CI"), reason="There is no Chromium here."),
]
CSS = Path(__file__).resolve().parents[2] / "static" / "css"
BROKEN = """() => [...document.querySelectorAll(".tbl .st")].flatMap((state) =>
  [...state.firstChild.data.matchAll(/\\S+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(state.firstChild, word.index);
    range.setEnd(state.firstChild, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map((word) => word[0]))"""


@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_a_state_never_breaks_inside_a_word(language):
    with translation.override(language):
        rows = "".join(
            f'<tr><th scope="row"><a class="id" href="#">A-2026-000004</a></th><td>Wagenmaker-Brandtstetter, Noor</td>'
            f'<td><span class="st st-act">{state.label}</span></td></tr>'
            for state in ApplicationState
        )
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_content(f'<main class="page"><div class="scroll"><table class="tbl">{rows}</table></div></main>')
        for sheet in ("tokens", "base", "app"):
            page.add_style_tag(path=CSS / f"{sheet}.css")
        assert page.evaluate(BROKEN) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        browser.close()
