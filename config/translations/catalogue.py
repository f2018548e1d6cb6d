"""One catalogue: what it holds, and whether each sentence is sure, translated, compiled, and keeps its values."""

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from config.translations.source import Text

NAMED = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)\}")


@cache
def messages(path: Path) -> list[Message]:
    """The sentences of a catalogue."""
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def held(path: Path) -> dict[Text, int | None]:
    """The texts a catalogue holds, with their line."""
    return {_key(message): message.lineno for message in messages(path)}


def unsure(path: Path) -> int:
    """How many sentences are a guess or empty."""
    return sum(message.fuzzy or not all(_forms(message.string)) for message in messages(path))


def faults(path: Path) -> list[str]:
    """What is wrong with the sentences of a catalogue, each as file, line and sentence."""
    found = messages(path)
    told = [f"{path}:{message.lineno}: {fault}" for message in found for fault in message_findings(message)]
    return told + compiled_findings(path, found)


def message_findings(message: Message) -> list[str]:
    """What is wrong with one sentence: unsure, untranslated, or with other named values than the source."""
    sources, texts = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        return [f"Expected a translation somebody stands for; found a guess for {sources[0]!r}."]
    if not all(texts):
        return [f"Expected a translation; found none for {sources[0]!r}."]
    wanted = {name for source in sources for name in _named(source)}
    *few, many = texts  # “one day” needn't say its 1, while the form for many says what its source says
    lost = [text for text in few if not _named(text) <= wanted] + [many] * (_named(many) != _named(sources[-1]))
    return [f"Expected the named values {sorted(wanted)}; found {sorted(_named(text))} in {text!r}." for text in lost]


def compiled_findings(path: Path, messages: list[Message]) -> list[str]:
    """Whether the compiled catalogue beside it holds the same sentences."""
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return [f"{path}: Expected {compiled.name} beside it; found none. Run pybabel compile -d locale -D django."]
    with compiled.open("rb") as file:
        held = {_key(message): _forms(message.string) for message in read_mo(file)}
    stale = [m for m in messages if not m.fuzzy and m.string and held.get(_key(m)) != _forms(m.string)]
    return (
        [f"{compiled}: {len(stale)} sentences differ from {path.name}. Run pybabel compile -d locale -D django."]
        if stale
        else []
    )


def _key(message: Message) -> Text:
    """What a catalogue finds a sentence by: its context and its forms."""
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return Text(context, tuple(_forms(message.id)))


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _named(text: str) -> set[str]:
    return {first or second for first, second in NAMED.findall(text)}
