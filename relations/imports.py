"""Relations taken over from an old system: people and organisations with address and account (S2-13)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.imports import values
from companies.imports.kinds import Column, Kind, Place, Told, Totals, imported_row, register
from companies.models import Company, Import, ImportRow, Outcome, PartCode
from relations.models import BankAccount, Party, PartyKind
from relations.services.parties import Person, find_match, register_party, serialise, sort_key_of

CODE = "relations"


def find_relation(number: str) -> Party | None:
    """A relation by its number in the old system, or by the one it has here."""
    row = imported_row(CODE, number)
    return Party.objects.filter(pk=row).first() if row else Party.objects.filter(number=number).first()


class Relations(Kind):
    """People and organisations; each becomes a relation with its address, and an account where one is given."""

    code, title, part = CODE, _("Relations"), PartCode.RELATIONS
    measures = {"count": _("How many")}  # noqa: RUF012 never changed
    columns = (
        Column("number", values.text(40), _("Number in the old system. A file of policies or balances names it."),
               "10482", needed=True),
        Column("kind", values.one_of(PartyKind.values), _("person or organisation; empty: a person."), "person"),
        Column("given_name", values.text(60), _("Given names of a person."), "Sanne"),
        Column("family_name", values.text(80), _("Family name, or the name of an organisation."), "Verbruggen",
               needed=True),
        Column("birth_date", values.day, _("Day of birth."), "17-04-1986"),
        Column("street", values.text(120), _("Street."), "Dorpsstraat", needed=True),
        Column("house_number", values.text(12), _("House number with its addition."), "12a", needed=True),
        Column("postcode", values.text(12), _("Postcode."), "4381 AB", needed=True),
        Column("city", values.text(80), _("Place."), "Vlissingen", needed=True),
        Column("country", values.country, _("Country in two letters."), "NL", needed=True),
        Column("email", values.email, _("E-mail address."), "sanne@verbruggen.example"),
        Column("phone", values.text(40), _("Phone number."), "0118 00 00 00"),
        Column("iban", values.iban, _("Account from which premium is paid."), "NL91 ABNA 0417 1643 00"),
        Column("language", values.language, _("nl, de or en; empty: the company's."), "nl"),
    )  # fmt: skip

    def complete(self, told: Told, company: Company) -> Told:
        return told | {"kind": told["kind"] or PartyKind.PERSON.value, "language": told["language"] or company.language}

    def key(self, told: Told) -> str:
        return told["number"]

    def marks(self, told: Told) -> list[str]:
        """Each pair of independent keys by which a relation is known again (relations.services.parties.find_match)."""
        name = sort_key_of(person_of(told))
        home = (told["postcode"], told["house_number"], told["country"])
        pairs = [
            (told["email"] and told["birth_date"], ("mail and birth", told["email"], name, told["birth_date"])),
            (told["email"], ("mail and home", told["email"], name, *home)),
            (told["birth_date"], ("birth and home", name, told["birth_date"], *home)),
        ]
        return [sha256(repr((told["kind"], *pair)).encode()).hexdigest()[:40] for given, pair in pairs if given]

    def prepare(self, told: Told, place: Place) -> Person:
        person = person_of(told)
        if place.writes:
            serialise([person])
        known = find_match(person)
        if known is not None and place.discreet:
            raise BusinessError(_("This relation is known already."))
        if known is not None:
            message = _("%(name)s is known already as %(number)s. Policies and balances may name that number.")
            raise BusinessError(message, params={"name": known.name, "number": known.number})
        return person

    def make(self, told: Told, prepared: Any, row: ImportRow, place: Place) -> tuple[str, int]:
        party = register_party(person=prepared, on=place.on, actor=place.actor)
        if told["iban"]:
            BankAccount.objects.create(party=party, iban=told["iban"], holder=party.name[:70], valid_from=place.on)
        return Party._meta.db_table, party.pk

    def measure(self, many: Iterable[Told]) -> Totals:
        return {CODE: {"count": Decimal(sum(1 for _told in many))}}

    def made(self, found: Import) -> Totals:
        rows = found.lines.filter(outcome=Outcome.IMPORTED).values("row")
        return {CODE: {"count": Decimal(Party.objects.filter(pk__in=rows).count())}}

    def totals(self) -> Totals:
        return {CODE: {"count": Decimal(Party.objects.count())}}


def person_of(told: Told) -> Person:
    """A line as the room registers it."""
    names = ("kind", "given_name", "family_name", "email", "phone", "street", "house_number", "postcode", "city")
    born = date.fromisoformat(told["birth_date"]) if told["birth_date"] else None
    told_names = {name: told[name] for name in names}
    return Person(**told_names, country=told["country"], language=told["language"], birth_date=born)


RELATIONS = register(Relations())
