"""Registering and matching people: one party per company and person; a match needs two independent keys."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from common.db import step
from companies.actor import Actor
from companies.rows import insert_rows
from companies.series import next_numbers
from companies.trail import Note, record_many
from relations.models import Address, Party, PartyKind, Proposal, name_key
from relations.selectors import address_on, kept_of

MOST_CANDIDATES = 20  # of one person


@dataclass(frozen=True, slots=True)
class Person:
    """What an applicant tells of himself; texts are cleaned, the e-mail is lower case, the country ISO 3166."""

    given_name: str
    family_name: str
    email: str
    street: str
    house_number: str
    postcode: str
    city: str
    country: str
    language: str
    birth_date: date | None = None
    phone: str = ""
    kind: str = PartyKind.PERSON


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who concludes a contract: what he told of himself in a case, on a day; `known` where the office picked him."""

    person: Person
    case_id: int
    on: date
    known: Party | None = None


@step
def register_customer(*, person: Person, case_id: int, on: date, actor: Actor, known: Party | None = None) -> Party:
    """The party of an applicant at conclusion (S0-28): the one the office picked, else one that matches, else a new
    one.

    What an application without a login says differently of a known party is only proposed, never written (traps 12).
    """
    return register_customers(applicants=[Applicant(person, case_id, on, known)], actor=actor)[0]


@step
def register_customers(*, applicants: Sequence[Applicant], actor: Actor) -> list[Party]:
    """The party of each applicant, as if they came one after the other: who is new matches the next who is the same."""
    serialise([applicant.person for applicant in applicants])
    known = Known([applicant.person for applicant in applicants if applicant.known is None])
    parties: list[Party] = []
    fresh: list[tuple[Applicant, Party]] = []
    for applicant in applicants:
        party = kept_of(applicant.known) if applicant.known else known.find(applicant.person)
        if party is None:
            party = party_of(applicant.person)
            known.add(party, [address_of(applicant.person, party, applicant.on)])
            fresh.append((applicant, party))
        parties.append(party)
    register(fresh, known, actor=actor)
    new = {id(applicant) for applicant, _party in fresh}
    told = [(who, party) for who, party in zip(applicants, parties, strict=True) if id(who) not in new]
    propose(told, known, actor=actor)
    return parties


def serialise(persons: Sequence[Person]) -> None:
    """Two first policies of one person at the same moment must not make two parties, by whichever key they match."""
    keys = sorted(
        {key for person in persons for key in (f"mail {person.email}", f"name {sort_key_of(person)}")}
    )  # in one order, so that no two wait for each other
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(here || ':' || key, 7)) "
            "FROM (SELECT sec.company() AS here OFFSET 0) c, unnest(%s::text[]) AS key",
            [keys],
        )


def sort_key_of(person: Person) -> str:
    """The name as parties are found by it."""
    return name_key(f"{person.family_name}, {person.given_name}" if person.given_name else person.family_name)


class Known:
    """The parties that may be one of some persons, with their addresses, in the order in which they were registered."""

    def __init__(self, persons: Sequence[Person]) -> None:
        self.by_mail: dict[str, list[Party]] = {}
        self.by_birth: dict[tuple[str, date], list[Party]] = {}
        self.addresses: dict[int, list[Address]] = {}
        mails = [person.email for person in persons if person.email]
        births = [(sort_key_of(person), person.birth_date) for person in persons if person.birth_date]
        if not mails and not births:
            return
        by_birth = Q(sort_key__in=[name for name, _day in births], birth_date__in=[day for _name, day in births])
        found = Party.objects.filter(Q(email__in=mails) | by_birth, merged_into=None).order_by("pk")
        found = found.prefetch_related("addresses")
        for party in found[: MOST_CANDIDATES * len(persons)]:
            self.add(party, list(party.addresses.all()))

    def add(self, party: Party, addresses: list[Address]) -> None:
        """One more party, the newest."""
        self.addresses[id(party)] = addresses
        self.by_mail.setdefault(party.email, []).append(party)
        if party.birth_date is not None:
            self.by_birth.setdefault((party.sort_key, party.birth_date), []).append(party)

    def candidates(self, person: Person) -> list[Party]:
        """Who shares an e-mail, or name and birth date, with a person of the same kind; the oldest first."""
        by_mail = self.by_mail.get(person.email, []) if person.email else []
        by_birth = self.by_birth.get((sort_key_of(person), person.birth_date), []) if person.birth_date else []
        found = {id(party): party for party in (*by_mail, *by_birth) if party.kind == person.kind}
        order = {key: place for place, key in enumerate(self.addresses)}
        return sorted(found.values(), key=lambda party: order[id(party)])[:MOST_CANDIDATES]

    def find(self, person: Person) -> Party | None:
        """A party that shares at least two independent keys: e-mail; name with birth date; name with postcode and
        house number.
        """
        name = sort_key_of(person)
        for party in self.candidates(person):
            same_home = any(
                (a.postcode, a.house_number, a.country) == (person.postcode, person.house_number, person.country)
                for a in self.addresses[id(party)]
            )
            keys = [
                party.email == person.email != "",
                person.birth_date is not None and (party.sort_key, party.birth_date) == (name, person.birth_date),
                party.sort_key == name and same_home,
            ]
            if sum(keys) >= 2:
                return party
        return None

    def address_on(self, party: Party, on: date) -> Address | None:
        """The party's address on a day."""
        if id(party) not in self.addresses:
            return address_on(party.pk, on)
        rows = self.addresses[id(party)]
        return next((a for a in rows if a.valid_from <= on and (a.valid_until is None or a.valid_until > on)), None)


def find_match(person: Person) -> Party | None:
    """The party that a person is, as far as two independent keys tell."""
    return Known([person]).find(person)


@step
def register_party(*, person: Person, on: date, actor: Actor, case_id: int | None = None) -> Party:
    """A new party with its number and address."""
    known, party = Known([]), party_of(person)
    known.add(party, [address_of(person, party, on)])
    register([(Applicant(person, case_id or 0, on), party)], known, actor=actor)
    return party


def party_of(person: Person) -> Party:
    """The party of a person, not yet registered."""
    return Party(
        kind=person.kind,
        given_name=person.given_name,
        family_name=person.family_name,
        sort_key=sort_key_of(person),
        birth_date=person.birth_date,
        email=person.email,
        phone=person.phone,
        language=person.language,
    )


def address_of(person: Person, party: Party, on: date) -> Address:
    """Where a person lives from a day on."""
    return Address(
        party=party,
        street=person.street,
        house_number=person.house_number,
        postcode=person.postcode,
        city=person.city,
        country=person.country,
        valid_from=on,
    )


def register(fresh: Sequence[tuple[Applicant, Party]], known: Known, *, actor: Actor) -> None:
    """Give new parties their numbers, and write them with their addresses."""
    numbers = next_numbers("party", days=[applicant.on for applicant, _party in fresh])
    addresses = []
    for (_applicant, party), number in zip(fresh, numbers, strict=True):
        party.number = number
    insert_rows([party for _applicant, party in fresh])
    for _applicant, party in fresh:
        for address in known.addresses[id(party)]:
            address.party = party
            addresses.append(address)
    insert_rows(addresses)
    notes = [
        Note(party, "party.registered", who.on, case_id=who.case_id or None, details={"number": party.number})
        for who, party in fresh
    ]
    record_many(notes, actor=actor)


def propose(told: Sequence[tuple[Applicant, Party]], known: Known, *, actor: Actor) -> None:
    """Keep what applications say differently of known parties, for a person to decide."""
    found = [(who, party, differences(who, party, known)) for who, party in told]
    changed = [(who, party, changes) for who, party, changes in found if changes]
    insert_rows([Proposal(party=party, case_id=who.case_id, changes=changes) for who, party, changes in changed])
    notes = [
        Note(party, "party.change_proposed", who.on, case_id=who.case_id, changed=sorted(changes),
             details={"number": party.number})
        for who, party, changes in changed
    ]  # fmt: skip
    record_many(notes, actor=actor)


def differences(who: Applicant, party: Party, known: Known) -> dict[str, str]:
    """What an applicant tells of himself that the party doesn't say, as text."""
    address = known.address_on(party, who.on)
    said: dict[str, Any] = {"phone": party.phone, "email": party.email, "birth_date": party.birth_date}
    if address is not None:
        said |= {key: getattr(address, key) for key in ("street", "house_number", "postcode", "city", "country")}
    told = asdict(who.person)
    return {
        key: told[key].isoformat() if isinstance(told[key], date) else told[key]
        for key, value in said.items()
        if told[key] and told[key] != value
    }
