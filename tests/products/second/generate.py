"""Random answers for any product document: mostly right, often at a limit or one beside it, sometimes wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.products.second.asking import is_asked
from tests.products.second.faults import Fault
from tests.products.second.scope import Scope
from tests.products.second.stored import read

Json = dict[str, Any]
WRONG: list[Any] = [
    None, "", " ", "x", "no", True, False, 0, 1, -1, "-1", "1.005", "1.0", "007", "1e3", "+1", " 1", "1.", ".5", "0.001", 1.5, [], {}, ["x"],
    "99999999999999999", "2026-02-30", "2026-1-1", "20260101", "0000-01-01", "9999-12-31", [{}], [[]], [None], "x" * 2001, "é", "١",
]  # fmt: skip
AT_FILES: list[Json] = [
    {"sha256": sign * 64, "name": "photo", "media_type": media, "size": 1000}
    for sign, media in (("a", "image/png"), ("b", "application/pdf"), ("c", "image/jpeg"), ("d", "image/heic"), ("e", "image/gif"))
]  # fmt: skip


@dataclass
class Asked:
    """One random order: the day, the answers, perhaps a plan and other contracts."""

    as_of: date
    answers: Json = field(default_factory=dict)
    plan: str | None = None
    contracts: list[Json] = field(default_factory=list)


def constants(part: Any) -> Iterator[str]:
    """Every number, day and word that stands in a document's rules and tables."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in ("names", "text", "label", "why", "help", "customer", "underwriter", "how", "cases", "source"):
                yield from constants(value)
    elif isinstance(part, list):
        for value in part:
            yield from constants(value)
    else:
        yield str(part)
        yield from re.findall(r'(?<=")[^"]+(?=")|[0-9]+(?:\.[0-9]+)?', str(part))


class Generator:
    """Random orders for one document, the same for the same seed."""

    def __init__(self, document: Json, seed: int) -> None:
        self.document, self.random = document, Random(f"{document['key']} {seed}")
        words = sorted({word for word in constants(document) if len(word) <= 40})
        self.words = words
        self.numbers = sorted({Decimal(word) for word in words if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", word)})
        self.days = [date.fromisoformat(word) for word in words if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", word)]
        self.codes = [word for word in words if re.fullmatch(r"[0-9]{4,8}", word)]

    def order(self) -> Asked:
        """Half of them near a worked case, the others at random."""
        case = self.random.choice(self.document["cases"]) if self.chance(0.7) else {"answers": {}}
        as_of = date.fromisoformat(case["as_of"]) if "as_of" in case and self.chance(0.7) else self.day()
        order = Asked(as_of, contracts=case.get("contracts", []) if self.chance(0.6) else self.contracts())
        scope = Scope(self.document, {"as_of": as_of, "contracts": typed_contracts(order.contracts)})
        fresh = self.random.choice((0.02, 0.1, 0.3))
        order.answers = self.answers(scope, self.document["questions"], case["answers"], fresh, "questions")
        if self.chance(0.12):
            self.spoil(order.answers)
        plans = [row["key"] for row in self.document["payment"]["plans"]]
        if self.chance(0.4):
            order.plan = self.random.choice(plans) if self.chance(0.97) else "nowhere"
        return order

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def answers(self, scope: Scope, questions: list[Json], known: Json, fresh: float, place: str) -> Json:
        """An answer to each question that is asked; the known one, unless a fresh one is wanted."""
        found: Json = {}
        for index, question in enumerate(questions):
            key = question["key"]
            if not asked(scope, question, f"{place}[{index}]") or (question.get("optional") and self.chance(0.4)):
                continue
            if key in known and not self.chance(fresh):
                found[key] = known[key]
            else:
                found[key] = self.answer(scope, question, known.get(key), fresh)
            self.learn(scope, question, found[key])
        return found

    def learn(self, scope: Scope, question: Json, answer: Any) -> None:
        """What later questions may look at."""
        if question["type"] == "list":
            scope.values[question["key"]] = [
                {row["key"]: read(row, record[row["key"]]) for row in question["fields"] if row["key"] in record}
                for record in answer
            ]
        elif (value := read(question, answer)) is not None:
            scope.values[question["key"]] = value

    def answer(self, scope: Scope, question: Json, known: Any, fresh: float) -> Any:
        """A right answer of the question's type, nearly always."""
        if question["type"] == "list":
            return self.records(scope, question, known or [], fresh)
        tries = [self.value(question) for _ in range(20)]
        return next((one for one in tries if read(question, one) is not None), tries[0])

    def records(self, scope: Scope, question: Json, known: list[Json], fresh: float) -> list[Json]:
        """Up to five records, those of the case among them."""
        most = min(int(question.get("most", 50)), 5)
        count = self.random.randint(min(int(question.get("least", 0)), most), most) if self.chance(0.5) else len(known)
        pool: list[Json] = [*known, *({} for _ in range(count))][:count]
        return [self.answers(scope.within({}), question["fields"], row, max(fresh, 0.1), "fields") for row in pool]

    def value(self, question: Json) -> Any:
        """A value by the question's type, not always within its limits."""
        kind = question["type"]
        if kind in ("money", "decimal", "integer", "year"):
            return self.number(question)
        if kind == "date":
            return self.day().isoformat()
        if kind == "yes_no":
            return self.chance(0.5)
        if kind in ("one_of", "several_of"):
            keys = [row["key"] for row in question["choices"]]
            return self.random.choice(keys) if kind == "one_of" else self.random.sample(keys, self.random.randint(0, len(keys)))
        if kind == "file":
            return self.random.sample(AT_FILES, self.random.randint(0, 3))
        return self.code(question) if kind == "code" else self.random.choice(self.words)

    def number(self, question: Json) -> Any:
        """A limit or a constant of the document, at it or just beside it, or anything between the limits."""
        places = {"money": 2, "decimal": question.get("decimals", 2)}.get(question["type"], 0)
        least, most = Decimal(str(question.get("least", 0))), Decimal(str(question.get("most", 100000)))
        step = Decimal(1).scaleb(-places)
        if self.chance(0.5):
            fits = [one for one in self.numbers if least - 1 <= one <= most + 1] or [least]
            value = self.random.choice([*fits, least, most]) + self.random.choice((0, 0, step, -step, 1, -1))
        else:
            span = (most - least) * Decimal(str(self.random.random() ** self.random.choice((1, 3, 9))))
            value = least + span
        value = value.quantize(step)
        return int(value) if value == value.to_integral_value() and self.chance(0.3) else format(value, "f")

    def day(self) -> date:
        """A day of the document or one beside it, a day of a worked case, or any day of forty years."""
        if self.days and self.chance(0.6):
            return self.random.choice(self.days) + timedelta(days=self.random.choice((-1, 0, 0, 1, 365, -365, 30)))
        if self.chance(0.5):
            last = date.fromisoformat(self.random.choice(self.document["cases"])["as_of"])
            return last + timedelta(days=self.random.choice((-1, 0, 1, -1095, -1096, -1097, -365, -366, 31, 365)))
        return date(2000, 1, 1) + timedelta(days=self.random.randint(0, 14600))

    def code(self, question: Json) -> str:
        """A bound of a table's range, one beside it, or anything of that length."""
        length = int(question.get("length", 5))
        fits = [int(one) for one in self.codes if len(one) == length]
        if fits and self.chance(0.6):
            return str(max(self.random.choice(fits) + self.random.choice((-1, 0, 1)), 0)).zfill(length)
        signs = "ABCxyz059" if question.get("characters", "any") not in ("digits",) else "0123456789"
        return "".join(self.random.choice(signs) for _ in range(length))

    def contracts(self) -> list[Json]:
        """Up to two other contracts, by words of the document."""
        return [
            {"product": self.random.choice(self.words), "line_of_business": self.random.choice(self.words), "valid_from": self.day().isoformat()}
            for _ in range(self.random.choice((0, 0, 0, 1, 2)))
        ]  # fmt: skip

    def spoil(self, answers: Json) -> None:
        """One or two answers that are missing, wrong or not asked for, in a record too."""
        for _ in range(self.random.choice((1, 1, 1, 2))):
            questions = self.document["questions"]
            lists = [key for key, value in answers.items() if isinstance(value, list) and value and isinstance(value[0], dict)]
            if lists and self.chance(0.4):
                key = self.random.choice(lists)
                answers[key] = [dict(row) for row in answers[key]]
                fields = next(row["fields"] for row in questions if row["key"] == key) if "sha256" not in answers[key][0] else []
                self.spoil_one(self.random.choice(answers[key]), [*fields, {"key": "size"}])
            else:
                self.spoil_one(answers, questions)

    def spoil_one(self, answers: Json, questions: list[Json]) -> None:
        """Take an answer away, put a wrong one in its place, or answer what may not be asked."""
        keys = [*[row["key"] for row in questions], "nobody_asked"]
        key = self.random.choice(list(answers) if answers and self.chance(0.7) else keys)
        if self.chance(0.3):
            answers.pop(key, None)
        else:
            answers[key] = self.random.choice(WRONG)


def asked(scope: Scope, question: Json, place: str) -> bool:
    try:
        return bool(is_asked(scope, question, place))
    except Fault:
        return False


def typed_contracts(contracts: list[Json]) -> list[Json]:
    return [{**row, "valid_from": date.fromisoformat(row["valid_from"])} for row in contracts]
