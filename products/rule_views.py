"""The acceptance part of a product in screens: its rules, added and changed in a draft (S0-09, S2-33)."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.models import PartCode, Right
from companies.views import show_error
from products.language import run_cases
from products.models import ProductVersion
from products.rule_forms import OUTCOME_NAMES, RuleForm
from products.services import life, rules
from products.states import VersionState
from products.views import MARKS, OneVersion, address_of, name_of
from products.words import told


class RulesOfVersion(OneVersion):
    """A page of a version's rules."""

    @cached_property
    def found(self) -> ProductVersion:
        """The version of the address, read once."""
        return self.version()

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules in their order."""
        return list(self.found.definition.get("acceptance") or [])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            version=self.found,
            product_name=name_of(self.found),
            mark=MARKS[VersionState(self.found.state)],
            **kwargs,
        )

    def to_rules(self, version: ProductVersion | None = None) -> HttpResponse:
        """Back to the list of rules."""
        return redirect(address_of(self.company.slug, version or self.found, "rules"))


class RuleListView(RulesOfVersion):
    """The rules of a version in their order, and which worked cases come out differently by them."""

    template_name = "products/rule_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = (get_language() or "en")[:2]
        cases = run_cases(self.found.definition)
        return self.render_to_response(
            self.get_context_data(
                rows=[
                    {**row, "told": told(row["underwriter"], language), "follows": OUTCOME_NAMES[row["outcome"]]}
                    for row in self.rules
                ],
                different=[case for case in cases["cases"] if not case["ok"]],
                editable=self.is_own_draft(self.found),
                may_draft=self.may(PartCode.PRODUCTS, Right.INPUT),
            )
        )


class DraftView(RulesOfVersion):
    """A new draft from a version, of whoever starts it, by POST."""

    right = (PartCode.PRODUCTS, Right.INPUT)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                version = life.draft_version(
                    definition=self.found.definition, company=self.company, actor=self.actor, on=self.today
                )
        except BusinessError as error:
            messages.error(request, str(error))
            return self.to_rules()
        messages.success(request, _("Version %(number)s is drafted.") % {"number": version.number})
        return self.to_rules(version)


class RuleView(RulesOfVersion):
    """One rule: a new one, or one to change. What is wrong is said at its field, and nothing is kept."""

    right = (PartCode.PRODUCTS, Right.EDIT)
    template_name = "products/rule.html"
    new: ClassVar[bool] = False

    @property
    def place(self) -> int:
        """Where the rule stands, or would stand; 404 for one that isn't there."""
        if self.new:
            return len(self.rules)
        place = next((n for n, row in enumerate(self.rules) if row["key"] == self.kwargs["rule"]), None)
        if place is None:
            raise Http404
        return place

    def form(self, data: Any = None) -> RuleForm:
        rule = None if self.new else self.rules[self.place]
        return RuleForm(data, definition=self.found.definition, rule=rule)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        place, form = self.place, self.form(request.POST)
        if not form.is_valid():
            return self.shown(form, status=422)
        key = None if self.new else str(self.kwargs["rule"])
        try:
            with transaction.atomic():
                rules.put_rule(version_id=self.found.pk, rule=form.rule, key=key, actor=self.actor, on=self.today)
        except life.NotSound as error:
            form.show_findings(error.findings, place)
            return self.shown(form, status=422)
        except BusinessError as error:
            show_error(form, error)
            return self.shown(form, status=422)
        messages.success(request, _("Rule %(key)s is kept in the draft.") % {"key": form.rule["key"]})
        return self.to_rules()

    def shown(self, form: RuleForm, status: int = 200) -> HttpResponse:
        names = [row["key"] for part in ("questions", "computed") for row in self.found.definition.get(part) or []]
        context = self.get_context_data(form=form, new=self.new, names=names, editable=self.is_own_draft(self.found))
        return self.render_to_response(context, status=status)


class NewRuleView(RuleView):
    new = True


class ChangeView(RulesOfVersion):
    """Move a rule or take it away, by POST."""

    right = (PartCode.PRODUCTS, Right.EDIT)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                self.take(str(kwargs["rule"]))
        except BusinessError as error:
            messages.error(request, str(error))
        return self.to_rules()

    def take(self, key: str) -> None:
        """Call the service."""
        raise NotImplementedError


class MoveRuleView(ChangeView):
    def take(self, key: str) -> None:
        way = rules.UP if self.request.POST.get("way") == rules.UP else rules.DOWN
        rules.move_rule(version_id=self.found.pk, key=key, way=way, actor=self.actor, on=self.today)


class RemoveRuleView(ChangeView):
    def take(self, key: str) -> None:
        rules.remove_rule(version_id=self.found.pk, key=key, actor=self.actor, on=self.today)
