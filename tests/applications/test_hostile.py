"""Forms that no person sends: whatever comes, a page answers in words, and nothing of it breaks a later page."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from applications.models import Draft
from applications.question_forms import QuestionForm
from products.language import compile_definition
from tests import given, world
from tests.applications.test_steps import BICYCLE, SECOND
from tests.applications.test_steps import FIRST as BICYCLES
from tests.applications.walk import DETAILS, PAGE_ONE, Visitor, named
from tests.hostile.corpus import HEADERS, LONG, NUL, ODD, SCRIPTS, TURNING
from tests.hostile.files import NAMES

pytestmark = pytest.mark.django_db
START = "/duinhaven/apply/nl-horse-trailer/"

HOSTILE = {
    "a NUL byte": NUL[1],
    "far too long": LONG[1],
    "right to left": TURNING[0],
    "a header of a mail": HEADERS[0],
    "a script": SCRIPTS[4],
    **{f"odd {place}": ODD[place] for place in (4, 7, 8, 9, 11, 12, 21)},
}


@pytest.fixture
def company():
    return given.provider()


def filled(names, value, *, twice):
    return {name: [value, value] if twice else value for name in names}


@pytest.mark.parametrize(
    ("value", "twice"),
    [*((value, False) for value in HOSTILE.values()), ("a\x00b", True), (HOSTILE["a script"], True)],
    ids=[*HOSTILE, "NUL twice", "a script twice"],
)
def test_whatever_is_sent_a_page_answers_and_stands_again(company, value, twice):
    visitor = Visitor(language="en")
    visitor.get(START)
    assert visitor.send(**filled(PAGE_ONE, value, twice=twice), asked=value, go=value).status_code == 200
    visitor.start()
    base = visitor.url.removesuffix("questions-2/")
    for step, names in (("questions", PAGE_ONE), ("questions-2", ["bought_new"])):
        visitor.get(f"{base}{step}/")
        looked = visitor.client.post(visitor.url, named(filled(names, value, twice=twice)), headers={"hx-request": "1"})
        assert looked.status_code in {200, 204}
        for go in ("", "back", "later"):
            visitor.get(f"{base}{step}/")
            assert visitor.send(**filled(names, value, twice=twice), asked=value, go=go).status_code == 200
            assert visitor.get(f"{base}{step}/").status_code == 200
            assert "<script>alert" not in visitor.page.content.decode() and "<img" not in visitor.page.content.decode()
    visitor.get(f"{base}questions/")
    visitor.send(**PAGE_ONE)
    visitor.get(f"{base}questions-2/")
    visitor.send(bought_new="yes")
    for go in ("back", ""):
        visitor.get(f"{base}details/")
        assert visitor.send(**filled(DETAILS, value, twice=twice), go=go).status_code == 200
    assert "<script>alert" not in visitor.page.content.decode()
    visitor.get(f"{base}details/")
    visitor.send(**DETAILS)
    assert visitor.send(declared="", go=value).status_code == 200
    visitor.get(f"{base}later/")
    assert visitor.send(email=value).status_code == 200


@pytest.mark.parametrize("alphabet", ["utf-16", "utf-7", "idna", "hex", "unicode_escape", "punycode"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_in_another_alphabet_is_refused(company, alphabet, kind):
    body = b'--x\r\nContent-Disposition: form-data; name="q-age_months"\r\n\r\n\\ud800\xff\r\n--x--\r\n'
    page = Visitor().client.generic("POST", START, body, content_type=f"{kind}; charset={alphabet}")
    assert page.status_code == 400 and "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_form_that_says_utf_8_is_read(company):
    visitor = Visitor()
    visitor.get(START)
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    page = visitor.client.generic("POST", START, f"token={visitor.token}", content_type=kind)
    assert page.status_code == 200 and "age_months" in page.context["form"].errors


@pytest.mark.parametrize("name", [name for name in NAMES if name][:6])
def test_a_file_with_an_odd_name_and_the_wrong_bytes_is_told(name):
    company = given.provider("duinhaven", BICYCLE)
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**BICYCLES | {"value": "4,000.00"})
    visitor.send(**SECOND)
    visitor.send()
    assert visitor.url.endswith("/file-photos/")
    for content in (b"<html><script>alert(1)</script>", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n\x00", b""):
        page = visitor.send(files=SimpleUploadedFile(name, content, content_type="image/png"), go="add")
        assert page.status_code == 200 and "<script>." not in page.content.decode()
    with given.inside(company):
        assert not Draft.objects.get().answers.get("photos")


HARMFUL = ("action", "length", "children", "id", "submit", "elements", "token", "asked", "go", "files", "name")


def test_a_question_may_be_called_what_a_form_calls_its_own():
    definition = json.loads((given.ROOT / BICYCLE).read_text())
    word = {"type": "text", "length": 40, "recorded": True, "label": {"en": "A word"}, "why": {"en": "For the file."}}
    definition["questions"] = [*definition["questions"], *({**word, "key": key} for key in HARMFUL)]
    options: dict[str, Any] = {
        "product": compile_definition({**definition, "cases": []}),
        "keys": HARMFUL,
        "answers": {},
        "on": given.DAY,
        "purpose": "words",
    }
    blank = QuestionForm(**options)
    assert {blank[key].html_name for key in HARMFUL} == {f"q-{key}" for key in HARMFUL}
    told = {f"q-{key}": f"my {key}" for key in HARMFUL}
    data = QueryDict(mutable=True)
    data.update({"token": blank.token, "asked": "", "go": "back", **told})
    form = QuestionForm(data, **options)
    assert form.is_valid() and form.cleaned_answers == {key: f"my {key}" for key in HARMFUL}
    again = QuestionForm(typed=form.typed, **options)  # as a draft keeps what was typed on a page that one leaves
    assert {again[key].value() for key in HARMFUL} == set(told.values())


def test_the_office_searches_a_client_by_a_number_that_is_none(company, settings):
    settings.ROOT_URLCONF = "config.urls.everything"
    world.employee(company, "nora@duinhaven.example", *world.ALL_RIGHTS)
    nora = world.client_of("nora@duinhaven.example")
    new = "/duinhaven/office/applications/new/"
    for value in HOSTILE.values():
        assert nora.get(new, {"party": value[:2000], "q": value[:2000], "product": value[:2000]}).status_code == 200
        assert nora.post(new, {"party": value, "product": value, "adviser": value}).status_code == 200
