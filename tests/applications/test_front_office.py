"""The way of an application from the list of products to its outcome, through the pages (S0-02 to S0-08)."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import forms
from applications.models import Application, Draft
from companies.actor import ROBOT
from companies.links import hash_of, secret_of
from companies.models import Command, Job, Link
from documents.models import Case
from products.models import Product, ProductChannel, ProductVersion
from products.services import life
from relations.models import Appointment
from tests import given
from tests.applications.walk import DETAILS, PAGE_ONE, Visitor, named, plain

pytestmark = pytest.mark.django_db
PRODUCT = "/duinhaven/apply/nl-horse-trailer/"


@pytest.fixture
def company():
    return given.provider()


def the(model, company, **conditions):
    with given.inside(company):
        return model.objects.get(**conditions)


def counted(company):
    with given.inside(company):
        return [model.objects.count() for model in (Case, Draft, Link, Command, Job)]


def test_list_shows_live_products_only(company):
    with given.inside(company):
        life.draft_version(
            definition=json.loads((given.ROOT / given.PLANS).read_text()),
            company=company,
            actor=ROBOT,
            on=given.DAY,
        )
    page = Visitor(language="en").get("/duinhaven/apply/")
    assert b"Horse trailer insurance" in page.content
    assert b"Trial with instalments" not in page.content


def test_list_of_a_company_without_products_says_so():
    given.company("leeg")
    assert "Nothing can be applied for here yet" in Visitor("leeg", "en").get("/leeg/apply/").content.decode()


def test_list_takes_the_same_queries_for_one_product_and_for_two():
    def queries(visitor):
        visitor.get("/duinhaven/apply/")
        with CaptureQueriesContext(connection) as seen:
            visitor.get("/duinhaven/apply/")
        return len(seen)

    company = given.provider()
    one = queries(Visitor())
    author, approver = (
        given.actor_of(given.member(company, f"{name}@two.example", protocol))
        for name, protocol in [("a", "product-developer"), ("b", "product-approver")]
    )
    given.live_product(company, given.PLANS, author=author, approver=approver)
    visitor = Visitor()
    assert queries(visitor) == one
    assert len(visitor.page.context["products"]) == 2


def test_the_way_from_the_first_question_to_the_stored_command(company):
    visitor = Visitor()
    visitor.start()
    assert visitor.url.endswith("/questions-2/")
    visitor.send(bought_new="yes")
    assert visitor.url.endswith("/details/")
    visitor.send(**DETAILS)
    assert visitor.url.endswith("/review/")
    for said in (
        "€\u00a08.500,00",
        "Sanne Verbruggen",
        "17\u00a0april\u00a01986",
        "Dorpsstraat 12, 4381 AB Vlissingen",
        "Nederland",
    ):
        assert said in visitor.text
    visitor.send(declared="on")
    assert visitor.url.endswith("/outcome/")
    assert visitor.page["Refresh"] == "2"
    command, draft = the(Command, company), the(Draft, company)
    assert (command.kind, command.payload, command.state, command.address) == ("apply", {}, "waiting", "127.0.0.1")
    assert draft.declared and draft.channel == "direct" and draft.adviser_id is None
    assert draft.answers == {
        "start_date": "2026-12-01", "catalogue_value": "8500.00", "age_months": 0, "area_of_use": ["NL"],
        "theft_devices": ["coupling_lock"], "bought_new": True,
    }  # fmt: skip
    assert draft.parties == {
        "policyholder": {
            "kind": "person", "given_names": "Sanne", "name": "Verbruggen", "email": "sanne@verbruggen.example",
            "birth_date": "1986-04-17",
            "address": {
                "street": "Dorpsstraat", "house_number": "12", "postcode": "4381 AB",
                "city": "Vlissingen", "country": "NL",
            },
        }
    }  # fmt: skip


def test_an_accepted_application_tells_the_quotation_and_where_it_went(company):
    visitor = Visitor(language="en")
    visitor.start()
    visitor.send(bought_new="yes")
    visitor.send(**DETAILS)
    visitor.send(declared="on")
    given.work(company)
    visitor.get(visitor.url)
    assert "is in your mail at s••••@verbruggen.example" in visitor.text
    assert the(Command, company).outcome["quotation"] in visitor.text
    assert "Refresh" not in visitor.page
    for step in ("review", "details", "questions", ""):
        visitor.get(f"/duinhaven/apply/a/{visitor.secret}/{step + '/' if step else ''}")
        assert visitor.url.endswith("/outcome/")


def test_a_referred_application_says_that_a_person_looks_at_it(company):
    visitor = Visitor(language="en")
    visitor.start(theft_devices=[])
    visitor.send(bought_new="no")
    visitor.send(**DETAILS)
    visitor.send(declared="on")
    given.work(company)
    visitor.get(visitor.url)
    assert "One of our people looks at your application" in visitor.text
    assert the(Application, company).answers["theft_devices"] == []


def test_a_refused_submission_leads_back_to_the_answers(company):
    visitor = Visitor(language="en")
    visitor.walk_to_review()
    visitor.send(declared="on")
    with given.inside(company):
        Command.objects.update(state="refused", outcome={"code": "not_complete", "message": "Not complete."})
    visitor.get(visitor.url)
    assert "Your answers are kept" in visitor.text
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/")
    assert visitor.url.endswith("/review/")
    visitor.send(declared="on")
    assert the(Command, company, state="waiting").kind == "apply"


def test_a_wait_that_lasts_says_so_and_stops_looking_by_itself(company):
    visitor = Visitor(language="en")
    visitor.walk_to_review()
    visitor.send(declared="on")
    for seconds, refresh in ((60, "10"), (600, None)):
        with aged(seconds):
            visitor.get(visitor.url)
        assert visitor.page.get("Refresh") == refresh
        assert "the work goes on" in visitor.text


def aged(seconds):
    """The page sees the command as that much older."""
    later = timezone.now() + timedelta(seconds=seconds)
    return patch("applications.views.base.timezone.now", return_value=later)


@pytest.mark.parametrize(("age", "asked"), [("59", True), ("60", False)])
def test_bought_new_is_asked_under_sixty_months_only(company, age, asked):
    visitor = Visitor()
    visitor.start(age_months=age)
    assert visitor.url.endswith("/questions-2/" if asked else "/details/")


def test_a_hidden_answer_is_neither_taken_nor_kept(company):
    visitor = Visitor()
    visitor.start(age_months="72", bought_new="yes", premium_due_date="2020-01-01")
    assert set(the(Draft, company).answers) == set(PAGE_ONE)
    visitor.start()
    visitor.send(bought_new="yes")
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/questions/")
    visitor.send(**{**PAGE_ONE, "age_months": "72"})
    assert "bought_new" not in newest(company).answers


def newest(company):
    with given.inside(company):
        return Draft.objects.order_by("-pk")[0]


def test_what_the_system_fills_in_stands_on_no_page(company):
    visitor = Visitor()
    visitor.get(PRODUCT)
    assert "premium_due_date" not in visitor.text and "bought_new" not in visitor.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("catalogue_value", "", "found none"),
        ("catalogue_value", "4O.00", "“4O.00”"),
        ("catalogue_value", "2,000,000.00", "at most €1,000,000.00, found €2,000,000.00"),
        ("age_months", "12.5", "whole number"),
        ("age_months", "-1", "at least 0"),
        ("start_date", "2026-02-30", "“2026-02-30”"),
        ("area_of_use", ["Atlantis"], "“Atlantis”"),
        ("area_of_use", [], "Choose at least one"),
        ("area_of_use", ["NL", "NL"], "found one twice"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_opens_nothing(company, field, typed, said):
    before = counted(company)
    visitor = Visitor(language="en")
    visitor.get(PRODUCT)
    visitor.send(**{**PAGE_ONE, field: typed})
    assert visitor.url == PRODUCT
    assert said in " ".join(visitor.errors[field])
    assert set(visitor.errors) == {field}
    assert "One answer is missing or not right yet." in visitor.text and "Nothing was saved" not in visitor.text
    assert visitor.page.content.count(b'aria-invalid="true"') >= (0 if isinstance(typed, list) else 1)
    assert counted(company) == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("postcode", "0381 AB", "4381 AB"),
        ("postcode", "4381", "4381 AB"),
        ("email", "sanne", "name@example.nl"),
        ("email", "sanne@verbruggen.example\nBcc: x@y.example", "name@example.nl"),
        ("birth_date", "2099-01-01", "or earlier"),
        ("birth_date", "", "date of birth"),
        ("given_names", "", "first name"),
        ("name", "Ver\u202ebruggen", "U+202E"),
        ("kind", "robot", "robot"),
        ("phone", "call me", "phone number"),
    ],
)
def test_wrong_details_are_told_and_not_kept(company, field, typed, said):
    visitor = Visitor(language="en")
    visitor.start(age_months="72")
    visitor.send(**{**DETAILS, field: typed})
    assert visitor.url.endswith("/details/")
    assert said in " ".join(visitor.errors[field])
    assert the(Draft, company).parties == {}


def test_an_organisation_gives_its_number_and_no_first_name(company):
    visitor = Visitor()
    visitor.start(age_months="72")
    visitor.send(**{**DETAILS, "kind": "organisation", "name": "De Zilvermeeuw"})
    assert set(visitor.errors) == {"registration_number"}
    visitor.send(**{**DETAILS, "kind": "organisation", "name": "De Zilvermeeuw", "registration_number": "12345678"})
    told = the(Draft, company).parties["policyholder"]
    assert told["registration_number"] == "12345678" and "given_names" not in told


def test_without_the_declaration_nothing_is_sent(company):
    visitor = Visitor()
    visitor.walk_to_review()
    visitor.send()
    assert visitor.url.endswith("/review/") and "declared" in visitor.errors
    with given.inside(company):
        assert not Command.objects.exists()


def test_a_step_is_not_reached_before_those_before_it(company):
    visitor = Visitor()
    visitor.start()
    for step in ("review", "details", "questions-9", "nonsense"):
        visitor.get(f"/duinhaven/apply/a/{visitor.secret}/{step}/")
        assert visitor.url.endswith("/questions-2/")
    visitor.send(f"/duinhaven/apply/a/{visitor.secret}/review/", declared="on")
    with given.inside(company):
        assert not Command.objects.exists()


def test_the_saved_address_continues_where_one_was(company):
    visitor = Visitor()
    visitor.start()
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/later/")
    saved = visitor.page.context["saved_url"]
    assert saved in visitor.text
    other = Visitor()
    other.get(saved.removeprefix("http://testserver"))
    assert other.url.endswith("/questions-2/")


@pytest.mark.parametrize("token", ["", "forged", "other"])
def test_a_form_with_another_token_opens_nothing(company, token):
    visitor = Visitor(language="en")
    if token == "other":
        token = forms.signer("open:0:0:").sign_object({"id": "0" * 32, "shown": None})
    visitor.get(PRODUCT)
    before = counted(company)
    visitor.send(**{**PAGE_ONE, "token": token})
    assert "found another one" in visitor.text
    assert 'value="8500"' in visitor.text
    assert counted(company) == before


def test_a_stale_form_is_shown_again_with_what_was_typed(company, monkeypatch):
    visitor = Visitor(language="en")
    visitor.get(PRODUCT)
    monkeypatch.setattr(forms, "OLDEST", timedelta(seconds=-1))
    visitor.send(**PAGE_ONE)
    assert "stood open for more than a day" in visitor.text and 'value="8500"' in visitor.text


def test_a_form_sent_faster_than_one_can_read_opens_nothing(company, monkeypatch):
    visitor = Visitor(language="en")
    monkeypatch.setattr(forms, "FASTEST", timedelta(seconds=2))
    visitor.start()
    assert "faster than one can read" in visitor.text
    assert counted(company)[0] == 0


def test_the_same_form_sent_twice_is_one_submission(company):
    visitor = Visitor()
    visitor.walk_to_review()
    review, token = visitor.url, visitor.token
    visitor.send(declared="on")
    visitor.send(review, token=token, declared="on")
    assert visitor.url.endswith("/outcome/")
    with given.inside(company):
        assert Command.objects.count() == 1


def test_nothing_can_be_changed_after_sending(company):
    visitor = Visitor()
    visitor.walk_to_review()
    secret = visitor.secret
    visitor.send(declared="on")
    visitor.send(f"/duinhaven/apply/a/{secret}/questions/", **{**PAGE_ONE, "catalogue_value": "1,00"})
    assert the(Draft, company).answers["catalogue_value"] == "8500.00"


def test_reading_has_no_effect(company):
    given.adviser(company)
    visitor = Visitor()
    visitor.walk_to_review("ilse-markus")
    secret, before = visitor.secret, counted(company)
    for _time in range(3):
        for url in ("", "questions/", "details/", "review/"):
            visitor.get(f"/duinhaven/apply/a/{secret}/{url}")
        visitor.get(PRODUCT)
        visitor.get(f"{PRODUCT}via/ilse-markus/")
        visitor.get("/duinhaven/apply/")
    assert counted(company) == before


def test_attribution_follows_the_link(company):
    adviser = given.adviser(company)
    visitor = Visitor(language="en")
    visitor.get(f"{PRODUCT}via/ilse-markus/")
    assert f"Your adviser: {adviser.name}" in visitor.text
    visitor.start("ilse-markus")
    assert f"Your adviser: {adviser.name}" in visitor.text
    draft, case = the(Draft, company), the(Case, company)
    assert (draft.channel, draft.adviser_id, case.adviser_id) == ("adviser", adviser.pk, adviser.pk)


WHY_NOT = {
    "unknown": "No adviser of ours has this link.",
    "suspended": "Ilse Ilse-Markus does not sell our insurance at present.",
    "ended": "Ilse Ilse-Markus does not sell our insurance at present.",
    "line": "Ilse Ilse-Markus is not appointed for this kind of insurance.",
    "channel": "Ilse Ilse-Markus does not sell this product.",
    "no adviser": "Ilse Ilse-Markus does not sell this product.",
}


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize("why", WHY_NOT)
def test_a_link_that_does_not_hold_says_why_and_offers_the_direct_way_where_there_is_one(company, why, direct):
    given.adviser(company)
    with given.inside(company):
        appointment, product = Appointment.objects.get(), Product.objects.get()
        changes: dict[str, dict[str, object]] = {
            "suspended": {"suspended_from": given.DAY},
            "ended": {"valid_until": "2026-06-02"},
            "line": {"lines_of_business": ["boats"]},
        }
        Appointment.objects.update(**changes.get(why, {"valid_until": None}))
        if why in {"channel", "no adviser"}:
            one = appointment if why == "channel" else None
            ProductChannel.objects.create(product=product, channel="adviser", appointment=one, on=False)
        if not direct:
            ProductChannel.objects.create(product=product, channel="direct", on=False)
    url = f"{PRODUCT}via/{'nobody' if why == 'unknown' else 'ilse-markus'}/"
    visitor = Visitor(language="en")
    visitor.get(url)
    assert f"<h1>{WHY_NOT[why]}</h1>" in visitor.text
    assert (f'href="{PRODUCT}"' in visitor.text) is direct
    assert "Ask your adviser for a link" in visitor.text or direct
    before = counted(company)
    visitor.send(url, **PAGE_ONE)
    assert counted(company) == before


def test_a_distributors_own_switch_wins_over_that_of_all(company):
    given.adviser(company)
    with given.inside(company):
        appointment, product = Appointment.objects.get(), Product.objects.get()
        ProductChannel.objects.create(product=product, channel="adviser", on=False)
        ProductChannel.objects.create(product=product, channel="adviser", appointment=appointment, on=True)
    visitor = Visitor(language="en")
    visitor.start("ilse-markus")
    assert visitor.url.endswith("/questions-2/")


def test_a_product_sold_by_advisers_only_is_not_offered_directly(company):
    given.adviser(company)
    with given.inside(company):
        ProductChannel.objects.create(product=Product.objects.get(), channel="direct", on=False)
    visitor = Visitor(language="en")
    visitor.get(PRODUCT)
    assert "sold by advisers only" in visitor.text
    assert not Visitor().get("/duinhaven/apply/").context["products"]
    visitor.start("ilse-markus")
    assert visitor.url.endswith("/questions-2/")


def test_an_application_begun_ends_where_its_product_is_not_sold_any_more(company):
    visitor = Visitor(language="en")
    visitor.start()
    with given.inside(company):
        life.withdraw_version(version=ProductVersion.objects.get(state="live"), actor=ROBOT, on=given.DAY)
    visitor.get(visitor.url)
    assert "isn’t sold any more" in visitor.text
    assert Visitor().get(PRODUCT).status_code == 404


def test_secrets_that_open_nothing_answer_alike(company):
    other = given.provider("kustwacht")
    visitor = Visitor()
    visitor.start()
    secret = visitor.secret
    foreign = Visitor("kustwacht")
    foreign.start()
    quoted = given.quotation(company)
    with given.inside(company):
        case_link = Link.objects.get(case_id=quoted.case_id, kind="case")
    pages = [
        visitor.client.get(f"/duinhaven/apply/a/{found}/review/")
        for found in (
            "A" * 43,
            foreign.secret,
            secret_of(case_link.nonce),
            secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        )
    ]
    with given.inside(company):
        Link.objects.filter(token_hash=hash_of(secret)).update(revoked_at="2026-01-01T00:00:00Z")
    pages.append(visitor.client.get(f"/duinhaven/apply/a/{secret}/review/"))
    assert [page.status_code for page in pages] == [404] * 5
    assert len({plain(page) for index, page in enumerate(pages) if index != 2}) == 1  # a case link is known, elsewhere
    with given.inside(other):
        assert Draft.objects.count() == 1


def test_one_link_reaches_its_own_draft_only(company):
    mine, yours = Visitor(), Visitor()
    mine.start()
    yours.start(catalogue_value="9.000,00")
    mine.get(f"/duinhaven/apply/a/{mine.secret}/questions/")
    assert "8.500,00" in mine.text and "9.000,00" not in mine.text
    assert (
        yours.client.post(
            f"/duinhaven/apply/a/{yours.secret}/questions/", {"token": mine.token, **named(PAGE_ONE)}
        ).status_code
        == 200
    )
    assert newest(company).answers["catalogue_value"] == "9000.00"


def test_pages_behind_a_secret_are_not_kept_and_tell_no_referrer(company):
    visitor = Visitor()
    visitor.start()
    page = visitor.get(visitor.url)
    assert page["Referrer-Policy"] == "no-referrer" and page["Cache-Control"] == "no-store"
    assert b'<meta name="referrer" content="same-origin">' in page.content
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert b"<script" not in page.content.replace(b'<script src="/static', b"").replace(
        b'<script type="module" src="/static', b""
    )


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "Wat is de cataloguswaarde"), ("en", "What is the catalogue value")]
)
def test_the_product_speaks_the_visitors_language(company, language, said):
    visitor = Visitor(language=language)
    visitor.get(PRODUCT)
    assert said in visitor.text and f'<html lang="{language}"' in visitor.text
    visitor.start(catalogue_value="8500")
    assert the(Case, company).language == language
