"""What the tests of imports start from: a company, a clerk, files, and a worker that carries on."""

from collections.abc import Iterable, Mapping
from typing import Any

from companies.actor import Actor
from companies.clock import today
from companies.imports.kinds import KINDS
from companies.imports.reading import read_file
from companies.imports.services import run_import, stage_import
from companies.models import Company, Import, ImportRow
from tests import given

RELATION: dict[str, str] = {
    "number": "10482", "kind": "person", "given_name": "Sanne", "family_name": "Verbruggen",
    "birth_date": "17-04-1986", "street": "Dorpsstraat", "house_number": "12a", "postcode": "4381 AB",
    "city": "Vlissingen", "country": "NL", "email": "sanne@verbruggen.example", "phone": "0118 00 00 00",
    "iban": "NL91 ABNA 0417 1643 00", "language": "nl",
}  # fmt: skip
POLICY: dict[str, str] = {
    "number": "PT-20931", "relation": "10482", "product": "nl-horse-trailer", "starts_on": "01-03-2019",
    "renews_on": "01-03-2099", "plan": "annual", "net": "212,40", "tax": "44,60", "fees": "6,50", "total": "263,50",
    "insured": "Böckmann Duo",
}  # fmt: skip
BALANCE: dict[str, str] = {
    "day": "31-12-2025", "account": "1300", "amount": "263,50", "relation": "10482", "reference": "F-8812",
    "due_on": "15-01-2026",
}  # fmt: skip


def a_relation(number: int, /, **said: str) -> dict[str, str]:
    """A relation of its own: nothing of it is another's."""
    own = {"number": str(number), "family_name": f"Naam {number}", "email": f"r{number}@klant.example", "iban": "",
           "house_number": str(number)}  # fmt: skip
    return RELATION | own | said


def a_policy(number: int, /, **said: str) -> dict[str, str]:
    """A policy of the relation of the same number."""
    return POLICY | {"number": f"PT-{number}", "relation": str(number)} | said


def a_balance(number: int, /, **said: str) -> dict[str, str]:
    """What the relation of the same number owes."""
    return BALANCE | {"relation": str(number), "reference": f"F-{number}"} | said


def file_of(rows: Iterable[Mapping[str, str]], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """Lines as a file, with a head of all columns that one of them has."""
    lines = list(rows)
    names = list(dict.fromkeys(name for row in lines for name in row))
    quoted = [[row.get(name, "").replace('"', '""') for name in names] for row in lines]
    written = [delimiter.join(names), *(delimiter.join(f'"{cell}"' for cell in line) for line in quoted)]
    return "\r\n".join(written).encode(encoding)


def clerk_of(company: Company, email: str = "clerk@duinhaven.example") -> Actor:
    """An employee who may import relations, policies and balances."""
    return given.actor_of(given.member(company, email, "policy-clerk", "bookkeeper"))


def staged(company: Company, actor: Actor, kind: str, rows: Iterable[Mapping[str, str]], **file: Any) -> Import:
    """A file brought by an employee; nobody has looked at it yet."""
    content, of = file_of(rows, **file), KINDS[kind]
    lines = read_file(content, columns=of.names, needed=of.needed)
    with given.inside(company, actor):
        return stage_import(kind=of, name=f"{kind}.csv", content=content, lines=lines, actor=actor, on=today(company))


def checked(company: Company, actor: Actor, kind: str, rows: Iterable[Mapping[str, str]]) -> Import:
    """A file that a worker has tried."""
    found = staged(company, actor, kind, rows)
    given.work(company, rounds=200)
    return fresh(company, found)


def imported(company: Company, actor: Actor, kind: str, rows: Iterable[Mapping[str, str]]) -> Import:
    """A file whose lines came in."""
    found = checked(company, actor, kind, rows)
    return ran(company, actor, found)


def ran(company: Company, actor: Actor, found: Import) -> Import:
    """An import that somebody let go on, carried out."""
    with given.inside(company, actor):
        run_import(found=found, actor=actor, on=today(company))
    given.work(company, rounds=2000)
    return fresh(company, found)


def fresh(company: Company, found: Import) -> Import:
    """The import as it stands now."""
    with given.inside(company):
        return Import.objects.get(pk=found.pk)


def rejected(company: Company, found: Import) -> list[tuple[int, str, str]]:
    """Line, field and sentence of what is wrong."""
    with given.inside(company):
        rows = ImportRow.objects.filter(source=found, outcome="rejected").order_by("line")
        return [(row.line, e["field"], e["message"] % e["params"]) for row in rows for e in row.errors]
