"""What is sold here, and the first page of a product with or without an adviser (S0-02, S0-03, S0-04)."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import forms
from applications.question_forms import QuestionForm
from applications.services.drafts import AdviserFound, find_adviser, open_draft
from applications.steps import Step, Way, way_of
from applications.views.base import FrontView, shown_steps, title_of
from companies.views import PageView
from products.models import Channel, ProductChannel
from products.selectors import compiled, find_live_version, is_offered, live_versions


class ProductListView(FrontView, PageView):
    """The live products that are sold without an adviser; a product in test isn't among them (S0-02)."""

    template_name = "applications/product_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(products=self.products(), **kwargs)

    def products(self) -> list[dict[str, str]]:
        """Name, description and address of each, in two queries."""
        off = set(
            ProductChannel.objects.filter(channel=Channel.DIRECT, appointment=None, on=False).values_list(
                "product_id", flat=True
            )
        )
        rows = live_versions().defer("definition").annotate(description=F("definition__description"))
        return [
            {
                "name": version.product.name(self.language),
                "description": said(version.description, self.language),
                "url": reverse("apply:start", kwargs={"company": self.company.slug, "product": version.product.slug}),
            }
            for version in rows
            if version.product_id not in off
        ]


def said(texts: Any, language: str) -> str:
    """A text of a definition in a language, else in English, else in whichever it has."""
    if not isinstance(texts, dict) or not texts:
        return ""
    return str(texts.get(language) or texts.get("en") or next(iter(texts.values())))


class StartView(FrontView):
    """The first page of a product. Reading it does nothing; its first good answers open the application (S0-04)."""

    template_name = "applications/step.html"
    adviser: AdviserFound | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        version = find_live_version(kwargs["product"]) if hasattr(request, "company") else None
        if version is None:
            raise Http404
        self.version, self.product, self.code = version, compiled(version), kwargs.get("code", "")
        self.speak(self.product)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.refused() or self.shown(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (refusal := self.refused()) is not None:
            return refusal
        if self.looks:
            return self.looked(self.form(typed=request.POST))
        form = self.form(request.POST)
        if wait := self.held_up("send", form):
            return self.too_often(self.shown(form), wait)
        if not form.is_valid():
            return self.shown(form)
        if wait := self.held_up("open", form):
            return self.too_often(self.shown(form), wait)
        secret = open_draft(
            version=self.version,
            adviser=self.adviser,
            language=self.product.language(self.language),
            answers=form.cleaned_answers,
            on=self.today,
        )
        return redirect("apply:continue", company=self.company.slug, secret=secret)

    def form(self, data: QueryDict | None = None, *, typed: QueryDict | None = None) -> QuestionForm:
        fastest: timedelta = forms.FASTEST
        return QuestionForm(
            data,
            product=self.product,
            keys=self.step.keys,
            answers={},
            on=self.today,
            typed=typed,
            purpose=f"open:{self.company.pk}:{self.version.pk}:{self.code}",
            fastest=fastest,
        )

    @property
    def step(self) -> Step:
        return self.way.steps[0]

    @property
    def way(self) -> Way:
        return way_of(self.product, answers={}, parties={}, on=self.today)

    def refused(self) -> HttpResponse | None:
        """A page that says why nothing can be applied for here, and offers the way without adviser (S0-03)."""
        direct = is_offered(self.version.product, channel=Channel.DIRECT)
        if not self.code:
            return None if direct else self.refusal(_("This product is sold by advisers only."), direct=False)
        self.adviser = find_adviser(self.code, line_of_business=self.version.product.line_of_business, on=self.today)
        if self.adviser is None:
            return self.refusal(_("No adviser of ours has this link."), direct=direct)
        if not self.adviser.appointed:
            return self.refusal(_("%(name)s does not sell our insurance at present."), direct=direct)
        if not self.adviser.sells_this:
            return self.refusal(_("%(name)s is not appointed for this kind of insurance."), direct=direct)
        through = is_offered(self.version.product, channel=Channel.ADVISER, appointment_id=self.adviser.appointment_id)
        if not through:
            return self.refusal(_("%(name)s does not sell this product."), direct=direct)
        return None

    def refusal(self, message: str, *, direct: bool) -> HttpResponse:
        address = reverse("apply:start", kwargs={"company": self.company.slug, "product": self.version.product.slug})
        return self.page(
            "applications/refused.html",
            message=message % {"name": self.adviser.name} if self.adviser else message,
            product_name=self.version.product.name(self.language),
            direct_url=address if direct and self.code else "",
        )

    def shown(self, form: QuestionForm) -> HttpResponse:
        way = self.way
        return self.page(
            "applications/step.html",
            form=form,
            title=title_of(self.step, self.product, self.language),
            steps=shown_steps(way, self.step, self.product, self.language, lambda step: ""),
            number=1,
            count=len(way.steps),
            product_name=self.version.product.name(self.language),
            adviser_name=self.adviser.name if self.adviser else "",
        )
