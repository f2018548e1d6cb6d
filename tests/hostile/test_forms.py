"""The corpus in every form of every page of every door: an ordinary page or a clear refusal, and nothing breaks.

Forms are found on the pages, so a new one is attacked by itself; `bin/proof hostile` sends the whole corpus.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from html import escape
from typing import Any

import pytest
from django.db import transaction

from companies.doors import Door
from config.launch.walk.browser import Field
from tests import operators
from tests.conftest import doors_become_roles
from tests.hostile import WHOLE, chromium, scene
from tests.hostile.attack import Attack
from tests.hostile.corpus import KINDS, SCRIPTS, VECTORS
from tests.hostile.forms import Found
from tests.hostile.judge import Alive, Tally
from tests.permissions.pages import OPEN, PAGES

pytestmark = pytest.mark.django_db
TAKES = {name for name, page in PAGES.items() if page.post != 405}
LIKELY = ("act", "answer", "code", "email", "name", "note", "number", "q", "reason", "remark", "rule", "slug", "view")
BLIND = Found(method="post", fields=[Field(name, "text") for name in LIKELY])
BLINDLY, MOST_BLINDLY = "addresses asked blindly", 32
PART = 1 if WHOLE else 4  # of the pages behind a login, one in so many: the others' turn is in the whole run


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[scene.Scene]:
    """Built once; what is sent is rolled back to here."""
    patch = pytest.MonkeyPatch()
    doors_become_roles(patch)
    with django_db_blocker.unblock(), transaction.atomic():
        yield scene.build()
        transaction.set_rollback(True)
    patch.undo()


@pytest.fixture(scope="module")
def tally(stage: scene.Scene) -> Tally:
    """All answers to the walk, with their faults."""
    found = Tally()
    for number, (name, client, address) in enumerate(stage.pages()):
        public = name in OPEN or name.startswith(("apply:", "case:", "decision:", "withdrawal:"))
        if public or number % PART == 0:
            with operators.as_operator() if name.startswith("operator:") else nullcontext():
                Attack(client, found, seed=number).page(address)
            found.counts["pages walked"] += 1
    for name in sorted(TAKES - attacked(found)):
        door = PAGES[name].door
        with operators.as_operator() if door == Door.OPERATOR else nullcontext():
            Attack(stage.readers[door], found).form(BLIND, stage.addresses.address(name))
        found.counts[BLINDLY] += 1
    return found


def attacked(tally: Tally) -> set[str]:
    """The pages that a form was sent to."""
    return {name.removeprefix("posted: ") for name in tally.counts if name.startswith("posted: ")}


def test_an_ordinary_page_or_a_clear_refusal_answers_whatever_is_sent(
    tally: Tally, figure: Callable[..., None]
) -> None:
    for name in ("pages walked", "forms", "fields", "fields attacked", "answers", "addresses and headers", "taken"):
        figure(f"forms: {name}", tally.counts[name])
    for name in ("refused naming the field", "refused as a whole", "pages", "refused by another field or rule"):
        figure(f"forms: {name}", tally.counts[name])
    for kind in (*KINDS, "wrong encoding"):
        figure(f"forms: sent of {kind}", tally.counts[f"sent: {kind}"])
    for name in ("exports", "cells of exports", "cells made harmless"):
        figure(f"forms: {name}", tally.counts[name])
    figure("forms: faults", len(tally.faults), least=0)
    assert "\n".join(tally.faults[:60]) == ""


def test_every_address_that_takes_a_form_was_attacked(tally: Tally, figure: Callable[..., None]) -> None:
    figure("forms: addresses that take a form", len(TAKES & attacked(tally)), least=70)
    figure("forms: of them asked blindly, their form stands on no page of this company", tally.counts[BLINDLY], least=0)
    assert attacked(tally) >= TAKES
    assert not WHOLE or tally.counts[BLINDLY] <= MOST_BLINDLY


SHOWN = {"office:case", "office:case_answers", "office:party", "case:quotation", "folder:overview", "advisers:case"}


@pytest.mark.browser
def test_nothing_that_a_customer_said_runs_where_it_is_shown(stage: scene.Scene, figure: Callable[..., None]) -> None:
    pages = {address: client.get(address).content.decode() for name, client, address in stage.pages() if name in SHOWN}
    words = [escape(word) for word in scene.texts_of(scene.holder())]
    shown = sum(word in text for word in words for text in pages.values())
    seen = chromium.look(pages)
    figure("shown: pages in Chromium", seen.pages, least=len(SHOWN))
    figure("shown: hostile texts on them", shown, least=len(SHOWN))
    assert (seen.executed, seen.fetched, seen.alive) == ([], [], [])


@pytest.mark.browser
def test_the_browser_runs_and_fetches_what_isn_t_escaped(figure: Callable[..., None]) -> None:
    places = ("<p>{}</p>", '<p title="{}">x</p>', "<textarea>{}</textarea>", "<title>{}</title>", "<select><option>{}")
    pages = {
        f"/{number}/{place}/": f"<!doctype html><meta charset=utf-8>{shape.format(script)}"
        for number, script in enumerate(SCRIPTS if WHOLE else SCRIPTS[::3])
        for place, shape in enumerate(places if WHOLE else places[:1])
        if "http-equiv" not in script  # it would leave the page
    }
    seen = chromium.look({"/": "", **pages})
    ran = {one.partition("/")[2].partition("/")[0] for one in seen.executed}
    figure("planted: scripts that ran", len(ran), least=12 if WHOLE else 3)
    figure("planted: scripts that fetched", len({one.split("/")[1] for one in seen.fetched}), least=8 if WHOLE else 2)
    figure("planted: found alive", len(seen.alive), least=12 if WHOLE else 3)


def test_the_looking_finds_what_is_alive() -> None:
    dead = [script for script in SCRIPTS if not Alive(f"<p>{script}</p>").found]
    assert len(SCRIPTS) >= 30 and len(VECTORS) > 120
    assert len(SCRIPTS) - len(dead) >= 30, dead
