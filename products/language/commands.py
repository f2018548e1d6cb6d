"""What `product_check`, `product_quote` and `product_cases` print, as plain JSON (DESIGN section 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from products.language.build import compile_definition
from products.language.dates import read_day
from products.language.errors import DefinitionError, Problem
from products.language.evaluate import evaluate
from products.language.numbers import amount_text, read_number
from products.language.product import Product
from products.language.reading import kind_of, parse_json, read_document, shown
from products.language.result import Evaluation, PlanResult, Premium, Reason

Source = str | bytes | dict[str, Any]


def check(definition: Source) -> dict[str, Any]:
    """`{"ok", "errors": [{"path", "message"}]}`: whether a document is a product, and all that is wrong with it."""
    try:
        product = compile_definition(definition)
    except DefinitionError as error:
        return {"ok": False, "errors": _errors(error.problems)}
    found = run_cases(definition) if product.definition.cases else None
    cases = [] if found is None else list(enumerate(found["cases"]))
    failed = [_case_error(place, case) for place, case in cases if not case["ok"]]
    return {"ok": not failed, "errors": failed}


def quote(definition: Source, data: Source, language: str | None = None) -> dict[str, Any]:
    """The shape of `expected` in cases.json for `{"as_of", "answers"}`; else `{"errors"}`.

    The data may also name a `plan`, and `contracts` of the same order or held already. Where the data can't be read at
    all, the error stands at `ANSWERS`.
    Sentences (`how`, `detail`, `not_rated_because`) are in `language`, else English, else the product's first one.
    """
    try:
        product = compile_definition(definition)
    except DefinitionError as error:
        return {"errors": _errors(error.problems)}
    try:
        return _quote(product, read_document(data), language)
    except DefinitionError as error:
        at_file = [replace(problem, path="ANSWERS") if problem.path == "$" else problem for problem in error.problems]
        return {"errors": _errors(at_file)}


def _quote(product: Product, wanted: Mapping[str, Any], language: str | None = None) -> dict[str, Any]:
    as_of, answers, plan = read_day(wanted.get("as_of")), wanted.get("answers"), wanted.get("plan")
    problems = []
    if as_of is None:
        message = f"Expected a day such as 2027-01-31, found {shown(wanted.get('as_of'))}."
        problems.append(Problem("as_of", "not_a_day", message))
    if not isinstance(answers, dict):
        problems.append(
            Problem("answers", "not_an_object", f"Expected an object with answers, found {kind_of(answers)}.")
        )
    if plan is not None and not isinstance(plan, str):
        problems.append(Problem("plan", "not_a_text", f"Expected the key of a plan, found {kind_of(plan)}."))
    if as_of is None or not isinstance(answers, dict) or problems:
        return {"errors": _errors(problems)}
    contracts = () if wanted.get("contracts") is None else wanted["contracts"]
    return quoted(product, evaluate(product, as_of, answers, plan, contracts), product.language(language))


def quoted(product: Product, evaluation: Evaluation, language: str) -> dict[str, Any]:
    """An evaluation in the shape of `expected`, with sentences in one language."""
    if evaluation.errors:
        return {"errors": _errors(evaluation.errors)}
    because = evaluation.not_rated_because
    return {
        "asked": list(evaluation.asked),
        "decision": evaluation.decision,
        "reasons": [_reason(reason, language) for reason in evaluation.reasons],
        "terms": [term.key for term in evaluation.terms],
        "premium": None if evaluation.premium is None else _premium(evaluation.premium, language),
        "not_rated_because": None if because is None else because[language],
        "payment": None if evaluation.payment is None else _payment(evaluation.payment),
    }


def _errors(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"path": problem.path, "message": problem.message} for problem in problems]


def _case_error(place: int, case: Mapping[str, Any]) -> dict[str, str]:
    first = case["differences"][0]
    expected, found = (
        shown(first[name] if isinstance(first[name], str) else str(first[name]), 300) for name in ("expected", "found")
    )
    message = f"Case {case['id']}, {first['field']}: expected {expected}, found {found}."
    path = f"cases[{place}].expected.{first['field']}".removesuffix(".expected")  # where the whole of it is missing
    return {"path": path, "message": message}


def _reason(reason: Reason, language: str) -> dict[str, Any]:
    found = {"key": reason.key, "outcome": reason.outcome}
    return found if reason.detail is None else {**found, "detail": reason.detail[language]}


def _premium(premium: Premium, language: str) -> dict[str, Any]:
    steps = [
        {"key": step.key, "value": step.value, "how": step.how.get(language, "")}
        for step in premium.steps
        if step.listed
    ]
    return {
        "indicative": premium.indicative,
        "steps": steps,
        "net": amount_text(premium.net),
        "tax": amount_text(premium.tax),
        "fees": amount_text(premium.fees),
        "rounding": amount_text(premium.rounding),
        "total": amount_text(premium.total),
    }


def _payment(payment: PlanResult) -> dict[str, Any]:
    refused = {
        "reason": payment.reason,
        "refused_instalment": None if payment.refused_instalment is None else amount_text(payment.refused_instalment),
        "offered": payment.offered,
    }
    return {
        "plan": payment.plan,
        "allowed": payment.allowed,
        **(refused if payment.allowed is False else {}),
        "instalments": [amount_text(instalment.amount) for instalment in payment.instalments],
        "fees": amount_text(payment.fees),
        "total": amount_text(payment.total),
    }


def run_cases(definition: Source, cases: Source | list[Any] | None = None) -> dict[str, Any]:
    """`{"passed", "failed", "cases": [{"id", "ok", "differences": [{"field", "expected", "found"}]}]}`.

    `cases` is a cases file, its `cases` list, or None for the document's own. Compared: asked in order, decision,
    reasons and terms as sets, each step in order by value, net, tax, fees, rounding, total, and the payment plan with
    its instalments. A case may expect `errors` (a list of paths) instead. A wrong definition or cases file is one
    failed case “definition” whose differences are the mistakes.
    """
    try:
        product = compile_definition(definition)
        listed = _cases_of(product, cases)
    except DefinitionError as error:
        return {"passed": 0, "failed": 1, "cases": [_no_case(error)]}
    found = [_run_case(product, place, case) for place, case in enumerate(listed)]
    passed = sum(case["ok"] for case in found)
    return {"passed": passed, "failed": len(found) - passed, "cases": found}


def _no_case(error: DefinitionError) -> dict[str, Any]:
    differences = [
        {"field": problem.path, "expected": "no mistake", "found": problem.message} for problem in error.problems
    ]
    return {"id": "definition", "ok": False, "differences": differences}


def _cases_of(product: Product, cases: Source | list[Any] | None) -> list[Any]:
    if cases is None:
        return list(product.definition.cases)
    given = parse_json(cases) if isinstance(cases, (str, bytes)) else cases
    listed = read_document({"cases": given} if isinstance(given, list) else given).get("cases")
    if not isinstance(listed, list) or len(listed) > 10_000:
        found = len(listed) if isinstance(listed, list) else kind_of(listed)
        message = f"Expected a list of at most 10,000 cases, found {found}."
        raise DefinitionError([Problem("cases", "not_a_list", message)])
    return listed


def _run_case(product: Product, place: int, case: Any) -> dict[str, Any]:
    if not isinstance(case, dict) or not isinstance(case.get("expected"), dict):
        found = kind_of(case.get("expected") if isinstance(case, dict) else case)
        difference = {"field": "expected", "expected": "an object", "found": found}
        name = case.get("id", place) if isinstance(case, dict) else place
        return {"id": shown(str(name)), "ok": False, "differences": [difference]}
    quoted_case = _quote(product, {key: case[key] for key in ("as_of", "answers", "plan", "contracts") if key in case})
    differences = _differences(case["expected"], quoted_case)
    return {"id": shown(str(case.get("id", place))), "ok": not differences, "differences": differences}


def _differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "errors" in found or "errors" in expected:
        paths = [error["path"] for error in found.get("errors", [])]
        wanted = expected.get("errors")
        if isinstance(wanted, list) and sorted(map(str, wanted)) == sorted(paths):
            return []
        return [{"field": "errors", "expected": wanted, "found": found.get("errors")}]
    pairs: list[tuple[str, Any, Any]] = [
        ("asked", expected.get("asked"), found["asked"]),
        ("decision", expected.get("decision"), found["decision"]),
        ("reasons", _reason_set(expected.get("reasons")), _reason_set(found["reasons"])),
        ("terms", _words(expected.get("terms")), sorted(found["terms"])),
        ("not_rated_because", expected.get("not_rated_because"), found["not_rated_because"]),
    ]
    pairs += _premium_pairs(expected.get("premium"), found["premium"])
    pairs += _payment_pairs(expected.get("payment"), found["payment"])
    return [{"field": name, "expected": left, "found": right} for name, left, right in pairs if not _same(left, right)]


def _reason_set(reasons: Any) -> list[list[Any]]:
    return sorted([str(reason.get("key")), str(reason.get("outcome"))] for reason in _objects(reasons))


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list in a case; whatever else somebody wrote there is none, and so a difference."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _words(value: Any) -> list[str]:
    return sorted(map(str, value)) if isinstance(value, list) else []


def _premium_pairs(expected: Any, found: Any) -> list[tuple[str, Any, Any]]:
    if not isinstance(expected, dict) or found is None:
        return [("premium", expected, found)]
    pairs: list[tuple[str, Any, Any]] = [("premium.indicative", expected.get("indicative", False), found["indicative"])]
    wanted, listed = _objects(expected.get("steps")), found["steps"]
    pairs.append(("premium.steps", [step.get("key") for step in wanted], [step["key"] for step in listed]))
    for left, right in zip(wanted, listed, strict=False):
        pairs.append((f"premium.steps.{left.get('key')}", left.get("value"), right["value"]))
    for name in ("net", "tax", "fees", "rounding", "total"):
        pairs.append((f"premium.{name}", expected.get(name, "0.00"), found[name]))
    return pairs


def _payment_pairs(expected: Any, found: Any) -> list[tuple[str, Any, Any]]:
    if not isinstance(expected, dict) or found is None:
        return [("payment", expected, found)]
    names = ("plan", "allowed", "reason", "refused_instalment", "offered", "instalments", "fees", "total")
    pairs = [(f"payment.{name}", expected.get(name), found.get(name)) for name in names]
    return [pair for pair in pairs if pair[1] is not None or pair[0] in ("payment.reason", "payment.offered")]


def _same(left: Any, right: Any) -> bool:
    """Equal, amounts and rates as numbers: 231 is 231.00."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    first, second = read_number(left), read_number(right)
    if first is not None and second is not None and not isinstance(left, bool):
        return first == second
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)
