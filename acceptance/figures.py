"""How often each rule referred or declined, by product and period: what a product's author and an acceptor ask."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, F, Func, JSONField, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from acceptance.models import STOOD, Assessment, Outcome
from common import formats
from common.charts import Bar
from companies.figures import Figure, FiguresView, PeriodFilter
from companies.models import PartCode, Right
from products.models import Product
from products.selectors import rules_in_words


class Reasons(Func):
    """Each reason of an assessment, one a row."""

    function = "jsonb_array_elements"
    output_field = JSONField()


class RulesFilter(PeriodFilter):
    """The period, and one product."""

    product = forms.ChoiceField(label=_("Product"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en")[:2]
        fields: dict[str, Any] = self.fields
        names = sorted((product.name(language), product.slug) for product in Product.objects.all())
        fields["product"].choices = [("", _("All products")), *((slug, name) for name, slug in names)]


def outcomes_by_rule(*, since: date, until: date, product: str = "") -> Figure:
    """Assessments of a period in which a rule stood against the application, by rule and by what the rule said.

    An assessment by three rules counts at each of the three; each counts once at a rule.
    """
    narrow = STOOD & Q(on__gte=since, on__lte=until)
    if product:
        narrow &= Q(application__version__product__slug=product)
    outcome = KeyTextTransform("outcome", "reason", output_field=TextField())
    rows = (
        Assessment.objects.filter(narrow)
        .annotate(reason=Reasons(F("reasons")))
        .annotate(key=KeyTextTransform("key", "reason", output_field=TextField()), said=outcome)
        .values_list("key", "said")
        .annotate(count=Count("pk", distinct=True))
        .order_by("key", "said")
    )
    found: dict[str, dict[str, int]] = {}
    for key, said, count in rows:
        found.setdefault(key, {})[said] = count
    outcomes = [Outcome.DECLINE, Outcome.REFER, Outcome.SPECIAL]
    said = {key: [counts.get(one, 0) for one in outcomes] for key, counts in found.items()}
    keys = sorted(said, key=lambda key: (-sum(said[key]), key))
    return Figure(
        key="outcomes-by-rule",
        question=_("How often did each rule decline or refer?"),
        total=formats.number(sum(sum(counts) for counts in said.values())),
        heads=[_("Rule"), *(one.label for one in outcomes)],
        rows=[(key, *said[key]) for key in keys],
        bars=[Bar(key, [said[key][0], sum(said[key][1:])]) for key in keys],
        parts=[Outcome.DECLINE.label, _("To a person")],
        words=rules_in_words((get_language() or "en")[:2]) if keys else {},
    )


class RuleFiguresView(FiguresView):
    """Outcomes by rule; for who may view acceptance."""

    right = (PartCode.ACCEPTANCE, Right.VIEW)
    template_name = "acceptance/figures.html"
    form_class = RulesFilter

    def figures(self) -> list[Figure]:
        since, until = self.period
        product = self.form.cleaned_data.get("product", "") if self.form.is_valid() else ""
        return [outcomes_by_rule(since=since, until=until, product=product)]
