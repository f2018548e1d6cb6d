"""A code of an authenticator works once, now, and after five wrong ones not at all for a while (threats A16)."""

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from companies.factors import CodeError, use_code
from companies.models import User
from companies.signing import ask
from companies.signins import enter_login
from tests import factors, given
from tests.companies.scenes import run_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    user = given.member(given.company(), "clerk@duinhaven.example").user
    factors.with_authenticator(user)
    return user


def tried(user: User, code: str) -> str:
    """What becomes of a code: "taken", or why not."""
    try:
        with transaction.atomic():
            enter_login(user.pk)
            use_code(user, code)
    except CodeError as error:
        return error.code
    return "taken"


def test_code_shown_now_is_taken_and_tells_its_step(user: User) -> None:
    code = factors.code_of(user)
    with transaction.atomic():
        enter_login(user.pk)
        assert use_code(user, code) == int(time.time()) // factors.PERIOD


def test_code_is_read_with_the_space_that_phones_show(user: User) -> None:
    code = factors.code_of(user)
    assert tried(user, f"{code[:3]} {code[3:]}") == "taken"


def test_code_is_taken_once(user: User) -> None:
    code = factors.code_of(user)
    assert [tried(user, code) for _ in range(3)] == ["taken", "used", "used"]


def test_code_used_stays_used_with_an_emptied_cache(user: User) -> None:
    code = factors.code_of(user)
    assert tried(user, code) == "taken"
    cache.clear()
    assert tried(user, code) == "used"


@pytest.mark.parametrize(("steps", "found"), [(-1, "old"), (-10, "old"), (-11, "wrong"), (1, "wrong")])
def test_code_of_another_time_is_refused(user: User, steps: int, found: str) -> None:
    assert tried(user, factors.code_of(user, steps=steps)) == found


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "\0", "１２３４５６", "9" * 5000])
def test_what_is_no_code_is_refused(user: User, code: str) -> None:
    assert tried(user, code) == "wrong"


def test_login_without_an_authenticator_has_no_code() -> None:
    bare = given.member(given.company(), "bare@duinhaven.example").user
    assert tried(bare, "123456") == "wrong"


def test_error_says_what_to_do(user: User) -> None:
    code = factors.code_of(user)
    tried(user, code)
    with (
        pytest.raises(CodeError, match="used already. Wait for the next one, about [0-9]+ seconds"),
        transaction.atomic(),
    ):
        enter_login(user.pk)
        use_code(user, code)


@pytest.mark.django_db(transaction=True)
def test_step_is_used_by_its_owner_only(user: User) -> None:
    other = given.member(given.company("zandwijk"), "other@zandwijk.example").user
    denied = pytest.raises(DatabaseError, match="a code is used by its owner")
    with denied, transaction.atomic():
        enter_login(other.pk)
        ask("SELECT sec.use_step(%s, 1)", [user.pk])
    with denied, transaction.atomic():
        ask("SELECT sec.use_step(%s, 1)", [user.pk])


@pytest.mark.parametrize("statement", ["SELECT 1 FROM companies_usedstep", "DELETE FROM companies_usedstep"])
def test_no_door_reads_or_removes_used_steps(user: User, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_after_five_tries_the_right_code_waits_too(user: User) -> None:
    wrong = factors.another_code(user)
    assert [tried(user, wrong) for _ in range(6)] == ["wrong"] * 5 + ["locked"]
    assert tried(user, factors.code_of(user)) == "locked"


def test_right_code_lets_the_count_begin_anew(user: User) -> None:
    wrong = factors.another_code(user)
    assert [tried(user, wrong) for _ in range(4)] == ["wrong"] * 4
    assert tried(user, factors.code_of(user)) == "taken"
    assert [tried(user, wrong) for _ in range(5)] == ["wrong"] * 5


def test_without_a_count_no_code_is_taken(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "incr", down)
    assert tried(user, factors.code_of(user)) == "locked"


@pytest.mark.django_db(transaction=True)
def test_fifty_codes_by_eight_threads_each_are_taken_fifty_times(capsys: pytest.CaptureFixture[str]) -> None:
    company = given.company()
    users = [given.member(company, f"clerk{number}@duinhaven.example").user for number in range(50)]
    for user in users:
        factors.with_authenticator(user)
    totals: list[Counter[str]] = []
    for user in users:
        code, found, together = factors.code_of(user), Counter[str](), threading.Barrier(8)
        run_together(
            [threading.Thread(target=at_once, args=[user, code, found, together]) for _ in range(8)], seconds=60
        )
        totals.append(found)
    replayed = Counter(replays(users[-1]))
    with capsys.disabled():
        print(f"\n50 users, 8 threads each: {sum(totals, Counter())}; replays within 120 seconds: {replayed}")
    assert [found["taken"] for found in totals] == [1] * 50
    assert sum(sum(found.values()) for found in totals) == 400
    assert replayed["taken"] == 0 and sum(replayed.values()) == 5


def at_once(user: User, code: str, found: "Counter[str]", together: threading.Barrier) -> None:
    """One thread's try; together with the others."""
    try:
        together.wait()
        found[tried(user, code)] += 1
    finally:
        connection.close()


def replays(user: User) -> Iterator[str]:
    """The codes of the last 120 seconds, each again."""
    for step in range(-4, 1):
        cache.clear()
        yield tried(user, factors.code_of(user, steps=step))


@pytest.mark.django_db(transaction=True)
def test_of_a_thousand_guesses_five_are_looked_at(user: User, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, found = factors.another_code(user), Counter[str]()

    def guess() -> None:
        for _ in range(125):
            found[tried(user, wrong)] += 1
        connection.close()

    run_together([threading.Thread(target=guess) for _ in range(8)], seconds=120)
    with capsys.disabled():
        print(f"\n1,000 guesses at one login: {dict(found)}")
    assert found == {"wrong": 5, "locked": 995}
