"""A list of records and files on their way: which page they stand on, what is wrong, and how they are read back."""

from datetime import date

import pytest
from django.utils import translation

from applications.problems import sentence_of
from applications.steps import QUESTIONS, Step, pages_of, problems_with, way_of, wrong_answers
from applications.told import told_answers
from portal.case_file import told_answer
from products.language import compile_definition
from products.words import Reader
from tests.products.language.programs import LOSSES
from tests.products.language.samples import ANSWERS
from tests.products.language.test_lists import PHOTO, document

AS_OF = date(2027, 1, 15)
GOOD = {**ANSWERS, "losses": LOSSES, "photos": [PHOTO]}
WRONG = {**GOOD, "losses": [LOSSES[0], {**LOSSES[1], "amount": "-1"}]}


@pytest.fixture(scope="module")
def product():
    return compile_definition(document())


def test_a_list_and_files_stand_on_pages_of_their_own(product):
    pages = {page.slug: page.keys for page in pages_of(product, GOOD, AS_OF)}
    assert (pages["list-losses"], pages["file-photos"]) == (("losses",), ("photos",))
    assert "losses" not in pages["questions"] and "photos" not in pages["questions"]


def test_a_wrong_record_keeps_its_page_open(product):
    assert wrong_answers(product, WRONG, AS_OF) == {"losses"}
    page = next(page for page in pages_of(product, WRONG, AS_OF) if "losses" in page.keys)
    assert page.slug in way_of(product, answers=GOOD, parties={}, on=AS_OF).complete
    assert page.slug not in way_of(product, answers=WRONG, parties={}, on=AS_OF).complete
    assert [problem.path for problem in problems_with(product, WRONG, AS_OF, ["losses"])] == [
        "answers.losses[1].amount"
    ]
    assert problems_with(product, WRONG, AS_OF, ["value"]) == []


def test_what_is_wrong_is_said_by_the_type_of_its_field(product):
    [problem] = problems_with(product, WRONG, AS_OF, ["losses"])
    with translation.override("en"):
        said = sentence_of(problem, product.types[problem.name].kind, "EUR")
        assert said == "Expected at least €0.00, found −€1.00."
        [problem] = problems_with(product, {**GOOD, "losses": [LOSSES[1]] * 11}, AS_OF, ["losses"])
        assert sentence_of(problem, "list", "EUR") == "Expected at most 10, found 11."


def test_records_and_files_are_read_back_before_sending(product):
    page = Step("all", QUESTIONS, ("losses", "photos"))
    rows = dict(told_answers(product, page, {**GOOD, "losses": LOSSES[:1]}, AS_OF, "en"))
    said = "When? 1\u00a0May\u00a02026, What happened? Theft, How much was it? €400.00"
    assert rows["Which losses did you have in the past three years?"].startswith(said)
    assert rows["Photos of the bicycle"] == "front.jpg"
    empty = dict(told_answers(product, page, {**GOOD, "losses": [], "photos": None}, AS_OF, "en"))
    assert empty["Which losses did you have in the past three years?"] == "None of these"
    assert empty["Photos of the bicycle"] == "Not answered"


def test_the_office_reads_records_with_their_labels(product):
    told = {**GOOD, "losses": LOSSES[1:]}
    with translation.override("en"):
        found = [told_answer(product, key, told[key], "en") for key in ("losses", "photos")]
        assert [one.words for one in found] == [
            "When? 3\u00a0March\u00a02024, What happened? Damage, How much was it? €150.00",
            "front.jpg",
        ]
        assert len(found[0].records) == 1
        assert [told_answer(product, key, [], "en").words for key in ("losses", "photos")] == ["None of these"] * 2
        assert told_answer(product, "photos", None, "en").words == "Not answered"


def test_an_acceptor_reads_what_the_robot_saw_of_records():
    with translation.override("en"):
        seen = Reader(compile_definition(document()), "en").values({"losses": LOSSES[1:], "value": "1250.00"})
    assert "What happened? Damage" in seen
    assert "€1,250.00" in seen
