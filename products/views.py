"""The office's pages of product development: versions, their checks, life and front offices (S2-33 to S2-36)."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.lists import Column, ListFilter, ListView
from companies.models import Act, PartCode, Right
from companies.services.websites import websites
from companies.views import RoomView, show_error
from products.forms import DefinitionForm, EvidenceForm
from products.language import check, run_cases
from products.language.dates import read_day
from products.lines import line_name
from products.models import Channel, PaperKind, ProductChannel, ProductVersion
from products.saying import said_all
from products.selectors import papers_of, versions_visible_to
from products.services import life
from products.states import VERSION_MOVES, VersionState
from relations.models import Appointment

S = VersionState
MARKS = {S.DRAFT: "wait", S.SUBMITTED: "act", S.APPROVED: "good", S.TEST: "test", S.LIVE: "run", S.WITHDRAWN: "end"}


class VersionFilter(ListFilter):
    """Number, short name or name (in each language of the house) of the product, and the version's state."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All states")), *S.choices]
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            named = Q(product__number__icontains=q) | Q(product__slug__icontains=q)
            for language, _name in settings.LANGUAGES:
                named |= Q(**{f"product__names__{language}__icontains": q})
            rows = rows.filter(named)
        return rows.filter(state=asked["state"]) if asked.get("state") else rows


class ProductListView(ListView):
    """All versions of all products."""

    right = (PartCode.PRODUCTS, Right.VIEW)
    template_name = "products/version_list.html"
    name = "products"
    form_class = VersionFilter
    default_sort = "product"
    sorts = {
        "product": ("product__slug", "number"),
        "state": ("state", "product__slug"),
        "live": ("live_from",),
        "number": ("product__number", "number"),
    }
    columns = (
        Column(gettext_lazy("Number"), lambda row: row.product.number, "number", 2),
        Column(gettext_lazy("Product"), lambda row: row.product_name),
        Column(gettext_lazy("Line of business"), lambda row: line_name(row.product.line_of_business)),
        Column(gettext_lazy("Version"), lambda row: row.number),
        Column(gettext_lazy("State"), lambda row: row.get_state_display()),
        Column(gettext_lazy("Live from"), lambda row: row.live_from, "live", 5),
        Column(gettext_lazy("Author"), lambda row: str(row.author or ""), "author", 6),
        Column(gettext_lazy("Approved by"), lambda row: str(row.approved_by or ""), "approved", 7),
    )

    def rows(self) -> QuerySet[ProductVersion]:
        return (
            versions_visible_to(self.actor)
            .select_related("product", "author", "approved_by")
            .defer("definition", "evidence")
        )

    def dress(self, row: ProductVersion) -> None:
        shown: Any = row
        shown.product_name = row.product.name((get_language() or "en")[:2])
        shown.mark = MARKS[VersionState(row.state)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_upload=self.may(PartCode.PRODUCTS, Right.INPUT), **kwargs)


class UploadView(RoomView):
    """A definition file becomes a new draft; what is wrong in it is named by its path, and nothing is kept."""

    right = (PartCode.PRODUCTS, Right.INPUT)
    template_name = "products/upload.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=DefinitionForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DefinitionForm(request.POST, request.FILES)
        findings: list[dict[str, Any]] = []
        if form.is_valid():
            try:
                with transaction.atomic():
                    version = life.draft_version(
                        definition=form.cleaned_data["definition"],
                        company=self.company,
                        actor=self.actor,
                        on=self.today,
                    )
            except BusinessError as error:
                show_error(form, error)
                findings = said_all(getattr(error, "findings", [])[:200])
            else:
                messages.success(request, _("Version %(number)s is drafted.") % {"number": version.number})
                return redirect(address_of(self.company.slug, version))
        return self.render_to_response(self.get_context_data(form=form, findings=findings), status=422)


def name_of(version: ProductVersion) -> str:
    """The product's name in the reader's language."""
    return str(version.product.name((get_language() or "en")[:2]))


def address_of(slug: str, version: ProductVersion, page: str = "version") -> str:
    """A page of a version."""
    place = {"company": slug, "slug": version.product.slug, "number": version.number}
    return reverse(f"products:{page}", kwargs=place)


class OneVersion(RoomView):
    """A page of one version, found by its product's short name and its number."""

    right = (PartCode.PRODUCTS, Right.VIEW)

    def version(self) -> ProductVersion:
        """The version of the address; 404 where there's none here."""
        rows = versions_visible_to(self.actor).select_related("product", "author", "approved_by", "released_by")
        found = rows.filter(product__slug=self.kwargs["slug"], number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found

    def is_own_draft(self, version: ProductVersion) -> bool:
        """Whether this reader may change the version: it is his own draft."""
        own = version.state == S.DRAFT and version.author_id == self.actor.user_id
        return own and self.may(PartCode.PRODUCTS, Right.EDIT)

    def may_step(self, step: "type[StepView]") -> bool:
        """Whether the reader's rights and acts allow a step."""
        by_right = any(self.may(PartCode.PRODUCTS, right) for right in step.rights_for)
        return by_right or any(self.may_act(act) for act in step.acts_for)


class VersionView(OneVersion):
    """One version: its state, checks, worked cases, where it is sold, and the steps the reader may take."""

    template_name = "products/version.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.version()
        found = check(version.definition)
        cases = run_cases(version.definition) if found["ok"] or version.definition.get("cases") else None
        name = name_of(version)
        addresses = front_offices(version, self.company.slug) if version.state == S.LIVE else []
        return self.render_to_response(
            self.get_context_data(
                version=version,
                product_name=name,
                line=line_name(version.product.line_of_business),
                mark=MARKS[VersionState(version.state)],
                found=found | {"errors": said_all(found["errors"])},
                cases=cases,
                steps=self.steps(version),
                evidence_form=EvidenceForm(),
                papers=papers_of(version),
                editable=self.is_own_draft(version),
                terms_missing=terms_missing(version),
                approved_on=read_day((version.evidence or {}).get("approved_on")),
                addresses=addresses,
                snippet=snippet_of(addresses[0].url, title=name) if addresses else "",
                websites=websites(),
            )
        )

    def steps(self, version: ProductVersion) -> list[dict[str, Any]]:
        """The next steps from the table of moves, each with its address, or with the reason why not for this reader."""
        shown = []
        for step in STEPS:
            if step.to not in VERSION_MOVES[VersionState(version.state)]:
                continue
            allowed = self.may_step(step)
            own = step.four_eyes and version.author_id == self.actor.user_id
            shown.append(
                {
                    "title": step.title,
                    "url": address_of(self.company.slug, version, step.page),
                    "allowed": allowed and not own,
                    "own": own,
                    "needs": step.needs,
                    "follows": step.follows,
                    "evidence": step.evidence,
                    "danger": step.danger,
                }
            )
        return shown


def terms_missing(version: ProductVersion) -> bool:
    """Whether the definition names terms, and no paper holds them."""
    named = {part.get("kind") for part in version.definition.get("documents") or []}
    return "terms" in named and not version.papers.filter(kind=PaperKind.TERMS).exists()


@dataclass(frozen=True, slots=True)
class Address:
    """Where a live version is sold: for whom, its link, and whether it is switched on there."""

    name: str
    url: str
    on: bool


def front_offices(version: ProductVersion, slug: str) -> list[Address]:
    """The front office of a live version: the company's own, and one a distributor (S0-03, S0-04)."""
    base = f"{settings.PUBLIC_URL}/{slug}/apply/{version.product.slug}/"
    switches = {
        (row.channel, row.appointment_id): row.on for row in ProductChannel.objects.filter(product=version.product)
    }
    direct = switches.get((Channel.DIRECT, None), True)
    adviser = switches.get((Channel.ADVISER, None), True)
    appointments = Appointment.objects.select_related("party").order_by("party__sort_key", "pk")
    return [
        Address(_("Direct, without adviser"), base, direct),
        *(
            Address(row.party.name, f"{base}via/{row.code}/", switches.get((Channel.ADVISER, row.pk), adviser))
            for row in appointments
        ),
    ]


def snippet_of(address: str, *, title: str) -> str:
    """The two lines that show a front office on one's own website: a frame, and its height (traps 13)."""
    script = f"{settings.PUBLIC_URL}{settings.STATIC_URL}js/frame.js"
    text = format_html(
        '<iframe src="{}" title="{}" width="100%" height="900" data-polisdesk></iframe>\n'
        '<script src="{}" async></script>',
        address,
        title,
        script,
    )
    return str.__str__(text)  # shown as text, so it is escaped once more


class DefinitionView(OneVersion):
    """The document itself, to keep or to change outside."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.version()
        text = json.dumps(version.definition, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json")
        name = f"{version.product.slug}-{version.number}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class StepView(OneVersion):
    """One step of a version's life, by POST. A refusal is shown on the version's page; nothing has changed then.

    `rights_for` and `acts_for`: any one of them allows the step; `follows`: what it does that can't be undone.
    """

    page: ClassVar[str]
    title: ClassVar["str | Promise"]
    done: ClassVar["str | Promise"]
    needs: ClassVar["str | Promise"]
    follows: ClassVar["str | Promise"] = ""
    to: ClassVar[VersionState]
    rights_for: ClassVar[tuple[Right, ...]] = ()
    acts_for: ClassVar[tuple[Act, ...]] = ()
    four_eyes: ClassVar[bool] = False
    evidence: ClassVar[bool] = False
    danger: ClassVar[bool] = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_step(type(self)):
            raise PermissionDenied(str(self.needs))
        version = self.version()
        back = HttpResponseRedirect(address_of(self.company.slug, version))
        try:
            with transaction.atomic():
                self.take(version)
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(self.done) % {"number": version.number})
        return back

    def take(self, version: ProductVersion) -> None:
        """Call the step's service."""
        raise NotImplementedError


class SubmitView(StepView):
    page, to = "submit", S.SUBMITTED
    title, done = gettext_lazy("Submit for approval"), gettext_lazy("Version %(number)s waits for approval.")
    needs = gettext_lazy("This step needs “Product development: Edit”.")
    rights_for = (Right.EDIT,)

    def take(self, version: ProductVersion) -> None:
        life.submit_version(version=version, actor=self.actor, on=self.today)


class ReturnView(StepView):
    page, to = "return", S.DRAFT
    title, done = gettext_lazy("Return to the author"), gettext_lazy("Version %(number)s is a draft again.")
    needs = gettext_lazy("This step needs “Product development: Edit” or “Approve a product”.")
    rights_for, acts_for = (Right.EDIT,), (Act.APPROVE_PRODUCT,)

    def take(self, version: ProductVersion) -> None:
        life.return_version(version=version, actor=self.actor, on=self.today)


class ApproveView(StepView):
    page, to = "approve", S.APPROVED
    title, done = gettext_lazy("Approve"), gettext_lazy("Version %(number)s is approved and frozen.")
    needs = gettext_lazy("This step needs “Approve a product”, by somebody other than the author.")
    follows = gettext_lazy("Approved, it is frozen: what is to change from then on takes a new version.")
    acts_for, four_eyes = (Act.APPROVE_PRODUCT,), True

    def take(self, version: ProductVersion) -> None:
        life.approve_version(version=version, actor=self.actor, on=self.today)


class TestView(StepView):
    page, to = "test", S.TEST
    title, done = gettext_lazy("Put in test"), gettext_lazy("Version %(number)s is live in the rehearsal.")
    needs = gettext_lazy("This step needs “Product development: Edit”.")
    rights_for = (Right.EDIT,)

    def take(self, version: ProductVersion) -> None:
        life.put_in_test(version=version, actor=self.actor, on=self.today)


class LiveView(StepView):
    page, to = "live", S.LIVE
    title, done = gettext_lazy("Set live"), gettext_lazy("Version %(number)s is live.")
    needs = gettext_lazy("This step needs “Set a product live”, by somebody other than the author.")
    follows = gettext_lazy("It is sold from now on, and the version that was live until now is withdrawn for good.")
    acts_for, four_eyes, evidence = (Act.RELEASE_PRODUCT,), True, True

    def take(self, version: ProductVersion) -> None:
        form = EvidenceForm(self.request.POST)
        if not form.is_valid() and self.request.POST.get("evidence", "").strip():
            raise BusinessError(str(form.errors["evidence"][0]))  # too long; that there is none the service says
        life.set_live(
            version=version, actor=self.actor, on=self.today, evidence=form.cleaned_data.get("evidence") or ""
        )


class WithdrawView(StepView):
    page, to = "withdraw", S.WITHDRAWN
    title, done = gettext_lazy("Withdraw…"), gettext_lazy("Version %(number)s is withdrawn: no new business with it.")
    needs = gettext_lazy("This step needs “Product development: Edit”.")
    follows = gettext_lazy(
        "From now on nobody takes out this insurance with this version, and it can’t be made live again. "
        "Policies that run on it keep it."
    )
    rights_for, danger = (Right.EDIT,), True

    def take(self, version: ProductVersion) -> None:
        life.withdraw_version(version=version, actor=self.actor, on=self.today)


STEPS: tuple[type[StepView], ...] = (SubmitView, ApproveView, ReturnView, TestView, LiveView, WithdrawView)
