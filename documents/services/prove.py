"""A paper proves itself: its bytes in the archive, and the same bytes printed anew from what it was made of."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from documents.models import ENCLOSED, Document, File
from documents.rendering.brand import Brand
from documents.rendering.errors import PaperError
from documents.rendering.plain import from_plain
from documents.rendering.render import Rendered, render, reprint
from documents.rendering.renderer import fingerprint, pattern, programs
from documents.rendering.text import pages_of
from documents.store import Damaged, fetch

SHOWN = 40  # signs of a place that differs


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof found (DESIGN section 7); `difference` says where, and is None where there is none."""

    archived_hash_ok: bool
    renderer_equal: bool
    rendered_equal: bool
    difference: str | None

    @property
    def proven(self) -> bool:
        """The kept bytes are there, and the inputs print the same."""
        return self.archived_hash_ok and self.rendered_equal

    def told(self) -> dict[str, Any]:
        """As the command prints it."""
        return asdict(self)


def prove_document(document: Document) -> Proof:
    """Whether the archive holds the bytes that were sent, and whether content, look and template print them again.

    With another template, sheet or renderer than on the day the bytes may differ; it is then said which, what the kept
    source prints, and on which page the text differs first (traps 22). Of a paper that was made elsewhere the archived
    bytes alone are proven: there is nothing to print.
    """
    archived, damage = read_archive(document)
    if document.kind in ENCLOSED:
        return Proof(not damage, renderer_equal=True, rendered_equal=not damage, difference=damage or None)
    printed, refusal = printed_anew(document)
    equal = printed is not None and printed.sha256 == document.file.sha256
    said = [damage, *([] if equal else list(differences(document, printed, archived, refusal)))]
    return Proof(
        archived_hash_ok=not damage,
        renderer_equal=same_renderer(document),
        rendered_equal=equal,
        difference=" ".join(filter(None, said)) or None,
    )


def read_archive(document: Document) -> tuple[bytes | None, str]:
    """The bytes as they were sent; else none, and what is wrong with them."""
    try:
        return fetch(document.file), ""
    except Damaged as error:
        return None, _("Archive: %(error)s") % {"error": error}


def same_renderer(document: Document) -> bool:
    """Whether the programs and fonts that printed it are those of today; of old papers one hash alone is known."""
    if not document.made_with:
        return document.fingerprint == fingerprint()
    return bool(document.made_with["renderer"] == dict(programs()))


def printed_anew(document: Document) -> tuple[Rendered | None, str]:
    """The document printed from its content and look by the template of today; else none, and why not."""
    try:
        if not document.made_with:  # before looks were kept
            return printed_from_source(document)
        look = File.objects.get(sha256=document.made_with["look"])
        content = from_plain(document.kind, document.content)
        return render(document.kind, content, language=document.language, brand=Brand.read(fetch(look))), ""
    except (PaperError, Damaged, OSError) as error:
        return None, str(error)


def printed_from_source(document: Document) -> tuple[Rendered | None, str]:
    """The document printed from the source that was kept of it; else none, and why not."""
    try:
        return reprint(gzip.decompress(fetch(document.source)).decode()), ""
    except (PaperError, Damaged, OSError) as error:
        return None, str(error)


def differences(document: Document, printed: Rendered | None, archived: bytes | None, refusal: str) -> Iterator[str]:
    """Why the print of today isn't the one that was sent, in sentences, the likeliest cause first."""
    if refusal:
        yield _("It can't be printed anew: %(error)s") % {"error": refusal}
    yield from changed_parts(document)
    if printed is None or archived is None:
        return
    again, damage = printed_from_source(document)
    if again is None:
        yield _("Archive: %(error)s") % {"error": damage}
    else:
        yield from where_sources_differ(again.source, printed.source)
        if again.sha256 == document.file.sha256:
            yield _("From its kept source it prints the same bytes.")
            return
    yield from where_texts_differ(pages_of(archived), pages_of(printed.pdf))


def changed_parts(document: Document) -> Iterator[str]:
    """Which files of the template and which programs are others than on the day."""
    then, now = document.made_with.get("template", {}), pattern(document.kind)
    if files := [name for name in sorted({*then, *now}) if then and then.get(name) != now.get(name)]:
        yield _("Changed since it was printed: %(files)s.") % {"files": ", ".join(files)}
    used: Mapping[str, str] = document.made_with.get("renderer", {})
    for name, value in programs().items():
        if used and used.get(name) != value:
            yield _("Printed with %(name)s %(then)s, here is %(now)s.") % {
                "name": name, "then": used.get(name, "?"), "now": value,
            }  # fmt: skip


def where_sources_differ(then: str, now: str) -> Iterator[str]:
    """The first line of the source that isn't the kept one."""
    for number, (old, new) in enumerate(zip_longest(then.splitlines(), now.splitlines(), fillvalue=""), 1):
        if old != new:
            yield _("Line %(line)s of the source: expected %(then)s, found %(now)s.") % {
                "line": number, **excerpts(old, new),
            }  # fmt: skip
            return


def where_texts_differ(then: list[str], now: list[str]) -> Iterator[str]:
    """Whether the words and pages are the same though the bytes aren't; else the first page that differs."""
    if len(then) != len(now):
        yield _("Expected %(then)s pages, found %(now)s.") % {"then": len(then), "now": len(now)}
    for number, (old, new) in enumerate(zip(then, now, strict=False), 1):
        if old != new:
            yield _("Text of page %(page)s: expected %(then)s, found %(now)s.") % {
                "page": number, **excerpts(old, new),
            }  # fmt: skip
            return
    if len(then) == len(now):
        yield _("Text and number of pages are the same.")


def excerpts(old: str, new: str) -> dict[str, str]:
    """The two readings from where they part."""
    at = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(at - SHOWN // 4, 0)
    return {"then": f"“{old[start : start + SHOWN]}”", "now": f"“{new[start : start + SHOWN]}”"}
