import pytest
from companies.scope import company_scope
from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Part, Protocol
from companies.rights import effective_rights
from tests import given

@pytest.mark.django_db
def test_smoke():
    a = given.company("alpha"); b = given.company("beta")
    m = given.member(a, "clerk@alpha.example", "bookkeeper")
    assert Part.objects.count() == 0
    with company_scope(a.pk, door=Door.WORKER, actor=ROBOT):
        assert Part.objects.count() == 15
        print(sorted(effective_rights(user_id=m.user_id)))
        assert effective_rights(user_id=m.user_id)
    with company_scope(b.pk, door=Door.WORKER, actor=ROBOT):
        assert not effective_rights(user_id=m.user_id)
