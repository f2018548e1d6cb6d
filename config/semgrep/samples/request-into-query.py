import json

from django.db.models import F, Q

from relations.models import Party


def bad(request):
    Party.objects.filter(**request.GET.dict())  # bad
    Party.objects.exclude(**dict(request.POST.items()))  # bad
    asked = json.loads(request.body)
    Party.objects.filter(on=True, **asked)  # bad
    Party.objects.order_by(request.GET["sort"])  # bad
    Party.objects.values(request.GET.get("column"))  # bad
    Party.objects.annotate(x=F(request.GET["column"]))  # bad
    return Party.objects.filter(Q(**request.GET))  # bad


def good(request, form):
    Party.objects.filter(name=request.GET["name"])
    Party.objects.filter(**form.narrowed())
    return Party.objects.order_by("name")
