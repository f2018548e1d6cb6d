"""Parties that are likely one: at least two independent keys alike, the name or the birth date among them."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.actor import Actor
from relations.models import Party
from relations.selectors import standing

MOST = 200
KEYS = {
    "name": _("name"),
    "birth_date": _("birth date"),
    "email": _("e-mail"),
    "account": _("account"),
    "home": _("postcode and house number"),
}
# Pairs by equality of two keys each, so that every join has an index or is hashed; whoever has two birth dates is two.
PAIRS = """
WITH p AS (
  SELECT id, company_id, kind, sort_key, birth_date, email FROM relations_party WHERE merged_into_id IS NULL
), pairs AS (
  SELECT a.id AS one, z.id AS two FROM p a JOIN p z
    ON z.company_id = a.company_id AND z.sort_key = a.sort_key AND z.birth_date = a.birth_date AND z.kind = a.kind
    AND z.id > a.id
  UNION SELECT a.id, z.id FROM p a JOIN p z
    ON z.company_id = a.company_id AND z.sort_key = a.sort_key AND z.email = a.email AND z.kind = a.kind AND z.id > a.id
    WHERE a.email <> ''
  UNION SELECT a.id, z.id FROM p a JOIN p z
    ON z.company_id = a.company_id AND z.birth_date = a.birth_date AND z.email = a.email AND z.kind = a.kind
    AND z.id > a.id
    WHERE a.email <> ''
  UNION SELECT a.id, z.id FROM relations_bankaccount x
    JOIN relations_bankaccount y ON y.company_id = x.company_id AND y.iban = x.iban AND y.party_id > x.party_id
    JOIN p a ON a.company_id = x.company_id AND a.id = x.party_id
    JOIN p z ON z.company_id = a.company_id AND z.id = y.party_id AND z.kind = a.kind AND z.sort_key = a.sort_key
    WHERE x.iban <> ''
  UNION SELECT a.id, z.id FROM relations_address x
    JOIN relations_address y ON y.company_id = x.company_id AND y.postcode = x.postcode
      AND y.house_number = x.house_number AND y.country = x.country AND y.party_id > x.party_id
    JOIN p a ON a.company_id = x.company_id AND a.id = x.party_id
    JOIN p z ON z.company_id = a.company_id AND z.id = y.party_id AND z.kind = a.kind AND z.sort_key = a.sort_key
    WHERE x.postcode <> ''
)
SELECT pairs.one, pairs.two FROM pairs JOIN p a ON a.id = pairs.one JOIN p z ON z.id = pairs.two
WHERE a.birth_date = z.birth_date OR a.birth_date IS NULL OR z.birth_date IS NULL
ORDER BY a.sort_key, pairs.one, pairs.two LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties and the keys that they share."""

    one: Party
    two: Party
    alike: list[str]


def likely_pairs(actor: Actor) -> list[Pair]:
    """Pairs that a person should look at, by name, at most MOST; what was merged comes no more."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [MOST])
        found = cursor.fetchall()
    wanted = {key for pair in found for key in pair}
    parties = {party.pk: party for party in with_keys(standing(actor).filter(pk__in=wanted))}
    pairs = [(parties.get(one), parties.get(two)) for one, two in found]
    return [Pair(one, two, alike(one, two)) for one, two in pairs if one and two]


def with_keys(parties: QuerySet[Party]) -> QuerySet[Party]:
    """The parties with the addresses and accounts they are compared by."""
    return parties.prefetch_related("addresses", "bank_accounts")


def alike(one: Party, two: Party) -> list[str]:
    """The keys that two parties share."""
    shared = {
        "name": one.sort_key == two.sort_key,
        "birth_date": one.birth_date is not None and one.birth_date == two.birth_date,
        "email": one.email == two.email != "",
        "account": bool(accounts(one) & accounts(two)),
        "home": bool(homes(one) & homes(two)),
    }
    return [key for key, same in shared.items() if same]


def accounts(party: Party) -> set[str]:
    return {row.iban for row in party.bank_accounts.all()} - {""}


def homes(party: Party) -> set[tuple[str, str, str]]:
    rows = party.addresses.all()
    return {(row.postcode, row.house_number, row.country) for row in rows if row.postcode}


def known_numbers(one: str, two: str, actor: Actor) -> list[Party]:
    """Two parties that stand by themselves, in the order of their numbers as asked; fewer where one isn't there."""
    found = {party.number: party for party in with_keys(standing(actor).filter(Q(number=one) | Q(number=two)))}
    return [found[number] for number in dict.fromkeys((one, two)) if number in found]
