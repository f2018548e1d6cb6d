"""Decision tables against a slow and plain reading of the same rows."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from products.language.curves import CurveError, bracketed, extrapolated, interpolated
from products.language.errors import EvaluationError
from products.language.schema import DecisionTable
from products.language.tables import Table, compile_table, coverage_problems

CHOICES = {"dwelling": ("house", "flat", "boat")}


class Spender:
    """Stands where a run is: keeps what the table tells."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def saw_table(self, table: str, keys: list[Any], row: Any) -> None:
        self.seen.append(row)


def table(keys, rows, *, hit="unique", collect=None, default=None, results=(("out", "number"),)) -> Table:
    spec = DecisionTable.model_validate(
        {
            "key": "t",
            "keys": keys,
            "results": [{"name": name, "type": kind} for name, kind in results],
            "hit": hit,
            "collect": collect,
            "default": default,
            "rows": [{"when": list(when), "then": list(then)} for when, then in rows],
        }
    )
    made, problems = compile_table(spec, "tables[0]", CHOICES)
    assert problems == [] and made is not None
    return made


def look(made, *values, place=0):
    return made.look_up(Spender(), list(values), place)


AREA = {"name": "area", "type": "number", "match": "range"}
DWELLING = {"name": "dwelling", "type": "choice", "choices_of": "dwelling", "match": "set"}


def test_bands_up_to_and_including():
    made = table(
        [AREA], [([{"to": "80"}], ["36"]), ([{"above": "80", "to": "220"}], ["40"]), ([{"above": "220"}], ["80"])]
    )
    found = [look(made, Decimal(value)) for value in ("-5", "80", "80.0000001", "220", "220.5")]
    assert found == [Decimal(value) for value in ("36", "36", "40", "40", "80")]


def test_half_open_ranges_and_days():
    key = {"name": "due", "type": "date", "match": "date"}
    made = table([key], [([{"until": "2011-03-01"}], ["7.5"]), ([{"from": "2011-03-01"}], ["9.7"])])
    assert look(made, date(2011, 2, 28)) == Decimal("7.5")
    assert look(made, date(2011, 3, 1)) == Decimal("9.7")


def test_codes_keep_leading_zeros_and_their_length():
    key = {"name": "postcode", "type": "code", "match": "range"}
    made = table([key], [([{"from": "01067", "to": "01326"}], ["II"]), ([{"from": "01445", "to": "02999"}], ["I"])],
                 default=["none"], results=(("zone", "text"),))  # fmt: skip
    found = [look(made, code) for code in ("01066", "01067", "01326", "01444", "01445", "1445", "x", "٠١٤٤٥", "9" * 50)]
    assert found == ["none", "II", "II", "none", "I", "none", "none", "none", "none"]


def test_sets_any_and_columns():
    rows = [(["house"], ["1", "2"]), (["flat", "boat"], ["3", "4"])]
    made = table([DWELLING], [([cells], then) for cells, then in rows], results=(("a", "number"), ("b", "money")))
    assert look(made, "boat", place=1) == Decimal("4")
    assert (made.column("b"), made.column("c"), made.column(None)) == (1, None, 0)


@pytest.mark.parametrize(("collect", "expected"), [("sum", "12"), ("min", "2"), ("max", "10"), ("count", "2")])
def test_collect(collect, expected):
    rows = [([["house"]], ["2"]), ([["flat"]], ["5"]), ([None], ["10"])]
    made = table([DWELLING], rows, hit="collect", collect=collect)
    assert look(made, "house") == Decimal(expected)


def test_no_row_is_an_error_that_names_the_table():
    made = table([AREA], [([{"from": "0", "until": "10"}], ["1"])])
    with pytest.raises(EvaluationError, match="Expected a row in the table “t” for 10, found none"):
        look(made, Decimal(10))


def test_the_row_is_told():
    made, run = table([AREA], [([{"until": "5"}], ["1"]), ([{"from": "5"}], ["2"])]), Spender()
    made.look_up(run, [Decimal(7)], 0)  # type: ignore[arg-type]
    assert run.seen == [1]


def cell(rng: random.Random) -> dict[str, str] | None:
    if rng.random() < 0.15:
        return None
    low = rng.randrange(10)
    high = rng.randrange(low + 2, 12)  # a whole number lies between them, whichever bounds are in
    found = {}
    if rng.random() < 0.8:
        found[rng.choice(["from", "above"])] = str(low)
    if rng.random() < 0.8:
        found[rng.choice(["until", "to"])] = str(high)
    return found


def matches(band: dict[str, str] | None, value: Decimal) -> bool:
    tests = {
        "from": lambda b: value >= b,
        "above": lambda b: value > b,
        "until": lambda b: value < b,
        "to": lambda b: value <= b,
    }
    return band is None or all(tests[name](Decimal(bound)) for name, bound in band.items())


@pytest.mark.parametrize("seed", range(60))
def test_random_tables_agree_with_a_plain_reading(seed):
    rng = random.Random(seed)
    kind = rng.choice(["number", "money", "integer"])
    key = {"name": "area", "type": kind, "match": "range"}
    bands = [(cell(rng), rng.choice([None, *CHOICES["dwelling"]])) for _row in range(rng.randint(1, 8))]
    rows = [([band, None if name is None else [name]], [str(place)]) for place, (band, name) in enumerate(bands)]
    made = table([key, DWELLING], rows, hit="first")
    spots = [Decimal(value) for value in range(-1, 13)]
    if kind != "integer":
        spots += [value + Decimal("0.5") for value in spots]
    reached, gap = set(), False
    for value in spots:
        for name in CHOICES["dwelling"]:
            hits = [place for place, (band, of) in enumerate(bands) if matches(band, value) and of in (None, name)]
            reached.update(hits[:1])
            gap = gap or not hits
            if hits:
                assert look(made, value, name) == hits[0]
            else:
                with pytest.raises(EvaluationError):
                    look(made, value, name)
    problems, _count = coverage_problems(made, "tables[0]", most=100_000)
    unreachable = {problem.path for problem in problems if problem.code == "unreachable"}
    assert unreachable == {f"tables[0].rows[{place}]" for place in range(len(bands)) if place not in reached}
    assert gap == any(problem.code == "gap" for problem in problems)


def test_a_thousand_rows_serve_quickly_and_right():
    day = date(2020, 1, 1)
    rows = [([{"from": str(day + timedelta(n)), "until": str(day + timedelta(n + 1))}], [str(n)]) for n in range(1000)]
    made = table([{"name": "day", "type": "date", "match": "date"}], rows, default=["-1"])
    assert [look(made, day + timedelta(n)) for n in (-1, 0, 499, 999, 1000)] == [-1, 0, 499, 999, -1]
    assert coverage_problems(made, "t", most=10_000)[0] == []


# Curves ---------------------------------------------------------------------------------------------------------------

LIMIT = {"name": "limit", "type": "money"}
POINTS = [(["200000"], ["745"]), (["90000"], ["229"]), (["91000"], ["233"])]


def along(curve, *places):
    return [curve.at(Spender(), Decimal(place)) for place in places]


def test_straight_lines_between_points_whatever_their_order():
    curve = interpolated(table([LIMIT], POINTS), 0)
    found = along(curve, "90000", "90500", "91000", "160000", "200000")
    assert found[:3] == [229, 231, 233] and found[4] == 745
    assert round(found[3], 4) == Decimal("557.1101")
    for outside in ("89999.99", "200000.01"):
        with pytest.raises(EvaluationError) as raised:
            along(curve, outside)
        assert raised.value.code == "outside_points"


def test_on_with_the_last_slope_above_never_below():
    curve = extrapolated(table([LIMIT], [(["0"], ["10"]), (["10"], ["20"]), (["20"], ["25"])]), 0)
    assert along(curve, "5", "20", "40") == [15, 25, 35]
    with pytest.raises(EvaluationError):
        along(curve, "-1")


def test_the_two_points_are_told():
    run = Spender()
    interpolated(table([LIMIT], POINTS), 0).at(run, Decimal(90500))  # type: ignore[arg-type]
    assert run.seen == [[1, 2]]


BRACKETS = [
    ([{"above": "1000", "to": "5000"}], ["0.03"]),
    ([{"to": "1000"}], ["0.05"]),
    ([{"above": "5000"}], ["0.01"]),
]
WORTH = {"name": "worth", "type": "money", "match": "range"}


def test_each_part_at_the_rate_of_its_bracket():
    curve = bracketed(table([WORTH], BRACKETS), 0)
    assert along(curve, "0", "1000", "1000.01", "5000", "6000") == [0, 50, Decimal("50.0003"), 170, 180]
    with pytest.raises(EvaluationError):
        along(curve, "-0.01")
    closed = bracketed(table([WORTH], [([{"from": "0", "until": "10"}], ["0.5"])]), 0)
    assert along(closed, "10") == [5]
    with pytest.raises(EvaluationError):
        along(closed, "10.01")


@pytest.mark.parametrize(
    ("make", "keys", "rows", "part"),
    [
        (interpolated, [WORTH], BRACKETS, "matched exactly"),
        (interpolated, [LIMIT], POINTS[:1], "at least two points"),
        (interpolated, [LIMIT], [*POINTS[:2], ([None], ["1"])], "at least two points"),
        (interpolated, [{"name": "code", "type": "code"}], [(["1"], ["1"]), (["2"], ["2"])], "one number or amount"),
        (bracketed, [LIMIT], POINTS, "matched by range"),
        (bracketed, [WORTH], BRACKETS[:1], "from 0 on"),
        (bracketed, [WORTH], [BRACKETS[1], BRACKETS[2]], "from where the one before ends"),
        (bracketed, [{**WORTH, "type": "integer"}], BRACKETS, "matched by range"),
    ],
)
def test_a_table_that_is_no_curve_is_refused(make, keys, rows, part):
    with pytest.raises(CurveError, match=part):
        make(table(keys, rows, default=["0"]), 0)
