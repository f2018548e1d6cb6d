"""Relations, policies and balances of an old system come in, once, and the books say so (S2-13)."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection

from companies.models import Import, ImportRow, TrailEntry
from companies.trail import signed, words
from documents.models import Case
from ledger.models import Account, Entry, OpenItem
from policies.models import InsurerShare, Invoice, Policy, PolicyVersion, PremiumComponent
from relations.models import BankAccount, Party
from tests import given
from tests.imports import scenes

pytestmark = pytest.mark.django_db


def rows_of_all_tables(company):
    """How many rows each table of a company holds, but those in which an import itself is kept."""
    own = {"companies_import", "companies_importrow", "companies_job", "companies_trailentry"}
    own |= {"relations_searchentry"}  # no door reads it
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.name == "company" for field in model._meta.local_fields)
    )
    found = {}
    with given.inside(company), connection.cursor() as cursor:
        for table in (table for table in tables if table not in own):
            cursor.execute(f'select count(*) from "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def test_a_dry_run_changes_nothing_and_says_what_would_come(company, clerk):
    before = rows_of_all_tables(company)
    found = scenes.checked(company, clerk, "relations", [scenes.a_relation(n) for n in range(1, 4)])
    assert rows_of_all_tables(company) == before
    assert (found.state, found.counts["would"], found.counts["waiting"]) == ("checked", 3, 0)
    assert found.told == {"relations": {"count": "3"}}
    assert (
        found.totals_before == {"relations": {"count": str(before["relations_party"])}} or not before["relations_party"]
    )


def test_a_relation_comes_in_as_the_file_says(company, clerk):
    found = scenes.imported(company, clerk, "relations", [scenes.RELATION])
    assert (found.state, found.counts["imported"], found.reconciled) == ("done", 1, True)
    with given.inside(company):
        party = Party.objects.get(family_name="Verbruggen")
        assert (party.given_name, str(party.birth_date), party.email) == (
            "Sanne", "1986-04-17", "sanne@verbruggen.example",
        )  # fmt: skip
        assert party.addresses.get().lines == ["Dorpsstraat 12a", "4381 AB  Vlissingen"]
        assert BankAccount.objects.get(party=party).iban == "NL91ABNA0417164300"
        row = ImportRow.objects.get()
        assert (row.outcome, row.table, row.row, row.key) == ("imported", "relations_party", party.pk, "10482")
        trail = TrailEntry.objects.get(code="party.registered", subject_id=party.pk)
        assert (trail.actor_kind, signed(trail)) == ("employee", "Clerk")
        told = [words(entry) for entry in TrailEntry.objects.filter(code__startswith="import").order_by("pk")]
    assert told == [
        "File with 1 lines brought to be imported", "Import asked for", "1 lines imported, reconciled",
    ]  # fmt: skip


def test_a_policy_comes_in_without_invoice_or_entry(company, clerk):
    scenes.imported(company, clerk, "relations", [scenes.RELATION])
    found = scenes.imported(company, clerk, "policies", [scenes.POLICY])
    assert scenes.rejected(company, found) == []
    assert (found.state, found.reconciled) == ("done", True)
    assert found.made == {"policies": {"count": "1", "premium": "263.50"}}
    with given.inside(company):
        policy = Policy.objects.select_related("case", "holder", "import_row").get()
        assert (policy.number, policy.holder.family_name, policy.order) == ("PT-20931", "Verbruggen", None)
        assert policy.import_row.source_id == found.pk and policy.case.customer_id == policy.holder_id
        version = PolicyVersion.objects.get(policy=policy)
        assert (version.transaction, version.net, version.tax, version.fees, version.total) == (
            "import", Decimal("212.40"), Decimal("44.60"), Decimal("6.50"), Decimal("263.50"),
        )  # fmt: skip
        section = version.sections.get()
        assert section.objects_insured == [{"words": "Böckmann Duo"}]
        assert PremiumComponent.objects.get(section=section).amount == Decimal("212.40")
        assert InsurerShare.objects.get(section=section).percent == 100
        assert not Invoice.objects.exists() and not Entry.objects.exists()


def test_balances_stand_in_the_books_against_the_opening_account(company, clerk):
    scenes.imported(company, clerk, "relations", [scenes.RELATION])
    lines = [
        scenes.BALANCE,
        {"day": "31-12-2025", "account": "1000", "amount": "1.000,00"},
        {"day": "31-12-2025", "account": "0500", "credit": "1263,50"},
    ]
    found = scenes.imported(company, clerk, "balances", lines)
    assert scenes.rejected(company, found) == []
    assert (found.state, found.reconciled) == ("done", True)
    assert found.made["1300"] == {"debit": "263.50", "balance": "263.50"}
    assert found.made["1099"] == {"debit": "1263.50", "credit": "1263.50"}
    with given.inside(company):
        item = OpenItem.objects.get()
        assert (item.amount, str(item.due_date), item.reference) == (Decimal("263.50"), "2026-01-15", "F-8812")
        assert item.party_id == Party.objects.get(family_name="Verbruggen").pk
        assert Account.objects.get(role="opening").code == "1099"
        assert {entry.source for entry in Entry.objects.all()} == {"ledger.opening"}


def test_the_same_file_again_changes_nothing(company, clerk):
    rows = [scenes.a_relation(n) for n in range(1, 4)]
    scenes.imported(company, clerk, "relations", rows)
    before = rows_of_all_tables(company)
    again = scenes.checked(company, clerk, "relations", rows)
    assert (again.state, again.counts["unchanged"], again.counts.get("would", 0)) == ("checked", 3, 0)
    assert rows_of_all_tables(company) == before


def test_a_corrected_file_brings_only_what_was_rejected(company, clerk):
    wrong = scenes.a_relation(2, email="no address", country="Holland")
    first = scenes.imported(company, clerk, "relations", [scenes.a_relation(1), wrong, scenes.a_relation(3)])
    assert (first.counts["imported"], first.counts["rejected"]) == (2, 1)
    assert [(line, field) for line, field, _ in scenes.rejected(company, first)] == [(3, "country"), (3, "email")]
    second = scenes.imported(company, clerk, "relations", [scenes.a_relation(n) for n in (1, 2, 3)])
    assert (second.counts["imported"], second.counts["unchanged"], second.reconciled) == (1, 2, True)
    with given.inside(company):
        assert Party.objects.filter(family_name__startswith="Naam").count() == 3


def test_other_values_under_a_known_number_are_rejected_and_nothing_is_overwritten(company, clerk):
    scenes.imported(company, clerk, "relations", [scenes.a_relation(1)])
    again = scenes.checked(company, clerk, "relations", [scenes.a_relation(1, phone="020 1234567")])
    assert again.state == "refused"
    [(line, field, message)] = scenes.rejected(company, again)
    assert (line, field) == (2, "phone")
    assert "phone “0118 00 00 00”" in message
    with given.inside(company):
        assert Party.objects.get(family_name="Naam 1").phone == "0118 00 00 00"


def test_one_number_or_one_person_twice_in_a_file_is_imported_once(company, clerk):
    twin = scenes.a_relation(1, number="77")
    found = scenes.imported(company, clerk, "relations", [scenes.a_relation(1), scenes.a_relation(1), twin])
    assert found.counts["imported"] == 1
    assert [message for _, _, message in scenes.rejected(company, found)] == [
        "The same stands on line 2 already.", "The same stands on line 2 already.",
    ]  # fmt: skip


def test_a_relation_that_is_here_already_is_named_and_left_alone(company, clerk):
    policy = given.policy(company)
    with given.inside(company):
        holder = Party.objects.get(pk=policy.holder_id)
    found = scenes.checked(company, clerk, "relations", [scenes.RELATION])
    [(_, _, message)] = scenes.rejected(company, found)
    assert holder.number in message
    again = scenes.imported(company, clerk, "policies", [scenes.POLICY | {"relation": holder.number}])
    assert again.counts["imported"] == 1


@pytest.mark.parametrize(
    ("kind", "field", "said", "expected"),
    [
        ("policies", "number", {"number": "P-2027-000001"}, "are given here"),
        ("policies", "relation", {"relation": "999"}, "Import the relations first"),
        ("policies", "product", {"product": "nothing"}, "a product that is live here"),
        ("policies", "adviser", {"adviser": "nobody"}, "an adviser who is appointed"),
        ("policies", "renews_on", {"renews_on": "01-03-2019"}, "after the first day"),
        ("policies", "renews_on", {"renews_on": "01-03-2020"}, "today or a later day"),
        ("policies", "total", {"total": "263,51"}, "263.50, found 263.51"),
        ("policies", "net", {"net": "-1,00"}, "0.00 or more"),
        ("policies", "tax", {"tax": "1.234"}, "an amount such as"),
        ("policies", "plan", {"plan": "weekly"}, "one of annual"),
        ("balances", "account", {"account": "9999"}, "the code of an account here"),
        ("balances", "account", {"account": "1099"}, "the code of an account here"),
        ("balances", "relation", {"account": "1000"}, "holds no open items"),
        ("balances", "relation", {"relation": ""}, "Expected the number of a relation"),
        ("balances", "relation", {"relation": "999"}, "Import the relations first"),
        ("balances", "amount", {"amount": ""}, "either amount, debit or credit"),
        ("balances", "amount", {"debit": "1,00"}, "either amount, debit or credit"),
        ("balances", "amount", {"amount": "0,00"}, "isn't zero"),
        ("balances", "day", {"day": "31-12-2098"}, "today or an earlier day"),
        ("balances", "day", {"day": "12/31/2025"}, "a day such as"),
        ("relations", "iban", {"iban": "NL91 ABNA 0417 1643 01"}, "check digits"),
        ("relations", "number", {"number": ""}, "found nothing"),
        ("relations", "kind", {"kind": "robot"}, "one of person, organisation"),
        ("relations", "house_number", {"house_number": "1" * 13}, "at most 12 characters"),
        ("relations", "language", {"language": "fr"}, "one of"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_field(company, clerk, kind, field, said, expected):
    scenes.imported(company, clerk, "relations", [scenes.a_relation(10482)])
    fits = {"relations": scenes.RELATION, "policies": scenes.POLICY, "balances": scenes.BALANCE}[kind]
    found = scenes.checked(company, clerk, kind, [fits | said])
    [(line, where, message)] = scenes.rejected(company, found)
    assert (line, where) == (2, field)
    assert expected in message
    assert found.state == "refused"


def test_three_hundred_of_each_come_in_reconcile_and_are_known_again(company, clerk):
    many = range(1, 301)
    files = {
        "relations": [scenes.a_relation(n) for n in many],
        "policies": [scenes.a_policy(n) for n in many],
        "balances": [
            *(scenes.a_balance(n) for n in many), {"day": "31-12-2025", "account": "0500", "amount": "-79050,00"},
        ],
    }  # fmt: skip
    for kind, rows in files.items():
        found = scenes.imported(company, clerk, kind, rows)
        assert scenes.rejected(company, found)[:3] == []
        assert (found.state, found.reconciled, found.counts["imported"]) == ("done", True, len(rows))
    assert found.totals_after["1300"] == {"debit": "79050.00", "balance": "79050.00"}
    assert found.made["1099"].get("balance") is None
    before = rows_of_all_tables(company)
    for kind, rows in files.items():
        again = scenes.checked(company, clerk, kind, rows)
        assert (again.counts["unchanged"], again.counts.get("would", 0)) == (len(rows), 0)
    assert rows_of_all_tables(company) == before
    with given.inside(company):
        assert Import.objects.count() == 6
        assert Case.objects.count() == 300
