"""The page of a quotation behind the secret address in a mail: read, order, keep the papers (S0-17 to S0-24)."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications.models import Application, ApplicationState
from applications.steps import POLICYHOLDER
from applications.views.base import LinkView, masked
from common.errors import BusinessError
from companies.commands import knock
from companies.doors import Door
from companies.models import Command, CommandState, LinkKind
from companies.requests import client_address
from companies.views import show_error
from correspondence.models import Addressee
from documents.models import Document, DocumentKind
from documents.selectors import documents_visible_to
from documents.views import paper_response
from products.models import ProductVersion
from products.selectors import with_product
from quotations.after import offered_to
from quotations.forms import OrderForm
from quotations.models import Quotation, QuotationState
from quotations.offer import Offer
from quotations.page import QuotationPage
from quotations.services.orders import BEFORE_ORDER

ORDER = "order"
AFTER_ORDER = (DocumentKind.WITHDRAWAL, DocumentKind.POLICY, DocumentKind.INVOICE)


class CaseView(LinkView):
    """A page of the one Case a mailed link opens, for its customer or his adviser."""

    doors: ClassVar[frozenset[Door]] = frozenset({Door.LINK})
    link_kind = LinkKind.CASE

    @cached_property
    def quotation(self) -> Quotation:
        found = Quotation.objects.select_related("case__adviser").filter(case=self.case_id).order_by("-pk").first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def application(self) -> Application:
        rows = Application.objects.select_related("adviser").filter(case=self.case_id)
        return with_product(rows, "version__product").latest("pk")

    @property
    def declined(self) -> bool:
        """Whether the case's application was declined; its page then tells that."""
        return Application.objects.filter(case=self.case_id, state=ApplicationState.DECLINED).exists()

    @cached_property
    def papers(self) -> list[Document]:
        """The papers of the case, oldest first."""
        return list(documents_visible_to(self.actor))

    @property
    def withdrawn(self) -> bool:
        """Whether the customer withdrew from what he ordered; the receipt of it is in the file then."""
        return any(paper.kind == DocumentKind.WITHDRAWAL for paper in self.papers)

    def version_shown(self) -> ProductVersion | None:
        version: ProductVersion = self.application.version
        return version

    @property
    def is_adviser(self) -> bool:
        """Whether the link was mailed to the adviser, who may read and not order (traps 12)."""
        return self.link.addressee == Addressee.ADVISER

    @property
    def address(self) -> str:
        return reverse("case:quotation", kwargs={"company": self.company.slug, "secret": self.secret})

    @property
    def outcome_address(self) -> str:
        return reverse("case:order", kwargs={"company": self.company.slug, "secret": self.secret})

    def find_order(self) -> Command | None:
        """The newest order given by this link."""
        return Command.objects.filter(case_id=self.case_id, kind=ORDER).order_by("-pk").first()

    def shown_papers(self, *kinds: DocumentKind) -> list[dict[str, Any]]:
        """The papers that count, to download, in the order of the kinds, with their address."""
        kwargs = {"company": self.company.slug, "secret": self.secret}
        return [
            {
                "name": paper.title,
                "reference": paper.reference,
                "pages": paper.pages,
                "url": reverse("case:paper", kwargs={**kwargs, "public_id": str(paper.public_id)}),
            }
            for kind in kinds
            for paper in self.papers
            if paper.kind == kind and paper.translates_id is None
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        adviser = self.quotation.case.adviser
        return super().get_context_data(
            **{"home_url": "", "quotation": self.quotation, "adviser_name": adviser.name if adviser else "", **kwargs}
        )


class QuotationView(CaseView):
    """The quotation with its order form. Reading has no effect; an order is a command that a worker carries out."""

    template_name = "quotations/quotation.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not Quotation.objects.filter(case=self.case_id).exists() and self.declined:
            return redirect(reverse("decision:case", kwargs={"company": self.company.slug, "secret": self.secret}))
        if self.ordering:
            return redirect(self.outcome_address)
        return self.shown(self.form() if self.may_order else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.ordering:
            return redirect(self.outcome_address)
        if not self.may_order:
            return redirect(self.address)
        form = self.form(request.POST)
        if not form.is_valid() or not self.placed(form):
            return self.shown(form)
        return redirect(self.outcome_address)

    def placed(self, form: OrderForm) -> bool:
        """Knock with what the customer decided and which papers he saw; False where the form was used before."""
        assert form.ticket is not None  # a valid form has one
        told = form.cleaned_data
        payload = {"plan": told["plan"], "birth_date": told["birth_date"].isoformat(), "documents": form.ticket.shown}
        try:
            knock(kind=ORDER, command_id=form.ticket.command_id, payload=payload, address=client_address(self.request))
        except BusinessError as error:
            show_error(form, error)
            return False
        return True

    @property
    def ordering(self) -> bool:
        """Whether an order of this link waits for the worker."""
        command = self.find_order()
        return command is not None and command.state == CommandState.WAITING

    @property
    def expired(self) -> bool:
        """An offer can't be ordered from its day `valid_until` on (S0-23)."""
        quotation = self.quotation
        over = not quotation.valid_from <= self.today < quotation.valid_until
        return quotation.state == QuotationState.EXPIRED or (quotation.state == QuotationState.OPEN and over)

    @property
    def may_order(self) -> bool:
        return not self.is_adviser and not self.expired and self.quotation.state == QuotationState.OPEN

    @cached_property
    def quotation_page(self) -> QuotationPage:
        return QuotationPage(self.quotation, self.application, self.company, self.language)

    def form(self, data: Any = None) -> OrderForm:
        shown = [
            {"kind": paper.kind, "reference": paper.reference, "sha256": paper.file.sha256}
            for paper in self.papers
            if paper.kind in BEFORE_ORDER and paper.translates_id is None
        ]
        return OrderForm(
            data,
            plans=[(plan.key, plan.name) for plan in self.quotation_page.plans],
            on=self.today,
            summarised=self.quotation_page.words.definition.ipid is None,
            purpose=f"order:{self.link.link_id}:{self.quotation.pk}",
            shown=shown,
            initial={"plan": self.quotation.plan},
        )

    def shown(self, form: OrderForm | None) -> HttpResponse:
        last_day = self.quotation.valid_until - timedelta(days=1)
        policies = self.shown_papers(DocumentKind.POLICY)
        return self.page(
            "quotations/quotation.html",
            form=form,
            page=self.quotation_page,
            picked=str(form["plan"].value()) if form else self.quotation.plan,
            last_day=last_day,
            days_left=(last_day - self.today).days,
            ordered=self.quotation.state == QuotationState.ORDERED,
            expired=self.expired,
            is_adviser=self.is_adviser,
            papers=self.shown_papers(*BEFORE_ORDER),
            policy_papers=self.shown_papers(*AFTER_ORDER),
            policy_number=policies[-1]["reference"] if policies else "",
            offers=offered_to(self) if policies else [],
            withdrawn=self.withdrawn,
            apply_url=self.apply_url,
        )

    @property
    def apply_url(self) -> str:
        """Where a new quotation is asked for, with the same adviser's name if there was one."""
        return reverse(
            "apply:start", kwargs={"company": self.company.slug, "product": self.application.version.product.slug}
        )


class OrderedView(CaseView):
    """What became of the order; it stays here however often one comes back."""

    template_name = "quotations/ordered.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        command = self.find_order()
        if command is None or self.withdrawn:
            return redirect(self.address)
        email = masked(str(self.application.parties.get(POLICYHOLDER, {}).get("email") or ""))
        if command.state == CommandState.WAITING:
            return self.waiting("quotations/ordered.html", command, email=email)
        if command.state == CommandState.REFUSED:
            return self.page(
                "quotations/ordered.html", refused=self.reason(command), back_url=self.address, **self.way_on(command)
            )
        return self.page(
            "quotations/ordered.html",
            policy=command.outcome.get("policy") or "",
            starts_on=self.starts_on(command),
            invoice=command.outcome.get("invoice") or "",
            email=email,
            papers=self.shown_papers(*AFTER_ORDER, *BEFORE_ORDER),
            offers=offered_to(self),
            back_url=self.address,
        )

    def starts_on(self, command: Command) -> date:
        """From when the customer is insured; an outcome from before it was told falls back on the offer."""
        if told := command.outcome.get("starts_on"):
            return date.fromisoformat(told)
        return Offer(self.quotation.evaluation, self.quotation.plan).starts_on

    def reason(self, command: Command) -> str:
        """Why an order wasn't taken, in the reader's language; else in the words of the worker."""
        known = {
            "wrong_fact": _("That isn’t the date of birth in the application. Nothing was ordered."),
            "closed": _("Too many wrong dates of birth were given. Call us to order; nothing was ordered."),
            "expired": _("The quotation is no longer valid. Nothing was ordered; apply again for a new one."),
            "papers": _(
                "The papers of this quotation have changed. Open the page again and read them before you order."
            ),
            "plan": _("Choose one of the payment plans of the quotation. Nothing was ordered."),
            "not_customer": _("Only the customer can order, by the link in the mail to the customer."),
        }
        code = str(command.outcome.get("code", ""))
        return known.get(code) or str(
            command.outcome.get("message") or _("The order could not be taken. Nothing was ordered.")
        )

    def way_on(self, command: Command) -> dict[str, Any]:
        """The way to a new quotation where this one has ended."""
        if command.outcome.get("code") != "expired":
            return {}
        product = self.application.version.product.slug
        return {"apply_url": reverse("apply:start", kwargs={"company": self.company.slug, "product": product})}


class PaperView(CaseView):
    """One paper of the case, byte for byte; a sandbox keeps it from doing anything, so it is saved and not shown."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = documents_visible_to(self.actor).filter(public_id=self.kwargs["public_id"]).first()
        if found is None:
            raise Http404
        response = paper_response(found)
        response["Content-Disposition"] = f'attachment; filename="{found.filename}"'
        return response
