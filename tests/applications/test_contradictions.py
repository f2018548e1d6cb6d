"""Answers on two pages that contradict each other: told at the answer, before anything is sent (S0-06, S0-08)."""

import json

import pytest

from applications.models import Draft
from tests import given
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(tmp_path):
    """A bicycle that isn't ridden to work for less than 5 km a week."""
    definition = json.loads((given.ROOT / BICYCLE).read_text())
    definition["checks"] = [
        {
            "key": "C01", "when": 'contains(use, "work") and distance < 5', "at": "use",
            "text": {"en": "Expected more than {distance} km a week for going to work."},
        }
    ]  # fmt: skip
    path = tmp_path / "bicycle.json"
    path.write_text(json.dumps(definition))
    return given.provider("duinhaven", str(path))


def test_a_contradiction_leads_back_to_the_answer_and_says_why(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**FIRST)
    visitor.send(**{**SECOND, "distance": "2"})
    assert visitor.url.endswith("/questions/")
    assert "Expected more than 2 km a week for going to work." in visitor.text
    with given.inside(company):
        assert Draft.objects.get().answers["distance"] == "2"
    visitor.send(**{**FIRST, "use": ["sport"]})
    assert visitor.url.endswith("/details/")


def test_both_on_the_page_that_was_sent_last_are_told_at_the_field(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**{**FIRST, "use": ["sport"]})
    visitor.send(**{**SECOND, "distance": "2"})
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/questions/")
    visitor.send(**FIRST)
    assert visitor.errors == {"use": ["Expected more than 2 km a week for going to work."]}
