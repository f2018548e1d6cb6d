"""What a customer's folder can reach by raw SQL: his own cases, policies, invoices and papers, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from companies.actor import Actor, ActorKind
from companies.doors import Door
from companies.models import Membership
from policies.models import Policy
from tests import given
from tests.database.reviewed import PUBLIC

pytestmark = pytest.mark.django_db
OTTO = {**given.HOLDER, "name": "Verbeek", "given_names": "Otto", "email": "otto@verbeek.example"}
OWN = {  # table -> the condition under which a row is the customer's, with his party as parameter
    "documents_case": "customer_id = {party}",
    "documents_document": "case_id IN (SELECT id FROM documents_case WHERE customer_id = {party})",
    "documents_file": "id IN (SELECT file_id FROM documents_document)",
    "policies_policy": "holder_id = {party}",
    "policies_invoice": "debtor_id = {party}",
    "policies_instalment": "invoice_id IN (SELECT id FROM policies_invoice WHERE debtor_id = {party})",
}
# Tables that the front office, links or advisers read and the folder doesn't.
NEVER = [
    "applications_application", "applications_draft", "applications_upload", "quotations_quotation",
    "policies_policyversion", "companies_command", "relations_appointment",
]  # fmt: skip
REFUSED = [
    "acceptance_assessment", "acceptance_decision", "companies_trailentry", "correspondence_message", "ledger_line",
    "ledger_openitem", "companies_invitation", "companies_membership", "relations_partyrole", "companies_founding",
    "policies_insurershare", "policies_premiumcomponent", "relations_proposal",
]  # fmt: skip


def rows(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


class Scene:
    """Two customers of one company and one of another, each with a policy."""

    def __init__(self) -> None:
        self.here, self.there = given.provider(), given.provider("zandwijk")
        given.adviser(self.here)
        self.first = given.policy(self.here, code="ilse-markus")
        self.second = given.policy(self.here, holder=OTTO)
        self.foreign = given.policy(self.there)
        self.member = given.folder(self.here, self.first.holder_id, "sanne@verbruggen.example")


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def sanne(scene: Scene) -> Iterator[int]:
    """Inside the folder of the first customer, as bo_public; her party."""
    member: Membership = scene.member
    actor = Actor(
        kind=ActorKind.CUSTOMER, door=Door.FOLDER, user_id=member.user_id, membership_id=member.pk,
        party_id=scene.first.holder_id,
    )  # fmt: skip
    given.become("bo_public")
    with given.inside(scene.here, actor):
        yield scene.first.holder_id
    given.become("bo_app")


def test_each_row_a_customer_reads_is_her_own(scene: Scene, sanne: int) -> None:
    for table, own in OWN.items():
        assert rows(f"SELECT count(*) FROM {table}") > 0, table
        assert rows(f"SELECT count(*) FROM {table} WHERE NOT ({own.format(party=sanne)})") == 0, table
    assert list(Policy.objects.values_list("pk", flat=True)) == [scene.first.pk]


def test_people_are_seen_as_far_as_her_cases_name_them(scene: Scene, sanne: int) -> None:
    assert rows("SELECT array_agg(family_name ORDER BY family_name) FROM relations_party") == [
        "Ilse-Markus",
        "Verbruggen",
    ]


@pytest.mark.parametrize("table", NEVER)
def test_what_other_public_doors_read_is_empty_in_the_folder(scene: Scene, sanne: int, table: str) -> None:
    assert rows(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize("table", REFUSED)
def test_what_is_internal_is_refused(scene: Scene, sanne: int, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows(f"SELECT count(*) FROM {table}")


def test_nothing_of_the_business_is_written_from_the_folder(scene: Scene, sanne: int) -> None:
    for table in OWN:
        assert PUBLIC[table] == "S", table
        for statement in (f"UPDATE {table} SET company_id = company_id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(statement)


def test_premiums_are_told_of_her_own_policies_alone(scene: Scene, sanne: int) -> None:
    assert rows("SELECT array_agg(policy_id) FROM sec.my_premiums('2027-01-01')") == [scene.first.pk]


def test_the_nonce_of_a_link_is_told_of_her_own_case_alone(scene: Scene, sanne: int) -> None:
    assert rows(f"SELECT sec.my_case_link({scene.first.case_id})") is not None
    assert rows(f"SELECT count(*) FROM sec.cooling_off({scene.first.pk})") == 1
    for other in (scene.second, scene.foreign):
        assert rows(f"SELECT sec.my_case_link({other.case_id})") is None
        assert rows(f"SELECT count(*) FROM sec.cooling_off({other.pk})") == 0


def test_a_context_of_another_customer_is_not_to_be_had(scene: Scene, sanne: int) -> None:
    with pytest.raises(DatabaseError, match="can't be entered"), transaction.atomic():
        rows(
            f"SELECT sec.enter({scene.here.pk}, 'folder', {scene.second.holder_id}, NULL, NULL, {scene.member.pk}, "
            f"{scene.member.user_id}, NULL, NULL)"
        )
