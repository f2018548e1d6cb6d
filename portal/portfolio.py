"""An adviser's portfolio: one row a case of his, with the furthest thing in it (S0-34)."""

from typing import Any

from django import forms
from django.db.models import Case as Choose
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.models import Application, ApplicationState, Draft
from companies.actor import Actor
from companies.lists import ListFilter
from documents.selectors import cases_visible_to
from policies.models import Policy, PolicyState, PolicyVersion
from policies.views import MARKS as POLICY_MARKS
from products.selectors import products_shown
from quotations.models import Quotation, QuotationState

STAGES = {
    "policy": _("Policy"),
    "quotation": _("Open quotation"),
    "application": _("Open application"),
    "begun": _("Being filled in"),
    "closed": pgettext_lazy("stage of a case", "Closed without policy"),
}
OPEN_APPLICATION = [ApplicationState.SUBMITTED, ApplicationState.REFERRED, ApplicationState.SPECIAL]
NAME = KeyTextTransform("name", KeyTextTransform("policyholder", "parties"))
GIVEN = KeyTextTransform("given_names", KeyTextTransform("policyholder", "parties"))
MARKS = {"policy": "run", "quotation": "act", "application": "wait", "begun": "wait", "closed": "end"}


def told(application: QuerySet[Application], what: KeyTextTransform) -> Subquery:
    """What the latest application of a case tells of its policyholder."""
    return Subquery(application.values(text=what)[:1], output_field=CharField())


def portfolio(actor: Actor) -> QuerySet[Any]:
    """The cases of the actor's portfolio with holder, stage and premium, and number and state of what is in each; not
    those whose only application was thrown away unsent.
    """
    application = Application.objects.filter(case=OuterRef("pk")).order_by("-pk")
    quotation = Quotation.objects.filter(case=OuterRef("pk")).order_by("-pk")
    policy = Policy.objects.filter(case=OuterRef("pk")).order_by("-pk")
    version = PolicyVersion.objects.filter(policy__case=OuterRef("pk")).order_by("-number")
    discarded = Draft.objects.filter(case=OuterRef("pk"), discarded_at__isnull=False)
    return (
        cases_visible_to(actor)
        .filter(~Exists(discarded))
        .annotate(
            application_number=Subquery(application.values("number")[:1]),
            application_state=Subquery(application.values("state")[:1]),
            # A policy that was taken over has no application; it names its customer.
            family=Coalesce(told(application, NAME), F("customer__family_name")),
            given=Coalesce(told(application, GIVEN), F("customer__given_name")),
            quotation_number=Subquery(quotation.values("number")[:1]),
            quotation_state=Subquery(quotation.values("state")[:1]),
            valid_until=Subquery(quotation.values("valid_until")[:1]),
            policy_number=Subquery(policy.values("number")[:1]),
            policy_state=Subquery(policy.values("state")[:1]),
            renews_on=Subquery(policy.values("renews_on")[:1]),
            premium=Coalesce(Subquery(version.values("total")[:1]), Subquery(quotation.values("total")[:1])),
            stage=Choose(
                When(policy_number__isnull=False, then=Value("policy")),
                When(quotation_state=QuotationState.OPEN, then=Value("quotation")),
                When(application_state__in=OPEN_APPLICATION, then=Value("application")),
                When(application_state__isnull=True, then=Value("begun")),
                default=Value("closed"),
                output_field=CharField(),
            ),
        )
    )


def state_in_words(row: Any) -> str:
    """The state of the furthest thing, as its own list says it."""
    if row.policy_state:
        return str(PolicyState(row.policy_state).label)
    if row.stage == "closed" and row.quotation_state:
        return str(QuotationState(row.quotation_state).label)
    if row.stage in {"application", "closed"}:
        return str(ApplicationState(row.application_state).label)
    return str(STAGES[row.stage])


def mark_of(row: Any) -> str:
    """The mark of the furthest thing: a policy’s own, else that of its stage."""
    return POLICY_MARKS[PolicyState(row.policy_state)] if row.policy_state else MARKS[row.stage]


class PortfolioFilter(ListFilter):
    """Number or name, stage, product."""

    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All stages")), *STAGES.items()])
    product = forms.ChoiceField(label=_("Product"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en")[:2]
        self.products = {product.slug: product for product in products_shown().order_by("slug")}
        fields: dict[str, Any] = self.fields
        fields["product"].choices = [
            ("", _("All products")),
            *((slug, product.name(language)) for slug, product in self.products.items()),
        ]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            numbers = ("number", "application_number", "quotation_number", "policy_number", "family", "given")
            found = Q()
            for name in numbers:
                found |= Q(**{f"{name}__icontains": q})
            rows = rows.filter(found)
        if slug := asked.get("product"):
            rows = rows.filter(product_id=self.products[slug].pk)
        return rows.filter(stage=asked["stage"]) if asked.get("stage") else rows
