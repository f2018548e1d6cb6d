"""What the public pages share: the company's foot, the adviser in the bar, and pages behind a secret link."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.forms import SignedForm, spoken_language
from applications.limits import wait_for
from applications.question_forms import AskingForm
from applications.services.drafts import find_lapsed
from applications.steps import FILES, PARTY, RECORDS, REVIEW, Step, Way
from companies.doors import Door
from companies.entrance import OpenLink
from companies.middleware import RULES
from companies.models import Command, LinkKind
from companies.models.company import Profile
from companies.requests import client_address
from companies.services.websites import websites
from companies.views import RoomView
from documents.models import Case
from products.language import Product
from products.models import ProductVersion
from products.selectors import compiled, find_live_version

QUICK, SLOW = 20, 300  # seconds that a page looks every 2, then every 10 seconds; later only when asked


def sent_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that a form stood on a page of another origin; one that says neither isn't asked."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    ours = f"{request.scheme}://{request.get_host()}"
    return origin not in {None, "", ours} or site not in {"same-origin", "none"}


class FrontView(RoomView):
    """A page for visitors: no login, no rights; the wall shows what is live or belongs to the link."""

    doors: ClassVar[frozenset[Door]] = frozenset({Door.FRONT})

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and sent_from_elsewhere(request):
            raise PermissionDenied(_("Expected a form from our own page, found one from another website."))
        response = super().dispatch(request, *args, **kwargs)
        if getattr(request, "actor", None) is not None and self.actor.door == Door.FRONT:
            self.let_frame(response)
        return response

    def let_frame(self, response: HttpResponseBase) -> None:
        """The company's own websites may show the page in a frame; nobody else, and no other page (traps 13)."""
        if origins := [website.origin for website in websites()]:
            response.headers.setdefault("Content-Security-Policy", RULES + " ".join(origins))
            response.xframe_options_exempt = True  # type: ignore[attr-defined]  # it knows no list

    def held_up(self, act: str, form: Any = None) -> int:
        """The seconds to wait where an act was done too often; the form then says so, with all that was typed."""
        wait = wait_for(act, company_id=self.company.pk, address=client_address(self.request))
        if wait and form is not None:
            form.is_valid()
            form.errors.clear()
            message = ngettext(
                "Too much was sent from here in a short time. Nothing is lost: send it again in a minute.",
                "Too much was sent from here in a short time. Nothing is lost: send it again in %(minutes)s minutes.",
                minutes := -(-wait // 60),
            )
            form.add_error(None, message % {"minutes": minutes})
        return wait

    def too_often(self, response: HttpResponse, wait: int) -> HttpResponse:
        """The page again, with the answer of HTTP to haste."""
        response.status_code = 429
        response["Retry-After"] = str(wait)
        return response

    @property
    def framed(self) -> bool:
        """Whether the page stands in a frame, as browsers tell; there no cookie is kept."""
        return self.request.headers.get("Sec-Fetch-Dest") == "iframe"

    @property
    def language(self) -> str:
        """The visitor's language."""
        return spoken_language()

    def speak(self, product: Product) -> None:
        """The whole page in one language: the visitor's where the product speaks it, else the product's own."""
        language = product.language(self.language)
        translation.activate(language)  # until the request is over
        self.request.LANGUAGE_CODE = language
        spoken = [row for row in settings.LANGUAGES if row[0] in product.languages]
        self.request.languages = spoken  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        home = reverse("apply:list", kwargs={"company": self.company.slug})
        return super().get_context_data(**{"home_url": home, "profile": Profile.objects.first(), **kwargs})

    @property
    def looks(self) -> bool:
        """Whether the page's script merely asks which questions what was typed makes necessary; nothing is kept."""
        return bool(self.request.htmx)  # type: ignore[attr-defined]

    def looked(self, form: SignedForm) -> HttpResponse:
        """The questions that appeared or went, for the page that stands open."""
        if not isinstance(form, AskingForm) or self.held_up("look"):
            return HttpResponse(status=204)
        return self.page("applications/step.html#changes", form=form, moves=True)

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """Another template than the view's own, rendered inside the wall."""
        self.template_name = template
        return self.render_to_response(self.get_context_data(**context), status=status)


class LinkView(FrontView):
    """A page behind a secret link of one kind; a link of another kind opens nothing here."""

    link_kind: ClassVar[LinkKind] = LinkKind.APPLICATION

    @property
    def link(self) -> OpenLink:
        link: OpenLink = self.request.link  # type: ignore[attr-defined]
        return link

    @property
    def case_id(self) -> int:
        """The one Case that the link opens."""
        return self.link.case_id

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        link = getattr(request, "link", None)
        self.secret = str(kwargs.pop("secret"))
        if link is None and (page := self.lapsed(request)) is not None:
            return page
        if link is None or link.kind != self.link_kind:
            raise Http404
        if self.framed and "language" not in request.GET:
            translation.activate(Case.objects.only("language").get(pk=link.case_id).language)
        if (version := self.version_shown()) is not None:
            self.speak(compiled(version))
        return super().dispatch(request, *args, **kwargs)

    def url_of(self, page: str, **more: Any) -> str:
        """The address of one of its pages: continue, step, record, file, renew, later, outcome."""
        return reverse(f"apply:{page}", kwargs={"company": self.company.slug, "secret": self.secret, **more})

    def version_shown(self) -> ProductVersion | None:
        """The product of the case, whose languages the page speaks."""
        case = Case.objects.only("product_version_id").filter(pk=self.case_id).first()
        return ProductVersion.objects.filter(pk=case.product_version_id).first() if case else None

    def lapsed(self, request: Any) -> HttpResponse | None:
        """A page that says since when an application can't be continued any more, and where to begin anew."""
        if not hasattr(request, "company") or request.actor.door != Door.FRONT:
            return None
        if (ended := find_lapsed(self.secret, on=self.today)) is None:
            return None
        kwargs = {"company": self.company.slug, "product": ended.product}
        start = reverse("apply:via", kwargs=kwargs | {"code": ended.adviser}) if ended.adviser else None
        url = (start or reverse("apply:start", kwargs=kwargs)) if find_live_version(ended.product) else ""
        return self.page("applications/lapsed.html", status=410, ended_at=ended.ended_at, start_url=url)

    def waiting(self, template: str, command: Command, **context: Any) -> HttpResponse:
        """A page that looks again by itself, first often, then seldom; one that lasts says so and stops."""
        waited = (timezone.now() - command.recorded_at).total_seconds()
        response = self.page(template, waiting=True, lasting=waited >= QUICK, stopped=waited >= SLOW, **context)
        if waited < SLOW:
            response["Refresh"] = "2" if waited < QUICK else "10"
        return response


def title_of(step: Step, product: Product, language: str) -> str:
    """The heading of a step."""
    if step.kind == REVIEW:
        return _("Is everything right?")
    if step.kind == PARTY:
        return _("Your details") if step.part == 1 else role_name(product, step.role, language)
    if step.kind in {RECORDS, FILES}:
        return question_label(product, step.keys[0], language)
    if step.follow:
        return _("One more question") if len(step.keys) == 1 else _("A few more questions")
    return _("What do you want to insure?") if step.part == 1 else _("More about it")


def label_of(step: Step, product: Product, language: str) -> str:
    """A step in the list of steps."""
    if step.kind == REVIEW:
        return _("Check and send")
    if step.kind == PARTY:
        return title_of(step, product, language)
    if step.kind in {RECORDS, FILES}:
        name = next(part.spec.record_name for part in product.questions if part.spec.key == step.keys[0])
        return (name or {}).get(product.language(language)) or question_label(product, step.keys[0], language)
    if step.follow:
        return _("One more question") if len(step.keys) == 1 else _("More questions")
    return _("What you insure") if step.part == 1 else _("More about it")


def question_label(product: Product, key: str, language: str) -> str:
    """A question as the product words it."""
    part = next(part for part in product.questions if part.spec.key == key)
    return part.spec.label[product.language(language)]


def role_name(product: Product, role: str, language: str) -> str:
    names: Mapping[str, str] = next(row.names for row in product.definition.parties if row.role == role)
    return names[product.language(language)]


def shown_steps(
    way: Way, current: Step, product: Product, language: str, address_of: Any, steps: Sequence[Step] = ()
) -> list[dict[str, Any]]:
    """The steps as the page lists them; `address_of` gives the address of one that can be reached, or nothing."""
    reached = way.place(way.first_open)
    return [
        {
            "label": label_of(step, product, language),
            "role": step.role,
            "current": step.slug == current.slug,
            "done": step.slug in way.complete and step.slug != current.slug,
            "url": address_of(step) if step.slug == current.slug or way.place_of(step.slug) <= reached else "",
        }
        for step in steps or way.steps
    ]


def masked(email: str) -> str:
    """Enough of an address to recognise it: s••••@example.nl."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}••••@{host}" if host else ""
