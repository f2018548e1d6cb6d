"""A list of records and files on their way: which page they stand on, what is wrong, and how they are read back."""

from datetime import date

import pytest
from django.utils import translation

from applications.problems import sentence_of
from applications.steps import QUESTIONS, Step, pages_of, problems_with, way_of, wrong_answers
from applications.told import told_answers
from portal.case_file import answer_in_words, condition_in_words
from products.language import compile_definition
from tests.products.language.programs import LOSSES
from tests.products.language.samples import ANSWERS, fragment
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


def test_the_office_reads_records_with_their_labels():
    questions = {row["key"]: row for row in document()["questions"]}
    with translation.override("en"):
        assert answer_in_words(LOSSES[1:], questions["losses"], "en", "EUR") == (
            "When? 3\u00a0Mar\u00a02024, What happened? Damage, How much was it? €150.00"
        )
        assert answer_in_words([], questions["losses"], "en", "EUR") == "none"
        assert answer_in_words([PHOTO], questions["photos"], "en", "EUR") == "front.jpg"
        assert answer_in_words([], questions["photos"], "en", "EUR") == "none"


def test_the_office_reads_what_the_robot_saw_of_records():
    row = {"key": "D", "kind": "rule", "fired": False, "condition": "count(losses) > 1",
           "values": {"losses": [{"cause": "theft", "amount": "1.00"}], "use": ["work"]}}  # fmt: skip
    assert condition_in_words(row)["seen"] == "losses = (cause = theft, amount = 1.00), use = work"


def test_a_contradiction_is_said_in_the_words_of_the_product():
    product = compile_definition(fragment("C01_BATTERY"))
    answers = {**ANSWERS, "electric": True, "battery_value": "5000"}
    [problem] = problems_with(product, answers, AS_OF, ["battery_value"])
    with translation.override("en"):
        assert sentence_of(problem, "money", "EUR").startswith("The battery can't be worth more than the bicycle")
