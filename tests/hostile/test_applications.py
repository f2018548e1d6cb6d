"""The corpus on every page of an application, for every product of the catalogue, at each door that fills one in."""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications import forms
from config.launch.walk import sales
from config.launch.walk.sales import Sale
from tests import given
from tests.applications.test_by_hand import Clerk
from tests.applications.test_on_behalf import Adviser
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import DETAILS
from tests.hostile import WHOLE
from tests.hostile.attack import Attack, shown
from tests.hostile.files import HARMLESS, NAMES, REFUSED, picture
from tests.hostile.forms import BOUNDARY, Sent, body_of, file_name, forms_of
from tests.hostile.judge import Tally, forms_in

pytestmark = pytest.mark.django_db
CATALOGUE = sorted(path.stem for path in (given.ROOT / "products" / "catalogue").glob("*.json"))
FILES = {"bicycle": BICYCLE}  # has a list of records and files, which the catalogue's have not yet
PRODUCTS = [*CATALOGUE, *FILES]
SALES = {sale.product: sale for sale in vars(sales).values() if isinstance(sale, Sale)}
PLACES = {"us": given.AMERICAN, "de": given.GERMAN}
DEAR = {"value": "4,000.00"}  # of such a bicycle a photo is asked
MOST_PAGES = 20
DOORS = ("front", "adviser", "office")


def answers_to(product: str) -> dict[str, Any]:
    """What an honest applicant says, by the names of the fields."""
    sale = SALES.get(product)
    own = {**sale.answers, **sale.home} if sale else {f"q-{key}": said for key, said in (FIRST | SECOND | DEAR).items()}
    return {**DETAILS, **own, "declared": "on"}


def begun(product: str, door: str) -> tuple[Client, str]:
    """A browser, and the first page of a new application at a door."""
    if door == "front":
        return Client(), f"/duinhaven/apply/{product}/"
    filler: Any = Adviser() if door == "adviser" else Clerk()
    filler.begin(product)
    return filler.client, filler.url


def walk(attack: Attack, address: str) -> list[str]:
    """Attack each page with what hangs on it, then answer it honestly; the pages that were seen."""
    seen: list[str] = []
    while len(seen) < MOST_PAGES:
        led = attack.client.get(address, follow=True).redirect_chain
        address = led[-1][0] if led else address
        seen.append(address)
        text = attack.page(address)
        for more in re.findall(r'href="([^"]+/(?:new|later)/)"', text):
            attack.page(more)
        form = next((form for form in forms_of(text) if form.key == "step"), None)
        if form is None:
            break
        sent: dict[str, list[Any]] = defaultdict(list)
        for name, said in form.honest(attack.told):
            sent[name].append(said.decode())
        for name in form.files:
            sent[name].append(SimpleUploadedFile("photo.png", picture(), "image/png"))
        answer = attack.client.post(address, sent)
        wrong = [each.errors.as_json() for each in forms_in(answer)]
        assert answer.status_code == 302, (
            f"expected to go on from {shown(address)}, found {wrong or answer.status_code}"
        )
        address = answer["Location"]
    attack.page(address)
    return seen


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "FASTEST", timedelta(0))
    settings.ROOT_URLCONF = "config.urls.everything"
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": disk}


ROUNDS = [(product, door) for product in PRODUCTS for door in DOORS] if WHOLE else [("bicycle", "front")]


@pytest.mark.parametrize(("product", "door"), ROUNDS)
def test_every_page_of_an_application_answers_in_words(product: str, door: str, figure: Callable[..., None]) -> None:
    at = next((place for start, place in PLACES.items() if product.startswith(start)), None)
    company = given.provider("duinhaven", FILES.get(product, f"products/catalogue/{product}.json"), at=at)
    given.adviser(company)
    given.member(company, "nora@duinhaven.example", "policy-clerk")
    client, address = begun(product, door)
    tally = Tally()
    attack = Attack(client, tally, told=answers_to(product), whole=WHOLE and door == DOORS[0])  # it is one view
    seen = walk(attack, address)
    assert "\n".join(tally.faults[:60]) == ""
    figure("applications: products and doors", 1)
    figure("applications: pages", len(seen), least=4)
    for name in ("fields attacked", "answers", "refused naming the field", "addresses and headers"):
        figure(f"applications: {name}", tally.counts[name])
    figure("applications: faults", len(tally.faults), least=0)


def file_page(door: str) -> tuple[Client, str]:
    """A browser on the page that asks for files."""
    client, address = begun("bicycle", door)
    while "/file-" not in address:
        led = client.get(address, follow=True)
        address = led.redirect_chain[-1][0] if led.redirect_chain else address
        form = next(form for form in forms_of(client.get(address).content.decode()) if form.key == "step")
        if form.files:
            return client, address
        body, kind = body_of(form.honest(answers_to("bicycle")), form.kind)
        address = client.generic("POST", address, body, content_type=kind)["Location"]
    return client, address


CORPUS = {what: (content, False) for what, (content, _code) in REFUSED.items()}
CORPUS |= {what: (content, True) for what, (content, _type) in HARMLESS.items()}
FEW = ["a drawing with a script", "a PDF that opens another file", "a PNG with a page behind it"]
SENT = list(CORPUS) if WHOLE else FEW


@pytest.mark.parametrize("door", DOORS if WHOLE else DOORS[:1])
def test_every_file_gets_its_verdict_at_each_door(door: str, figure: Callable[..., None]) -> None:
    company = given.provider("duinhaven", BICYCLE)
    given.adviser(company)
    given.member(company, "nora@duinhaven.example", "policy-clerk")
    client, address = file_page(door)
    attack, wrong = Attack(client, Tally()), []
    form = next(form for form in forms_of(client.get(address).content.decode()) if form.key == "step")
    names = cycle([name for name in NAMES if name])  # a browser sends none where no file was chosen
    for what in SENT:
        content, harmless = CORPUS[what]
        sent = form.honest({}, button=("go", "add"))
        body, kind = upload_of(sent, content, next(names))
        answer = attack.ask("POST", address, body, content_type=kind)
        attack.tally.look(answer, what)
        wrong += [what] if (answer.status_code == 302) != harmless else []
    assert wrong == [] and attack.tally.faults == []
    figure("files: sent at a door", len(SENT))
    figure("files: refused", len([what for what in SENT if not CORPUS[what][1]]))
    figure(f"files: peak memory of who reads them at the {door} door, MB", getrusage(RUSAGE_CHILDREN).ru_maxrss // 1024)
    assert getrusage(RUSAGE_CHILDREN).ru_maxrss < 512 * 1024


def upload_of(sent: Sent, content: bytes, name: str) -> tuple[bytes, str]:
    """A form with one file under a name of its own."""
    body, kind = body_of(sent, "multipart/form-data")
    head = b'Content-Disposition: form-data; name="files"; filename="' + file_name(name.encode("utf-8", "replace"))
    part = f"--{BOUNDARY}\r\n".encode() + head + b'"\r\nContent-Type: image/png\r\n\r\n' + content + b"\r\n"
    return part + body, kind


def test_every_product_of_the_catalogue_has_honest_answers() -> None:
    assert set(CATALOGUE) <= set(SALES)


def test_there_are_sixty_files_with_a_verdict_each() -> None:
    assert len(CORPUS) >= 60 and len(NAMES) >= 12
