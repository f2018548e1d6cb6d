"""Words of a company that must not be met in the operator's process: on its console, in its errors, in its logs."""

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from companies.jobs import enqueue, handles, run_job
from companies.models import Company, Job, Look
from companies.operator.entrance import enter_window
from companies.signing import ask
from portal.views.party import PartyView
from relations.models import Party
from tests import given, operators
from tests.operators import as_operator

pytestmark = pytest.mark.django_db
CANARY = "Canaria"
PAGES = ["/operator/", "/operator/windows/", "/operator/new/", "/operator/companies/duinhaven/"]


@pytest.fixture
def party(db: None) -> Party:
    """A relation whose every word is a canary."""
    company = given.company()
    given.member(company, f"{CANARY.lower()}@duinhaven.example", "policy-clerk")
    return given.adviser(company, CANARY.lower(), f"{CANARY.lower()}@kroonlaan.example")


@pytest.fixture
def op(user: Any, client_of: Any) -> Any:
    client = client_of(user)
    client.raise_request_exception = False
    return client


def address(party: Party) -> str:
    return reverse("office:party", args=["duinhaven", party.number])


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a relation fails with the relation's own words."""

    def get(self: PartyView, *args: Any, **kwargs: Any) -> None:
        raise ValueError(f"{Party.objects.get(number=self.kwargs['number']).name} {CANARY}")

    monkeypatch.setattr(PartyView, "get", get)


def told(response: Any) -> str:
    return response.content.decode().lower()


def test_the_tests_look_where_a_canary_is(party: Party, op: Any) -> None:
    assert CANARY.lower() in told(op.get(address(party)))  # administered still: it is shown


def test_console_of_a_company_that_administers_itself_tells_none_of_its_words(party: Party, op: Any) -> None:
    given.handed_over(Company.objects.get(slug="duinhaven"))
    for path in [*PAGES, address(party), "/duinhaven/office/relations/"]:
        assert CANARY.lower() not in told(op.get(path)), path


def test_an_error_tells_none_of_its_words(party: Party, op: Any, failing: None, caplog: Any) -> None:
    response = op.get(address(party))
    assert response.status_code == 500 and CANARY.lower() not in told(response)
    assert "ValueError" in caplog.text and CANARY.lower() not in caplog.text.lower()


@handles("test.stumbles")
def stumble(job: Job) -> None:
    """A handler whose error quotes a relation."""
    raise ValueError(f"{Party.objects.latest('pk').name} {CANARY}")


@pytest.mark.django_db(transaction=True)
def test_an_error_of_a_job_tells_none_of_its_words(party: Party, op: Any, user: Any) -> None:
    company = Company.objects.get(slug="duinhaven")
    with given.inside(company):
        ticket = enqueue("test.stumbles", key="stumbles").ticket
    assert not run_job(ticket)
    with as_operator(), transaction.atomic():
        key = op.cookies[settings.SESSION_COOKIE_NAME].value
        assert enter_window("duinhaven", session_key=key, user_id=user.pk) is not None
        ((error, ids),) = ask("SELECT error, ids::text FROM companies_job WHERE kind = 'test.stumbles'", [])
    assert error.startswith("ValueError at stumble:") and CANARY.lower() not in f"{error}{ids}".lower()
    assert CANARY.lower() not in told(op.get("/operator/"))


def test_an_error_in_a_window_tells_none_of_its_words(party: Party, op: Any, failing: None, caplog: Any) -> None:
    company = Company.objects.get(slug="duinhaven")
    given.handed_over(company)
    operators.let_in(company, op, by="opens")
    response = op.get(address(party))
    assert response.status_code == 500 and CANARY.lower() not in told(response)
    assert "ValueError" in caplog.text and CANARY.lower() not in caplog.text.lower()


def test_a_page_that_failed_is_no_look(party: Party, op: Any, failing: None) -> None:
    op.get(address(party))
    with given.inside(Company.objects.get(slug="duinhaven")):
        assert not Look.objects.exists()


def test_a_page_that_was_shown_is_one(party: Party, op: Any, user: Any) -> None:
    op.get(address(party))
    with given.inside(Company.objects.get(slug="duinhaven")):
        look = Look.objects.get()
        assert (look.path, look.user_id, look.window_id) == (address(party), user.pk, None)
