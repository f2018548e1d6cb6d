"""The page of a mailed case link: quotation, papers, order (S0-17 to S0-24; threats A1, A5, A12)."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.clock import frozen
from common.formats import day_in_prose
from companies.links import open_link, secret_of
from companies.models import Command, Job, Link, LinkKind
from documents.models import Document
from documents.store import fetch
from quotations.models import Order, Quotation
from tests import given
from tests.applications.walk import Visitor, plain

pytestmark = pytest.mark.django_db
ORDER = {"plan": "annual", "birth_date": "1986-04-17", "agreed": "on"}


@pytest.fixture
def company():
    return given.provider()


@pytest.fixture
def quoted(company):
    return given.quotation(company)


def link_to(company, quotation, addressee="customer"):
    with given.inside(company):
        nonce = Link.objects.filter(case_id=quotation.case_id, kind="case", addressee=addressee).earliest("pk").nonce
    return f"/{company.slug}/c/{secret_of(nonce)}/"


def opened(company, quotation, language="en", addressee="customer"):
    visitor = Visitor(company.slug, language)
    visitor.get(link_to(company, quotation, addressee))
    return visitor


def commands(company):
    with given.inside(company):
        return list(Command.objects.filter(kind="order").order_by("pk"))


def papers_of(company, quotation):
    with given.inside(company):
        return list(Document.objects.select_related("file").filter(case=quotation.case_id).order_by("pk"))


def test_the_page_shows_number_person_price_plan_and_terms(company, quoted):
    visitor = opened(company, quoted)
    for said in (
        quoted.number, "We are glad to insure Sanne Verbruggen", "Dorpsstraat 12, 4381 AB Vlissingen",
        "1\u00a0December\u00a02026",
        "€141.42", "116.88", "Insurance premium tax 21\u00a0%", "24.54", "Yearly", "€8,500", "New value", "Deductible",
        day_in_prose(quoted.valid_until - timedelta(days=1), "en"), "Order with obligation to pay",
    ):  # fmt: skip
        assert said in visitor.text, said
    with given.inside(company):
        stored = Quotation.objects.get(pk=quoted.pk)
    assert sum(value for _name, value in visitor.page.context["page"].price) == stored.total


def test_the_button_says_in_dutch_that_one_must_pay(company, quoted):
    visitor = opened(company, quoted, "nl")
    assert (
        '<html lang="nl"' in visitor.text
        and "Assurantiebelasting 21\u00a0%" in visitor.text
        and "€\u00a0141,42" in visitor.text
    )


def test_an_address_that_has_ended_says_whom_to_ask_and_not_whether_it_ever_was(company, quoted):
    # given
    with given.inside(company):
        ended = timezone.now() - timedelta(days=1)
        link = open_link(kind=LinkKind.CASE, case_id=quoted.case_id, addressee="customer", expires_at=ended)
        address = f"/{company.slug}/c/{secret_of(link.nonce)}/"
    # when
    visitor = Visitor(company.slug, "nl")
    pages = [visitor.client.get(path) for path in (address, f"/{company.slug}/c/{'x' * 43}/", f"/nobody/c/{'x' * 43}/")]
    # then
    assert {page.status_code for page in pages} == {404}
    assert len({plain(page) for page in pages}) == 1
    text = plain(pages[0])
    assert "Vraag de afzender om een nieuwe." in text
    assert "nummer of naam" not in text and 'href="/"' not in text


def test_plans_stand_with_every_instalment():
    company = given.provider("duinhaven", given.PLANS)
    quoted = given.quotation(company, answers={"start_date": "2026-12-01", "insured_sum": "100000.00"})
    visitor = opened(company, quoted)
    plans = visitor.page.context["page"].plans
    assert [len(plan.instalments) for plan in plans] == [1, 4, 12]
    assert all(sum(value for _day, value in plan.instalments) == plan.total for plan in plans)
    assert visitor.text.count('name="plan"') == 3
    visitor.send(**{**ORDER, "plan": plans[1].key})
    assert commands(company)[0].payload["plan"] == plans[1].key


def test_an_order_is_one_command_with_the_papers_as_shown(company, quoted):
    visitor = opened(company, quoted)
    visitor.send(**ORDER)
    assert visitor.url.endswith("/order/") and visitor.page["Refresh"] == "2"
    (command,) = commands(company)
    with given.inside(company):
        link = Link.objects.get(case_id=quoted.case_id, kind="case", addressee="customer")
    assert (command.state, command.address, command.link_id) == ("waiting", "127.0.0.1", link.pk)
    assert command.payload["plan"] == "annual" and command.payload["birth_date"] == "1986-04-17"
    assert {row["sha256"] for row in command.payload["documents"]} == {
        row.file.sha256 for row in papers_of(company, quoted)
    }
    visitor.get(link_to(company, quoted))
    assert visitor.url.endswith("/order/")


def test_the_order_becomes_a_policy_whose_papers_stand_on_the_page(company, quoted):
    visitor = opened(company, quoted)
    visitor.send(**ORDER)
    given.work(company)
    visitor.get(visitor.url)
    outcome = commands(company)[0].outcome
    start = day_in_prose(date.fromisoformat(outcome["starts_on"]), "en")
    assert f"{outcome['policy']}</span>: you are insured from {start}" in visitor.text
    assert outcome["invoice"] in visitor.text
    assert "s••••@verbruggen.example" in visitor.text
    assert len(visitor.page.context["papers"]) == 5
    visitor.get(link_to(company, quoted))
    assert outcome["policy"] in visitor.text and 'name="birth_date"' not in visitor.text
    visitor.client.post(link_to(company, quoted), ORDER)
    assert len(commands(company)) == 1


def test_the_same_form_sent_twice_is_one_order(company, quoted):
    visitor = opened(company, quoted)
    url, token = visitor.url, visitor.token
    visitor.send(**ORDER)
    visitor.send(url, token=token, **ORDER)
    assert len(commands(company)) == 1
    given.work(company)
    with given.inside(company):
        assert Order.objects.count() == 1


def test_a_form_reused_with_another_will_is_refused(company, quoted):
    visitor = opened(company, quoted)
    url, token = visitor.url, visitor.token
    visitor.send(**{**ORDER, "birth_date": "1986-04-18"})
    given.work(company)
    visitor.send(url, token=token, **ORDER)
    assert "sent before with other content" in visitor.text
    assert len(commands(company)) == 1


@pytest.mark.parametrize(
    ("field", "given_value", "said"),
    [
        ("plan", "monthly", "“monthly”"),
        ("plan", None, "Choose a payment plan"),
        ("birth_date", "", "date of birth"),
        ("birth_date", "17 April", "17 April"),
        ("agreed", None, "Read the papers first"),
        ("token", "forged", "found another one"),
    ],
)
def test_a_tampered_or_incomplete_order_stores_nothing(company, quoted, field, given_value, said):
    visitor = opened(company, quoted)
    visitor.send(**{**ORDER, field: given_value})
    assert said in visitor.text and "Nothing was ordered." in visitor.text
    assert commands(company) == []


def test_a_form_of_another_quotation_does_not_order_this_one(company, quoted):
    other = given.quotation(company)
    mine, yours = opened(company, quoted), opened(company, other)
    mine.send(token=yours.token, **ORDER)
    assert "found another one" in mine.text and commands(company) == []


def test_a_wrong_date_of_birth_is_told_and_can_be_corrected(company, quoted):
    visitor = opened(company, quoted)
    visitor.send(**{**ORDER, "birth_date": "1986-04-18"})
    given.work(company)
    visitor.get(visitor.url)
    assert "isn’t the date of birth" in visitor.text
    visitor.get(link_to(company, quoted))
    visitor.send(**ORDER)
    given.work(company)
    visitor.get(visitor.url)
    assert "you are insured" in visitor.text


def test_an_ended_offer_has_no_order_form_and_shows_the_way_to_a_new_one(company, quoted):
    visitor = opened(company, quoted)
    token = visitor.token
    with frozen(quoted.valid_until):
        visitor.get(link_to(company, quoted))
        assert "no longer valid" in visitor.text and 'href="/duinhaven/apply/nl-horse-trailer/"' in visitor.text
        assert "has expired" in visitor.text and "nothing is insured by it" in visitor.text
        for promised in ("We are glad to insure", "What is insured", "Start of cover", "When is what due?"):
            assert promised not in visitor.text, promised
        assert 'name="birth_date"' not in visitor.text
        visitor.send(token=token, **ORDER)
    assert commands(company) == []
    with frozen(quoted.valid_until - timedelta(days=1)):
        assert 'name="birth_date"' in opened(company, quoted).text


def test_the_adviser_reads_and_cannot_order(company):
    adviser = given.adviser(company)
    quoted = given.quotation(company, code="ilse-markus")
    visitor = opened(company, quoted, addressee="adviser")
    assert "Only the customer can order" in visitor.text and 'name="birth_date"' not in visitor.text
    customer = opened(company, quoted)
    assert f"Your adviser: {adviser.name}" in customer.text
    visitor.send(token=customer.token, **ORDER)
    assert commands(company) == []


def test_papers_come_byte_for_byte_and_are_saved_not_shown(company, quoted):
    visitor = opened(company, quoted)
    for paper in papers_of(company, quoted):
        page = visitor.client.get(f"{link_to(company, quoted)}papers/{paper.public_id}/")
        assert page.content == fetch(paper.file) and not page.streaming
        assert page["Content-Type"] == "application/pdf" and page["X-Content-Type-Options"] == "nosniff"
        assert page["Content-Disposition"].startswith("attachment;") and "sandbox" in page["Content-Security-Policy"]


def test_papers_of_another_case_are_not_there(company, quoted):
    other = given.quotation(company)
    for key in (papers_of(company, other)[0].public_id, "-" * 36):
        assert Visitor().client.get(f"{link_to(company, quoted)}papers/{key}/").status_code == 404


def test_links_that_open_nothing_answer_alike(company, quoted):
    other = given.provider("kustwacht")
    foreign = link_to(other, given.quotation(other)).replace("kustwacht", "duinhaven")
    url = link_to(company, quoted)
    draft = given.draft(company)
    with given.inside(company):
        application_link = f"/duinhaven/c/{secret_of(Link.objects.get(case_id=draft.case_id).nonce)}/"
    client = Visitor().client
    pages = [client.get(found) for found in (f"/duinhaven/c/{'A' * 43}/", foreign, application_link, f"{url}nonsense/")]
    with given.inside(company):
        Link.objects.filter(case_id=quoted.case_id, kind="case").update(revoked_at="2026-01-01T00:00:00Z")
    pages += [client.get(url), client.post(url, ORDER)]
    assert [page.status_code for page in pages] == [404] * 6
    assert len({plain(page) for page in (pages[0], pages[1], pages[4])}) == 1


def test_reading_has_no_effect(company, quoted):
    def counts():
        with given.inside(company):
            return [
                model.objects.count() for model in (Command, Job, Link, Order, Document)
            ], Quotation.objects.get().state

    before = counts()
    url = link_to(company, quoted)
    client = Visitor().client
    for _time in range(3):
        assert client.get(url).status_code == client.head(url).status_code == 200
        assert client.get(f"{url}order/").status_code == 302
    assert counts() == before


def test_the_page_is_not_kept_and_tells_no_referrer(company, quoted):
    page = opened(company, quoted).page
    assert page["Referrer-Policy"] == "no-referrer" and page["Cache-Control"] == "no-store"


def test_the_page_takes_a_bounded_number_of_queries(company, quoted):
    url, client = link_to(company, quoted), Visitor().client
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    assert len(seen) <= 16, [row["sql"][:120] for row in seen]


def test_a_worker_that_is_slow_is_told_of_honestly(company, quoted):
    visitor = opened(company, quoted)
    visitor.send(**ORDER)
    recorded = commands(company)[0].recorded_at
    with patch("applications.views.base.timezone.now", return_value=recorded + timedelta(minutes=10)):
        visitor.get(visitor.url)
    assert "the work goes on" in visitor.text and "Refresh" not in visitor.page
