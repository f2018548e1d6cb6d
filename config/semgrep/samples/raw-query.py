from django.db.models.expressions import RawSQL

from relations.models import Party


def bad(number):
    Party.objects.raw("SELECT * FROM relations_party WHERE number = %s", [number])  # bad
    Party.objects.extra(where=["number = %s"], params=[number])  # bad
    return RawSQL("lower(name)", [])  # bad


def good(number):
    return Party.objects.filter(number=number)
