"""The policy equals its quotation; papers are by name, hide what is private and stay byte for byte (S0-18 to S0-27)."""

import gzip
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from applications.models import Draft
from companies.actor import Actor, ActorKind
from companies.doors import Door
from companies.models import Company
from correspondence.models import Enclosure, Message
from documents.models import Document
from documents.rendering.render import reprint
from documents.store import fetch
from policies.models import (
    Instalment,
    InsurerShare,
    Invoice,
    InvoiceLine,
    Policy,
    PolicyVersion,
    PremiumComponent,
    Section,
)
from quotations.models import Quotation
from tests import given
from tests.chain import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued() -> tuple[Company, Policy]:
    """A policy in force with all its papers sent, by an adviser."""
    company = given.provider()
    given.adviser(company)
    return company, given.policy(company, code="ilse-markus")


def paper(policy: Policy, kind: str) -> Document:
    """The one paper of a kind in the case; called inside the company."""
    return Document.objects.select_related("file", "source").get(case=policy.case_id, kind=kind)


def test_policy_and_invoice_equal_the_quotation(issued):
    company, policy = issued
    with given.inside(company):
        quotation = Quotation.objects.get()
        plan = next(row for row in quotation.evaluation["plans"] if row["plan"] == quotation.plan)
        premium = plan["premium"]
        version, invoice = PolicyVersion.objects.get(), Invoice.objects.get()
        amounts = (quotation.net, quotation.tax, quotation.fees, quotation.total)
        assert amounts == (Decimal("116.88"), Decimal("24.54"), Decimal("0.00"), Decimal("141.42"))
        for row in (version, invoice):
            assert (row.net, row.tax, row.fees, row.total, row.plan) == (*amounts, quotation.plan)
        assert version.terms == quotation.evaluation["terms"]
        assert version.evaluation == quotation.evaluation
        assert version.answers == quotation.assessment.application.answers
        assert str(policy.starts_on) == version.answers["start_date"]
        told = [(row["key"], row["insured_sum"]) for row in premium["sections"]]
        kept = [
            (row.key, row.objects_insured[0]["sum"] if row.objects_insured else None)
            for row in Section.objects.order_by("pk")
        ]
        assert kept == told
        assert set(Section.objects.values_list("valid_from", "valid_until")) == {(policy.starts_on, policy.renews_on)}
        parts = [row for row in premium["components"] if row["kind"] == "premium"]
        found = PremiumComponent.objects.order_by("pk").values_list("section__key", "kind", "base", "rate", "amount")
        assert list(found) == [
            (
                row["section"],
                row["key"],
                row["base"] and Decimal(row["base"]),
                row["rate"] and Decimal(row["rate"]),
                Decimal(row["amount"]),
            )
            for row in parts
        ]
        shares: set[Any] = set(InsurerShare.objects.values_list("insurer", "percent"))
        assert shares == {(None, Decimal(100))}
        lines = InvoiceLine.objects.order_by("position").values_list(
            "kind", "net", "tax_class", "tax_country", "tax_percent", "tax"
        )
        tax = premium["tax_lines"][0]
        assert list(lines) == [
            (
                row["key"],
                Decimal(row["amount"]),
                tax["tax_class"],
                tax["country"],
                Decimal(tax["rate"]),
                Decimal(tax["amount"]),
            )
            for row in parts
        ]
        payments = [(row["number"], row["due_on"], row["amount"]) for row in plan["instalments"]]
        assert [
            (i.position, i.due_on.isoformat(), str(i.amount)) for i in Instalment.objects.order_by("position")
        ] == payments


def test_quotation_and_policy_say_the_same(issued):
    company, policy = issued
    with given.inside(company):
        quotation = Quotation.objects.get()
        texts = {kind: scenes.text_of(scenes.pdf(paper(policy, kind))) for kind in ("quotation", "policy", "invoice")}
        clauses = [row["text"]["nl"] for row in quotation.evaluation["terms"]]
        invoice = Invoice.objects.get()
    squeezed = {kind: "".join(text.split()) for kind, text in texts.items()}
    assert clauses
    for kind in ("quotation", "policy"):
        for figure in ("116,88", "24,54", "141,42", "8.500,00"):
            assert figure in texts[kind], (kind, figure)
        for clause in clauses:
            assert "".join(clause.split()) in squeezed[kind], (kind, clause)
        assert "Sanne Verbruggen" in texts[kind]
        assert "Dorpsstraat 12" in texts[kind]
    assert quotation.number in texts["policy"]
    assert policy.number in texts["policy"]
    for figure in ("116,88", "24,54", "141,42", invoice.number, policy.number):
        assert figure in texts["invoice"]


def test_policy_and_quotation_name_only_ways_that_exist(issued):
    company, policy = issued
    with given.inside(company):
        texts = [scenes.text_of(scenes.pdf(paper(policy, kind))) for kind in ("quotation", "policy")]
        body = Message.objects.get(key=f"policy:{policy.number}", addressee="customer").body
    for text in texts:
        assert "ongedaan maken: schrijf aan " in text
        assert "knop" not in text and "klantmap" not in text
        assert "zie de clausules" in text and "geen" in text
    assert "herroepen binnen de dagen die in de polis staan" in body


def test_information_document_and_quotation_name_the_policyholder(issued):
    company, policy = issued
    with given.inside(company):
        quotation, ipid = paper(policy, "quotation"), paper(policy, "ipid")
        for document in (quotation, ipid):
            assert "Sanne Verbruggen" in scenes.text_of(scenes.pdf(document))
        assert ipid.pages <= 2
        last = Quotation.objects.get().valid_until
    text = scenes.text_of(scenes.pdf(quotation))
    assert "Kroonlaan" in text or "Ilse" in text
    assert str(last.year) in text


def test_copy_of_the_application_holds_questions_and_answers_and_travels_twice(issued):
    company, policy = issued
    with given.inside(company):
        copy = paper(policy, "application")
        text = scenes.text_of(scenes.pdf(copy))
        assert Enclosure.objects.filter(document=copy).count() == 4  # customer and adviser, quotation and policy
        content = fetch(copy.file)
    copies = [
        payload
        for message in mail.outbox
        for name, payload, _kind in message.attachments
        if name.startswith("application-")
    ]
    assert copies == [content] * 4
    for word in ("Vlissingen", "8.500,00", "sanne@verbruggen.example"):
        assert word in text
    assert "1986" in text
    assert "17-04" not in text
    assert "17 april" not in text


def test_who_else_was_named_stands_on_policy_and_copy_without_his_day_of_birth(tmp_path):
    # given
    role = {"role": "insured", "names": {"nl": "Eigenaar", "en": "Owner"}, "kinds": ["person"],
            "fields": [{"field": "name"}, {"field": "birth_date"}, {"field": "address"}]}  # fmt: skip
    parties = json.loads((given.ROOT / given.PLANS).read_text(encoding="utf-8"))["parties"]
    company = given.provider("duinhaven", scenes.definition(tmp_path, parties=[*parties, role]))
    draft: Any = given.draft(company, answers=scenes.PLANS_ANSWERS)
    owner = {**given.HOLDER, "name": "Zeeman", "given_names": "Jo", "birth_date": "1951-02-03", "email": ""}
    with given.inside(company, Actor(kind=ActorKind.VISITOR, door=Door.FRONT, case_id=draft.case_id)):
        Draft.objects.filter(pk=draft.pk).update(parties={**draft.parties, "insured": owner})
    # when
    scenes.applied(company, draft)
    given.work(company)
    with given.inside(company):
        quotation = Quotation.objects.select_related("case").get()
    given.ordered(company, quotation)
    given.work(company)
    # then
    with given.inside(company):
        policy = Policy.objects.get()
        texts = {kind: scenes.text_of(scenes.pdf(paper(policy, kind))) for kind in ("policy", "application")}
    assert "Eigenaar Jo Zeeman, Dorpsstraat 12" in texts["policy"] and "1951" not in texts["policy"]
    for words in ("Eigenaar", "Jo Zeeman", "1951"):
        assert words in texts["application"]
    assert "03-02" not in texts["application"] and "1951-02" not in texts["application"]


def test_no_paper_and_no_mail_holds_the_day_of_birth(issued):
    company, policy = issued
    with given.inside(company):
        texts = [
            scenes.text_of(scenes.pdf(document))
            for document in Document.objects.select_related("file").filter(case=policy.case_id)
        ]
    texts += [f"{message.subject} {message.body}" for message in mail.outbox]
    for text in texts:
        for day in ("17-04-1986", "1986-04-17", "17 april 1986", "17 April 1986", "17/04/1986"):
            assert day not in text


def test_archived_papers_are_printed_again_byte_for_byte(issued):
    company, policy = issued
    with given.inside(company):
        documents = list(Document.objects.select_related("file", "source").filter(case=policy.case_id))
        assert len(documents) == 5
        for document in documents:
            source = gzip.decompress(fetch(document.source)).decode()
            printed = reprint(source)
            assert printed.pdf == fetch(document.file), document.kind
            assert (printed.sha256, printed.source_sha256) == (document.file.sha256, document.source_sha256)
