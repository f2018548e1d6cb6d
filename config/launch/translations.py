"""Whether the catalogues of texts are complete: no sentence without its translation, no named value lost in it."""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

NAMED = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)\}")


def check(folder: Path) -> bool:
    """Print each finding of the catalogues under `folder`; True if there are none."""
    findings = [finding for path in sorted(folder.glob("*/LC_MESSAGES/*.po")) for finding in catalogue_findings(path)]
    for finding in findings:
        print(finding, file=sys.stderr)
    return not findings


def catalogue_findings(path: Path) -> list[str]:
    """What is wrong in one catalogue, each as file, line and sentence."""
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    findings = [f"{path}:{message.lineno}: {found}" for message in messages for found in message_findings(message)]
    return findings + compiled_findings(path, messages)


def message_findings(message: Message) -> list[str]:
    """What is wrong with one sentence: unsure, untranslated, or with other named values than the source."""
    sources, texts = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        return [f"Expected a translation somebody stands for; found a guess for {sources[0]!r}."]
    if not all(texts):
        return [f"Expected a translation; found none for {sources[0]!r}."]
    wanted = {name for source in sources for name in _named(source)}
    lost = [text for text in texts if not _named(text) <= wanted or (len(texts) == 1 and _named(text) != wanted)]
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


def _key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    """What a catalogue finds a sentence by: its context and its forms."""
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return context, tuple(_forms(message.id))


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _named(text: str) -> set[str]:
    return {first or second for first, second in NAMED.findall(text)}
