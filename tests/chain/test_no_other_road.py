"""One road: application, acceptance, quotation, order, policy. Service and database refuse any other (S0-10)."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from acceptance.models import Assessment
from applications.models import Application
from applications.services.submit import submit_application
from common.errors import BusinessError
from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Command
from policies.models import Policy
from quotations.models import Order, Quotation
from quotations.services.quote import make_quotation
from tests import given
from tests.chain import scenes
from tests.world import run

pytestmark = pytest.mark.django_db

REFERRED = {**given.TRAILER_ANSWERS, "theft_devices": []}
QUOTATION = """
INSERT INTO quotations_quotation
  (number, case_id, assessment_id, evaluation, plan, net, tax, fees, total, valid_from, valid_until, state)
VALUES ('O-2026-999999', %s, %s, '{}', 'annual', 1, 0, 0, 1, '2026-06-01', '2026-07-01', 'open')
"""
ORDER = """
INSERT INTO quotations_order (quotation_id, plan, link_id, command_id, ordered_at, "on", fact, documents)
VALUES (%s, 'annual', %s, %s, now(), %s, 'birth_date', '[]')
"""
POLICY = """
INSERT INTO policies_policy (number, case_id, order_id, product_id, holder_id, starts_on, renews_on, state)
SELECT 'P-2026-999999', case_id, {order}, product_id, holder_id, starts_on, renews_on, 'active' FROM policies_policy
"""


def refused(statement, *params):
    """The database's answer to a statement of the application's own role."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
    return str(caught.value)


def test_no_quotation_without_acceptance():
    company = given.provider()
    command = scenes.applied(company, given.draft(company, answers=REFERRED))
    assert (command.outcome["outcome"], command.outcome["quotation"]) == ("refer", None)
    with given.inside(company):
        assessment = Assessment.objects.select_related("application__version").get()
        assert "not accepted" in refused(QUOTATION, assessment.application.case_id, assessment.pk)
    draft: Any = given.draft(company, answers=REFERRED)
    second = given.knocked(company, "apply", case_id=draft.case_id, link_id=draft.link_id, door=Door.FRONT, payload={})
    with given.inside(company):
        _application, evaluation = submit_application(command=second, actor=ROBOT, on=given.DAY)
        with pytest.raises(BusinessError, match="accepted and priced"):
            make_quotation(assessment=assessment, evaluation=evaluation, actor=ROBOT, on=given.DAY)
        assert not Quotation.objects.exists()


def test_accepted_assessment_of_another_case_gives_no_quotation():
    company = given.provider()
    scenes.applied(company, given.draft(company))
    scenes.applied(company, given.draft(company, answers=REFERRED))
    with given.inside(company):
        quotation = Quotation.objects.get()
        other = Application.objects.get(state="referred")
        assert "not accepted" in refused(QUOTATION, other.case_id, quotation.assessment_id)
        assert "quotation_of_assessment" in refused(QUOTATION, quotation.case_id, quotation.assessment_id)


def test_assessment_and_quotation_stay_as_they_were_made():
    company = given.provider()
    scenes.applied(company, given.draft(company))
    with given.inside(company):
        for statement in (
            "UPDATE quotations_quotation SET total = 1, net = 1, tax = 0, fees = 0",
            "UPDATE quotations_quotation SET evaluation = '{}'",
            "UPDATE quotations_quotation SET valid_until = '2099-01-01'",
            "UPDATE acceptance_assessment SET outcome = 'accept'",
            "UPDATE applications_application SET answers = '{}'",
            "DELETE FROM quotations_quotation",
        ):
            assert "permission denied" in refused(statement)


def test_no_policy_without_an_order():
    company = given.provider()
    given.policy(company)
    with given.inside(company):
        assert "policy_by_order_or_import" in refused(POLICY.format(order="NULL"))
        assert "policy_of_order" in refused(POLICY.format(order="order_id"))
        refused(POLICY.format(order="order_id + 1000") + "; SET CONSTRAINTS ALL IMMEDIATE")
        assert Policy.objects.count() == 1


def test_no_order_outside_the_days_of_the_quotation_and_no_second_one():
    company = given.provider()
    quotation = given.quotation(company)
    command = given.ordered(company, quotation)
    with given.inside(company):
        link = scenes.customer_link(quotation)
        late = refused(ORDER, quotation.pk, link.pk, command.pk, quotation.valid_until)
        assert "within its days" in late
        assert not Order.objects.exists()
    run(company, command)
    second = given.ordered(company, quotation)
    with given.inside(company):
        assert "order_once" in refused(ORDER, quotation.pk, link.pk, second.pk, quotation.valid_from)
        assert Command.objects.get(pk=command.pk).state == "done"
