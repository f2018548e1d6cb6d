"""Every page, read in German and in Dutch: no English is left that a catalogue has another word for."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from companies.doors import Door
from companies.imports.kinds import KINDS
from companies.models import User
from correspondence.models import Message
from tests import given
from tests.permissions.pages import OPEN, PAGES, WORDS
from tests.permissions.test_matrix import Worlds
from tests.shared import CHECKOUT

pytestmark = pytest.mark.django_db
WHO = {
    Door.OFFICE: "all",
    Door.ADVISERS: "ilse",
    Door.FOLDER: "sanne",
    Door.OPERATOR: "operator",
    Door.FRONT: "anonymous",
    Door.LINK: "anonymous",
}
WORD = re.compile(r"[A-Za-z]{3,}")
VALUE = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
ADDRESS = re.compile(r"\S*[@/\\]\S*|\b[A-Z]+[_-]\S+|\S+\.\S+")
FEWEST = 90  # pages read; a walk over fewer has missed the site
READ_ALOUD = {"title", "alt", "placeholder", "aria-label", "data-copied", "data-count"}
SILENT = {"script", "style", "code", "pre", "textarea"}
KEPT = {  # whole texts that are right in English, and why
    "English": "the name of a language, in that language",
    "Tried in the rehearsal.": "what somebody wrote when he set a product live",
    "manage": "the process of the tests, where a session began",
    "A run stopped": "what the operator wrote as his reason",
}
JOB = re.compile(r"command:\d+")  # a key of the outbox


class Reader(HTMLParser):
    """What a page says: its texts and the attributes that are shown or read aloud, outside what is code."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.said += [str(given[name]) for name in READ_ALOUD & given.keys()]
        if tag in SILENT or (tag not in {"input", "br", "img"} and "code" in str(given.get("class")).split()):
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def words_of(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(VALUE.sub(" ", text))}


def english(language: str) -> set[str]:
    """Words of the sources that no translation uses: whoever reads one on a page reads English."""
    with (CHECKOUT / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    pairs = [(forms(message.id), forms(message.string)) for message in messages]
    spoken = {word for _sources, texts in pairs for text in texts for word in words_of(text)}
    return {
        word for sources, texts in pairs if sources != texts for text in sources for word in words_of(text)
    } - spoken


def forms(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def pages(worlds: Worlds) -> Iterator[tuple[str, Client, str, str]]:
    """(name, browser, method, address) of all that is shown to who may read it."""
    for name, page in PAGES.items():
        client, address = worlds.clients[WHO[page.door]], worlds.address(name)
        yield from (
            (name, client, method, address) for method in ("get", "post") if getattr(page, method) in {200, 422}
        )
    for name in OPEN:
        for who in ("anonymous", "all"):
            yield name, worlds.clients[who], "get", reverse(name, kwargs=WORDS.get(name))


@pytest.mark.parametrize("language", ["de", "nl"])
def test_no_english_is_left_on_a_page(worlds: Worlds, language: str) -> None:
    data = {json.dumps(worlds.here.version.definition), *User.objects.values_list("name", flat=True)}
    data |= {column.name for kind in KINDS.values() for column in kind.columns}  # heads of a file
    with given.inside(worlds.here.company):
        data |= set(Message.objects.values_list("body", flat=True))
    sought = english(language) - {word for text in data for word in words_of(text)}
    left: dict[str, set[tuple[str, str]]] = {}
    read = 0
    for name, client, method, address in pages(worlds):
        response = getattr(client, method)(address, headers={"accept-language": language})
        if not response.get("Content-Type", "").startswith("text/html") or response["Content-Language"] != language:
            continue  # a file, or what a customer is told of a product that speaks another language
        reader = Reader()
        reader.feed(response.content.decode())
        read += 1
        for text in (" ".join(said.split()) for said in reader.said):
            for word in words_of(ADDRESS.sub(" ", JOB.sub(" ", text))) & sought:
                if text not in KEPT:
                    left.setdefault(word, set()).add((name, text[:60]))
    assert read >= FEWEST
    assert "\n".join(f"{word}: {sorted(places)[:3]}" for word, places in sorted(left.items())) == ""
