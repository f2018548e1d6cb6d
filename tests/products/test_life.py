"""The life of a product version: two people, one order of steps; the database holds the same rules (S2-34)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from common.errors import BusinessError
from companies.actor import ROBOT, Actor
from companies.models import Company
from companies.moves import IllegalMove
from products.models import Product, ProductVersion
from products.services import life
from products.states import VERSION_MOVES, VersionState
from relations.services.parties import Person, register_party
from tests import given

pytestmark = pytest.mark.django_db
S = VersionState
DEFINITION = json.loads((given.ROOT / given.PLANS).read_text(encoding="utf-8"))


class Office:
    """A company with an author who may also approve and release, and an approver."""

    def __init__(self) -> None:
        self.company = given.company()
        both = ("product-developer", "product-approver")
        self.author = given.actor_of(given.member(self.company, "author@duinhaven.example", *both))
        self.approver = given.actor_of(given.member(self.company, "approver@duinhaven.example", *both))
        self.clerk = given.actor_of(given.member(self.company, "clerk@duinhaven.example", "policy-clerk"))

    def draft(self, **changes: object) -> ProductVersion:
        with transaction.atomic(), given.inside(self.company, self.author):
            return life.draft_version(
                definition=DEFINITION | changes, company=self.company, actor=self.author, on=given.DAY
            )

    def step(self, version: ProductVersion, state: VersionState, actor: Actor | None = None) -> ProductVersion:
        """The service that leads to a state, by the person who usually does it."""
        who = actor or (self.author if state in {S.SUBMITTED, S.DRAFT} else self.approver)
        service: dict[VersionState, Callable[..., ProductVersion]] = {
            S.DRAFT: life.return_version, S.SUBMITTED: life.submit_version, S.APPROVED: life.approve_version,
            S.TEST: life.put_in_test, S.LIVE: life.set_live, S.WITHDRAWN: life.withdraw_version,
        }  # fmt: skip
        more = {"evidence": "Tried in the rehearsal."} if state is S.LIVE else {}
        with transaction.atomic(), given.inside(self.company, who):  # a refusal takes back what the step had done
            return service[state](version=version, actor=who, on=given.DAY, **more)

    def at(self, state: VersionState) -> ProductVersion:
        """A version walked to a state."""
        version = self.draft()
        way = [S.SUBMITTED, S.APPROVED, S.TEST, S.LIVE, S.WITHDRAWN]
        for step in way[: way.index(state) + 1] if state in way else []:
            version = self.step(version, step)
        return version

    def again(self, version: ProductVersion) -> ProductVersion:
        """The version as it stands now."""
        with given.inside(self.company):
            return ProductVersion.objects.get(pk=version.pk)

    def state(self, version: ProductVersion) -> str:
        return self.again(version).state


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def sql(office: Office) -> Iterator[Callable[[str], str]]:
    """Runs a statement about the versions as the application's own role; gives the database's refusal."""

    def run(statement: str) -> str:
        with (
            given.inside(office.company),
            pytest.raises(DatabaseError) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        return str(caught.value)

    yield run


def test_whole_life(office):
    version = office.draft()
    assert version.state == S.DRAFT
    for state in (S.SUBMITTED, S.DRAFT, S.SUBMITTED, S.APPROVED, S.TEST, S.LIVE, S.WITHDRAWN):
        version = office.step(version, state)
        assert office.state(version) == state
    assert version.approved_by_id == version.released_by_id == office.approver.user_id
    assert (version.live_from, version.withdrawn_from) == (given.DAY, given.DAY)
    assert version.evidence["cases"] == 1
    assert version.evidence["test"] == "Tried in the rehearsal."


@pytest.mark.parametrize("state", [S.APPROVED, S.LIVE])
def test_author_neither_approves_nor_releases(office, state):
    version = office.at(S.SUBMITTED if state is S.APPROVED else S.TEST)
    with pytest.raises(BusinessError) as caught:
        office.step(version, state, office.author)
    assert caught.value.code == "four_eyes"


@pytest.mark.parametrize("state", [S.APPROVED, S.LIVE])
def test_who_has_not_the_act_neither_approves_nor_releases(office, state):
    version = office.at(S.SUBMITTED if state is S.APPROVED else S.TEST)
    with pytest.raises(BusinessError) as caught:
        office.step(version, state, office.clerk)
    assert caught.value.code == "act"


def test_what_is_approved_is_the_document_as_it_stands_now(office):
    shown = office.at(S.SUBMITTED)  # as the approver's page read it
    office.step(office.again(shown), S.DRAFT)
    wrong = json.loads(json.dumps(DEFINITION))
    wrong["cases"][0]["expected"]["premium"]["total"] = "1.00"
    with given.inside(office.company, office.author):
        ProductVersion.objects.filter(pk=shown.pk).update(definition=wrong)
    office.step(office.again(shown), S.SUBMITTED)
    with pytest.raises(life.NotSound):
        office.step(shown, S.APPROVED)
    assert office.state(shown) == S.SUBMITTED


def test_a_second_draft_is_the_next_version_of_the_same_product(office):
    first, second = office.draft(), office.draft()
    assert (first.product_id, first.number, second.number) == (second.product_id, 1, 2)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"key": "plans.test"}, "key"),
        ({"line_of_business": "a" * 41}, "line_of_business"),
        ({"payment": {**DEFINITION["payment"], "plans": [{**DEFINITION["payment"]["plans"][0], "key": "a" * 21}]}},
         "payment.plans[0].key"),
        ({"sections": [{**DEFINITION["sections"][0], "key": "a" * 41}]}, "sections[0].key"),
        ({"taxes": [{**DEFINITION["taxes"][0], "tax_class": "a" * 21}]}, "taxes[0].tax_class"),
    ],
    ids=["address", "line", "plan", "section", "tax"],
)  # fmt: skip
def test_what_no_contract_could_keep_is_refused_before_there_is_a_draft(office, change, path):
    with pytest.raises(life.NotSound) as caught:
        office.draft(**change)
    assert path in [finding["path"] for finding in caught.value.findings]


def in_french(told: Any) -> Any:
    """Every text of a document in a language that nobody here is served in."""
    if isinstance(told, dict):
        return {"fr": told["en"]} if set(told) == {"nl", "en"} else {key: in_french(part) for key, part in told.items()}
    return [in_french(part) for part in told] if isinstance(told, list) else told


def test_a_language_that_no_paper_is_printed_in_is_refused_before_there_is_a_draft(office):
    with pytest.raises(life.NotSound) as caught:
        office.draft(**{**in_french(DEFINITION), "languages": ["fr"]})
    [finding] = caught.value.findings
    assert (finding["path"], finding["message"]) == (
        "languages", "Papers are printed in Dutch, German, English. Found: French.",
    )  # fmt: skip


@pytest.mark.parametrize(("words", "refused"), [(8, False), (60, True)])
def test_an_information_document_that_fits_on_no_two_pages_is_refused_before_there_is_a_draft(office, words, refused):
    text = {"nl": "Regen of storm. " * words, "en": "Rain."}
    lines = [{"key": f"more{place}", "heading": "insured", "text": text} for place in range(12)]
    more = {"ipid": {**DEFINITION["ipid"], "lines": [*DEFINITION["ipid"]["lines"], *lines]}}
    if not refused:
        assert office.draft(**more).number == 1
        return
    with pytest.raises(life.NotSound) as caught:
        office.draft(**more)
    [finding] = caught.value.findings
    assert finding["path"] == "ipid.lines" and "In Dutch the information document of case PT-01" in finding["message"]


def test_database_refuses_the_author_too(office, sql):
    office.at(S.SUBMITTED)
    assert "version_four_eyes" in sql(
        "UPDATE products_productversion SET state = 'approved', approved_by_id = author_id"
    )
    assert "version_approved_by_somebody" in sql("UPDATE products_productversion SET state = 'approved'")


def test_database_refuses_what_nobody_released(office, sql):
    office.at(S.TEST)
    assert "version_released_by_somebody" in sql("UPDATE products_productversion SET state = 'live'")


@pytest.mark.parametrize("state", [S.APPROVED, S.TEST, S.LIVE, S.WITHDRAWN])
def test_approved_version_is_frozen(office, sql, state):
    office.at(state)
    for change in ("definition = '{}'", "sha256 = repeat('0', 64)", "approved_by_id = author_id + 2"):
        assert "frozen" in sql(f"UPDATE products_productversion SET {change}"), change
    for change in ("author_id = approved_by_id", "number = 9", "product_id = product_id + 1"):
        assert "permission denied" in sql(f"UPDATE products_productversion SET {change}"), change
    assert "permission denied" in sql("DELETE FROM products_productversion")


def wrong_case() -> dict[str, object]:
    """The document with a worked case that comes out differently."""
    case = DEFINITION["cases"][0]
    premium = {**case["expected"]["premium"], "net": "999.00"}
    return DEFINITION | {"cases": [{**case, "expected": {**case["expected"], "premium": premium}}]}


def test_failing_case_blocks_a_draft(office):
    with pytest.raises(life.NotSound) as caught:
        office.draft(**wrong_case())
    assert "999.00" in str(caught.value.findings)


@pytest.mark.parametrize("cases", ["wrong", "none"])
def test_failing_case_blocks_approval_however_it_came_there(office, cases):
    version = office.draft()
    with given.inside(office.company):
        version.definition = wrong_case() if cases == "wrong" else DEFINITION | {"cases": []}
        ProductVersion.objects.filter(pk=version.pk).update(definition=version.definition)
    office.step(version, S.SUBMITTED)
    with pytest.raises(life.NotSound) as caught:
        office.step(version, S.APPROVED)
    assert [found["id"] for found in caught.value.findings] == (["PT-01"] if cases == "wrong" else [])
    assert office.state(version) == S.SUBMITTED


def test_definition_with_errors_is_no_draft(office):
    with pytest.raises(life.NotSound) as caught:
        office.draft(sections=[])
    assert caught.value.findings
    with pytest.raises(BusinessError, match="USD"):
        office.draft(currency="USD")


def test_version_in_test_is_live_in_the_twin_alone(office):
    version = office.at(S.TEST)
    twin = Company.objects.get(rehearsal_of=office.company)
    with given.inside(twin):
        copy = ProductVersion.objects.get()
        assert (copy.state, copy.sha256) == (S.LIVE, version.sha256)
    with given.inside(office.company):
        assert set(ProductVersion.objects.values_list("state", flat=True)) == {S.TEST}


def test_twin_of_an_agent_signs_for_the_insurer_too(office):
    version = office.at(S.APPROVED)
    person = Person(
        kind="organisation", given_name="", family_name="Duinbaken", email="", street="Kade", house_number="2",
        postcode="4381 AA", city="Vlissingen", country="NL", language="nl",
    )  # fmt: skip
    with given.inside(office.company):
        insurer = register_party(person=person, on=given.DAY, actor=ROBOT)
        Product.objects.update(insurer=insurer, insurer_commission_percent=20)
    office.step(office.again(version), S.TEST)
    with given.inside(Company.objects.get(rehearsal_of=office.company)):
        product = Product.objects.select_related("insurer").get()
        assert product.insurer.family_name == "Duinbaken"
        assert product.insurer_commission_percent == Decimal(20)
        assert product.insurer_id != insurer.pk


def test_second_version_in_test_replaces_the_first_in_the_twin(office):
    office.at(S.TEST)
    office.at(S.TEST)
    twin = Company.objects.get(rehearsal_of=office.company)
    with given.inside(twin):
        assert list(ProductVersion.objects.order_by("number").values_list("state", flat=True)) == [S.WITHDRAWN, S.LIVE]


def test_second_live_version_replaces_the_first(office):
    first = office.at(S.LIVE)
    second = office.at(S.LIVE)
    assert (first.product_id, second.number) == (second.product_id, 2)
    assert (office.state(first), office.state(second)) == (S.WITHDRAWN, S.LIVE)


def test_database_holds_one_live_version(office):
    office.at(S.LIVE)
    second = office.at(S.TEST)
    with given.inside(office.company), pytest.raises(IntegrityError, match="version_live_once"), transaction.atomic():
        ProductVersion.objects.filter(pk=second.pk).update(
            state=S.LIVE, released_by=office.approver.user_id, live_from=given.DAY
        )


def test_release_needs_to_say_what_was_tried(office):
    version = office.at(S.TEST)
    with pytest.raises(BusinessError) as caught, transaction.atomic(), given.inside(office.company, office.approver):
        life.set_live(version=version, actor=office.approver, on=given.DAY, evidence="  ")
    assert caught.value.field == "evidence"


@contextmanager
def tried() -> Iterator[None]:
    """What is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("start", S, ids=lambda state: state.value)
def test_steps_are_those_of_the_table(office, start):
    version = office.at(start)
    for end in S:
        with tried():
            if end in VERSION_MOVES[start]:
                assert office.step(office.again(version), end).state == end
            else:
                with pytest.raises(IllegalMove):
                    office.step(office.again(version), end)
                assert office.again(version).state == start


@pytest.mark.parametrize("start", S, ids=lambda state: state.value)
def test_database_holds_the_same_table(office, start):
    version = office.at(start)
    for end in set(S) - {start}:
        people = (
            {"approved_by": office.approver.user_id} if start in BEFORE_APPROVAL and end not in BEFORE_APPROVAL else {}
        )
        if end is S.LIVE:
            people |= {"released_by": office.approver.user_id, "live_from": given.DAY}
        with tried(), given.inside(office.company):
            rows = ProductVersion.objects.filter(pk=version.pk)
            if end in VERSION_MOVES[start]:
                assert rows.update(state=end, **people) == 1
            else:
                with pytest.raises(IntegrityError, match="no move from"), transaction.atomic():
                    rows.update(state=end, **people)


BEFORE_APPROVAL = {S.DRAFT, S.SUBMITTED}
