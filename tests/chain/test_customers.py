"""A policy's customer: found again by two keys, never by one, never changed by an application (S0-28, traps 12)."""

import threading
from typing import Any

import pytest
from django.db import connection

from companies.jobs import run_job
from companies.models import Job
from policies.models import Policy
from relations.models import Address, Party, Proposal
from tests import given
from tests.chain import scenes
from tests.world import run

HOME = given.HOLDER["address"]
AWAY = {**HOME, "postcode": "1012 AB", "house_number": "3"}


@pytest.mark.django_db
def test_second_policy_of_a_person_lands_on_the_same_party():
    company = given.provider()
    first, second = given.policy(company), given.policy(company)
    assert first.holder_id == second.holder_id
    with given.inside(company):
        assert Party.objects.count() == 1
        assert set(Policy.objects.values_list("case__customer", flat=True)) == {first.holder_id}
        assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_stranger_with_one_equal_key_is_somebody_else():
    company = given.provider()
    given.policy(company)
    housemate = {**given.HOLDER, "given_names": "Joris", "birth_date": "1984-01-02"}  # the same e-mail alone
    elsewhere = {**HOME, "postcode": "1012 AB", "house_number": "3"}
    namesake = {**given.HOLDER, "email": "s@zeedijk.example", "address": elsewhere, "birth_date": "1991-07-30"}
    neighbour = {**given.HOLDER, "name": "Ockels", "email": "p@ockels.example"}  # the same day of birth and address
    for holder in (housemate, namesake, neighbour):
        quotation = given.quotation(company, holder=holder)
        command = given.ordered(company, quotation, birth_date=holder["birth_date"])
        run(company, command)
        assert scenes.again(company, command).state == "done"
    with given.inside(company):
        assert Party.objects.count() == 4
        assert Policy.objects.values("holder").distinct().count() == 4


@pytest.mark.django_db
def test_other_details_of_a_known_customer_are_proposed_and_never_written():
    company = given.provider()
    policy = given.policy(company)
    moved = {**given.HOLDER, "phone": "0118 123 456", "address": {**HOME, "street": "Zeedijk", "house_number": "3"}}
    given.policy(company, holder=moved)
    with given.inside(company):
        party, address = Party.objects.get(), Address.objects.get()
        assert (party.pk, party.phone, address.street, address.house_number) == (
            policy.holder_id,
            "",
            "Dorpsstraat",
            "12",
        )
        proposal = Proposal.objects.get()
        assert proposal.changes == {"phone": "0118 123 456", "street": "Zeedijk", "house_number": "3"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("changes", [{}, {"email": "anders@verbruggen.example"}], ids=["same e-mail", "another e-mail"])
def test_two_first_policies_at_one_moment_make_one_party(changes: dict[str, Any]) -> None:
    company = given.provider()
    quotations = [given.quotation(company), given.quotation(company, holder={**given.HOLDER, **changes})]
    commands = [given.ordered(company, quotation) for quotation in quotations]
    with given.inside(company):
        tickets = [Job.objects.get(key=f"command:{command.pk}").ticket for command in commands]
    barrier = threading.Barrier(len(tickets))

    def carry_out(ticket: Any) -> None:
        try:
            barrier.wait(30)
            run_job(ticket)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry_out, args=(ticket,)) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with given.inside(company):
        assert Policy.objects.count() == 2
        assert Party.objects.count() == 1
