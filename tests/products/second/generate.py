"""Random answers for any product document: mostly right, often at a limit or one beside it, sometimes wrong."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from tests.products.second.asking import is_asked
from tests.products.second.contracts import read_contracts
from tests.products.second.faults import Fault
from tests.products.second.scope import Scope
from tests.products.second.stored import read
from tests.products.second.values import WRONG, Values

Json = dict[str, Any]


@dataclass
class Asked:
    """One random order: the day, the answers, perhaps a plan and other contracts."""

    as_of: date
    answers: Json = field(default_factory=dict)
    plan: str | None = None
    contracts: list[Json] = field(default_factory=list)


class Generator:
    """Random orders for one document, the same for the same seed."""

    def __init__(self, document: Json, seed: int, spoiled: float = 0.12) -> None:
        self.document, self.random = document, Random(f"{document['key']} {seed}")
        self.spoiled, self.values = spoiled, Values(document, self.random)

    def order(self) -> Asked:
        """Half of them near a worked case, the others at random."""
        case = self.random.choice(self.document["cases"]) if self.chance(0.7) else {"answers": {}}
        as_of = date.fromisoformat(case["as_of"]) if "as_of" in case and self.chance(0.7) else self.values.day()
        order = Asked(as_of, contracts=deepcopy(case.get("contracts", [])) if self.chance(0.6) else self.contracts())
        scope = Scope(self.document, {"as_of": as_of, "contracts": read_contracts(order.contracts)[0]})
        fresh = self.random.choice((0.02, 0.1, 0.3))
        order.answers = self.answers(scope, self.document["questions"], case["answers"], fresh, "questions")
        if self.chance(self.spoiled):
            self.spoil(order.answers)
            if order.contracts and self.chance(0.5):
                self.spoil_one(order.contracts[0], [{"key": "product"}, {"key": "valid_from"}])
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
            if question.get("set_by") and self.chance(0.5):
                self.learn(scope, question, question["default"])
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
        tries = [self.values.value(question) for _ in range(20)]
        return next((one for one in tries if read(question, one) is not None), tries[0])

    def records(self, scope: Scope, question: Json, known: list[Json], fresh: float) -> list[Json]:
        """Up to five records, those of the case among them."""
        most = min(int(question.get("most", 50)), 5)
        count = self.random.randint(min(int(question.get("least", 0)), most), most) if self.chance(0.5) else len(known)
        pool: list[Json] = [*known, *({} for _ in range(count))][:count]
        return [self.answers(scope.within({}), question["fields"], row, max(fresh, 0.1), "fields") for row in pool]

    def contracts(self) -> list[Json]:
        """Up to two other contracts, by words of the document."""
        words, count = self.values.words, self.random.choice((0, 0, 0, 1, 2))
        parts = [(self.random.choice(words), self.random.choice(words), self.values.day()) for _ in range(count)]
        return [{"product": one, "line_of_business": two, "valid_from": day.isoformat()} for one, two, day in parts]

    def spoil(self, answers: Json) -> None:
        """One or two answers that are missing, wrong or not asked for, in a record too."""
        for _ in range(self.random.choice((1, 1, 1, 2))):
            questions = self.document["questions"]
            lists = [row for row in questions if row["type"] == "list" and records_of(answers.get(row["key"]))]
            if lists and self.chance(0.4):
                question = self.random.choice(lists)
                answers[question["key"]] = [dict(row) for row in answers[question["key"]]]
                self.spoil_one(self.random.choice(answers[question["key"]]), question["fields"])
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


def records_of(answer: Any) -> bool:
    """Whether an answer is a list of records, and one at least."""
    return isinstance(answer, list) and bool(answer) and all(isinstance(row, dict) for row in answer)


def asked(scope: Scope, question: Json, place: str) -> bool:
    try:
        return bool(is_asked(scope, question, place))
    except Fault:
        return False
