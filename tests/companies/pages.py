"""Pages of a test's own, behind the doors: each does its work and then ends in its own way."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from companies.fresh import FreshFactor
from companies.jobs import enqueue
from companies.models import Module, User
from companies.views import PageView, RoomView
from config.urls import everything
from tests.companies.scenes import context

HOOKS: list[str] = []


def work(request: HttpRequest, name: str) -> None:
    """The business of each page: a row, a job, a hook, a message, something in the session."""
    Module.objects.create(code="claims")
    enqueue("try", key=name)
    transaction.on_commit(lambda: HOOKS.append(name), robust=True)
    messages.success(request, "Done.")
    request.session["seen"] = name


def well(request: HttpRequest, company: str) -> HttpResponse:
    work(request, "well")
    return HttpResponse("well")


def where(request: HttpRequest, company: str, **rest: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        (role,) = cursor.fetchone()
    company_id, door = context()
    actor: Any = request.actor  # type: ignore[attr-defined]
    seen = sorted(set(Module.objects.values_list("company_id", flat=True)))
    return JsonResponse({"company": company_id, "door": door, "role": role, "seen": seen, "case": actor.case_id})


def raises(request: HttpRequest, company: str) -> HttpResponse:
    work(request, "raises")
    raise RuntimeError("the view broke")


def answers_500(request: HttpRequest, company: str) -> HttpResponse:
    work(request, "answers_500")
    return HttpResponse("sorry", status=500)


def lazy(request: HttpRequest, company: str) -> HttpResponse:
    """Rendered after the view has returned: its savepoint is released by then (traps 6)."""
    work(request, "lazy")
    template = engines["django"].from_string(
        "{% load polisdesk_missing_on_purpose %}" if "compile" in request.GET else "{{ broken }}"
    )
    return TemplateResponse(request, template, {"broken": Broken()})


class Broken:
    def __str__(self) -> str:
        raise RuntimeError("the template broke")


def streams(request: HttpRequest, company: str) -> StreamingHttpResponse:
    work(request, "streams")
    return StreamingHttpResponse(f"{module.code}\n" for module in Module.objects.all())


def dangling(request: HttpRequest, company: str) -> HttpResponse:
    """A key that is checked at commit only."""
    work(request, "dangling")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into relations_address "
            "(company_id, party_id, street, house_number, postcode, city, country, valid_from) "
            "values (sec.company(), 987654, 'Kade', '1', '4381 AA', 'Vlissingen', 'NL', '2026-06-01')"
        )
    return HttpResponse("well")


def hook_fails(request: HttpRequest, company: str) -> HttpResponse:
    work(request, "hook_fails")

    def burst() -> None:
        raise RuntimeError("after the commit")

    transaction.on_commit(burst, robust=True)
    return HttpResponse("well")


def swallows(request: HttpRequest, company: str) -> HttpResponse:
    work(request, "swallows")
    try:
        with transaction.atomic():
            Module.objects.create(code="base")
    except Exception:
        return HttpResponse("well")
    return HttpResponse("twice?")


def logs_in_and_fails(request: HttpRequest, company: str) -> HttpResponse:
    user = User.objects.get(email="other@alpha.example")
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    raise RuntimeError("after the login")


def looks_up(request: HttpRequest, company: str) -> HttpResponse:
    work(request, "looks_up")
    return HttpResponse(f"{Module.objects.filter(code=request.GET['code']).count()}")


def at_no_door(request: HttpRequest) -> HttpResponse:
    """A page of nobody's: no company, nobody who is in, no transaction around it."""
    return HttpResponse(f"{Session.objects.filter(session_key=request.GET['code']).count()}")


class Ledger(PageView):
    from companies.models import PartCode, Right

    right = (PartCode.LEDGER, Right.VIEW)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse("the ledger")


class Raises(FreshFactor, RoomView):
    """A step that raises rights."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse("the form")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check_fresh()
        work(request, "raised")
        return JsonResponse({"to": request.POST.getlist("to")})


class Folder(RoomView):
    from companies.doors import Door

    doors = frozenset({Door.FOLDER})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse("the folder")


VIEWS = (well, where, raises, answers_500, lazy, streams, dangling, hook_fails, swallows, logs_in_and_fails, looks_up)
urlpatterns = [
    *[path(f"<slug:company>/office/{view.__name__}/", view) for view in VIEWS],
    path("looks_up/", at_no_door),
    path("<slug:company>/office/ledger/", Ledger.as_view()),
    path("<slug:company>/office/raise/", Raises.as_view()),
    path("<slug:company>/office/folder/", Folder.as_view()),
    path("<slug:company>/folder/papers/", Folder.as_view()),
    path("<slug:company>/advisers/where/", where),
    path("<slug:company>/apply/where/", where),
    path("<slug:company>/c/<str:secret>/where/", where),
    *everything.urlpatterns,  # an error page names the real ones
]
