"""What was submitted is read in the office: files by who reads or accepts applications, records as lines (S0-11)."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application, Upload
from applications.told import told_details
from companies.models import Company, PartCode, Right
from documents.models import Document
from documents.store import fetch
from relations.models import Address
from tests import given, world
from tests.applications.test_lists import DAMAGE, add
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import DETAILS, Visitor
from tests.chain.scenes import pdf as pdf_of
from tests.chain.scenes import text_of
from tests.hostile.files import pdf, picture

pytestmark = pytest.mark.django_db
V = Right.VIEW


@pytest.fixture
def company(settings: Any, tmp_path: Any) -> Company:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    made = given.provider("duinhaven", BICYCLE)
    given.adviser(made)
    return made


@pytest.fixture
def application(company: Company, settings: Any) -> Application:
    """Sent in with two losses and two files; from here on the office is asked."""
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/via/ilse-markus/")
    visitor.send(**{**FIRST, "value": "4,000.00"})
    visitor.send(**SECOND)
    for amount in ("150.50", "75"):
        add(visitor, **DAMAGE | {"amount": amount})
    visitor.send()
    photo = SimpleUploadedFile("photo.png", picture(), "image/png")
    visitor.send(files=[photo, SimpleUploadedFile("invoice.pdf", pdf(), "application/pdf")])
    visitor.send(**DETAILS)
    visitor.send(declared="on")
    given.work(company)
    settings.ROOT_URLCONF = "config.urls.office"
    with given.inside(company):
        return Application.objects.select_related("case").get()


def client(company: Company, name: str, *rights: tuple[PartCode, Right]) -> Any:
    email = f"{name}@{company.slug}.example"
    world.employee(company, email, *rights)
    return world.client_of(email)


def page(application: Application, tab: str) -> str:
    return f"/duinhaven/office/cases/{application.case.number}/{tab}/"


def files(company: Company) -> list[Upload]:
    with given.inside(company):
        return list(Upload.objects.select_related("file").order_by("pk"))


def test_files_stand_with_kind_and_size_where_they_are_read(company, application):
    reader = client(company, "rita", (PartCode.APPLICATIONS, V))
    acceptor = client(company, "maud", (PartCode.ACCEPTANCE, V), (PartCode.QUOTATIONS, V))
    for asked, tab in ((reader, "answers"), (acceptor, "decision")):
        text = asked.get(page(application, tab)).content.decode()
        for row, kind in zip(files(company), ("PNG, 1 kB", "PDF, 1 kB"), strict=True):
            address = f"/duinhaven/office/applications/files/{row.public_id}/"
            assert f'<a href="{address}">{row.name}</a><small>{kind}</small>' in text
            answer = asked.get(address)
            assert "attachment" in answer["Content-Disposition"] and "sandbox" in answer["Content-Security-Policy"]
            with given.inside(company):
                assert answer.content == fetch(row.file)


def test_no_other_right_and_no_other_company_gets_a_file(company, application):
    (row, _second) = files(company)
    seller = client(company, "bob", (PartCode.QUOTATIONS, V), (PartCode.POLICIES, V))
    assert seller.get(f"/duinhaven/office/applications/files/{row.public_id}/").status_code == 403
    other = given.provider("zandwijk", BICYCLE)
    foreigner = client(other, "all", *world.ALL_RIGHTS)
    assert foreigner.get(f"/zandwijk/office/applications/files/{row.public_id}/").status_code == 404
    assert foreigner.get(f"/duinhaven/office/applications/files/{row.public_id}/").status_code in {403, 404}


LOSSES = [
    ["When? 3 March 2024", "What happened? Damage", "How much was it? €150.50"],
    ["When? 3 March 2024", "What happened? Damage", "How much was it? €75.00"],
]


def lines(text: str) -> list[list[str]]:
    """The records that stand on a page, each as its lines."""
    (found,) = re.findall(r'<ol class="told">(.*?)</ol>', text, re.S)
    records = re.findall(r"<li>(.*?)</li>", found, re.S)
    bare = [re.sub(r"</?b>", "", record).replace("\xa0", " ") for record in records]
    return [re.findall(r"<span>(.*?)</span>", record) for record in bare]


def test_records_stand_line_by_line_and_years_without_thousands(company, application, settings):
    chief = client(company, "chief", (PartCode.APPLICATIONS, V), (PartCode.ACCEPTANCE, V))
    pages = [chief.get(page(application, tab)).content.decode() for tab in ("answers", "decision")]
    settings.ROOT_URLCONF = "config.urls.public"
    ilse = world.client_of("ilse@kroonlaan.example")
    pages.append(ilse.get(f"/duinhaven/advisers/cases/{application.case.number}/").content.decode())
    for text in pages:
        assert lines(text) == LOSSES
        assert re.search(r"<t?d?d>2024\s*</", text) and "2,024" not in text
        assert "40.5 km a week" in text


def test_records_stand_line_by_line_on_the_copy(company, application):
    with given.inside(company):
        paper = Document.objects.select_related("file").get(kind="application", case=application.case_id)
        text = text_of(pdf_of(paper)).replace("\xa0", " ")
    for amount in ("€150.50", "€75.00"):
        assert f"When? 3 March 2024 What happened? Damage How much was it? {amount}" in text
    assert "2024" in text and "2,024" not in text
    assert "When? 3 March 2024, What happened?" not in text


@pytest.mark.parametrize(
    ("country", "said"), [("US", "1207 Elm Street, Vlissingen 4381 AB"), ("NL", "Elm Street 1207, 4381 AB Vlissingen")]
)
def test_an_address_reads_back_in_the_order_of_its_country(country, said):
    address = {"street": "Elm Street", "house_number": "1207", "postcode": "4381 AB", "city": "Vlissingen"}
    assert said in dict(told_details({"name": "Hale", "address": address | {"country": country}})).values()
    assert ", ".join(" ".join(line.split()) for line in Address(**address, country=country).lines) == said
