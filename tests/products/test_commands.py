"""The three product commands on files that can't be what they should be: one JSON object, and 1 for what was found."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.shared import CHECKOUT

TRAVEL = CHECKOUT / "tests" / "products" / "own_kinds" / "travel.json"
UNREADABLE = {
    "broken": ('{"as_of":', "ANSWERS"),
    "deep": ('{"as_of":' + "[" * 5000 + "]" * 5000 + "}", "ANSWERS"),
    "list": ("[1]", "ANSWERS"),
    "twice": ('{"as_of": "2027-01-15", "answers": {"area": "europe", "area": "world"}}', "answers"),
    "no number": ('{"as_of": "2027-01-15", "answers": {"area": NaN}}', "answers.area"),
    "digits": ('{"as_of": "2027-01-15", "answers": {"area": ' + "9" * 6000 + "}}", "answers.area"),
}


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    """The one object that a command with findings prints."""
    with pytest.raises(SystemExit) as ended:
        call_command(*arguments, json=True)
    assert ended.value.code == 1
    found: dict = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("name", UNREADABLE)
def test_answers_that_cannot_be_read_are_told_at_their_place(name, tmp_path: Path, capsys):
    text, path = UNREADABLE[name]
    answers = tmp_path / "answers.json"
    answers.write_text(text, encoding="utf-8")
    found = told(capsys, "product_quote", str(TRAVEL), str(answers))
    assert [error["path"] for error in found["errors"]] == [path]


@pytest.mark.parametrize("name", ["broken", "deep"])
def test_cases_that_cannot_be_read_are_one_failed_case(name, tmp_path: Path, capsys):
    cases = tmp_path / "cases.json"
    cases.write_text(UNREADABLE[name][0], encoding="utf-8")
    found = told(capsys, "product_cases", str(TRAVEL), str(cases))
    assert (found["passed"], found["failed"], found["cases"][0]["id"]) == (0, 1, "definition")


def test_cases_may_be_a_list_of_their_own(tmp_path: Path, capsys):
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps(json.loads(TRAVEL.read_text(encoding="utf-8"))["cases"]), encoding="utf-8")
    call_command("product_cases", str(TRAVEL), str(cases), json=True)
    assert json.loads(capsys.readouterr().out)["passed"] == 6


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path):
    with pytest.raises(CommandError) as refused:
        call_command("product_check", str(tmp_path / "nothing.json"), json=True)
    assert refused.value.returncode == 2
