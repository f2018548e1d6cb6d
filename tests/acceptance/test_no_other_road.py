"""No road past a signed decision: the database refuses what the services would (S0-10 to S0-12)."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from acceptance.models import Decision
from applications.models import Application, ApplicationState
from companies.models import Act
from quotations.models import Quotation
from tests import given
from tests.acceptance import scenes

pytestmark = pytest.mark.django_db
QUOTATION = """
INSERT INTO quotations_quotation
  (number, case_id, assessment_id, evaluation, plan, net, tax, fees, total, valid_from, valid_until, state)
VALUES ('O-2026-999999', %s, %s, '{}', 'annual', 1, 0, 0, 1, '2026-06-01', '2026-07-01', 'open')
"""
MOVE = "UPDATE applications_application SET state = %s WHERE id = %s"
DECISION = """
INSERT INTO acceptance_decision
  (application_id, assessment_id, stage, verdict, terms, answers, reasons, reason, told, authority, signed_by_id, "on")
VALUES (%(application)s, %(assessment)s, %(stage)s, %(verdict)s, '[]', %(answers)s, %(reasons)s, %(reason)s,
  %(told)s, %(authority)s, %(by)s,
  '2026-06-01')
"""
NAME = """
INSERT INTO acceptance_countersignature (decision_id, agreed, reason, signed_by_id, "on")
VALUES (%s, true, 'Seen.', %s, '2026-06-01')
"""


@pytest.fixture
def company(tmp_path):
    return given.provider("duinhaven", scenes.limits(tmp_path))


def refused(statement: str, params: Any = ()) -> str:
    """The database's answer to a statement of the application's own role."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
    return str(caught.value)


def done(statement: str, params: Any = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def row(application: Application, by: Any, **changes: Any) -> dict[str, Any]:
    """A good decision on a referral, as SQL takes it; called inside the company."""
    return {
        "application": application.pk, "assessment": scenes.assessment(application).pk, "stage": "referral",
        "verdict": "accept", "answers": "{}", "reasons": "[]", "reason": "Seen.", "told": "", "authority": "",
        "by": by.user_id, **changes,
    }  # fmt: skip


def test_referred_application_is_accepted_by_a_signed_decision_alone(company):
    application = scenes.applied(company, scenes.sum_of("250000"))
    maud = scenes.person(company, "maud")
    with given.inside(company):
        for state in (ApplicationState.ACCEPTED, ApplicationState.DECLINED):
            assert "nobody decided" in refused(MOVE, [state, application.pk])
        done(DECISION, row(application, maud))
        assert "nobody decided" in refused(MOVE, [ApplicationState.DECLINED, application.pk])
        assert "not accepted" in refused(QUOTATION, [application.case_id, scenes.assessment(application).pk])
        done(MOVE, [ApplicationState.ACCEPTED, application.pk])
        done(QUOTATION, [application.case_id, scenes.assessment(application).pk])
        assert Quotation.objects.count() == 1


def test_declined_application_is_overturned_by_a_signed_decision_alone(company):
    application = scenes.applied(company, scenes.sum_of("500000"))
    maud, joris = scenes.person(company, "maud"), scenes.person(company, "joris")
    with given.inside(company):
        assert "nobody decided" in refused(MOVE, [ApplicationState.ACCEPTED, application.pk])
        assert "nothing to decide" in refused(DECISION, row(application, maud))
        proposal = row(application, maud, stage="review", authority="head_of_acceptance")
        assert "second signature" in refused(DECISION, {**proposal, "authority": ""})
        done(DECISION, proposal)
        assert "nobody decided" in refused(MOVE, [ApplicationState.ACCEPTED, application.pk])
        assert "proposal waits" in refused(DECISION, proposal)
        decision = Decision.objects.get()
        assert "somebody other" in refused(NAME, [decision.pk, maud.user_id])
        done(NAME, [decision.pk, joris.user_id])
        assert "countersigned_once" in refused(NAME, [decision.pk, joris.user_id])
        done(MOVE, [ApplicationState.ACCEPTED, application.pk])


def test_robots_outcome_is_the_only_way_out_of_submitted(company):
    application = scenes.applied(company, scenes.sum_of("250000"))
    maud = scenes.person(company, "maud")
    with given.inside(company):
        copy = """
        INSERT INTO applications_application (number, case_id, version_id, channel, filled_in_by, declared_by,
          answers, parties, language, submitted_on, submitted_at, state)
        SELECT 'A-2026-999999', case_id, version_id, channel, filled_in_by, declared_by, answers, parties, language,
          submitted_on, submitted_at, 'submitted' FROM applications_application
        """
        done(copy)
        bare = Application.objects.exclude(pk=application.pk).get()
        for state in ("accepted", "referred", "special", "declined"):
            assert "nobody decided" in refused(MOVE, [state, bare.pk])
        other = scenes.assessment(application).pk
        moved = row(application, maud) | {"application": bare.pk, "assessment": other}
        assert "nothing to decide" in refused(DECISION, moved)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"reason": " "}, "decision_has_a_reason"),
        ({"verdict": "decline"}, "decision_refusal_is_told"),
        ({"stage": "special"}, "nothing to decide"),
        ({"assessment": 0}, "assessment of its own"),
    ],
)
def test_decision_without_its_words_or_out_of_place_is_refused(company, changes, constraint):
    application = scenes.applied(company, scenes.sum_of("250000"))
    maud = scenes.person(company, "maud")
    with given.inside(company):
        assert constraint in refused(DECISION, row(application, maud, **changes))


def test_decisions_and_signatures_stay_as_they_were_made(company):
    application = scenes.applied(company, scenes.sum_of("350000"))
    maud, joris = scenes.person(company, "maud"), scenes.person(company, "joris", Act.DECIDE_REFERRAL)
    scenes.countersigned(company, scenes.decided(company, application, maud), joris)
    with given.inside(company):
        for statement in (
            "UPDATE acceptance_decision SET verdict = 'decline'",
            "UPDATE acceptance_decision SET reason = 'another'",
            "DELETE FROM acceptance_decision",
            "UPDATE acceptance_countersignature SET agreed = false",
            "DELETE FROM acceptance_countersignature",
            "TRUNCATE acceptance_decision CASCADE",
        ):
            assert "permission denied" in refused(statement)
