"""Registering and matching people: one party per company and person; a match needs two independent keys."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection
from django.db.models import Q

from common.db import step
from common.text import fold
from companies.actor import Actor
from companies.series import next_number
from companies.trail import record
from relations.models import Address, Party, PartyKind, Proposal
from relations.selectors import address_on, kept_of


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


@step
def register_customer(*, person: Person, case_id: int, on: date, actor: Actor, known: Party | None = None) -> Party:
    """The party of an applicant at conclusion (S0-28): the one the office picked, else one that matches, else a new
    one.

    What an application without a login says differently of a known party is only proposed, never written (traps 12).
    """
    serialise(person)
    found = kept_of(known) if known else find_match(person)
    if found is None:
        return register_party(person=person, on=on, actor=actor, case_id=case_id)
    propose(party=found, person=person, case_id=case_id, on=on, actor=actor)
    return found


def serialise(person: Person) -> None:
    """Two first policies of one person at the same moment must not make two parties, by whichever key they match."""
    keys = sorted(
        {f"mail {person.email}", f"name {sort_key_of(person)}"}
    )  # in one order, so that no two wait for each other
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(sec.company() || ':' || key, 7)) "
            "FROM unnest(%s::text[]) AS key",
            [keys],
        )


def sort_key_of(person: Person) -> str:
    """The name as parties are found by it."""
    return fold(f"{person.family_name}, {person.given_name}" if person.given_name else person.family_name)


def find_match(person: Person) -> Party | None:
    """A party that shares at least two independent keys: e-mail; name with birth date; name with postcode and house
    number.
    """
    name = sort_key_of(person)
    by_mail = Q(email=person.email) & ~Q(email="")
    by_birth = Q(sort_key=name, birth_date=person.birth_date, birth_date__isnull=False)
    candidates = (
        Party.objects.filter(by_mail | by_birth, kind=person.kind, merged_into=None)
        .prefetch_related("addresses")
        .order_by("pk")[:20]
    )
    for party in candidates:
        same_home = any(
            (a.postcode, a.house_number, a.country) == (person.postcode, person.house_number, person.country)
            for a in party.addresses.all()
        )
        keys = [
            party.email == person.email != "",
            person.birth_date is not None and (party.sort_key, party.birth_date) == (name, person.birth_date),
            party.sort_key == name and same_home,
        ]
        if sum(keys) >= 2:
            return party
    return None


@step
def register_party(*, person: Person, on: date, actor: Actor, case_id: int | None = None) -> Party:
    """A new party with its number and address."""
    party = Party.objects.create(
        number=next_number("party", on=on),
        kind=person.kind,
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        email=person.email,
        phone=person.phone,
        language=person.language,
    )
    Address.objects.create(
        party=party,
        street=person.street,
        house_number=person.house_number,
        postcode=person.postcode,
        city=person.city,
        country=person.country,
        valid_from=on,
    )
    record(party, "party.registered", actor=actor, on=on, case_id=case_id, number=party.number)
    return party


def propose(*, party: Party, person: Person, case_id: int, on: date, actor: Actor) -> Proposal | None:
    """Keep what the application says differently, for a person to decide; None where nothing differs."""
    address = address_on(party.pk, on)
    known = {"phone": party.phone, "email": party.email, "birth_date": party.birth_date}
    if address is not None:
        known |= {key: getattr(address, key) for key in ("street", "house_number", "postcode", "city", "country")}
    told = asdict(person)
    changes = {
        key: told[key].isoformat() if isinstance(told[key], date) else told[key]
        for key, value in known.items()
        if told[key] and told[key] != value
    }
    if not changes:
        return None
    proposal = Proposal.objects.create(party=party, case_id=case_id, changes=changes)
    record(
        party,
        "party.change_proposed",
        actor=actor,
        on=on,
        case_id=case_id,
        changed=sorted(changes),
        number=party.number,
    )
    return proposal
