"""Two acceptors at one moment: one decides, the other is told who did (S0-12)."""

import threading
from typing import Any

import pytest
from django.db import connection

from acceptance.models import Decision
from acceptance.services.decide import NothingToDecide, decide
from companies.jobs import sweep
from companies.models import Job
from tests import given
from tests.acceptance import scenes


def decide_by_itself(company: Any, application: Any, actor: Any, barrier: threading.Barrier, told: list[str]) -> None:
    """One acceptor's request on a connection of its own."""
    try:
        given.become("bo_app")
        barrier.wait(60)
        with given.inside(company, actor):
            decide(application_id=application.pk, actor=actor, **scenes.ACCEPTING)
        told.append("decided")
    except NothingToDecide as error:
        told.append(str(error))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_ten_acceptors_at_one_moment_make_one_decision(tmp_path):
    company = given.provider("duinhaven", scenes.limits(tmp_path))
    application = scenes.applied(company, scenes.sum_of("250000"))
    actors = [scenes.person(company, f"acceptor{number}") for number in range(10)]
    barrier = threading.Barrier(len(actors))
    told: list[str] = []
    threads = [
        threading.Thread(target=decide_by_itself, args=(company, application, actor, barrier, told)) for actor in actors
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert told.count("decided") == 1
    assert sum("decided this application on" in sentence for sentence in told) == len(actors) - 1
    with given.inside(company):
        assert Decision.objects.count() == 1
        assert Job.objects.filter(kind="quotation.release").count() == 1
    assert sweep() >= 1
