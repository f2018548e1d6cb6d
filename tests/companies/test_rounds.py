"""What the clock does in each company holds up no other."""

import pytest

from companies.models import Company
from companies.rounds import in_each_company
from companies.series import next_numbers
from tests import given

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_company_in_which_it_fails_holds_up_no_other(caplog):
    # given
    failing = given.provider("duinhaven")
    given.provider("kustlijn")
    seen: list[int] = []

    def do(company: Company) -> int:
        next_numbers("case", days=[given.DAY])
        if company.pk == failing.pk:
            raise RuntimeError("no")
        seen.append(company.pk)
        return 2

    # when
    done = in_each_company(do)

    # then
    others = list(Company.objects.exclude(pk=failing.pk).order_by("pk").values_list("pk", flat=True))
    assert (done, seen) == (2 * len(others), others) and others[-1] > failing.pk
    assert f"The round failed in company {failing.pk}." in caplog.messages
