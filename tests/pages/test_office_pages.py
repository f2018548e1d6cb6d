"""The office's pages that gather: today, the case, papers, parties, products."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.actor import ROBOT
from companies.jobs import HANDLERS
from companies.models import Act, Job, Membership, PartCode, Right, RightUse
from companies.rights import create_protocol, give_protocol
from companies.services.websites import allow_website
from portal.job_names import JOB_NAMES
from products.models import ProductVersion
from quotations.models import Quotation
from relations.selectors import appointment_of
from relations.services.appointments import suspend_appointment
from tests import given, world

pytestmark = pytest.mark.django_db
OFFICE = "/duinhaven/office/"
V = Right.VIEW


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


def with_rights(here, *parts, acts=(), right=V):
    """A browser of an employee with the view right on these parts."""
    email = "-".join([*(part.value for part in parts), *acts]) + "@duinhaven.example"
    world.employee(here.company, email, *((part, right) for part in parts), acts=acts)
    return world.client_of(email)


def page(client, path):
    response = client.get(OFFICE + path)
    assert response.status_code == 200
    return response.content.decode()


# ---------- Today ----------


def test_today_counts_what_waits_and_leads_to_the_filtered_list(here, clerk):
    found = {group.title: (group.count, group.url) for group in clerk.get(OFFICE).context["groups"]}
    assert found["Proposed changes of relations"] == (1, f"{OFFICE}relations/proposals/?state=open")
    assert found["Quotations that expire within a week"] == (0, f"{OFFICE}quotations/?state=soon&sort=until")
    with given.inside(here.company):
        Job.objects.create(kind="policy.papers", key="broken", state="failed", error="No route to host")
    group = next(group for group in clerk.get(OFFICE).context["groups"] if group.title == "Work that failed")
    assert group.count == clerk.get(group.url).context["page"].paginator.count == 1
    assert group.items[0].title == "Print and mail a policy"


def test_work_of_the_machine_is_named_and_found_in_words_of_the_business(here, clerk):
    assert {kind for kind in HANDLERS if not kind.startswith("test.")} == JOB_NAMES.keys()
    with given.inside(here.company):
        Job.objects.create(kind="policy.withdrawn", key="broken", state="failed", error="No route to host")
    clerk.cookies["language"] = "de"
    found = page(clerk, "jobs/?q=widerrufs")
    assert (
        '<th scope="row" title="policy.withdrawn">Eingangsbestätigung eines Widerrufs drucken und mailen</th>' in found
    )
    assert "E-Mail versenden" not in found and "E-Mail versenden" in page(clerk, "jobs/")


def test_quotation_that_expires_soon_shows_its_fuse(here, clerk, monkeypatch):
    day = here.quotation.valid_until - timedelta(days=3)
    monkeypatch.setattr("companies.views.today", lambda _company: day)
    first = clerk.get(OFFICE).context["groups"][0]
    assert (first.count, first.items[0].about) == (1, "Sanne Verbruggen")
    assert first.items[0].until == here.quotation.valid_until - timedelta(days=1)
    assert 'class="fuse fuse-warn"' in page(clerk, "")
    assert clerk.get(first.url).context["page"].paginator.count == 1


def test_today_shows_each_kind_only_with_its_right(here):
    titles = [group.title for group in with_rights(here, PartCode.RELATIONS).get(OFFICE).context["groups"]]
    assert titles == ["Proposed changes of relations"]
    assert not with_rights(here, PartCode.LEDGER).get(OFFICE).context["groups"]


# ---------- The case ----------


def test_case_shows_the_price_step_by_step_and_adds_up(here, clerk):
    rows = clerk.get(f"{OFFICE}cases/{here.case.number}/").context["sheet"]
    assert [(row.step, str(row.result), row.kind) for row in rows] == [
        ("Horse trailer", "116.88", ""), ("Net premium", "116.88", "sum"), ("Insurance tax", "24.54", ""),
        ("Total", "141.42", "total"),
    ]  # fmt: skip
    assert (str(rows[0].on), rows[0].rate) == ("8500.00", "1.375\u00a0%")


def test_case_is_one_file_from_application_to_invoice(here, clerk):
    text = page(clerk, f"cases/{here.case.number}/timeline/")
    told = ["Application A-", "Assessed: Accept", "Quotation O-", "ordered by the customer", "Policy P-", "Invoice F-"]
    assert all(sentence in text for sentence in told)
    for tab in ("answers", "documents", "messages", "decision"):
        page(clerk, f"cases/{here.case.number}/{tab}/")


def test_tabs_and_panels_go_with_their_rights(here):
    place = f"{OFFICE}cases/{here.case.number}/"
    seen = with_rights(here, PartCode.APPLICATIONS).get(place)
    assert seen.context["offer"] is None and not seen.context["invoices"] and not seen.context["versions"]
    assert [tab["title"] for tab in seen.context["tabs"]] == [
        "Overview",
        "Answers",
        "Documents",
        "Messages",
        "Whole timeline",
    ]
    assert {paper.kind for paper in seen.context["papers"]} == {"application"}
    assert "141.42" not in seen.content.decode()
    quoted = with_rights(here, PartCode.QUOTATIONS).get(f"{OFFICE}cases/{here.quotation.case.number}/")
    assert quoted.context["offer"] is not None
    assert "Decision" in [
        t["title"] for t in with_rights(here, PartCode.POLICIES, PartCode.ACCEPTANCE).get(place).context["tabs"]
    ]


def test_decision_names_each_rule_and_what_it_saw(here, clerk):
    context = clerk.get(f"{OFFICE}cases/{here.case.number}/decision/").context
    fired, quiet = context["chapters"]
    assert not fired.lines and not context["page"].reasons
    second = next(line for line in quiet.lines if line.small == "R02_NO_THEFT_DEVICE")
    assert "“Which devices against theft do you have?” Coupling lock" in second.text
    assert "the rule asks for “count(theft_devices) = 0”" in second.text
    assert "The robot decided this application" in context["why_not"]


def test_answers_are_told_in_the_readers_language_in_the_order_of_the_questions(here, clerk):
    clerk.get("/language/nl/")
    told = clerk.get(f"{OFFICE}cases/{here.case.number}/answers/").context["answers"]
    answers = {answer.label: answer.words for answer in told}
    assert (told[0].label, told[0].words) == ("Op welke dag moet de verzekering ingaan?", "1\u00a0december\u00a02026")
    assert answers["Wat is de cataloguswaarde van de trailer?"] == "€\u00a08.500,00"


def test_messages_tell_their_delivery_and_hold_no_secret(here, clerk):
    text = page(clerk, f"cases/{here.case.number}/messages/")
    assert text.count("Delivered") == 4
    assert "/c/" not in text and "(the secret link)" in text


def test_case_pages_take_a_constant_number_of_queries(here, clerk):
    found = []
    for case in (here.case, here.quotation.case):
        clerk.get(f"{OFFICE}cases/{case.number}/messages/")
        with CaptureQueriesContext(connection) as queries:
            clerk.get(f"{OFFICE}cases/{case.number}/messages/")
        found.append(len(queries))
    assert found[0] == found[1] + 2  # the policy's holder's address and version; four messages or two, the same


def test_case_being_filled_in_shows_no_answer(here, clerk):
    draft = given.draft(here.company)
    with given.inside(here.company):
        number = type(here.case).objects.get(pk=draft.case_id).number
    assert "hasn't submitted" in page(clerk, f"cases/{number}/")
    assert "Nothing is submitted yet" in page(clerk, f"cases/{number}/answers/")


# ---------- Papers ----------


def test_paper_is_served_whole_inert_and_byte_for_byte(here, clerk):
    response = clerk.get(f"{OFFICE}documents/{here.document.public_id}/")
    assert response.content.startswith(b"%PDF-") and not response.streaming
    assert response["Content-Disposition"] == f'inline; filename="policy-{here.policy.number}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"] and response["Cache-Control"] == "no-store"


def test_paper_goes_with_the_right_of_its_kind(here):
    address = f"{OFFICE}documents/{here.document.public_id}/"
    assert with_rights(here, PartCode.QUOTATIONS).get(address).status_code == 403
    assert with_rights(here, PartCode.POLICIES).get(address).status_code == 200


# ---------- Parties ----------


def test_party_shows_addresses_policies_and_proposals_each_with_its_right(here, clerk):
    address = f"relations/{here.policy.holder.number}/"
    text = page(clerk, address)
    assert all(part in text for part in ("Dorpsstraat 12", here.policy.number, "0118000000", "17\u00a0Apr\u00a01986"))
    without = with_rights(here, PartCode.RELATIONS).get(OFFICE + address).content.decode()
    assert here.policy.number not in without and "Dorpsstraat 12" in without


# ---------- Products ----------


def upload(client, content, name="product.json"):
    return client.post(f"{OFFICE}products/new/", {"definition": SimpleUploadedFile(name, content)}, follow=True)


def definition(here, **changes):
    return json.dumps({**here.version.definition, **changes}).encode()


def test_product_walks_its_life_by_the_pages_with_four_eyes(here, clerk):
    author = with_rights(here, PartCode.PRODUCTS, right=Right.INPUT)
    with given.inside(here.company):
        email = "products@duinhaven.example"
        give_protocol(
            protocol=create_protocol(
                name="developer",
                rights=[(PartCode.PRODUCTS, V), (PartCode.PRODUCTS, Right.EDIT)],
                actor=ROBOT,
                on=given.DAY,
            ),
            membership=Membership.objects.get(user__email=email),
            actor=ROBOT,
            on=given.DAY,
        )
    approver = with_rights(here, PartCode.PRODUCTS, acts=(Act.APPROVE_PRODUCT, Act.RELEASE_PRODUCT))
    assert "Version 2 is drafted" in upload(author, definition(here)).content.decode()
    place = f"{OFFICE}products/nl-horse-trailer/2/"
    author.post(f"{place}submit/")
    assert author.post(f"{place}approve/").status_code == 403
    approver.post(f"{place}approve/")
    author.post(f"{place}test/")
    assert "Say what was tried" in approver.post(f"{place}live/", follow=True).content.decode()
    approver.post(f"{place}live/", {"evidence": "Two applications in the rehearsal came out right."})
    with given.inside(here.company):
        states = dict(ProductVersion.objects.values_list("number", "state"))
        acts = set(RightUse.objects.exclude(act="").values_list("act", flat=True))
    assert states == {1: "withdrawn", 2: "live"}
    assert acts == {"approve_product", "release_product"}, "the day on which each was used is noted"
    shown = approver.get(place).content.decode()
    assert "http://localhost:8001/duinhaven/apply/nl-horse-trailer/via/ilse-markus/" in shown
    assert "Two applications in the rehearsal" in shown


def test_own_version_has_no_approve_button_and_says_why(here, clerk):
    upload(clerk, definition(here))
    clerk.post(f"{OFFICE}products/nl-horse-trailer/2/submit/")
    text = page(clerk, "products/nl-horse-trailer/2/")
    assert "is for somebody other than the author" in text and "/2/approve/" not in text
    answer = clerk.post(f"{OFFICE}products/nl-horse-trailer/2/approve/", follow=True).content.decode()
    assert "Somebody other than the author approves a product." in answer


def test_step_that_the_state_does_not_allow_is_refused_in_words(here, clerk):
    answer = clerk.post(f"{OFFICE}products/nl-horse-trailer/1/submit/", follow=True).content.decode()
    assert "there is no step to" in answer


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "Expected"),
        (b"[]", "Expected a JSON object"),
        (b"\xff\xfe", "Expected"),
        (b'{"key": "x"}', "errors"),
        (b'{"a": ' * 200 + b"1" + b"}" * 200, "Expected"),
        (b" " * 2_000_001, "at most 2,000,000 bytes"),
    ],
    ids=["broken", "list", "bytes", "missing parts", "deep", "large"],
)
def test_definition_that_is_none_is_refused_and_leaves_nothing(here, clerk, content, told):
    response = upload(clerk, content)
    assert response.status_code == 422 and told in response.content.decode()
    with given.inside(here.company):
        assert ProductVersion.objects.count() == 1


def test_definition_with_an_error_names_its_path(here, clerk):
    broken = json.loads(definition(here))
    broken["rating"]["steps"][0]["formula"] = "no_such_name * 2"
    response = upload(clerk, json.dumps(broken).encode())
    assert response.status_code == 422
    assert "rating.steps[0].formula" in response.content.decode()


def test_definition_downloads_as_the_same_document(here, clerk):
    response = clerk.get(f"{OFFICE}products/nl-horse-trailer/1/definition/")
    assert json.loads(response.content) == here.version.definition
    assert response["Content-Disposition"] == 'attachment; filename="nl-horse-trailer-1.json"'


# ---------- The advisers' door ----------


@pytest.fixture
def ilse(here):
    return world.client_of("ilse@kroonlaan.example")


def test_policy_stands_in_one_advisers_portfolio_and_in_nobody_elses(here, ilse):
    given.adviser(here.company, "rami-bos", "rami@bos.example")
    given.company("zandwijk")
    found = {row.shown_number: row.stage for row in ilse.get("/duinhaven/advisers/").context["page"]}
    assert found[here.policy.number] == "policy" and found[here.quotation.number] == "quotation"
    assert sorted(found.values()) == ["begun", "begun", "policy", "quotation"]
    rami = world.client_of("rami@bos.example")
    assert rami.get("/duinhaven/advisers/").context["page"].paginator.count == 0
    assert rami.get(f"/duinhaven/advisers/cases/{here.case.number}/").status_code == 404
    assert rami.get(f"/duinhaven/advisers/documents/{here.document.public_id}/").status_code == 404
    assert ilse.get("/zandwijk/advisers/").status_code == 404


def test_direct_business_stands_in_no_portfolio(here, ilse):
    world.bare_policies(here.company, 1)
    assert ilse.get("/duinhaven/advisers/").context["page"].paginator.count == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("stage=policy", 1),
        ("stage=quotation", 1),
        ("stage=begun", 2),
        ("stage=closed", 0),
        ("q=verbruggen", 2),
        ("product=nl-horse-trailer", 4),
    ],
)
def test_portfolio_narrows(here, ilse, query, expected):
    assert ilse.get(f"/duinhaven/advisers/?{query}").context["page"].paginator.count == expected


def test_advisers_case_holds_his_papers_and_nothing_of_the_decision(here, ilse):
    response = ilse.get(f"/duinhaven/advisers/cases/{here.case.number}/")
    kinds = {paper.kind for paper in response.context["papers"]}
    assert kinds == {"application", "quotation", "ipid", "policy", "terms"}
    text = response.content.decode()
    assert "141.42" in text and "R02_NO_THEFT_DEVICE" not in text and "/office/" not in text
    with given.inside(here.company):
        invoice = here.document.case.documents.get(kind="invoice")
    assert ilse.get(f"/duinhaven/advisers/documents/{invoice.public_id}/").status_code == 404


def test_adviser_gets_a_link_of_his_own_until_he_is_suspended(here, ilse):
    links = ilse.get("/duinhaven/advisers/links/").context["links"]
    assert [link["url"] for link in links] == [
        "http://localhost:8001/duinhaven/apply/nl-horse-trailer/via/ilse-markus/"
    ]
    with given.inside(here.company):
        appointment = appointment_of(here.adviser.pk)
        assert appointment is not None
        suspend_appointment(appointment=appointment, on=given.DAY, actor=ROBOT)
    response = ilse.get("/duinhaven/advisers/links/")
    assert not response.context["links"] and "doesn't hold today" in response.content.decode()


def test_adviser_gets_the_lines_for_his_website_where_the_company_allows_any(here, ilse):
    assert "&lt;iframe" not in ilse.get("/duinhaven/advisers/links/").content.decode()
    with given.inside(here.company):
        allow_website(address="https://www.kroonlaan.example", actor=ROBOT, on=given.DAY)
    text = ilse.get("/duinhaven/advisers/links/").content.decode()
    own = "http://localhost:8001/duinhaven/apply/nl-horse-trailer/via/ilse-markus/"
    assert f"&lt;iframe src=&quot;{own}&quot;" in text and "js/frame.js&quot; async" in text
    assert "Allowed on: https://www.kroonlaan.example." in text and "For another website ask Duinhaven." in text


def test_expired_quotation_is_closed_in_the_portfolio(here, ilse):
    with given.inside(here.company):
        Quotation.objects.filter(pk=here.quotation.pk).update(state="expired")
    rows = {row.shown_number: row for row in ilse.get("/duinhaven/advisers/").context["page"]}
    assert (rows[here.quotation.number].stage, rows[here.quotation.number].state) == ("closed", "Expired")
