"""Two parties that are one: what moves, what stays, who sees what afterwards, and how it is undone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from applications.models import Application
from common.errors import BusinessError
from companies.actor import ROBOT
from companies.models import TrailEntry
from documents.models import Case
from ledger.models import OpenItem
from policies.models import Invoice, Policy
from relations.comparing import consequences
from relations.duplicates import likely_pairs
from relations.models import Address, BankAccount, Merge, Party
from relations.references import REFERENCES, Does
from relations.selectors import account_on, address_on
from relations.services.folder import enable_folder
from relations.services.merge import merge_parties, undo_merge
from relations.services.parties import Person, find_match, register_customer, register_party
from tests import given, world

pytestmark = pytest.mark.django_db
SANNE = Person(
    given_name="Sanne", family_name="Verbruggen", email="s@verbruggen.example", street="Kade", house_number="3",
    postcode="4331 BA", city="Middelburg", country="NL", language="de", phone="0118 1", birth_date=date(1986, 4, 17),
)  # fmt: skip


@pytest.fixture(scope="module")
def here(django_db_setup: Any, django_db_blocker: Any):
    """The world of this module, gone when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        built = world.build()
        world.employee(built.company, "all@duinhaven.example", *world.ALL_RIGHTS)
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def inside(here):
    with given.inside(here.company):
        yield here


@pytest.fixture
def other(inside) -> Party:
    """Sanne once more, with another address and mail."""
    party = register_party(person=SANNE, on=given.DAY, actor=ROBOT)
    BankAccount.objects.create(party=party, iban="NL91ABNA0417164300", holder="S", valid_from=given.DAY)
    return party


def merged(kept: Party, gone: Party, *taken: str, on: date = given.DAY) -> Merge:
    return merge_parties(kept=kept.number, gone=gone.number, taken=taken, actor=ROBOT, on=on)


def test_what_is_current_moves_and_what_was_posted_stays(inside, other):
    holder = inside.policy.holder
    invoice = Invoice.objects.get(policy=inside.policy)
    items = OpenItem.objects.filter(party_id=holder.pk).count()
    merged(other, holder, "phone")
    assert Policy.objects.get(pk=inside.policy.pk).holder == other
    assert Case.objects.get(pk=inside.case.pk).customer == other
    assert other.proposals.count() == 1
    assert Invoice.objects.get(pk=invoice.pk).debtor == holder
    assert OpenItem.objects.filter(party_id=holder.pk).count() == items > 0
    gone = Party.objects.get(pk=holder.pk)
    assert gone.merged_into == other
    codes = TrailEntry.objects.filter(subject_kind="relations.party").values_list("subject_id", "code")
    assert {(other.pk, "party.merged"), (holder.pk, "party.merged_into")} <= set(codes)


def test_chosen_values_come_from_the_one_that_goes(inside, other):
    holder, on = inside.policy.holder, localdate()
    merged(holder, other, "email", "phone", "language", "address", "account", on=on)
    holder.refresh_from_db()
    assert (holder.email, holder.phone, holder.language) == ("s@verbruggen.example", "0118 1", "de")
    assert (holder.given_name, holder.birth_date) == ("Sanne", date(1986, 4, 17))
    home, account = address_on(holder.pk, on), account_on(holder.pk, on)
    assert home is not None and home.street == "Kade"
    assert account is not None and account.iban == "NL91ABNA0417164300"
    assert Address.objects.get(party=other).street == "Kade"


def test_a_merge_undone_is_as_before(inside, other):
    holder, on = inside.policy.holder, localdate()
    before = Party.objects.filter(pk=holder.pk).values().get()
    home = address_on(holder.pk, on)
    merged(holder, other, "email", "language", "address", "account", on=on)
    undo_merge(gone=other.number, actor=ROBOT, on=on + timedelta(days=30))
    assert Party.objects.filter(pk=holder.pk).values().get() == before
    assert home is not None and address_on(holder.pk, on) == home
    assert account_on(holder.pk, on) is None
    other.refresh_from_db()
    assert other.merged_into is None
    merged(holder, other)  # and may be merged again


def test_undoing_moves_back_what_moved_and_nothing_else(inside, other):
    holder, rami = inside.policy.holder, inside.adviser
    merged(other, holder)
    undo_merge(gone=holder.number, actor=ROBOT, on=given.DAY)
    assert Policy.objects.get(pk=inside.policy.pk).holder == holder
    assert Case.objects.get(pk=inside.case.pk).customer == holder
    assert rami.pk != holder.pk


def test_a_merge_is_not_undone_after_its_term_or_with_something_new(inside, other):
    holder = inside.policy.holder
    merged(other, holder)
    with pytest.raises(BusinessError, match="30 days"):
        undo_merge(gone=holder.number, actor=ROBOT, on=given.DAY + timedelta(days=31))
    other.proposals.create(case_id=inside.case.pk, changes={"phone": "1"})
    with pytest.raises(BusinessError, match="whose it is"):
        undo_merge(gone=holder.number, actor=ROBOT, on=given.DAY)


def test_an_adviser_never_goes_and_may_stay(inside, other):
    with pytest.raises(BusinessError, match="appointed as adviser"):
        merged(other, inside.adviser)
    merged(inside.adviser, other)


@pytest.mark.parametrize("case", ["twice", "into one that went", "itself", "organisation", "unknown field", "nobody"])
def test_what_cannot_be_merged_is_refused(inside, other, case):
    third = register_party(person=replace(SANNE, kind="organisation"), on=given.DAY, actor=ROBOT)
    if case in {"twice", "into one that went"}:
        merged(inside.policy.holder, other)
    wrong = {
        "twice": (inside.policy.holder, other), "into one that went": (other, inside.policy.holder),
        "itself": (other, other), "organisation": (other, third), "unknown field": (inside.policy.holder, other),
        "nobody": (other, Party(number="R-0-0")),
    }[case]  # fmt: skip
    with pytest.raises(BusinessError):
        merged(*wrong, *(["number"] if case == "unknown field" else []))


def test_a_chain_of_merges_is_flat_and_comes_apart_again(inside, other):
    third = register_party(person=SANNE, on=given.DAY, actor=ROBOT)
    merged(other, third)
    merged(inside.policy.holder, other)
    third.refresh_from_db()
    assert third.merged_into == inside.policy.holder
    undo_merge(gone=other.number, actor=ROBOT, on=given.DAY)
    third.refresh_from_db()
    assert third.merged_into == other


def test_the_known_one_and_a_match_are_the_kept_one(inside, other):
    holder = inside.policy.holder
    merged(other, holder)
    known = Party.objects.get(pk=holder.pk)
    case = inside.case.pk
    assert register_customer(person=SANNE, case_id=case, on=given.DAY, actor=ROBOT, known=known) == other
    assert find_match(replace(SANNE, email="sanne@verbruggen.example", street="")) != holder


def test_both_folders_are_shut_and_the_kept_party_is_enabled_anew(here, other):
    holder = here.policy.holder
    membership = given.folder(here.company, holder.pk, "sanne@verbruggen.example")
    client = world.client_of("sanne@verbruggen.example")
    assert client.get("/duinhaven/folder/").status_code == 200
    with given.inside(here.company):
        told = " ".join(consequences(other, Party.objects.get(pk=holder.pk), given.DAY))
        assert "sanne@verbruggen.example" in told and "is shut" in told
        merged(other, holder)
        other.refresh_from_db()
        assert other.folder == membership and not other.folder.on
    assert client.get("/duinhaven/folder/").status_code in {302, 403, 404}
    with given.inside(here.company):
        with pytest.raises(BusinessError, match="merged into"):
            enable_folder(number=holder.number, actor=ROBOT, on=given.DAY)
        enable_folder(number=other.number, actor=ROBOT, on=given.DAY)
    assert client.get("/duinhaven/folder/").status_code == 200
    with given.inside(here.company):
        undo_merge(gone=holder.number, actor=ROBOT, on=given.DAY)
        holder = Party.objects.get(pk=holder.pk)
        assert holder.folder == membership


SQL = {
    "chain": "update relations_party set merged_into_id = {holder} where id = {third}",
    "cycle": "update relations_party set merged_into_id = {holder} where id = {kept}",
    "itself": "update relations_party set merged_into_id = {kept} where id = {kept}",
    "nobody": "update relations_party set merged_into_id = 999999 where id = {kept}",
    "others hang on it": "update relations_party set merged_into_id = {third} where id = {kept}",
    "policy elsewhere": "update policies_policy set holder_id = {third}",
    "policy of one that went": "insert into policies_policy (number, case_id, order_id, product_id, holder_id, "
    "starts_on, renews_on, state) select 'P-X', case_id, order_id, product_id, {holder}, starts_on, renews_on, "
    "'active' from policies_policy",
    "policy back": "update policies_policy set holder_id = {third} where holder_id = {kept}",
    "proposal elsewhere": "update relations_proposal set party_id = {third}",
}


@pytest.mark.parametrize("case", SQL)
def test_raw_sql_makes_no_chain_and_moves_nothing_elsewhere(inside, other, case):
    third = register_party(person=SANNE, on=given.DAY, actor=ROBOT)
    holder = inside.policy.holder
    merged(other, holder)
    statement = SQL[case].format(holder=holder.pk, kept=other.pk, third=third.pk)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("set constraints all immediate")


def test_likely_duplicates_share_two_keys(inside, other):
    holder = inside.policy.holder
    pairs = {
        (pair.one.number, pair.two.number): pair.alike
        for pair in likely_pairs(given.actor_of(given.member(inside.company, "z@duinhaven.example")))
    }
    assert pairs == {(holder.number, other.number): ["name", "birth_date"]}
    Party.objects.filter(pk=other.pk).update(birth_date=date(1999, 1, 1), email=holder.email)
    twin = register_party(
        person=replace(SANNE, given_name="Joris", birth_date=None, email="sanne@verbruggen.example"),
        on=given.DAY,
        actor=ROBOT,
    )
    found = likely_pairs(ROBOT)
    assert found == []  # two birth dates are two people, and a mail alone is one key
    Party.objects.filter(pk=twin.pk).update(birth_date=holder.birth_date)
    assert [pair.alike for pair in likely_pairs(ROBOT)] == [["birth_date", "email"]]


def test_every_column_that_names_a_party_is_known_to_merges():
    known = {(row.model, row.column) for row in REFERENCES}
    named = {
        (model._meta.label, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if not str(model._meta.model_name).endswith("event")
        and (field.related_model is Party or field.column == "party_id")
    }
    unread = {("relations.SearchEntry", "party_id"), ("ledger.Delta", "party_id"), ("ledger.Total", "party_id")}
    assert named - unread == known
    assert {row.does for row in REFERENCES} == set(Does)


def test_pages_lead_through_the_merge(here, other):
    holder = here.policy.holder
    client = world.client_of("all@duinhaven.example")
    office = "/duinhaven/office/relations/"
    assert holder.number in client.get(f"{office}duplicates/").content.decode()
    page = f"{office}{holder.number}/merge/{other.number}/"
    form = client.get(page).context["form"]
    assert [row.name for row in form.differences] == ["email", "phone", "language", "address", "account"]
    sent = {row.name: holder.number for row in form.differences} | {"stays": holder.number, "email": other.number}
    confirm = client.post(page, sent)
    assert confirm.status_code == 200 and "takes no new policy" in confirm.content.decode()
    with given.inside(here.company):
        assert not Merge.objects.exists()
    assert client.post(page, sent | {"step": "merge"}).status_code == 302
    with given.inside(here.company):
        assert Party.objects.get(pk=holder.pk).email == "s@verbruggen.example"
        assert Application.objects.filter(case=here.case).exists()
    assert client.get(page).status_code == 404
    shown = client.get(f"{office}{other.number}/").content.decode()
    assert f"Merged into {holder.number}" in shown
    assert other.number in client.get(f"/duinhaven/office/ledger/debtors/{holder.number}/").content.decode()
    assert other.number in client.get("/duinhaven/office/search/", {"q": other.number}).content.decode()
    assert client.post(f"{office}{other.number}/unmerge/").status_code == 302
    assert client.get(page).status_code == 200
