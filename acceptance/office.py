"""The acceptors' lists: what waits for a person, longest first, each with its promise (S0-11, S0-12, S0-16)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import BooleanField, Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Subquery, TextField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from acceptance.models import STOOD, Assessment, Stage
from acceptance.rules import promised_by, time_left
from acceptance.selectors import waiting, waiting_since
from acceptance.services.assign import give_back, take_application
from applications.models import Application
from applications.office import holder_in_list, told_name
from common.errors import BusinessError
from companies.lists import Column, ListView
from companies.models import PartCode, Right
from companies.views import RoomView
from products.filters import BusinessFilter
from products.selectors import rules_in_words
from relations.listed import holding

MINE, NOBODYS = "mine", "nobody"
ABOVE, PLAIN = "above", "plain"
ABOVE_ANY = '$[*].authority ? (@ != "" && @ != "acceptor")'  # as acceptance.rules.authority_needed
TITLES = {Stage.REFERRAL: _("Referred"), Stage.SPECIAL: _("Quotation by hand"), Stage.REVIEW: _("Refusals to review")}
SHOWN = (
    "number", "parties", "submitted_at", "submitted_on", "case__number", "version__product__slug",
    "version__product__names", "adviser__given_name", "adviser__family_name",
)  # fmt: skip
PAGES = {Stage.REFERRAL: "list", Stage.SPECIAL: "special", Stage.REVIEW: "reviews"}


class RuleKeys(Func):
    """Each key of a list of reasons, one a row."""

    template = "jsonb_path_query(%(expressions)s, '$[*].key') #>> '{}'"
    output_field = TextField()


class RuleKeyList(Func):
    """The keys of a list of reasons, as a list."""

    template = "jsonb_path_query_array(%(expressions)s, '$[*].key')"
    output_field = JSONField()


class AboveAuthority(Func):
    """Whether a reason asks more than every acceptor's authority."""

    template = f"jsonb_path_exists(%(expressions)s, '{ABOVE_ANY}')"
    output_field = BooleanField()


def rule_keys() -> list[str]:
    """The rules by which applications that wait were left to a person, or declined: of the newest thousand."""
    waiting = Q(application__state__in=["referred", "special", "declined"])
    rows = Assessment.objects.filter(
        pk__in=Assessment.objects.filter(waiting, STOOD).order_by("-pk").values("pk")[:1000]
    )
    return sorted(set(rows.annotate(rule=RuleKeys(F("reasons"))).values_list("rule", flat=True).distinct()))


class WaitingFilter(BusinessFilter):
    """Number or policyholder's name, product, adviser, rule, authority, whose desk."""

    rule = forms.ChoiceField(label=_("Rule"), required=False)
    authority = forms.ChoiceField(
        label=_("Authority"),
        required=False,
        choices=[("", _("Any authority")), (PLAIN, _("Every acceptor’s")), (ABOVE, _("Needs a second signature"))],
    )
    desk = forms.ChoiceField(
        label=_("Desk"),
        required=False,
        choices=[("", _("All desks")), (MINE, _("Mine")), (NOBODYS, _("Nobody’s yet"))],
    )
    field_order = ("q", "desk", "rule", "authority", "product", "adviser")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules: Any = self.fields["rule"]
        words = rules_in_words((get_language() or "en")[:2])
        named = ((key, f"{key}: {words[key]}" if key in words else key) for key in rule_keys())
        rules.choices = [("", _("All rules")), *named]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        rows = self.narrow_business(rows)
        q = asked.get("q", "")
        plain = Q(number__icontains=q) | Q(case__number__icontains=q) | told_name(q)
        rows = holding(self, rows, kind="application", plain=plain)
        if rule := asked.get("rule"):
            rows = rows.filter(assessments__reasons__contains=[{"key": rule}])
        if authority := asked.get("authority"):
            rows = rows.filter(above=authority == ABOVE)
        if desk := asked.get("desk"):
            rows = rows.filter(mine=True) if desk == MINE else rows.filter(taken_by=None)
        return rows


class WaitingListView(ListView):
    """What waits at one stage; the others are tabs with their counts."""

    right = (PartCode.ACCEPTANCE, Right.VIEW)
    template_name = "acceptance/waiting_list.html"
    name = "acceptance"
    form_class = WaitingFilter
    default_sort = "since"
    stage: ClassVar[Stage] = Stage.REFERRAL
    sorts = {
        "since": ("since",),
        "number": ("number",),
        "name": ("parties__policyholder__name", "parties__policyholder__given_names"),
        "product": ("version__product__slug",),
        "adviser": ("adviser__sort_key",),
        "desk": ("taken_name",),
    }
    columns = (
        Column(_("Application"), lambda row: row.number),
        Column(_("Case"), lambda row: row.case.number),
        Column(_("Policyholder"), holder_in_list),
        Column(_("Product"), lambda row: row.product_name, "product", 3),
        Column(_("Rules"), lambda row: ", ".join(row.rules), "rules", 4),
        Column(_("Adviser"), lambda row: row.adviser.sort_name if row.adviser else "", "adviser", 5),
        Column(_("Waits since"), lambda row: row.since_on),
        Column(_("Answer promised by"), lambda row: row.until),
        Column(_("Desk"), lambda row: row.taken_name or "", "desk", 7),
    )

    def rows(self) -> QuerySet[Any]:
        found = Assessment.objects.filter(application=OuterRef("pk"))  # one, or none yet
        above = found.annotate(above=AboveAuthority(F("reasons"))).filter(above=True)
        rules = found.annotate(keys=RuleKeyList(F("reasons"))).values("keys")[:1]
        rows: QuerySet[Any] = (
            waiting_since(self.stage)
            .annotate(above=Exists(above), rules=Subquery(rules), mine=Q(taken_by=self.actor.user_id or 0))
            .select_related("case", "version__product", "adviser")
            .only(*SHOWN)
        )
        return rows

    def dress(self, row: Application) -> None:
        shown: Any = row
        shown.holder = holder_in_list(row)
        shown.product_name = row.version.product.name((get_language() or "en")[:2])
        shown.rules = shown.rules or []
        shown.until = promised_by(self.stage, shown.since_on, country=self.company.country)
        shown.left = time_left(shown.since_on, shown.until, on=self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=TITLES[self.stage],
            stage=self.stage,
            back=PAGES[self.stage],
            tabs=self.tabs(),
            may_take=self.may(PartCode.ACCEPTANCE, Right.EDIT),
            **kwargs,
        )

    def tabs(self) -> list[dict[str, Any]]:
        """The three lists, each with how many wait in it."""
        return [
            {
                "title": TITLES[stage],
                "count": waiting(stage).count(),
                "current": stage == self.stage,
                "url": reverse(f"acceptance:{page}", kwargs={"company": self.company.slug}),
            }
            for stage, page in PAGES.items()
        ]


class SpecialListView(WaitingListView):
    """What waits for a quotation officer; nothing ordinary ever stands here (S0-16)."""

    stage, name = Stage.SPECIAL, "quotations-by-hand"


class ReviewListView(WaitingListView):
    """Refusals that nobody has looked at, and those whose customer asks for a person (GDPR art. 22)."""

    stage, name = Stage.REVIEW, "reviews"


class DeskView(RoomView):
    """Who works on an application, by POST; back to the page it came from."""

    right = (PartCode.ACCEPTANCE, Right.EDIT)
    done: ClassVar["str | Promise"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        application = Application.objects.select_related("case").filter(number=kwargs["number"]).first()
        if application is None:
            raise Http404
        try:
            with transaction.atomic():
                self.take(application)
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(self.done) % {"number": application.number})
        return redirect(self.back(application))

    def take(self, application: Application) -> None:
        """Call the service."""
        raise NotImplementedError

    def back(self, application: Application) -> str:
        """The list it was pressed in, else the decision's page."""
        page = self.request.POST.get("back", "")
        if page in PAGES.values():
            return reverse(f"acceptance:{page}", kwargs={"company": self.company.slug})
        return reverse("office:case_decision", kwargs={"company": self.company.slug, "number": application.case.number})


class TakeView(DeskView):
    done = _("%(number)s is on your desk.")

    def take(self, application: Application) -> None:
        take_application(application_id=application.pk, actor=self.actor, on=self.today)


class GiveBackView(DeskView):
    done = _("%(number)s waits for everybody again.")

    def take(self, application: Application) -> None:
        give_back(application_id=application.pk, actor=self.actor, on=self.today)
