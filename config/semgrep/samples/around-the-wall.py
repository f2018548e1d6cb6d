from django.db import connections

from relations.models import Party


def bad():
    Party._base_manager.all()  # bad
    Party._default_manager.all()  # bad
    Party.objects.using("default")  # bad
    return connections["other"]  # bad


def good(actor):
    return Party.objects.visible_to(actor)
