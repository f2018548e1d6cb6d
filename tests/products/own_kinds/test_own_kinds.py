"""Two products of kinds that the catalogue hasn't: travel by day and age, cyber for firms; each case worked by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from products.language import check, run_cases
from tests.products.second.compare import compare_many

KINDS = ("travel", "cyber")


PARTS = ("computed", "checks", "terms")  # that the second evaluator looks for in every document


def document(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / f"{kind}.json").read_text(encoding="utf-8"))
    return found


CASES = [(kind, case["id"]) for kind in KINDS for case in document(kind)["cases"]]


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[case for _kind, case in CASES])
def test_a_case_comes_out_as_worked_by_hand(kind, case):
    [found] = [row for row in run_cases(document(kind))["cases"] if row["id"] == case]
    assert found == {"id": case, "ok": True, "differences": []}


@pytest.mark.parametrize("kind", KINDS)
def test_both_evaluators_agree_on_it(kind):
    assert check(document(kind)) == {"ok": True, "errors": []}
    whole = dict.fromkeys(PARTS, []) | document(kind)
    found = compare_many(whole, 20270104, 60)
    assert found["accepted"] and found["referred"] and found["in error"] and found["priced"], found
