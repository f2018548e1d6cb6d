"""The corpus in every form of every page of every door: an ordinary page or a clear refusal, and nothing breaks.

Forms are found on the pages, so a new one is attacked by itself; `bin/proof hostile` sends the whole corpus.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from applications import forms
from companies.doors import Door
from companies.models import PartCode, Right
from companies.templates_of_protocols import TEMPLATES, ProtocolTemplate
from config.launch.places import ROOT
from config.launch.walk.browser import Field
from config.wsgi import Request
from tests import operators
from tests.conftest import doors_become_roles
from tests.hostile import WHOLE, chromium, scene
from tests.hostile.attack import ASKED, UNASKED, Attack, view_of
from tests.hostile.corpus import KINDS, SCRIPTS, VECTORS
from tests.hostile.forms import Found, forms_of, target_of
from tests.hostile.judge import Alive, Tally
from tests.hostile.requests import odd_requests
from tests.permissions.pages import OPEN, PAGES, WORDS

pytestmark = pytest.mark.django_db
TAKES = {name for name, page in PAGES.items() if page.post != 405}
ABSENT = "of a company that isn’t there for an operator, where every method is 404; elsewhere it takes no form"
READ = "is only read"
FORMLESS = {
    "operator:imports": ABSENT, "operator:import_template": ABSENT,
    "home": READ, "health": READ, "language": READ, "account_inactive": READ, "account_reset_password_done": READ,
    "account_reset_password_from_key_done": READ, "mfa_index": READ, "mfa_list_webauthn": READ,
    "mfa_view_recovery_codes": READ, "mfa_download_recovery_codes": READ,
    "account_go_on": "shows a kept form, which goes where it came from",
    "account_set_password": "everybody has a password, so it leads to changing it",
}  # fmt: skip
BLIND = Found(method="post", fields=[Field(name, "text") for name in UNASKED])
PART = 1 if WHOLE else 4  # of the pages behind a login, one in so many: the others' turn is in the whole run
ROOMS = (
    "companies", "relations", "products", "applications", "acceptance", "quotations", "policies", "ledger", "portal",
)  # fmt: skip
PUBLIC = ("apply:", "case:", "decision:", "withdrawal:")


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[scene.Scene]:
    """Built once; what is sent is rolled back to here."""
    patch = pytest.MonkeyPatch()
    doors_become_roles(patch)
    for name in ("FRESH_FACTOR", "SESSION_IDLE", "ACCOUNT_LOGIN_TIMEOUT", "ACCOUNT_REAUTHENTICATION_TIMEOUT"):
        patch.setattr(settings, name, 24 * 3600, raising=False)  # the walk takes longer, and what it does is undone
    patch.setattr(forms, "FASTEST", timedelta(0))
    patch.setattr("django.test.client.WSGIRequest", Request)  # as our web process makes it
    with django_db_blocker.unblock(), transaction.atomic():
        made = scene.build()
        newer = ProtocolTemplate("newer", "Newer than the company", {PartCode.PRODUCTS: (Right.VIEW,)})
        patch.setitem(TEMPLATES, newer.slug, newer)  # so the list of protocols offers to add it
        yield made
        transaction.set_rollback(True)
    patch.undo()


@pytest.fixture(scope="module")
def tally(stage: scene.Scene) -> Tally:
    """All answers to the walk, with their faults; in the sample a form of each address that takes one."""
    found, waiting = Tally(), {}
    for number, (name, client, address) in enumerate(stage.pages()):
        attack = Attack(client, found, seed=number)
        with operators.as_operator() if name.startswith("operator:") else nullcontext():
            if WHOLE or name in OPEN or name.startswith(PUBLIC) or number % PART == 0:
                attack.page(address)
                found.counts["pages walked"] += 1
                continue
            for form in forms_of(attack.read(address)):
                if form.method == "post":
                    waiting[view_of(target_of(form, address))] = (attack, form, address)
    for name in sorted(waiting.keys() - attacked(found)):
        attack, form, address = waiting[name]
        with operators.as_operator() if name.startswith("operator:") else nullcontext():
            attack.form(form, address)
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


def test_every_address_that_takes_a_form_was_attacked_by_its_own(
    stage: scene.Scene, tally: Tally, figure: Callable[..., None]
) -> None:
    figure("forms: addresses that take a form", len((TAKES | set(OPEN)) & attacked(tally)), least=97)
    assert (TAKES | set(OPEN)) - attacked(tally) == set(FORMLESS), "each address has a form in the scene, or a reason"
    if WHOLE:
        signed = {name for view, _who, name in tally.seen if view == "office:case_decision"}
        assert any("agreed" in name for name in signed), "the second signature is a form of its own"
    blindly = Tally()
    for name in FORMLESS:
        page = PAGES.get(name)
        address = stage.addresses.address(name) if page else reverse(name, kwargs=WORDS.get(name))
        with operators.as_operator() if page and page.door == Door.OPERATOR else nullcontext():
            Attack(stage.readers[page.door if page else Door.OFFICE], blindly).form(BLIND, address)
    figure("forms: addresses without a form, each with its reason", len(FORMLESS), least=0)
    assert blindly.faults == []


def test_a_request_that_no_browser_sends_breaks_no_page_without_a_login(
    stage: scene.Scene, figure: Callable[..., None]
) -> None:
    tally, odd = Tally(), odd_requests()
    places = {address: client for name, client, address in stage.pages() if name in OPEN or name.startswith(PUBLIC)}
    for number, (address, client) in enumerate(places.items()):
        for request in odd if WHOLE else odd[number :: len(places)]:
            Attack(client, tally).odd(address, request)
    figure("odd requests: kinds", len(odd), least=200)
    figure("odd requests: pages", len(places), least=40)
    for kind in dict.fromkeys(request.kind for request in odd):
        figure(f"odd requests: {kind}", tally.counts[f"odd: {kind}"])
    for name in ("taken", "pages", "refused as a whole"):
        figure(f"odd requests: {name}", tally.counts[name])
    figure("odd requests: faults", len(tally.faults), least=0)
    assert "\n".join(tally.faults[:60]) == ""


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


def test_every_word_that_a_page_looks_for_in_its_address_is_attacked() -> None:
    """The fields of a list's filter are attacked as its form."""
    rooms = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    asked = {word for path in rooms for word in re.findall(r'GET(?:\.get\(|\[)"([a-z_-]+)"', path.read_text("utf-8"))}
    assert len(asked) > 10 and asked <= set(ASKED)
