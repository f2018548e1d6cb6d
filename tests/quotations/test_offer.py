"""The first day of an offer, also of one from before products said it themselves."""

from datetime import date

import pytest

from quotations.offer import Offer

STORED = {"as_of": "2026-11-01", "answers": {}}


@pytest.mark.parametrize(
    ("told", "first"),
    [
        ({"starts_on": "2026-12-01", "answers": {"start_date": "2026-12-24"}}, date(2026, 12, 1)),
        ({"answers": {"start_date": "2026-12-24"}}, date(2026, 12, 24)),
        ({}, date(2026, 11, 1)),
    ],
)
def test_an_offer_knows_its_first_day(told, first):
    assert Offer({**STORED, **told}, "annual").starts_on == first
    assert Offer({**STORED, **told}, "annual", date(2027, 1, 5)).starts_on == date(2027, 1, 5)
