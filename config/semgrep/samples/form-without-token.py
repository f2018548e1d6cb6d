from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect


@csrf_exempt  # bad
def bad(request): ...


@method_decorator(csrf_exempt, name="dispatch")  # bad
class Bad: ...


def worse(view):
    view.csrf_exempt = True  # bad


@csrf_protect
def good(request): ...
