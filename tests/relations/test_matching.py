"""Who is known: two independent keys make a match, one never does (S0-28, traps 12)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from companies.actor import ROBOT
from companies.models import Company
from relations.models import Party, Proposal
from relations.services.parties import Person, find_match, register_customer, register_party
from tests import given
from tests.companies.scenes import case_of

pytestmark = pytest.mark.django_db

SANNE = Person(
    given_name="Sanne", family_name="Verbruggen", email="sanne@verbruggen.example", street="Dorpsstraat",
    house_number="12", postcode="4381 AB", city="Vlissingen", country="NL", language="nl", birth_date=date(1986, 4, 17),
)  # fmt: skip
ELSEWHERE: dict[str, Any] = {"postcode": "1012 AB", "house_number": "3", "city": "Amsterdam"}
OTHER_DAY, OTHER_MAIL = date(1991, 7, 30), "s@zeedijk.example"

SAME = {
    "all the same": {},
    "e-mail and birth": dict(ELSEWHERE),
    "e-mail, name and home": {"birth_date": OTHER_DAY},
    "birth and home": {"email": OTHER_MAIL},
    "birth and home, no e-mail": {"email": ""},
    "written otherwise": {"family_name": "VERBRUGGEN", "given_name": "sanne"},
}
STRANGERS = {
    "e-mail alone": {"family_name": "Ockels", "birth_date": OTHER_DAY, **ELSEWHERE},
    "e-mail and home of a housemate": {"given_name": "Joris", "birth_date": OTHER_DAY},
    "name and birth alone": {"email": OTHER_MAIL, **ELSEWHERE},
    "name and home alone": {"email": OTHER_MAIL, "birth_date": OTHER_DAY},
    "nothing": {"family_name": "Ockels", "email": OTHER_MAIL},
    "no e-mail is no key": {"email": "", "birth_date": None},
    "an organisation": {"kind": "organisation"},
}


@pytest.fixture
def company() -> Company:
    return given.company()


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_two_equal_keys_are_the_same_person(company, changes):
    with given.inside(company):
        party = register_party(person=SANNE, on=given.DAY, actor=ROBOT)
        assert find_match(replace(SANNE, **changes)) == party


@pytest.mark.parametrize("changes", STRANGERS.values(), ids=STRANGERS)
def test_one_equal_key_is_a_stranger(company, changes):
    with given.inside(company):
        register_party(person=SANNE, on=given.DAY, actor=ROBOT)
        assert find_match(replace(SANNE, **changes)) is None


def test_nobody_of_another_company_is_found(company):
    other = given.company("zeedijk")
    with given.inside(other):
        register_party(person=SANNE, on=given.DAY, actor=ROBOT)
    with given.inside(company):
        assert find_match(SANNE) is None


def test_empty_keys_of_two_people_are_not_equal(company):
    bare = replace(SANNE, email="", birth_date=None)
    with given.inside(company):
        register_party(person=bare, on=given.DAY, actor=ROBOT)
        assert find_match(bare) is None


def test_what_is_said_differently_is_proposed_and_not_written(company):
    with given.inside(company):
        party = register_party(person=SANNE, on=given.DAY, actor=ROBOT)
        told = replace(SANNE, phone="0118 123 456", **ELSEWHERE)
        assert register_customer(person=told, case_id=case_of(company).pk, on=given.DAY, actor=ROBOT) == party
        proposal = Proposal.objects.get()
        assert proposal.changes == {"phone": "0118 123 456", **ELSEWHERE}
        assert Party.objects.get().phone == ""
        assert party.addresses.get().city == "Vlissingen"


def test_what_is_not_said_proposes_nothing(company):
    with given.inside(company):
        party = register_party(person=replace(SANNE, phone="0118 123 456"), on=given.DAY, actor=ROBOT)
        assert register_customer(person=SANNE, case_id=0, on=given.DAY, actor=ROBOT) == party
        assert not Proposal.objects.exists()
