"""Lists of records and files: what is asked in each record, what is wrong where, and what formulas say about them."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from products.language import ask, compile_definition, evaluate, read_answer, read_form, to_json
from products.language.errors import BudgetExceeded, EvaluationError
from tests.products.language.evaluator import compiled, run_for
from tests.products.language.programs import LOSSES
from tests.products.language.samples import ANSWERS, added, changed, errors, example, fragment

AS_OF = date(2027, 1, 15)
T = {"en": "x"}
PHOTO = {"sha256": "a" * 64, "name": "front.jpg", "media_type": "image/jpeg", "size": 120_000}


def document(when: str | None = None, **more: Any) -> dict[str, Any]:
    """The example with the page's list of losses and its files, and a rule about them."""
    found = fragment("losses", "photos")
    found["questions"][6].update(more)
    if when is not None:
        found["acceptance"][0]["when"] = when
    return found


@pytest.fixture(scope="module")
def product():
    return compile_definition(document())


def found_for(product, losses, **more):
    return evaluate(product, AS_OF, {**ANSWERS, "losses": losses, **more})


def problems(product, losses, **more):
    return {problem.path: problem.code for problem in found_for(product, losses, **more).errors}


# Asking --------------------------------------------------------------------------------------------------------------


def test_each_record_has_the_fields_its_own_answers_ask_for(product):
    asked = ask(product, AS_OF, {**ANSWERS, "losses": LOSSES})
    assert asked.problems == []
    assert asked.records == {"losses": [("loss_date", "cause", "amount", "reported"), ("loss_date", "cause", "amount")]}
    assert "losses" in asked.keys and "loss_date" not in asked.keys
    theft, damage = asked.run.values["losses"]
    assert theft == {
        "loss_date": date(2026, 5, 1), "cause": "theft", "amount": Decimal("400.00"), "reported": True,
    }  # fmt: skip
    assert "reported" not in damage


def test_a_right_list_is_priced_and_stands_in_trace_and_answers(product):
    found = found_for(product, LOSSES)
    assert found.ok and found.premium is not None
    written = json.loads(json.dumps(to_json(found)))
    assert written["answers"]["losses"] == LOSSES
    assert written["trace"]["values"]["losses"][1] == {
        "loss_date": "2024-03-03", "cause": "damage", "amount": "150.00",
    }  # fmt: skip
    refused = [row for row in written["trace"]["conditions"] if row["key"] == "losses[1].reported"]
    assert [(row["fired"], row["refused_by"], row["values"]) for row in refused] == [
        (False, 'cause = "theft"', {"cause": "damage"})
    ]


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        ({"loss_date": "2026-05-01", "cause": "damage"}, {"answers.losses[0].amount": "missing"}),
        ({**LOSSES[1], "amount": "-1"}, {"answers.losses[0].amount": "too_small"}),
        ({**LOSSES[1], "amount": "1,5"}, {"answers.losses[0].amount": "not_an_amount"}),
        ({**LOSSES[1], "cause": "fire"}, {"answers.losses[0].cause": "not_a_choice"}),
        ({**LOSSES[1], "reported": True}, {"answers.losses[0].reported": "unasked"}),
        ({**LOSSES[1], "repotred": True}, {"answers.losses[0].repotred": "unknown_question"}),
        ({"loss_date": "2026-05-01", "amount": "5"}, {"answers.losses[0].cause": "missing"}),
        ([], {"answers.losses[0]": "not_a_record"}),
        (None, {"answers.losses[0]": "not_a_record"}),
        ("x", {"answers.losses[0]": "not_a_record"}),
    ],
)
def test_what_is_wrong_in_a_record_stands_at_its_field(record, wrong, product):
    assert problems(product, [record]) == wrong
    second = {path.replace("[0]", "[1]"): code for path, code in wrong.items()}
    assert problems(product, [LOSSES[0], record]) == second


@pytest.mark.parametrize(
    ("losses", "code"),
    [(None, "missing"), ({}, "not_a_list"), ("x", "not_a_list"), (3, "not_a_list"), ([LOSSES[1]] * 11, "too_large")],
)
def test_what_is_no_list_or_too_long_stands_at_the_question(losses, code, product):
    assert problems(product, losses) == {"answers.losses": code}


def test_a_list_may_be_empty_unless_it_needs_a_record(product):
    assert problems(product, []) == {}
    assert problems(compile_definition(document(least=1)), []) == {"answers.losses": "too_small"}


def test_a_problem_knows_its_question_and_field(product):
    [problem] = found_for(product, [{**LOSSES[1], "amount": "x"}]).errors
    assert (problem.question, problem.name) == ("losses", "amount")
    [problem] = found_for(product, None).errors
    assert (problem.question, problem.name) == ("losses", "losses")


def test_a_question_after_a_wrong_list_is_not_decided():
    later = {"key": "why_so_many", "type": "text", "when": "count(losses) > 1", "recorded": True, "label": T, "why": T}
    product = compile_definition(added("questions", later, document()))
    assert "why_so_many" in ask(product, AS_OF, {**ANSWERS, "losses": LOSSES}).keys
    assert "why_so_many" in ask(product, AS_OF, {**ANSWERS, "losses": LOSSES[:1]}).refused
    assert "why_so_many" in ask(product, AS_OF, {**ANSWERS, "losses": [{}, {}]}).undecided


def test_a_field_may_use_what_the_list_may_use():
    base = document()
    base["questions"][6]["fields"][3]["when"] = 'cause = "theft" and amount > value / 10 and electric'
    product = compile_definition(base)
    assert "reported" not in ask(product, AS_OF, {**ANSWERS, "losses": LOSSES}).records["losses"][0]
    electric = {**ANSWERS, "electric": True, "battery_value": "10", "losses": LOSSES}
    assert "reported" in ask(product, AS_OF, electric).records["losses"][0]


# Forms and words ------------------------------------------------------------------------------------------------------


def test_a_form_of_records_is_read_as_its_language_writes(product):
    raw = {"losses": [{"loss_date": "1-5-2026", "cause": "theft", "amount": "1.400,50", "reported": "ja"}, {}]}
    answers, found = read_form(product, raw, "nl")
    assert found == []
    assert answers == {
        "losses": [{"loss_date": "2026-05-01", "cause": "theft", "amount": "1400.50", "reported": True}, {}]
    }
    answers, found = read_form(product, {"losses": [{"amount": "1"}, {"amount": "14OO", "cause": " "}]}, "nl")
    assert [(problem.path, problem.code) for problem in found] == [("answers.losses[1].amount", "not_an_amount")]
    assert answers == {"losses": [{"amount": "1.00"}, {}]}
    assert read_form(product, {"losses": "x"}, "nl")[1][0].code == "not_a_list"
    assert read_form(product, {"losses": []}, "nl") == ({"losses": []}, [])


def test_records_are_said_in_words(product):
    typed = read_answer(product, "losses", LOSSES)
    assert product.records_in_words("losses", typed, "en") == [
        [("When?", "1\u00a0May\u00a02026"), ("What happened?", "Theft"), ("How much was it?", "€400.00"),
         ("Was it reported to the police?", "yes")],
        [("When?", "3\u00a0March\u00a02024"), ("What happened?", "Damage"), ("How much was it?", "€150.00")],
    ]  # fmt: skip
    assert product.words("losses", typed, "en").startswith("When? 1\u00a0May\u00a02026, What happened? Theft, ")
    assert product.words("losses", (), "en") == "–"
    assert product.words("photos", read_answer(product, "photos", [PHOTO]), "en") == "front.jpg"
    assert product.words("cause", "theft", "en") == "Theft"


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("photos", "code"),
    [
        ([{**PHOTO, "sha256": "A" * 64}], "not_a_file"),
        ([{**PHOTO, "sha256": 1}], "not_a_file"),
        ([{**PHOTO, "name": ""}], "not_a_file"),
        ([{**PHOTO, "name": "a\nb"}], "not_a_file"),
        ([{**PHOTO, "name": "a\0b"}], "not_a_file"),
        ([{**PHOTO, "name": "a\ud800"}], "not_a_file"),
        ([{**PHOTO, "media_type": "text/html"}], "media_type"),
        ([{**PHOTO, "size": 0}], "file_size"),
        ([{**PHOTO, "size": True}], "file_size"),
        ([{**PHOTO, "path": "/etc/passwd"}], "not_a_file"),
        ([{"sha256": "a" * 64}], "not_a_file"),
        (["x"], "not_a_file"),
        ("x", "not_a_list"),
        ([PHOTO, PHOTO], "file_twice"),
        ([{**PHOTO, "sha256": digit * 64} for digit in "abcd"], "too_large"),
    ],
    ids=range(15),
)
def test_what_is_no_file_is_refused(photos, code, product):
    assert problems(product, [], photos=photos) == {"answers.photos": code}


def test_files_are_kept_as_they_are_told(product):
    found = found_for(product, [], photos=[PHOTO])
    assert found.ok and to_json(found)["answers"]["photos"] == [PHOTO]
    assert read_form(product, {"photos": [PHOTO]}, "en") == ({"photos": [PHOTO]}, [])
    assert found_for(product, [], photos=[]).ok and found_for(product, [], photos=None).ok


def test_a_required_file_is_missed():
    proof = {"key": "proof", "type": "file", "recorded": True, "label": T, "why": T}
    product = compile_definition(added("questions", proof))
    assert problems(product, ..., proof=None)["answers.proof"] == "missing"
    assert problems(product, ..., proof=[])["answers.proof"] == "too_small"


def test_formulas_count_files():
    base = document('lock = "none" and (answered(photos) and count(photos) < 2)')
    product = compile_definition(base)
    assert found_for(product, [], lock="none", photos=[PHOTO]).decision == "decline"
    assert found_for(product, [], lock="none").decision == "accept"


# Formulas -------------------------------------------------------------------------------------------------------------

RULE = "acceptance[0].when"
WRONG = {
    "unknown field": ("sum(losses.amuont) > 1", "Expected a field of “losses”, found “amuont”. Did you mean “amount”?"),
    "unknown list": ("count(loses where yes) > 1", "Did you mean “losses”?"),
    "unknown name inside": ("any(losses where cuase = 1)", "“cuase”. Did you mean “cause”?"),
    "field outside": ("amount > 1", "Expected a known name, found “amount”."),
    "list as a value": ("losses = losses", "Expected one value, found a list of records in “losses”"),
    "list chosen": ("count(if electric then losses else losses) > 1", "Expected one value, found a list of records"),
    "file as a value": ("photos = photos", "Expected one value, found files in “photos”"),
    "no list": ("any(value where yes)", "Expected the name of a list, found “value”, which is an amount."),
    "any without where": ("any(losses)", "Expected a list as in any(list where condition)."),
    "any of a field": ("any(losses.amount where yes)", "Expected a list as in any(list where condition)."),
    "sum of a list": ("sum(losses) > 1", "Expected a list as in sum(list.field) or sum(list, formula)."),
    "sum of a choice": ("sum(losses.cause) > 1", "Expected a number or an amount in sum(), found one of the choices."),
    "largest of a choice": ("max(losses.cause) > 1", "Expected a field with an order in max()"),
    "where that is no condition": ("count(losses where amount) > 1", "Expected yes or no, found an amount."),
    "where elsewhere": ("abs(value where yes) > 1", "Expected “where” in count(), any(), all()"),
    "where alone": ("value where yes", "Expected an operator or the end, found “where”."),
    "unknown choice": ('any(losses where cause = "fire")', "Expected one of the choices theft, damage, found “fire”"),
    "conditional field": ("any(losses where reported)", "“reported” only has a value when (cause = \"theft\")"),
    "wrong type inside": ("any(losses where amount > loss_date)", "Expected two values of one type"),
    "list in itself": ("any(losses where amount > max(losses.amount))", "Expected another list than “losses”"),
    "two lists": ("sum(losses.amount, losses.amount) > 1", "Expected a list as in sum(list.field) or sum(list, "),
    "formula of no number": ("sum(losses, cause) > 1", "Expected a number or an amount in sum(), found one"),
    "conditional field in a formula": ("sum(losses, if reported then 1 else 0) > 1", "“reported” only has"),
    "list in its own formula": ("sum(losses, sum(losses.amount)) > 1", "Expected another list than “losses”"),
    "default of another type": ('default(max(losses.amount), "x") = "x"', "Expected two values of one type"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_about_a_list_is_found(name):
    source, part = WRONG[name]
    found = errors(document(source))
    assert part in found.get(RULE, ""), found


def test_an_empty_list_has_no_largest_unless_a_default_says(product):
    run = run_for(product, {**ANSWERS, "losses": []}, as_of=AS_OF)
    with pytest.raises(EvaluationError) as raised:
        compiled("max(losses.amount)", product).value(run)
    assert raised.value.code == "empty_list"
    assert compiled("default(max(losses.amount), money(7))", product).value(run) == 7
    assert compiled("sum(losses.amount)", product).value(run) == 0
    assert compiled("all(losses where amount > 5)", product).value(run) is True
    assert compiled("any(losses where amount > 5)", product).value(run) is False


def test_a_field_with_a_condition_is_summed_behind_it():
    base = document()
    base["questions"][6]["fields"].append({"key": "paid", "type": "money", "when": 'cause = "theft"', "label": T})
    base["acceptance"][0]["when"] = "sum(losses.paid) > 1"
    assert "“paid” only has a value when" in errors(base)[RULE]
    base["acceptance"][0]["when"] = 'sum(losses.paid where cause = "theft") > 1'
    assert errors(base) == {}


def test_an_optional_field_needs_answered_or_default():
    base = document()
    base["questions"][6]["fields"].append({"key": "paid", "type": "money", "optional": True, "label": T})
    product = compile_definition(base)
    run = run_for(product, {**ANSWERS, "losses": [{**LOSSES[1], "paid": "20"}, LOSSES[1]]}, as_of=AS_OF)
    assert compiled("count(losses where answered(paid))", product).value(run) == 1
    assert compiled("sum(losses.paid where answered(paid))", product).value(run) == 20
    assert compiled("count(losses where default(paid, 30) > 25)", product).value(run) == 1


def test_every_record_visited_is_charged():
    product = compile_definition(document(most=200))
    many = {**ANSWERS, "losses": [LOSSES[1]] * 200}
    formula = compiled("count(losses where amount > value + 1)", product)
    run = run_for(product, many, as_of=AS_OF)
    before = run.left
    formula.value(run)
    assert before - run.left == formula.cost + 200 * 6 and formula.most_cost == formula.cost + 200 * 6
    run = run_for(product, many, as_of=AS_OF)
    run.left = 500
    with pytest.raises(BudgetExceeded):
        formula.value(run)


def test_a_document_whose_lists_would_cost_too_much_is_refused():
    base = document(most=200)
    rule = {**base["acceptance"][0], "when": "any(losses where " + " and ".join(["amount > 1"] * 100) + ")"}
    base["acceptance"] = [{**rule, "key": f"D{place}"} for place in range(10)]
    assert "Expected formulas of at most" in errors(base)["$"]


def test_a_look_up_by_a_field_goes_through_the_records():
    base = document("count(losses where lookup(weights, cause) > 1) > 0")
    base["tables"].append(
        {"key": "weights", "keys": [{"name": "cause", "type": "choice", "choices_of": "cause"}],
         "results": [{"name": "weight", "type": "number"}],
         "rows": [{"when": ["theft"], "then": ["2"]}, {"when": ["damage"], "then": ["1"]}]}
    )  # fmt: skip
    product = compile_definition(base)
    assert found_for(product, LOSSES).decision == "decline"
    assert found_for(product, LOSSES[1:]).decision == "accept"


# The document ---------------------------------------------------------------------------------------------------------


def losses(**more):
    return document(recorded=False, **more)


FIELD = "questions[6].fields"
MISTAKES = {
    "no fields": (lambda: losses(fields=[]), FIELD, "Expected fields with the type list."),
    "fields elsewhere": (
        lambda: changed("questions.0.fields", [{"key": "a", "type": "date", "label": T}]),
        "questions[0].fields",
        "Expected no fields with the type date.",
    ),
    "a list in a list": (
        lambda: losses(fields=[{"key": "a", "type": "list", "label": T}]), f"{FIELD}[0].type", "found a text: list"
    ),
    "recorded field": (
        lambda: losses(fields=[{"key": "a", "type": "date", "recorded": True, "label": T}]),
        f"{FIELD}[0].recorded",
        "Expected a known field",
    ),
    "name taken": (
        lambda: losses(fields=[{"key": "value", "type": "date", "label": T}]),
        f"{FIELD}[0].key",
        "Expected a name of its own, found “value”",
    ),
    "field looks ahead": (
        lambda: losses(fields=[{"key": "a", "type": "yes_no", "when": "b", "label": T},
                               {"key": "b", "type": "yes_no", "label": T}]),
        f"{FIELD}[0].when",
        "Expected a condition on earlier fields of the record, found “b”.",
    ),
    "field counts its own list": (
        lambda: losses(fields=[{"key": "a", "type": "yes_no", "when": "count(losses) > 1", "label": T}]),
        FIELD,
        "Expected a value that doesn't depend on itself, found losses → losses.",
    ),
    "field needs a later question": (
        lambda: added(
            "questions",
            {"key": "late", "type": "yes_no", "recorded": True, "label": T, "why": T},
            losses(fields=[{"key": "a", "type": "yes_no", "when": "late", "label": T}]),
        ),
        FIELD,
        "found “late”, which is asked later.",
    ),
    "unguarded field": (
        lambda: losses(fields=[{"key": "a", "type": "yes_no", "when": "electric", "label": T},
                               {"key": "b", "type": "yes_no", "when": "a", "label": T}]),
        f"{FIELD}[1].when",
        "“a” only has a value when electric",
    ),
    "field nobody needs": (
        lambda: {**losses(), "acceptance": [{**example()["acceptance"][0], "when": "count(losses) > 3"}]},
        f"{FIELD}[0].key",
        "Expected a field that something needs, found “loss_date”",
    ),
    "too many records": (lambda: document(most=201), "questions[6].most", "a whole number of 0 to 200, found 201."),
    "half a record": (lambda: document(most="1.5"), "questions[6].most", "a whole number of 0 to 200, found 1.5."),
    "limits crossed": (lambda: document(least=5, most=4), "questions[6].most", "Expected at least 5, found 4."),
    "media elsewhere": (lambda: changed("questions.0.media", ["pdf"]), "questions[0].media", "only with file"),
    "files in a record": (
        lambda: losses(fields=[{"key": "a", "type": "file", "label": T}]),
        f"{FIELD}[0].type",
        "'several_of' or 'yes_no', found a text: file.",
    ),
    "set by the system": (
        lambda: document(set_by_system=True, system_value="as_of"), "questions[6].set_by_system", "found the type list"
    ),
    "list in a text": (
        lambda: {**document(), "terms": [{**example()["terms"][0], "text": {"en": "{losses}"}}]},
        "terms[0].text.en",
        "Expected a value that can be said, found “losses”",
    ),
    "field in a text": (
        lambda: {**document(), "terms": [{**example()["terms"][0], "text": {"en": "{cause}"}}]},
        "terms[0].text.en",
        "Expected a value that can be said, found “cause”",
    ),
    "text missing": (
        lambda: losses(fields=[{"key": "a", "type": "date", "label": {}}]), f"{FIELD}[0].label.en", "a text in en"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_list_question_is_found_where_it_stands(name):
    make, path, part = MISTAKES[name]
    found = errors(make())
    assert part in found.get(path, ""), found


def test_a_value_that_goes_through_the_same_list_leaves_the_record_looked_at_alone():
    document = fragment("losses")
    document["cases"] = []
    document["computed"].append({"key": "mean", "formula": "sum(losses.amount) / max(1, count(losses))"})
    theft = 'any(losses where mean > 0 and amount > mean and cause = "theft")'  # of 400, the mean is 275
    answers = {**ANSWERS, "losses": LOSSES}
    found = evaluate(compile_definition(changed("acceptance.0.when", theft, document)), date(2027, 1, 15), answers)
    assert [reason.key for reason in found.reasons] == ["D01_NO_LOCK"]
    damage = theft.replace('"theft"', '"damage"')
    found = evaluate(compile_definition(changed("acceptance.0.when", damage, document)), date(2027, 1, 15), answers)
    assert found.decision == "accept"
