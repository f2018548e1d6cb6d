"""The one entry: landing by membership, language, health, and the demo's mail."""

from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import include, path

from companies.doors import Door
from config.urls.everything import urlpatterns as everything
from tests import given, world

urlpatterns = [*everything, path("demo/mail/", include("portal.demo_urls"))]
pytestmark = pytest.mark.django_db


def test_stranger_reads_what_this_is_and_where_to_log_in():
    response = Client().get("/")
    assert response.status_code == 200 and "/accounts/login/" in response.content.decode()


@pytest.mark.parametrize(
    ("door", "path_"), [(Door.OFFICE, "office"), (Door.ADVISERS, "advisers"), (Door.FOLDER, "folder")]
)
def test_who_has_one_door_is_led_there(door, path_):
    given.member(given.company(), "sanne@verbruggen.example", door=door)
    response = world.client_of("sanne@verbruggen.example").get("/")
    assert (response.status_code, response["Location"]) == (302, f"/duinhaven/{path_}/")


def test_a_door_of_another_process_is_led_to_its_address(settings):
    settings.PROCESS, settings.PUBLIC_URL = "office", "https://klant.example"
    company = given.company()
    given.member(company, "ilse@kroonlaan.example", door=Door.ADVISERS)
    assert world.client_of("ilse@kroonlaan.example").get("/")["Location"] == "https://klant.example/duinhaven/advisers/"


def test_who_has_several_doors_chooses_and_each_names_its_company():
    here, there = given.company(), given.company("zandwijk")
    given.member(here, "sanne@verbruggen.example")
    given.member(there, "sanne@verbruggen.example", door=Door.ADVISERS)
    text = world.client_of("sanne@verbruggen.example").get("/").content.decode()
    assert all(part in text for part in ("/duinhaven/office/", "/zandwijk/advisers/", "Duinhaven", "Zandwijk"))


def test_who_has_no_door_is_told_so():
    membership = given.member(given.company(), "sanne@verbruggen.example")
    with given.inside(membership.company):
        type(membership).objects.filter(pk=membership.pk).update(on=False)
    response = world.client_of("sanne@verbruggen.example").get("/")
    assert response.status_code == 200 and "No door is open for you yet" in response.content.decode()


def test_login_leads_through_the_landing_to_a_page_that_names_the_company():
    given.member(given.company(), "sanne@verbruggen.example")
    client = Client()
    form = {"login": "sanne@verbruggen.example", "password": given.PASSWORD}
    response = client.post("/accounts/login/", form, follow=True)
    assert response.redirect_chain[-1][0] == "/duinhaven/office/"
    assert "Duinhaven" in response.content.decode()


def test_nobody_signs_up():
    assert Client().get("/accounts/signup/").status_code == 404


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/duinhaven/apply/?q=1", "/duinhaven/apply/?q=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_language_is_remembered_and_leads_only_within_the_site(target, expected):
    client = Client()
    by_link = client.get("/language/nl/", {"next": target})
    by_form = client.post("/language/", {"language": "nl", "next": target})
    for response in (by_link, by_form):
        assert (response.status_code, response["Location"], response.cookies["language"].value) == (302, expected, "nl")
    assert 'lang="nl"' in client.get("/").content.decode()


def test_a_language_we_do_not_speak_is_not_found():
    assert Client().get("/language/xx/").status_code == 404
    assert Client().post("/language/", {"language": "xx"}).status_code == 404


def test_health_tells_the_database():
    assert Client().get("/health/").json() == {"ok": True, "database": True}


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.DEMO, settings.MAILBOX, settings.ROOT_URLCONF = True, tmp_path, __name__
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        "a@x.example",
        "b@x.example",
        "<b>Offer</b>",
        "<1@x.example>",
    )
    mail["Date"] = "Tue, 24 Nov 2026 09:00:00 +0100"
    mail.set_content("Read it: http://localhost:8001/duinhaven/c/secret/ <script>")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="quotation.pdf")
    mail.add_attachment("<script>", subtype="html", filename='x".html')
    (tmp_path / "20261124T090000.1-1.eml").write_bytes(bytes(mail))
    (tmp_path / "20261123T090000.1-1.eml").write_bytes(b"Subject: Older\r\n\r\nOld.")
    return tmp_path


def test_demo_mail_is_listed_newest_first_and_read_with_its_links_and_papers(mailbox):
    client = Client()
    assert [mail.subject for mail in client.get("/demo/mail/").context["mails"]] == ["<b>Offer</b>", "Older"]
    text = client.get("/demo/mail/20261124T090000.1-1/").content.decode()
    assert '<a href="http://localhost:8001/duinhaven/c/secret/"' in text
    assert "&lt;1@x.example&gt;" in text and "<b>Offer" not in text and "<script>" not in text
    paper = client.get("/demo/mail/20261124T090000.1-1/1/")
    assert paper.content == b"%PDF-1.7" and paper["Content-Disposition"] == 'inline; filename="quotation.pdf"'
    page = client.get("/demo/mail/20261124T090000.1-1/2/")
    assert page["Content-Type"] == "application/octet-stream" and page["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "place", ["nothing/", "..%2f..%2fetc%2fpasswd/", "20261124T090000.1-1/0/", "20261124T090000.1-1/9/"]
)
def test_a_mail_that_is_not_there_is_not_found(mailbox, place):
    assert Client().get(f"/demo/mail/{place}").status_code == 404


def test_outside_a_demo_there_is_no_mailbox(mailbox, settings):
    settings.DEMO = False
    assert Client().get("/demo/mail/").status_code == 404
