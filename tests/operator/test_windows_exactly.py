"""Windows to the second and to the row: when the mails of an end are due, and for which window."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from companies.models import Company, Job, Membership, Module, ModuleCode, Window, WindowExtension
from companies.operator.entrance import Look, rights_by
from companies.operator.windows import close_window, end_of, extend_window, extensions, may_extend, open_window
from tests import factors, given
from tests.operator.conftest import ASKED, CONSOLE
from tests.people import acting

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def let_in(window: Window, chief: Membership) -> Any:
    return open_window(
        window=window.pk, modules=["ledger"], imports=False, minutes=30, user=chief.user,
        code=factors.code_of(chief.user),
    )  # fmt: skip


@pytest.fixture
def another(company: Company) -> Membership:
    """A second administrator, since a code works once."""
    found = given.member(company, "other@duinhaven.example", administrator=True)
    factors.with_authenticator(found.user)
    return found


def test_the_end_is_told_a_second_after_it(window: Window, company: Company, chief: Membership) -> None:
    with given.inside(company, acting(chief)):
        ends = let_in(window, chief)
        [job] = end_of(window.pk)
        assert job.due_at == ends + SECOND
        assert job.ids == {"window": window.pk}
        assert not end_of(window.pk + 1)


def test_a_longer_window_ends_a_second_after_its_new_end(
    window: Window, company: Company, chief: Membership, another: Membership
) -> None:
    with given.inside(company, acting(chief)):
        let_in(window, chief)
        Job.objects.filter(kind="window.ended").update(state="done", done_at=timezone.now())
    with given.inside(company, acting(another)):
        ends = extend_window(window=window.pk, user=another.user, code=factors.code_of(another.user))
        [job] = end_of(window.pk)
        assert (job.due_at, job.ids) == (ends + SECOND, {"window": window.pk})
        assert [row.window_id for row in extensions(window.pk)] == [window.pk]
        assert WindowExtension.objects.count() == 1 and not extensions(window.pk + 1)


def test_closing_wakes_the_worker_for_this_windows_end_alone(
    window: Window, company: Company, chief: Membership, op: Any, woken: list[int]
) -> None:
    with given.inside(company, acting(chief)):
        let_in(window, chief)
        [job] = end_of(window.pk)
        close_window(window=window.pk)
        [job] = end_of(window.pk)
        assert job.due_at <= timezone.now()
    assert op.post(CONSOLE, ASKED).status_code == 302
    with given.inside(company, acting(chief)):
        assert not end_of(Window.objects.exclude(pk=window.pk).get().pk)


def test_only_a_window_that_was_opened_and_has_an_end_is_kept_open() -> None:
    now = timezone.now()
    assert may_extend(Window(opened_at=now, expires_at=now + timedelta(minutes=Window.MOST_MINUTES - 30)))
    assert not may_extend(Window(opened_at=now, expires_at=now + timedelta(minutes=Window.MOST_MINUTES - 29)))
    assert not may_extend(Window(opened_at=now)) and not may_extend(Window(expires_at=now))


def test_a_module_that_is_off_is_not_looked_at(company: Company) -> None:
    with given.inside(company):
        assert rights_by(Look(1, ("ledger",)))
        Module.objects.filter(code=ModuleCode.LEDGER).update(on=False)
        assert not rights_by(Look(1, ("ledger",)))
