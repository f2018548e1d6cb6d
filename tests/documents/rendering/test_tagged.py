"""Each paper in each language is PDF/UA-1, and what breaks it is named."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from documents.rendering.brand import Brand
from documents.rendering.contents import Binding, Paper
from documents.rendering.render import render
from documents.rendering.tagged import elements_of, kind, tagged_findings
from tests.documents.rendering import given

DUTCH = Binding(language="nl", sha256="5e" * 32)
SAMPLES = [
    *given.all_documents(), given.collected_invoice(), given.kept_withdrawal(), given.policy(rehearsal=True),
    given.ipid(translates=DUTCH), given.policy(translates=DUTCH),
]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "de", "en"])
@pytest.mark.parametrize("content", SAMPLES, ids=lambda content: content.template)
def test_each_paper_is_tagged_by_the_standard(content: Paper, language: str, brand: Brand) -> None:
    rendered = render(content.template, content, language=language, brand=brand)
    assert tagged_findings(rendered.pdf, language=language) == []


@pytest.fixture(scope="module")
def printed(brand: Brand) -> bytes:
    return render("policy", given.policy(), language="en", brand=brand).pdf


def first(file: Any, name: str) -> Any:
    return next(element for element in elements_of(file.Root.StructTreeRoot) if kind(element) == name)


def no_scope(file: Any) -> None:
    del first(file, "TH").A["/Scope"]


def no_text(file: Any) -> None:
    del first(file, "Figure")["/Alt"]


def no_language(file: Any) -> None:
    del file.Root["/Lang"]


def no_title(file: Any) -> None:
    with file.open_metadata() as told:
        del told["dc:title"]


def name_shown(file: Any) -> None:
    file.Root.ViewerPreferences["/DisplayDocTitle"] = False


def untagged(file: Any) -> None:
    file.Root.MarkInfo["/Marked"] = False


def a_gap(file: Any) -> None:
    first(file, "H2")["/S"] = pikepdf.Name("/H4")


def own_kind(file: Any) -> None:
    first(file, "P")["/S"] = pikepdf.Name("/Paragraph")


def loose(file: Any) -> None:
    page = file.pages[0]
    page.contents_add(pikepdf.Stream(file, b"0 0 10 10 re f"))


BREAKS: list[tuple[Callable[[Any], None], str]] = [
    (no_scope, "a scope at each head"),
    (no_text, "in place of each figure"),
    (no_language, "Expected the language en"),
    (no_title, "Expected a title"),
    (name_shown, "show the title"),
    (untagged, "a tagged file"),
    (a_gap, "found H4"),
    (own_kind, "found Paragraph"),
    (loose, "to be tagged or an artefact"),
]


@pytest.mark.parametrize(("change", "said"), BREAKS, ids=[change.__name__ for change, _said in BREAKS])
def test_what_breaks_the_standard_is_named(change: Callable[[Any], None], said: str, printed: bytes) -> None:
    assert tagged_findings(printed, language="en") == []
    into = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed)) as file:
        change(file)
        file.save(into)
    assert any(said in finding for finding in tagged_findings(into.getvalue(), language="en"))
