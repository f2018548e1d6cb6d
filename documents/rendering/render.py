"""Prints a document: content and look become one source, the source becomes a PDF/UA file, byte for byte the same."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

from django.template import Context, Engine, TemplateDoesNotExist
from django.utils import translation
from django.utils.translation import gettext as _
from weasyprint.document import Document
from weasyprint.urls import FatalURLFetchingError

from common.formats import day_in_prose, language_name, written_for
from documents.rendering.brand import Brand
from documents.rendering.contents import Paper
from documents.rendering.errors import ContentRefused, ForeignAddress, PaperError, PaperTooLarge
from documents.rendering.ipid import WORDS
from documents.rendering.ipid_check import PAGES as IPID_PAGES
from documents.rendering.ipid_check import PAGES_WITH_REASON as IPID_PAGES_WITH_REASON
from documents.rendering.ipid_check import ipid_findings
from documents.rendering.printable import Cleaner
from documents.rendering.renderer import TEMPLATES, fingerprint, garbage_waits, machine

TEMPLATE_NAMES = ("quotation", "ipid", "summary", "application", "policy", "invoice", "decision", "withdrawal")
LANGUAGES = {"en", "nl", "de"}
MOST_PAGES = 60
LARGEST_SOURCE = 3_000_000
IPID_COLUMNS = "columns"  # the id of the two columns in the template
IPID_SIZES = ("", "snug", "tight")  # 10, 9.25 and 8.5 pt: all above the x-height of 1.2 mm that the regulation asks


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A printed document. `source` is all it was made of but our assets: keep it, and the bytes can be proved later."""

    pdf: bytes = field(repr=False)
    sha256: str
    source: str = field(repr=False)
    source_sha256: str
    fingerprint: str
    pages: int


@garbage_waits()
def render(template: str, content: Mapping[str, Any] | Paper, *, language: str, brand: Brand) -> Rendered:
    """Print one document for a company in a language; the same arguments give the same bytes in every process.

    `template` is a name of TEMPLATE_NAMES, `content` an object of its class in `contents`, or its `context()`. Raises
    PaperError: ContentRefused (unknown template or language, a value that the page needs is missing), PaperTooLarge
    (texts or pages past the limit), ForeignAddress (something outside our assets was asked for).
    """
    _check_names(template, language)
    clean = Cleaner().clean(content.context() if isinstance(content, Paper) else content)
    if template == "ipid":
        return _render_ipid(clean, language=language, brand=brand)
    return reprint(_source(template, clean, language=language, brand=brand))


@garbage_waits()
def reprint(source: str) -> Rendered:
    """Print a source again, as the archive kept it; equal bytes prove the archived document. Raises PaperError."""
    if len(source) > LARGEST_SOURCE:
        raise PaperTooLarge(f"A document's source holds at most {LARGEST_SOURCE} characters, found {len(source)}.")
    return _written(source, _laid_out(source))


def _render_ipid(content: Mapping[str, Any], *, language: str, brand: Brand) -> Rendered:
    """The largest print in which two sides of A4 hold the document and the two columns end on page one.

    A third page is printed only with its reason (article 3), at the smallest size.
    """
    for size in IPID_SIZES:
        source = _source("ipid", {**content, "size": size}, language=language, brand=brand)
        document = _laid_out(source)
        columns_hold = IPID_COLUMNS in document.pages[0].anchors
        if columns_hold and len(document.pages) <= IPID_PAGES:
            return _checked(_written(source, document), content, language)
    if columns_hold and content.get("third_page_reason") and len(document.pages) <= IPID_PAGES_WITH_REASON:
        return _checked(_written(source, document), content, language)
    if not columns_hold:
        raise PaperTooLarge(
            "What is insured, not insured and restricted has to fit on page one; the lines are too many."
        )
    raise PaperTooLarge(
        f"An information document has {IPID_PAGES} pages, found {len(document.pages)}; a third needs a reason."
    )


def _checked(rendered: Rendered, content: Mapping[str, Any], language: str) -> Rendered:
    """The information document, read again: one that breaks the regulation doesn't go out."""
    reason = str(content.get("third_page_reason") or "")
    if found := ipid_findings(rendered.source, pages=rendered.pages, language=language, third_page_reason=reason):
        raise ContentRefused(" ".join(found))
    return rendered


def _laid_out(source: str) -> Document:
    with _refusals():
        document = machine().lay_out(source)
    if len(document.pages) > MOST_PAGES:
        raise PaperTooLarge(f"A document has at most {MOST_PAGES} pages, found {len(document.pages)}.")
    return document


def _written(source: str, document: Document) -> Rendered:
    with _refusals():
        pdf = machine().write(document)
    return Rendered(
        pdf=pdf,
        sha256=sha256(pdf).hexdigest(),
        source=source,
        source_sha256=sha256(source.encode()).hexdigest(),
        fingerprint=fingerprint(),
        pages=len(document.pages),
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """The fetcher's refusal and a text nested too deep, as errors of ours: a worker must live on."""
    refused = machine().fetcher.refused
    refused.clear()
    try:
        yield
        if refused:
            raise ForeignAddress(refused[0])
    except FatalURLFetchingError as error:
        raise ForeignAddress(str(error)) from error
    except RecursionError as error:
        raise PaperTooLarge("The parts of the document lie too deep in each other to be laid out.") from error


def _check_names(template: str, language: str) -> None:
    if template not in TEMPLATE_NAMES:
        raise ContentRefused(f"Expected one of {', '.join(TEMPLATE_NAMES)}, found {template[:40]!r}.")
    known = set(WORDS) if template == "ipid" else LANGUAGES
    if language not in known:
        raise ContentRefused(
            f"Expected {template} in {', '.join(sorted(known))}, found the language {language[:10]!r}."
        )


def _source(template: str, content: Mapping[str, Any], *, language: str, brand: Brand) -> str:
    """The whole document as one text: no link leads out of it but to our own assets."""
    context = Context({**content, "brand": brand, "language": language}, use_l10n=False)
    context["translated"] = _translated(content, language)
    with translation.override(language), written_for(str(content.get("law", ""))):
        if template == "ipid":
            context["words"] = WORDS[language]
            context["prepared_line"] = _prepared_line(content, language)
        try:
            return str(_engine().get_template(f"{template}.html").render(context))
        except TemplateDoesNotExist as error:
            raise PaperError(f"The template {error} is missing.") from error


def _translated(content: Mapping[str, Any], language: str) -> str:
    """What a translation says of itself, in its own language; nothing where the paper is the one that counts."""
    if (binding := content.get("translates")) is None:
        return ""
    with translation.override(language):
        return _("This is a translation. The paper in %(language)s is the one that counts (SHA-256 %(sum)s).") % {
            "language": language_name(binding.language, language), "sum": binding.sha256,
        }  # fmt: skip


def _prepared_line(content: Mapping[str, Any], language: str) -> str:
    """For whom the information document was made: the foot's sentence, outside the regulated blocks."""
    day = day_in_prose(content["issued_on"], language)
    return WORDS[language].prepared_for.format(name=content["prepared_for"], number=content["number"], day=day)


class Missing(str):
    """Stands where a template's value is unknown: printing it raises, so that no document goes out with a hole."""

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, name: object) -> str:
        raise ContentRefused(f"The document needs a value that its content doesn't have: {name}.")


@cache
def _engine() -> Engine:
    """Our own engine: only the documents' templates, always escaping, and strict about missing values."""
    return Engine(
        dirs=[str(TEMPLATES)],
        autoescape=True,
        string_if_invalid=Missing("%s"),
        libraries={"i18n": "django.templatetags.i18n", "papers": "documents.templatetags.papers"},
    )
