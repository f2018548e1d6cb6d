"""What is wrong in a definition, in the developer's language: on pages; what commands write stays English."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from products.language import check
from products.saying import PLACE, said
from products.sentences import SENTENCES
from tests import given

LANGUAGE = given.ROOT / "products/language"
# What is said of answers and evaluations, never of a definition on a page: forms have their own words for it
# (applications.problems), and of a worked case the page shows differences.
OF_ANSWERS = {
    "answers.py",
    "entries.py",
    "evaluate.py",
    "payment.py",
    "pricing.py",
    "run.py",
    "numbers.py",
    "product.py",
}
OF_VALUES = {  # said while something is worked out
    "Expected each file once, found one twice.", "Expected a part of a formula, found •.",
    "Expected a place in the table “•” from • to •, found •.", "Expected an amount from 0• in the table “•”, found •.",
    "“•” has no value here.", "Expected a row in the table “•” for •, found none.",
    "Expected a whole number of at most 100,000, found •.",
    "Expected a day in the years 1 to 9999, • moved by • months isn't.",
    "Expected a day in the years 1 to 9999, found one outside.",
    "Expected at least one record for •, found none: give a default().",
    "Expected a condition of • without a result, found none.", "Expected an object with answers, found •.",
    "Expected the key of a plan, found •.", "Expected several of the choices, found •.",
    "Expected a number or an amount, found •.", "Expected a text or a code, found •.",
    "Expected a whole number, found •.",
}  # fmt: skip
IN_TWO = {  # of each there are two sentences, or several
    "Expected • with the type •.", "Expected one value, found •.", "Expected a case for •, or else.",
    "Expected names of earlier steps, found “•”, which •.", "Expected • • •, found •.",
    "“•” •: put that condition before it, or use answered(•) or default(•, ...).",
}  # fmt: skip


def sentences_of(file: Path) -> Iterator[str]:
    """Every sentence of a module, with • at its places; docstrings are none."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
             if part is not node}  # fmt: skip
    inner |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else place(part) for part in node.values)
        else:
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if re.match(r"(Expected|“•”) ", text) or text.endswith(" only."):
            yield text


def place(part: ast.expr) -> str:
    """A place of a sentence; a hint behind it is a sentence of its own."""
    source = ast.unparse(part)
    return "" if "hint" in source or "nearest(" in source else "•"


def test_every_sentence_on_a_definition_can_be_said_in_another_language() -> None:
    told = {PLACE.sub("•", sentence) for sentence in SENTENCES}
    files = [file for file in sorted(LANGUAGE.glob("*.py")) if file.name not in OF_ANSWERS]
    found = {sentence for file in files for sentence in sentences_of(file)}
    assert len(found) > 140
    assert found - told - OF_VALUES - IN_TWO == set()
    assert OF_VALUES - found == IN_TWO - found == set(), "nothing is left out that isn't there"


@pytest.mark.parametrize("language", ["nl", "de"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    with translation.override(language):
        for sentence in SENTENCES:
            english = PLACE.sub("7", sentence)
            assert said(english) != english, english


@pytest.mark.parametrize(
    ("message", "dutch", "german"),
    [
        ("Expected a known name, found “premum”. Did you mean “premium”? (at character 3)",
         "Verwacht: een bekende naam; gevonden: “premum”. Bedoelde u “premium”? (bij teken 3)",
         "Erwartet: ein bekannter Name; gefunden: „premum“. Meinten Sie „premium“? (bei Zeichen 3)"),
        ("Expected yes or no, found a number. (at character 1)",
         "Verwacht: ja of nee; gevonden: een getal. (bij teken 1)",
         "Erwartet: Ja oder Nein; gefunden: eine Zahl. (bei Zeichen 1)"),
        ("Expected the key of a term, found “T9”.", "Verwacht: de sleutel van een voorwaarde; gevonden: “T9”.",
         "Erwartet: der Schlüssel von einer Bedingung; gefunden: „T9“."),
        ("Something of tomorrow.", "Something of tomorrow.", "Something of tomorrow."),
    ],
)  # fmt: skip
def test_a_finding_is_said_with_its_place_and_its_hint(message: str, dutch: str, german: str) -> None:
    for language, expected in (("en", message), ("nl", dutch), ("de", german)):
        with translation.override(language):
            assert said(message) == expected


def broken() -> dict[str, Any]:
    """The trailer's definition with a rule on a name that nobody knows."""
    definition: dict[str, Any] = json.loads((given.ROOT / "products/catalogue/nl-horse-trailer.json").read_text())
    definition["acceptance"][0]["when"] = "catalogue_valu > 1"
    return definition


def test_what_a_machine_reads_stays_english() -> None:
    with translation.override("nl"):
        found = check(broken())["errors"]
    assert found[0]["message"].startswith("Expected a known name, found “catalogue_valu”. Did you mean")


@pytest.mark.django_db
def test_the_page_of_a_new_version_says_it_in_the_reader_s_language(client: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.contexts import browser_of

    company = given.provider()
    pim = browser_of(given.member(company, "pim@duinhaven.example", "product-developer").user)
    file = SimpleUploadedFile("trailer.json", json.dumps(broken()).encode(), content_type="application/json")
    page = pim.post("/duinhaven/office/products/new/", {"definition": file}, headers={"accept-language": "nl"})
    text = page.content.decode()
    assert page.status_code == 422 and "Verwacht: een bekende naam; gevonden: “catalogue_valu”." in text
    assert "Bedoelde u “catalogue_value”?" in text and "Expected a known name" not in text
