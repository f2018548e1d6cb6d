"""Matching past the services: never more than is open, one party and account, also by two receipts at the same
moment."""

import threading

import pytest
from psycopg import errors

from tests.ledger.conftest import peopled
from tests.ledger.raw import intruder

pytestmark = pytest.mark.django_db(transaction=True)
BREACH = errors.IntegrityConstraintViolation


@pytest.fixture
def here():
    return peopled("duinhaven")


@pytest.fixture
def items(here) -> tuple[int, int]:
    """100 owed, 60 received."""
    with intruder(here) as it:
        return it.owed("F", 100)[2], it.owed("B", 60, sign=-1)[2]


def test_within(here, items):
    with intruder(here) as it:
        it.allocate(items[0], items[1], 60, "a")
        it.allocate(items[0], items[1], -20, "b")
        it.allocate(items[0], items[1], 20, "c")


@pytest.mark.parametrize(
    "amounts",
    [[61], [50, 11], [101], [-1], [10, -11], ["NaN"]],
    ids=["receipt", "twice", "invoice", "below", "back", "nan"],
)
def test_beyond(here, items, amounts):
    with pytest.raises((BREACH, errors.CheckViolation)), intruder(here) as it:
        for place, amount in enumerate(amounts):
            it.allocate(items[0], items[1], amount, str(place))


def test_sides_swapped(here, items):
    with pytest.raises(BREACH), intruder(here) as it:
        it.allocate(items[1], items[0], 10)


def test_taken_back_from_another_pair(here, items):
    """What one receipt paid isn't taken back from another."""
    with intruder(here) as it:
        other = it.owed("B2", 30, sign=-1)[2]
        it.allocate(items[0], items[1], 60, "a")
        it.allocate(items[0], other, 30, "b")
    with pytest.raises(BREACH), intruder(here) as it:
        it.allocate(items[0], other, -31, "c")


def test_snapshot_of_before(here, items):
    """Under repeatable read a transaction would sum what it saw at its start."""
    with pytest.raises(BREACH, match="read committed"), intruder(here) as it:
        it.connection.rollback()
        it.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        it.enter()
        it.allocate(items[0], items[1], 10)


def test_two_receipts_at_the_same_moment(here, items):
    with intruder(here) as it:
        other = it.owed("B2", 60, sign=-1)[2]
    outcomes, ready = [], threading.Barrier(2)

    def take(credit, key):
        try:
            with intruder(here) as it:
                ready.wait(10)
                it.allocate(items[0], credit, 60, key)
            outcomes.append("matched")
        except BREACH:
            outcomes.append("refused")

    threads = [threading.Thread(target=take, args=[credit, key]) for credit, key in ((items[1], "a"), (other, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["matched", "refused"]
