"""Rights come by protocol to a live office membership, end with it, stay in their company (S2-05 to S2-08, A4)."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from guardian.shortcuts import assign_perm

from common.errors import BusinessError
from companies.actor import Actor, ActorKind
from companies.doors import Door
from companies.entrance import my_memberships
from companies.models import Act, Company, Membership, Module, ModuleCode, Part, PartCode, Protocol, Right
from companies.models.rights import MODULE_OF
from companies.rights import check_act, create_protocol, effective_acts, effective_rights, give_protocol, take_protocol
from companies.signins import enter_login
from companies.templates_of_protocols import TEMPLATES
from tests import given
from tests.companies.scenes import at
from tests.conftest import role_connection
from tests.contexts import entrance_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


def rights(company: Company, member: Membership) -> frozenset[tuple[str, str]]:
    with at(company):
        return effective_rights(user_id=member.user_id)


def doors_of(member: Membership) -> list[tuple[str, str, str]]:
    enter_login(member.user_id)
    return my_memberships()


def test_new_login_has_nothing(company: Company) -> None:
    assert rights(company, given.member(company, "new@alpha.example")) == frozenset()


def test_administrator_has_no_right_by_that_alone(company: Company) -> None:
    assert rights(company, given.member(company, "boss@alpha.example", administrator=True)) == frozenset()


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_protocol_gives_its_pairs_and_no_more(company: Company, template: str) -> None:
    member = given.member(company, "clerk@alpha.example", template)
    with at(company):
        on = set(Module.objects.filter(on=True).values_list("code", flat=True))
    expected = {(part.value, right.value) for part, right in TEMPLATES[template].pairs() if MODULE_OF[part] in on}
    assert rights(company, member) == expected
    with at(company):
        assert effective_acts(user_id=member.user_id) == {act.value for act in TEMPLATES[template].acts}


def test_every_pair_of_part_and_right_alone(company: Company) -> None:
    """Input doesn't hold edit, nor edit view: each of the 45 pairs gives itself only."""
    member = given.member(company, "clerk@alpha.example")
    with at(company):
        Module.objects.bulk_create(
            [Module(code=code) for code in ModuleCode if not Module.objects.filter(code=code).exists()]
        )
        for part in PartCode:
            for right in Right:
                with transaction.atomic():
                    protocol = create_protocol(company_id=company.pk, name=f"{part} {right}", rights=[(part, right)])
                    give_protocol(protocol=protocol, membership=member)
                    assert effective_rights(user_id=member.user_id) == {(part.value, right.value)}
                    take_protocol(protocol=protocol, membership=member)
                    assert effective_rights(user_id=member.user_id) == frozenset()


def test_module_switched_off_takes_its_parts_along(company: Company) -> None:
    member = given.member(company, "clerk@alpha.example", "bookkeeper")
    before = rights(company, member)
    assert {part for part, _ in before} & {p.value for p, m in MODULE_OF.items() if m == ModuleCode.LEDGER}
    with at(company):
        Module.objects.filter(code=ModuleCode.LEDGER).update(on=False)
    assert not {part for part, _ in rights(company, member)} & {
        p.value for p, m in MODULE_OF.items() if m == ModuleCode.LEDGER
    }


def test_membership_switched_off_gives_nothing_on_the_next_request(company: Company) -> None:
    member = given.member(company, "clerk@alpha.example", "bookkeeper")
    here = entrance_of(member.user, "alpha")
    assert here is not None and here.membership_id == member.pk and rights(company, member)
    with at(company):
        Membership.objects.filter(pk=member.pk).update(on=False)
    gone = entrance_of(member.user, "alpha")
    assert gone is not None and gone.membership_id is None
    assert rights(company, member) == frozenset() and doors_of(member) == []
    with at(company):
        assert effective_acts(user_id=member.user_id) == frozenset()


@pytest.mark.django_db(transaction=True)
def test_login_switched_off_opens_no_door(company: Company) -> None:
    member = given.member(company, "clerk@alpha.example", "bookkeeper")
    with role_connection("bo_owner") as owner, owner.transaction():
        owner.execute("alter table companies_user no force row level security")
        owner.execute("update companies_user set is_active = false where id = %s", [member.user_id])
        owner.execute("alter table companies_user force row level security")
    gone = entrance_of(member.user, "alpha")
    assert gone is not None and gone.membership_id is None and doors_of(member) == []


def test_other_door_gives_nothing(company: Company) -> None:
    """The same person as adviser holds the login, not the employee's place."""
    adviser = given.member(company, "both@alpha.example", "bookkeeper", door=Door.ADVISERS)
    entrance = entrance_of(adviser.user, "alpha")
    assert entrance is not None and entrance.membership_id is None
    assert rights(company, adviser) == frozenset()
    with at(company), pytest.raises(BusinessError):
        give_protocol(protocol=Protocol.objects.get(template="bookkeeper"), membership=adviser)


def test_other_company_gives_nothing(company: Company) -> None:
    other = given.company("beta")
    member = given.member(company, "clerk@alpha.example", "bookkeeper")
    entrance = entrance_of(member.user, "beta")
    assert entrance is not None and entrance.membership_id is None
    assert rights(other, member) == frozenset()


def test_right_to_a_single_user_is_refused_by_the_database(company: Company) -> None:
    member = given.member(company, "clerk@alpha.example")
    with at(company):
        part = Part.objects.get(code=PartCode.LEDGER)
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            assign_perm("view", member.user, part)


def test_check_refuses_a_single_users_right_even_from_the_owner(owner_sql: Any, company: Company) -> None:
    with pytest.raises(Exception, match="rights_come_by_protocol"):
        owner_sql(
            "insert into companies_partuserpermission (id, company_id, content_object_id, permission_id, user_id) "
            "values (1, 1, 1, 1, 1)"
        )


def test_part_of_another_company_is_refused(company: Company) -> None:
    other = given.company("beta")
    with at(other):
        foreign = Part.objects.get(code=PartCode.LEDGER)
    with at(company):
        protocol = Protocol.objects.first()
        assert protocol is not None
        with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
            assign_perm("view", protocol.group, foreign)
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")


def test_act_needs_the_office_and_the_protocol(company: Company) -> None:
    member = given.member(company, "clerk@alpha.example")
    clerk = Actor(kind=ActorKind.EMPLOYEE, door=Door.OFFICE, user_id=member.user_id, membership_id=member.pk)
    with at(company):
        protocol = create_protocol(company_id=company.pk, name="Payments", rights=(), acts=[Act.RELEASE_PAYMENT])
        with pytest.raises(BusinessError):
            check_act(clerk, Act.RELEASE_PAYMENT)
        give_protocol(protocol=protocol, membership=member)
        check_act(clerk, Act.RELEASE_PAYMENT)
        with pytest.raises(BusinessError):
            check_act(clerk, Act.APPROVE_PRODUCT)
        with pytest.raises(BusinessError):
            check_act(Actor(kind=ActorKind.ADVISER, door=Door.ADVISERS, user_id=member.user_id), Act.RELEASE_PAYMENT)
        Membership.objects.filter(pk=member.pk).update(on=False)
        with pytest.raises(BusinessError):
            check_act(clerk, Act.RELEASE_PAYMENT)


def test_rights_take_a_constant_number_of_queries(company: Company, django_assert_num_queries: Any) -> None:
    member = given.member(company, "clerk@alpha.example", *sorted(TEMPLATES))
    with at(company), django_assert_num_queries(2):
        effective_rights(user_id=member.user_id)
