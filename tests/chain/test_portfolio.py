"""The adviser's portfolio holds his policies at once, and nobody else's does (S0-34)."""

import pytest

from companies.actor import Actor, ActorKind
from companies.doors import Door
from companies.models import Company
from documents.models import Case
from policies.models import Policy, PolicyVersion
from relations.models import Party
from tests import given

pytestmark = pytest.mark.django_db


def sees(company: Company, party: Party) -> list[tuple[str, ...]]:
    """Numbers of cases, policies and versions that the adviser's own process gets, without any filter of ours."""
    actor = Actor(
        kind=ActorKind.ADVISER, door=Door.ADVISERS, user_id=party.membership.user_id, membership_id=party.membership_id,
        party_id=party.pk,
    )  # fmt: skip
    given.become("bo_public")
    try:
        with given.inside(company, actor):
            return [
                tuple(Case.objects.order_by("pk").values_list("number", flat=True)),
                tuple(Policy.objects.order_by("pk").values_list("number", flat=True)),
                tuple(PolicyVersion.objects.order_by("pk").values_list("policy__number", flat=True)),
            ]
    finally:
        given.become("bo_app")


def test_policy_is_in_its_advisers_list_at_once_and_in_nobody_elses():
    company, other = given.provider(), given.provider("zeedijk")
    ilse = given.adviser(company)
    joris = given.adviser(company, "joris-bak", "joris@kroonlaan.example")
    there = given.adviser(other, "ilse-markus", "ilse@kroonlaan.example")  # the same adviser at another company
    quotation = given.quotation(company, code="ilse-markus")
    assert sees(company, ilse)[1:] == [(), ()]
    given.ordered(company, quotation)
    given.work(company, rounds=1)
    direct = given.policy(company)
    with given.inside(company):
        policy = Policy.objects.get(case=quotation.case_id)
        case = Case.objects.get(pk=quotation.case_id)
        assert (policy.adviser_id, case.adviser_id) == (ilse.pk, ilse.pk)
        assert direct.adviser_id is None
    assert sees(company, ilse) == [(case.number,), (policy.number,), (policy.number,)]
    assert sees(company, joris) == [(), (), ()]
    assert sees(other, there) == [(), (), ()]
