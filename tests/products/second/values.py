"""Random values of one question's type: a document's own numbers, days and codes, at them or just beside them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

Json = dict[str, Any]
WRONG: list[Any] = [
    None, "", " ", "x", "no", True, False, 0, 1, -1, "-1", "1.005", "1.0", "007", "1e3", "+1", " 1", "1.", ".5",
    "0.001", 1.5, [], {}, ["x"], "99999999999999999", "2026-02-30", "2026-1-1", "20260101", "0000-01-01", "9999-12-31",
    [{}], [[]], [None], "x" * 2001, "é", "١", "12³", "a\0", "\ud800",
]  # fmt: skip
MEDIA = {"a": "image/png", "b": "application/pdf", "c": "image/jpeg", "d": "image/heic", "e": "image/gif"}
FILES: list[Json] = [
    {"sha256": sign * 64, "name": "photo", "media_type": media, "size": 1000} for sign, media in MEDIA.items()
]


def constants(part: Any) -> Iterator[str]:
    """Every number, day and word that stands in a document's rules and tables."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in (
                "names",
                "text",
                "label",
                "why",
                "help",
                "customer",
                "underwriter",
                "how",
                "cases",
                "source",
            ):
                yield from constants(value)
    elif isinstance(part, list):
        for value in part:
            yield from constants(value)
    else:
        yield str(part)
        yield from re.findall(r'(?<=")[^"]+(?=")|[0-9]+(?:\.[0-9]+)?', str(part))


class Values:
    """Values for the questions of one document."""

    def __init__(self, document: Json, random: Random) -> None:
        self.document, self.random = document, random
        self.words = sorted({word for word in constants(document) if len(word) <= 40})
        self.numbers = sorted(
            {Decimal(word) for word in self.words if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", word)}
        )
        days = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
        self.days = [date.fromisoformat(word) for word in self.words if re.fullmatch(days, word)]
        self.codes = [word for word in self.words if re.fullmatch(r"[0-9]{4,8}", word)]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

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
            return (
                self.random.choice(keys)
                if kind == "one_of"
                else self.random.sample(keys, self.random.randint(0, len(keys)))
            )
        if kind == "file":
            return self.random.sample(FILES, self.random.randint(0, 3))
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
