"""bin/check translations: texts missing in a catalogue, unused, unsure, or hard-wired past every catalogue."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.translations import hard_wired
from config.translations.catalogue import faults, held, unsure
from config.translations.exceptions import EXCEPTIONS
from config.translations.source import Source, Text, sources, texts

Exceptions = Mapping[tuple[str, str], str]


def check(folder: Path, exceptions: Exceptions = EXCEPTIONS) -> bool:
    """Print what is wrong with the texts under `folder`, and the counts of it; True if nothing is."""
    read = sources(folder)
    wanted = {text for source in read for text in texts(source)}
    findings = [finding for path in catalogues(folder) for finding in language_findings(path, wanted)]
    wired = list(hard_wired_findings(folder, read, exceptions))
    print("\n".join([*findings, *wired]), end="\n" if findings or wired else "", file=sys.stderr)
    for path in catalogues(folder):
        print(counts(path, wanted))
    print(f"hard-wired: {len(wired)}")
    return not findings and not wired


def catalogues(folder: Path) -> list[Path]:
    """The catalogue of each language."""
    return sorted(folder.glob("locale/*/LC_MESSAGES/*.po"))


def counts(path: Path, wanted: set[Text]) -> str:
    """One line of a language: nl: 2309 texts, missing 0, unused 0, unsure 0."""
    known = set(held(path))
    told = f"missing {len(wanted - known)}, unused {len(known - wanted)}, unsure {unsure(path)}"
    return f"{path.parts[-3]}: {len(wanted)} texts, {told}"


def language_findings(path: Path, wanted: set[Text]) -> list[str]:
    """What a catalogue lacks, what it keeps for nobody, and what is wrong with its sentences."""
    known = held(path)
    missing = [
        f"{path}: Expected a translation; {text.forms[0]!r} isn't there."
        for text in sorted(wanted - set(known), key=str)
    ]
    unused = [f"{path}:{known[text]}: No page says {text.forms[0]!r} any more." for text in known if text not in wanted]
    return [*missing, *unused, *faults(path)]


def hard_wired_findings(folder: Path, read: list[Source], exceptions: Exceptions) -> Iterator[str]:
    """Words that no language can change, but for the reviewed ones; and reviews of words that are gone."""
    met = set()
    speaking = hard_wired.speakers([source.tree for source in read if source.tree])
    for source in read:
        place = str(source.path.relative_to(folder))
        for words, line in hard_wired.words(source, speaking):
            reviewed = [(file, begin) for file, begin in exceptions if file == place and words.startswith(begin)]
            met.update(reviewed)
            if not reviewed:
                yield f"{place}:{line}: Expected these words to go through gettext: {words[:80]!r}."
    for file, begin in exceptions:
        if (file, begin) not in met:
            yield f"{file}: The reviewed words {begin!r} aren't there any more."
