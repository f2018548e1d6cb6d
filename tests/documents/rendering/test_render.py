"""Documents print whole, tagged, with their own fonts, and byte for byte the same in every process (S0-18 to S0-26)."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from documents.rendering.brand import Brand, demo_brand
from documents.rendering.contents import Paper
from documents.rendering.errors import ContentRefused, PaperTooLarge
from documents.rendering.parts import ZERO, Binding, Clause, Fact
from documents.rendering.plain import from_plain, to_plain
from documents.rendering.render import TEMPLATE_NAMES, render, reprint
from documents.rendering.renderer import fingerprint, ingredients
from tests.documents.rendering import given, reading

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = given.all_documents()
PAGES = dict.fromkeys(TEMPLATE_NAMES, 2) | {"quotation": 3, "policy": 3, "decision": 1}
every_document = pytest.mark.parametrize("content", DOCUMENTS, ids=lambda content: content.template)
OTHER_PROCESS = """
import django; django.setup()
from documents.rendering.brand import demo_brand
from documents.rendering.render import render
from tests.documents.rendering import given
for content in given.all_documents():
    print(render(content.template, content, language="en", brand=demo_brand("duinbaken")).sha256)
"""


def test_each_document_has_a_template_and_a_sample() -> None:
    assert sorted(content.template for content in DOCUMENTS) == sorted(TEMPLATE_NAMES)


@every_document
def test_pages(content: Paper, brand: Brand) -> None:
    rendered = render(content.template, content, language="en", brand=brand)
    assert rendered.pages == len(reading.pages(rendered)) <= PAGES[content.template]
    assert rendered.pdf.startswith(b"%PDF-1.7")


def test_equal_bytes_in_two_processes(brand: Brand) -> None:
    here = [render(content.template, content, language="en", brand=brand).sha256 for content in DOCUMENTS]
    backwards = [render(content.template, content, language="en", brand=brand).sha256 for content in DOCUMENTS[::-1]]
    there = subprocess.run([sys.executable, "-c", OTHER_PROCESS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert here == backwards[::-1] == there.stdout.split()


@every_document
def test_the_kept_source_and_the_kept_content_print_the_same_bytes(content: Paper, brand: Brand) -> None:
    rendered = render(content.template, content, language="en", brand=brand)
    again = from_plain(content.template, to_plain(content))
    assert reprint(rendered.source) == rendered
    assert again == content
    assert render(content.template, again.context(), language="en", brand=brand) == rendered


def test_source_tells_what_changed(brand: Brand) -> None:
    one = render("invoice", given.invoice(), language="en", brand=brand)
    other = render("invoice", given.invoice(number="F-2026-010395"), language="en", brand=brand)
    assert one.source_sha256 != other.source_sha256
    assert one.fingerprint == other.fingerprint == fingerprint()
    assert len(fingerprint()) == 64
    assert {"weasyprint", "pydyf", "pango", "harfbuzz", "fonts", "templates"} <= set(ingredients())


@every_document
def test_tagged_for_a_screen_reader(content: Paper, brand: Brand) -> None:
    rendered = render(content.template, content, language="en", brand=brand)
    root = reading.root(rendered)
    tags = list(reading.elements(rendered))
    kinds = [element["/S"] for element in tags]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert content.number in reading.title(rendered) or content.template == "ipid"
    assert kinds.count("/H1") == 1
    assert all(element["/A"]["/Scope"] in {"/Column", "/Row"} for element in tags if element["/S"] == "/TH")
    assert all(element.get("/Alt") for element in tags if element["/S"] == "/Figure")
    assert "/Figure" in kinds


@every_document
def test_fonts_are_embedded_and_ours(content: Paper, brand: Brand) -> None:
    found = reading.fonts(render(content.template, content, language="en", brand=brand))
    assert found
    assert all("/FontFile2" in font or "/FontFile3" in font for font in found)
    assert {font["/FontName"].split("+")[1] for font in found} <= {"Doc", "Doc-Semi-Bold", "Doc-Italic"}


@every_document
@pytest.mark.parametrize("name", ["duinbaken", "kranichtor"])
def test_rehearsal_is_marked_on_every_page(content: Paper, name: str) -> None:
    rehearsal = dataclasses.replace(content, rehearsal=True)
    rendered = render(content.template, rehearsal, language="en", brand=demo_brand(name))
    assert all(page.count("Rehearsal: nothing in this document is insured") == 1 for page in reading.pages(rendered))
    assert reading.title(rendered).startswith("Rehearsal")
    plain = render(content.template, content, language="en", brand=demo_brand(name))
    assert "Rehearsal" not in reading.text(plain)


COUNTS = {
    "en": "This is a translation. The paper in Dutch is the one that counts",
    "nl": "Dit is een vertaling. Bepalend is het stuk in het Nederlands",
    "de": "Dies ist eine Übersetzung. Maßgeblich ist die Unterlage auf Niederländisch",
}


@every_document
@pytest.mark.parametrize("language", COUNTS)
def test_a_translation_says_on_its_first_page_which_paper_counts(content: Paper, language: str, brand: Brand) -> None:
    told = dataclasses.replace(content, translates=Binding(language="nl", sha256="5e" * 32))
    rendered = render(content.template, told, language=language, brand=brand)
    first = reading.pages(rendered)[0]
    assert COUNTS[language] in first and "5e" * 32 in first.replace(" ", "")
    assert rendered.pages <= PAGES[content.template]
    assert COUNTS[language] not in reading.text(render(content.template, content, language=language, brand=brand))


def test_quotation_says_all_that_the_customer_decides_on(brand: Brand) -> None:
    text = reading.text(render("quotation", given.quotation(), language="en", brand=brand))
    for expected in (
        "Mevrouw S. Terhaven Kerkakkers 14 8011 XK Zwolle",
        "O-2026-001204",
        "€141.42",
        "Valid until 18 Dec 2026",
        "€500,000",
        "€8,500",
        "Premie naar waarde",
        "€ 8.500 × 1,375 %",
        "21 % over €116.88",
        "€24.54",
        "3 × €36.42, from 15 March 2027 to 15 September 2027",
        "€145.69",
        "€17.53 commission for Ruiterbrug",
        "T04 Jaarlijkse indexering.",
        "uw geboortedatum",
        "7:928",
        "14 days",
        "Kifid",
        "Voorwaarden Paardentrailer 2026-10",
    ):
        assert expected.replace(" ", " ") in text.replace(" ", " "), expected


def test_quotation_of_a_company_without_logo(brand: Brand) -> None:
    plain = dataclasses.replace(brand, logo=b"")
    assert (
        "Duinbaken Verzekeringen N.V."
        in reading.pages(render("quotation", given.quotation(), language="en", brand=plain))[0]
    )


def test_policy_shows_the_premium_table_of_its_quotation(brand: Brand) -> None:
    def table(source: str) -> str:
        start = source.index('<th scope="row">Premie naar waarde</th>')
        return source[start : source.index("</table>", start)]

    quotation = render("quotation", given.quotation(), language="en", brand=brand)
    policy = render("policy", given.policy(), language="en", brand=brand)
    assert table(quotation.source) == table(policy.source)
    assert "quotation O-2026-001204" in reading.text(policy)


def test_a_signature_never_stands_alone_on_the_last_page(brand: Brand) -> None:
    counts = set()
    for lines in range(0, 32, 2):  # until a page more is needed
        risk = tuple(Fact(label=f"Question {number}", value="yes") for number in range(lines))
        found = reading.pages(render("policy", given.policy(risk=risk), language="en", brand=brand))
        counts.add(len(found))
        assert "Dutch law applies to this insurance." in found[-1], lines
    assert len(counts) > 1


def test_the_last_page_of_a_quotation_holds_more_than_a_few_lines(brand: Brand) -> None:
    counts = set()
    for lines in range(0, 48, 6):  # until a page more is needed
        risk = tuple(Fact(label=f"Question {number}", value="yes") for number in range(lines))
        found = reading.pages(render("quotation", given.quotation(risk=risk), language="en", brand=brand))
        counts.add(len(found))
        for told in ("Your duty to tell us the truth", "Are you not satisfied?", "Enclosed:", "Kind regards"):
            assert told in found[-1], (lines, told)
    assert len(counts) > 1


@pytest.mark.parametrize("name", ["duinbaken", "lindenquell"])  # a window on the left, and one of DIN 5008
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_a_refusal_is_one_page(language: str, name: str) -> None:
    told = tuple(
        Fact(label=f"Is there a hazardous business within {number} metres?", value="no") for number in (5, 10, 50)
    )
    content = given.decision(facts=told, ways=("Tell us if an answer isn't right. " * 4, "Ask your adviser. " * 4))
    rendered = render("decision", content, language=language, brand=demo_brand(name))
    assert rendered.pages == 1


@pytest.mark.parametrize(("law", "named"), [("NL", True), ("DE", True), ("US", False)])
def test_a_refusal_names_the_gdpr_only_where_it_holds(law: str, named: bool, brand: Brand) -> None:
    told = reading.pages(render("decision", given.decision(law=law), language="en", brand=brand))[0]
    assert "contest the decision" in told and ("GDPR" in told) is named


def test_the_words_above_a_table_stay_with_it(brand: Brand) -> None:
    for lines in range(4, 14):
        risk = tuple(Fact(label=f"Question {number}", value="yes") for number in range(lines))
        found = reading.pages(render("quotation", given.quotation(risk=risk), language="en", brand=brand))
        above = next(number for number, page in enumerate(found) if "Cover runs from" in page)
        assert "What it covers" in found[above], lines


def test_an_untaxed_premium_is_not_said_twice(brand: Brand) -> None:
    untaxed = dataclasses.replace(given.PREMIUM, net=given.PREMIUM.total, taxes=(), charges=(), rounding=ZERO)
    source = render("policy", given.policy(premium=untaxed), language="en", brand=brand).source
    assert '<tr class="part">' not in source and '<tr class="total">' in source


def test_invoice_shows_base_tax_exempt_part_and_schedule(brand: Brand) -> None:
    text = reading.text(render("invoice", given.invoice(), language="en", brand=brand)).replace(" ", " ")
    for expected in (
        "€120.39",
        "Poliskosten €5.00",
        "Taxed with insurance tax €125.39",
        "Insurance tax 21 % over €125.39 €26.33",
        "exempt from insurance tax €15.00 €0.45 €15.45",
        "Total €167.17",
        "RF82 2026 1200 0077 4",
        "NL91 ABNA 0417 1643 00",
        "DB-P2026007731-01",
        "NL•• •••• •••• ••45 67",
        "Scan it with",
    ):
        assert expected in text, expected


def test_invoice_code_stands_whole_beside_its_account(brand: Brand) -> None:
    first = reading.pages(render("invoice", given.invoice(), language="en", brand=brand))[0]
    assert "Scan it with the app of your bank" in first and "RF82" in first


def test_invoice_by_direct_debit_has_no_code(brand: Brand) -> None:
    rendered = render("invoice", given.collected_invoice(), language="en", brand=brand)
    assert "<svg" not in rendered.source and rendered.pages == 1
    assert "Scan it" not in reading.text(rendered)


def test_application_copy_shows_each_question_and_hides_numbers(brand: Brand) -> None:
    rendered = render("application", given.application_copy(), language="en", brand=brand)
    text = reading.text(rendered)
    for group in given.application_copy().groups:
        for question in group.questions:
            assert question.text in text and question.answer in text
    assert "18 Nov 2026, 14:27" in text.replace(" ", " ")
    assert "NL20INGB0001234567" not in rendered.source and "maart 1984" not in rendered.source
    assert "••-••-1984" in text


def test_dutch(brand: Brand, dutch: str) -> None:
    text = reading.text(render("quotation", given.quotation(), language=dutch, brand=brand)).replace(" ", " ")
    for expected in (
        "Uw offerte: Paardentrailer",
        "Geachte mevrouw Terhaven,",
        "€ 141,42",
        "18 dec. 2026",
        "Eigen risico",
        "Assurantiebelasting",
        "Uw mededelingsplicht",
        "Bedenktijd",
    ):
        assert expected in text, expected


def test_a_hole_in_the_content_is_refused(brand: Brand) -> None:
    content = {**given.quotation().context()}
    del content["order_fact"]
    with pytest.raises(ContentRefused, match="order_fact"):
        render("quotation", content, language="en", brand=brand)


@pytest.mark.parametrize(
    ("template", "language"), [("letter", "en"), ("../base", "en"), ("quotation", "fr"), ("invoice", "pl")]
)
def test_unknown_template_or_language_is_refused(template: str, language: str, brand: Brand) -> None:
    with pytest.raises(ContentRefused, match="Expected"):
        render(template, given.quotation(), language=language, brand=brand)


def test_too_deep_a_source_is_refused_and_the_process_lives_on(brand: Brand) -> None:
    with pytest.raises(PaperTooLarge, match="too deep"):
        reprint("<!DOCTYPE html><html lang=en><title>t</title>" + "<div>" * 3000)
    assert render("invoice", given.invoice(), language="en", brand=brand).pages == 2


def test_a_long_name_stays_on_one_line_of_the_running_head_and_a_long_clause_may_break(brand: Brand) -> None:
    long = Clause(code="T01", title="Veiligheid", text="Sluit de deur af. " * 60)
    told = given.quotation(product="Pleziervaartuigen " * 20, clauses=(long, *given.quotation().clauses))
    source = render("quotation", told, language="nl", brand=brand).source
    head = source.partition('<div class="head">')[2].partition("</div>")[0]
    assert len(head) < 140 and head.endswith("…")
    assert source.count('<tr class="long">') == 1
