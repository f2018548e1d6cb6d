"""The withdrawal function behind the customer's link: labelled, two steps, no login, no script; the office's list."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.links import secret_of
from companies.models import Command, Company
from correspondence.models import Message
from policies.cooling import CoolingOff, cooling_off
from policies.models import Policy, Withdrawal
from tests import given, world
from tests.applications.walk import Visitor
from tests.chain import scenes
from tests.policies.withdrawing import withdrawn

pytestmark = pytest.mark.django_db
LABELS = {
    "en": ("Withdraw from this contract here", "Confirm the withdrawal"),
    "nl": ("Overeenkomst hier herroepen", "Herroeping bevestigen"),
    "de": ("Vertrag hier widerrufen", "Widerruf bestätigen"),
}


def link_of(company: Company, policy: Policy, addressee: str = "customer") -> str:
    with given.inside(company):
        nonce = scenes.customer_link(policy.order.quotation, addressee=addressee).nonce
    return f"/{company.slug}/c/{secret_of(nonce)}/"


def opened(company: Company, policy: Policy, language: str = "en", **kwargs: Any) -> Visitor:
    visitor = Visitor(company.slug, language)
    visitor.get(link_of(company, policy, **kwargs))
    return visitor


def right_of(company: Company, policy: Policy) -> CoolingOff:
    with given.inside(company):
        return cooling_off(Policy.objects.select_related("case").get(pk=policy.pk), company)


def sent_by_page(company: Company) -> list[Command]:
    with given.inside(company):
        return list(Command.objects.filter(kind="withdraw"))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_function_is_labelled_with_its_last_day(issued, language):
    company, policy = issued
    visitor = opened(company, policy, language)
    assert f">{LABELS[language][0]}</a>" in visitor.text
    visitor.get(link_of(company, policy) + "withdraw/")
    last = right_of(company, policy).last_day
    assert last is not None
    assert f"<h1>{LABELS[language][0]}</h1>" in visitor.text and str(last.year) in visitor.text
    fields = set(re.findall(r'name="(\w+)"', visitor.text.split("<main")[1]))
    assert fields == {"csrfmiddlewaretoken", "token", "name", "email"}  # what identifies, and no more
    assert 'value="Sanne Verbruggen"' in visitor.text and "s••••@verbruggen.example" in visitor.text
    assert "sanne@verbruggen.example" not in visitor.text


def test_german_reads_german(german):
    company, policy = german
    visitor = opened(company, policy, "de")
    assert f">{LABELS['de'][0]}</a>" in visitor.text
    visitor.get(link_of(company, policy) + "withdraw/")
    assert "Den Beitrag für die Tage bis heute behalten wir" in visitor.text
    visitor.send(name="Mara Feldhoff", email="")
    assert LABELS["de"][1] in visitor.text and sent_by_page(company) == []


def test_two_steps_withdraw_and_the_receipt_is_shown_and_mailed(issued):
    company, policy = issued
    visitor = Visitor(company.slug, "en")
    visitor.get(link_of(company, policy) + "withdraw/")
    # first step: nothing is sent yet
    visitor.send(name="Sanne Verbruggen", email="")
    assert "Confirm your withdrawal" in visitor.text and sent_by_page(company) == []
    # back: what was typed is still there
    visitor.send(name="S. Verbruggen", email="", go="back")
    assert 'value="S. Verbruggen"' in visitor.text and sent_by_page(company) == []
    # second step
    visitor.send(name="Sanne Verbruggen", email="")
    visitor.send(name="Sanne Verbruggen", email="", go="confirm")
    assert "Your withdrawal is being kept" in visitor.text and visitor.page["Refresh"] == "2"
    (command,) = sent_by_page(company)
    assert command.payload == {"name": "Sanne Verbruggen", "email": "sanne@verbruggen.example"}
    with given.inside(company):
        assert Policy.objects.get(pk=policy.pk).state == "active"  # a public door never runs the step
    # again while it waits: the same command
    visitor.client.post(visitor.url, {"name": "X", "go": "confirm"})
    assert len(sent_by_page(company)) == 1
    given.work(company)
    visitor.get(visitor.url)
    assert "You have withdrawn from this contract" in visitor.text and "s••••@verbruggen.example" in visitor.text
    (paper,) = visitor.page.context["papers"]
    assert visitor.client.get(paper["url"]).content.startswith(b"%PDF")
    assert any("herroep" in message.subject for message in mail.outbox)
    # and: the file's page offers it no more, and shows the receipt among its papers
    visitor.get(link_of(company, policy))
    assert LABELS["en"][0] not in visitor.text and "Receipt of the withdrawal" in visitor.text
    assert "What we offered" in visitor.text and "What is insured" not in visitor.text
    assert visitor.client.post(link_of(company, policy) + "withdraw/", {"go": "confirm"}).status_code == 302
    assert len(sent_by_page(company)) == 1


def test_what_is_wrong_is_said_at_its_field(issued):
    company, policy = issued
    visitor = Visitor(company.slug, "en")
    visitor.get(link_of(company, policy) + "withdraw/")
    visitor.send(name="", email="nowhere")
    assert visitor.errors == {
        "name": ["Expected your name, found none."],
        "email": ["Expected an e-mail address such as name@example.com."],
    }
    visitor.send(name="Sanne", email="", token="forged", go="confirm")
    assert "Expected the form of this page" in visitor.text and sent_by_page(company) == []


def test_the_adviser_reads_that_only_the_customer_withdraws(issued):
    company, policy = issued
    visitor = opened(company, policy, addressee="adviser")
    assert LABELS["en"][0] not in visitor.text
    visitor.get(link_of(company, policy, "adviser") + "withdraw/")
    assert "Only the customer can withdraw" in visitor.text and "<form" not in visitor.text.split("<main")[1]
    visitor.client.post(visitor.url, {"name": "Ilse", "go": "confirm"})
    assert sent_by_page(company) == []


def test_after_the_last_day_the_page_says_so_with_the_contact(issued, monkeypatch):
    company, policy = issued
    last = right_of(company, policy).last_day
    assert last is not None
    monkeypatch.setattr("companies.views.today", lambda _company: last)
    visitor = opened(company, policy)
    assert LABELS["en"][0] in visitor.text
    monkeypatch.setattr("companies.views.today", lambda _company: last + timedelta(days=1))
    visitor.get(link_of(company, policy))
    assert LABELS["en"][0] not in visitor.text
    visitor.get(link_of(company, policy) + "withdraw/")
    assert "You could withdraw until" in visitor.text and 'href="mailto:post@duinhaven.example"' in visitor.text
    assert "Ask us: ," not in visitor.text
    visitor.client.post(visitor.url, {"name": "Sanne", "go": "confirm"})
    assert sent_by_page(company) == []


def test_where_the_right_does_not_exist_the_page_says_why(issued, monkeypatch):
    company, policy = issued
    for why, said in (("short", "less than a month"), ("no_right", "no days in which one may withdraw")):
        monkeypatch.setattr("policies.withdrawal_views.cooling_off", lambda *_a, why=why: CoolingOff(why, 0))
        visitor = opened(company, policy)
        assert LABELS["en"][0] not in visitor.text
        visitor.get(link_of(company, policy) + "withdraw/")
        assert said in visitor.text


def test_the_mail_with_the_policy_leads_to_the_function(issued):
    company, policy = issued
    with given.inside(company):
        message = Message.objects.select_related("link").get(key=f"policy:{policy.number}", addressee="customer")
        assert message.link is not None
        path = f"/{company.slug}/c/{secret_of(message.link.nonce)}/"
        told = Message.objects.get(key=f"policy:{policy.number}", addressee="adviser")
    assert LABELS["nl"][0] in message.body and message.body.count("{link}") == 1 and "{link}" not in told.body
    visitor = Visitor(company.slug, "nl")
    visitor.get(path)
    assert LABELS["nl"][0] in visitor.text


def test_a_case_without_a_policy_has_no_such_page(issued):
    company, _policy = issued
    quoted = given.quotation(company)
    with given.inside(company):
        nonce = scenes.customer_link(quoted).nonce
    assert Visitor(company.slug).client.get(f"/{company.slug}/c/{secret_of(nonce)}/withdraw/").status_code == 404


# ---------- The office ----------


def test_the_list_of_the_office_filters_exports_and_counts(issued):
    company, policy = issued
    world.employee(company, "all@duinhaven.example", *world.ALL_RIGHTS)
    clerk, there = world.client_of("all@duinhaven.example"), "/duinhaven/office/withdrawals/"
    assert "Nobody has withdrawn" in clerk.get(there).content.decode()
    withdrawn(company, policy)
    given.work(company)
    page = clerk.get(there).content.decode()
    assert policy.number in page and "Nothing to pay back" in page and "N-" in page
    with given.inside(company):
        assert Withdrawal.objects.count() == 1
    counted = {
        "?state=nothing": 1, "?state=open": 0, "?state=back": 0, f"?q={policy.number}": 1, "?q=verbruggen": 1,
        "?q=zzz": 0, "?product=nl-horse-trailer": 1, "?state=x": 0,
    }  # fmt: skip
    for query, count in counted.items():
        assert clerk.get(there + query).context["page"].paginator.count == count, query
    text = clerk.get(there + "?export=csv").content.decode("utf-8-sig")
    assert policy.number in text and "Nothing to pay back" in text
    case = clerk.get(f"/duinhaven/office/cases/{policy.case.number}/").content.decode()
    assert f"The customer withdrew from policy {policy.number}" in case and "Withdrawn by customer" in case
    with CaptureQueriesContext(connection) as found:
        clerk.get(there)
    assert len(found) < 40


def test_the_customers_folder_offers_the_function_while_the_days_last(issued, monkeypatch):
    company, policy = issued
    given.folder(company, policy.holder_id, "sanne@verbruggen.example")
    other = given.policy(company, holder={**given.HOLDER, "name": "Verbeek", "email": "otto@verbeek.example"})
    customer = world.client_of("sanne@verbruggen.example")
    there = f"/duinhaven/folder/policies/{policy.number}/"
    page = customer.get(there).content.decode()
    assert "Withdraw from this contract here" in page and f"{there}withdraw/" in page and "/c/" not in page
    form = customer.get(f"{there}withdraw/", follow=True)
    assert form.redirect_chain[0][0].endswith("/withdraw/") and policy.number in form.content.decode()
    assert "Go on to confirm" in form.content.decode()
    assert customer.get(f"/duinhaven/folder/policies/{other.number}/withdraw/").status_code == 404
    monkeypatch.setattr("policies.cooling.CoolingOff.holds", lambda right, on: False)
    assert "Withdraw from" not in customer.get(there).content.decode()
    monkeypatch.undo()
    withdrawn(company, policy)
    assert "Withdraw from" not in customer.get(there).content.decode()


def test_the_customers_folder_shows_nothing_to_pay_any_more(issued):
    company, policy = issued
    given.folder(company, policy.holder_id, "sanne@verbruggen.example")
    customer = world.client_of("sanne@verbruggen.example")
    withdrawn(company, policy)
    given.work(company)
    page = customer.get("/duinhaven/folder/").content.decode()
    assert policy.number in page and "Withdrawn by customer" in page
    assert customer.get("/duinhaven/folder/payments/").status_code == 200
    assert customer.get("/duinhaven/folder/papers/").content.decode().count("withdrawal") >= 1
