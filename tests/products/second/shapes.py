"""Shapes of random formulas by type, and formulas written by them."""

from random import Random

KINDS = {"{n}": "number", "{a}": "amount", "{d}": "date", "{f}": "flag", "{i}": "small", "{l}": "loss"}


def shapes(text: str) -> list[str]:
    """The shapes of one type, between semicolons."""
    return [" ".join(shape.split()) for shape in text.split(" ;")]


LEAVES = {
    "number": shapes("""
        0 ; 1 ; 2.5 ; 7% ; 12.345 ; -3 ; free_years ; ladder_percent ; agreed_percent ; points ; length(postcode) ;
        count(use) ; count(losses) ; default(members, 0) ; lookup(regions, postcode)
    """),
    "amount": shapes("""
        value ; insured_sum ; default(battery_value, 0) ; money(35) ; large_sum ; duty ; sum(losses.amount)
    """),
    "date": shapes("""
        start_date ; as_of ; reference_date ; date("2028-02-29") ; date("2026-01-31")
    """),
    "flag": shapes("""
        electric ; assistance ; no_theft ; lock = "chain" ; edition = "2027" ; answered(battery_value) ;
        answered(members) ; contains(use, "work") ; any(contracts where valid_from < as_of)
    """),
    "small": shapes("""
        0 ; 1 ; -1 ; 11 ; 12 ; -13 ; 29 ; round(free_years, 1) ; count(losses)
    """),
    "loss": shapes("""
        cause = "theft" ; amount > 150 ; amount >= value / 5 ; loss_date >= start_date ;
        (cause <> "theft" or reported) ; (cause = "theft" and reported)
    """),
}  # fmt: skip
SHAPES = {
    "number": shapes("""
        ({n} + {n}) ; ({n} - {n}) ; ({n} * {n}) ; ({n} / {n}) ; (-{n}) ; ({n})% ; ({a} / {a}) ; number({a}) ;
        min({n}, {n}) ; max({n}, {n}, {n}) ; abs({n}) ; round({n}, 0.1) ; round_up({n}, 2.5) ; round_down({n}, 1) ;
        round_half_even({n}, 0.5) ; (if {f} then {n} else {n}) ; case lock of "none" | "ring": {n}, "chain": {n} end ;
        years_between({d}, {d}) ; case edition of "2026": {n}, else: {n} end ; months_between({d}, {d}) ;
        days_between({d}, {d}) ; year({d}) ; month({d}) ; day({d}) ; count(losses where {l}) ;
        count(losses where electric or {l}) ; lookup(firsts.points, "1500", lock, {d}) ; lookup(all_sum.points, {a}) ;
        lookup(all_count, {a}) ; default(members, {n})
    """),
    "amount": shapes("""
        ({a} + {a}) ; ({a} - {a}) ; ({a} * {n}) ; ({a} / {n}) ; (-{a}) ; money({n}) ; min({a}, {a}) ; max({a}, 25) ;
        abs({a}) ; round({a}, 1) ; round_up({a}, 0.05) ; round_half_even({a}, 10) ; (if {f} then {a} else {a}) ;
        sum(losses.amount where {l}) ; sum(losses, amount / 3) ;
        sum(losses where {l}, amount * 2 + {a}) ;
        default(max(losses.amount where {l}), {a}) ; default(min(losses.amount), 0) ;
        max(losses.amount) ; interpolate(limits.premium, {a}) ; extrapolate(limits.premium, 90000 + abs({a})) ;
        brackets(duties.rate, abs({a})) ; lookup(firsts.price, postcode, lock, {d}) ;
        (if electric then battery_value else {a}) ; default(battery_value, {a})
    """),
    "date": shapes("""
        add_days({d}, {i}) ; add_months({d}, {i}) ; add_years({d}, {i}) ; min({d}, {d}) ; max({d}, {d}, {d}) ;
        (if {f} then {d} else {d}) ; default(max(losses.loss_date where {l}), {d})
    """),
    "flag": shapes("""
        ({n} < {n}) ; ({n} = {n}) ; ({a} >= {a}) ; ({a} <> {a}) ; ({d} <= {d}) ; ({d} = {d}) ; (not {f}) ;
        ({f} and {f}) ; ({f} or {f}) ; ({n} in [{n}, {n}]) ; lock not in ["none", "ring"] ; postcode >= "5000" ;
        starts_with(postcode, "1") ; only(use, "work") ; any_of(use, "work", "sport") ; all_of(use, "work", "sport") ;
        any(losses where {l}) ; all(losses where {l}) ; (electric and battery_value > {a}) ;
        (if {f} then {f} else {f}) ; any(losses where {l} and no_theft) ;
        any(contracts where product = "bicycle" and valid_from <= start_date)
    """),
    "small": shapes("""
        ({i} + {i}) ; (-{i}) ; count(losses where {l}) ; {n}
    """),
    "loss": shapes("""
        ({l} and {l}) ; ({l} or {l}) ; (not {l}) ; years_between(loss_date, start_date) < 2 ;
        amount < insured_sum / 3 ; loss_date < add_days(as_of, -1000)
    """),
}  # fmt: skip


class Writer:
    """Formulas of a type, at most so deep."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def write(self, kind: str, depth: int) -> str:
        """One of the shapes of a type; near the ground a name or a constant."""
        found = LEAVES[kind] if depth <= 0 or self.random.random() < 0.1 else SHAPES[kind]
        return self.fill(self.random.choice(found), depth)

    def fill(self, shape: str, depth: int) -> str:
        """A formula in each of a shape's places."""
        for sign, kind in KINDS.items():
            while sign in shape:
                shape = shape.replace(sign, self.write(kind, depth - 1), 1)
        return shape
