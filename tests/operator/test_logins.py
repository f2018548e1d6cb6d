"""The operator's own logins: made by a command alone, let in at his process alone, with sessions of their own."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, transaction

from companies.models import OperatorSession, User
from companies.operator.people import add_operator
from companies.signing import ask
from tests import given
from tests.operator.conftest import OperatorClient

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def added(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("operator_add", *arguments, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_command_adds_a_login_and_tells_its_password_once() -> None:
    told = added("Rens@Centre.example", "--name", "Rens Achterberg")
    user = User.objects.get(email="rens@centre.example")
    assert user.operator and user.check_password(told["password"]) and not user.is_superuser
    with pytest.raises(SystemExit) as again:
        added("rens@centre.example")
    assert again.value.code == 1


def test_no_statement_makes_an_operator_without_the_proof_of_a_service() -> None:
    clerk = given.member(given.company(), "clerk@duinhaven.example").user
    for statement in (
        "INSERT INTO companies_user (email, name, password, language, is_active, is_superuser, operator) "
        "VALUES ('x@y.example', '', '', '', true, false, true)",
        f"UPDATE companies_user SET operator = true WHERE id = {clerk.pk}",
        "SELECT sec.make_operator('x@y.example', '', '', 0, 'no proof')",
    ):
        try:
            with transaction.atomic():
                ask(statement, [])
        except DatabaseError:
            pass
        assert not User.objects.filter(operator=True).exists(), statement


def test_the_operator_s_process_lets_operators_in_alone() -> None:
    given.member(given.company(), "clerk@duinhaven.example")
    add_operator(email="op@centre.example", name="Rens", password=make_password(given.PASSWORD))
    client = OperatorClient()
    refused = client.post(LOGIN, {"login": "clerk@duinhaven.example", "password": given.PASSWORD})
    assert refused.status_code == 200 and refused.context["form"].errors
    let_in = client.post(LOGIN, {"login": "op@centre.example", "password": given.PASSWORD})
    assert let_in.status_code == 302
    assert client.get("/operator/")["Location"].startswith("/accounts/")  # the second factor comes next
    assert OperatorSession.objects is not None and not Session.objects.exists()


def test_an_operator_has_no_door_of_a_company(client: Any) -> None:
    given.company()
    add_operator(email="op@centre.example", name="Rens", password=make_password(given.PASSWORD))
    client.post(LOGIN, {"login": "op@centre.example", "password": given.PASSWORD})
    for path in ("/duinhaven/office/", "/duinhaven/advisers/", "/operator/"):
        assert client.get(path).status_code == 404
