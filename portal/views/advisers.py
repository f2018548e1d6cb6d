"""The advisers' door (extranet): own portfolio, own links, own cases with their papers; nobody else's (S0-34)."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from applications.filler import filled_in
from applications.models import Draft
from common.formats import name_in_list
from companies.doors import Door
from companies.lists import Column, ListView
from companies.services.websites import websites
from companies.views import PageView, RoomView
from documents.models import DocumentKind
from documents.rendering.qr import address_drawing
from documents.selectors import documents_visible_to
from documents.views import paper_response
from portal import case_file as files
from portal.portfolio import PortfolioFilter, mark_of, portfolio, state_in_words
from portal.worksheet import worksheet
from products.selectors import products_shown, versions_sold_by
from products.views import snippet_of
from quotations.offer import spoken
from quotations.office import last_day, time_left
from relations.models import Appointment
from relations.selectors import appointment_of, holds_on

K = DocumentKind
PAPERS = {
    kind.value for kind in (K.APPLICATION, K.QUOTATION, K.IPID, K.SUMMARY, K.POLICY, K.DECISION, K.TERMS, K.SERVICE)
}


class AdviserPage(RoomView):
    """The frame of the extranet: reached by the advisers' door only, with a navigation of its own."""

    doors = frozenset({Door.ADVISERS})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(navigation=self.navigation(), **kwargs)

    def navigation(self) -> list[dict[str, Any]]:
        """The places of the extranet, as the office's frame takes them."""
        pages = [
            ("advisers:portfolio", now("Portfolio"), "policy"),
            ("advisers:applications", now("Applications"), "file"),
            ("advisers:products", now("Products"), "product"),
            ("advisers:links", now("Your links"), "link"),
        ]
        places = [(reverse(page, kwargs={"company": self.company.slug}), title, icon) for page, title, icon in pages]
        path = self.request.path
        within = [url for url, _title, _icon in places[1:] if path.startswith(url)]
        here = max(within, key=len, default=path)
        items = [
            {"title": title, "url": url, "icon": icon, "current": url == here, "count": None}
            for url, title, icon in places
        ]
        return [{"title": "", "items": items}]


class PortfolioView(AdviserPage, ListView):
    """Policies and open business of the adviser's own cases."""

    template_name = "portal/portfolio.html"
    name = "portfolio"
    form_class = PortfolioFilter
    default_sort = "-number"
    sorts = {
        "number": ("number",),
        "name": ("family", "given"),
        "product": ("product_id",),
        "stage": ("stage", "number"),
        "premium": ("premium",),
        "opened": ("opened_on",),
        "renews": ("renews_on",),
    }
    columns = (
        Column(_("Case"), lambda row: row.number),
        Column(_("Customer"), lambda row: row.holder),
        Column(_("Product"), lambda row: row.product_name, "product", 3),
        Column(_("Application"), lambda row: row.application_number),
        Column(_("Quotation"), lambda row: row.quotation_number),
        Column(_("Policy"), lambda row: row.policy_number),
        Column(_("State"), lambda row: row.state, "state", 4),
        Column(_("Premium"), lambda row: row.premium, "premium", 5),
        Column(_("Renews"), lambda row: row.renews_on, "renews", 7),
    )

    def rows(self) -> QuerySet[Any]:
        self.names = {product.pk: product.name((get_language() or "en")[:2]) for product in products_shown()}
        return portfolio(self.actor)

    def dress(self, row: Any) -> None:
        row.holder = name_in_list(family=row.family or "", given=row.given or "")
        row.product_name = self.names.get(row.product_id, "")
        row.shown_number = row.policy_number or row.quotation_number or row.application_number or row.number
        row.state, row.mark = state_in_words(row), mark_of(row)


class LinksView(AdviserPage, PageView):
    """The adviser's own front office of each live product, to send to customers or to put on his site (S0-03)."""

    template_name = "portal/links.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appointment = appointment_of(self.actor.party_id) if self.actor.party_id else None
        holds = appointment is not None and holds_on(appointment, self.today)
        links = self.links(appointment) if appointment is not None else []
        return super().get_context_data(
            appointment=appointment, holds=holds, links=links, websites=websites(), **kwargs
        )

    def links(self, appointment: Appointment) -> list[dict[str, Any]]:
        """Name, address, code to scan and lines for a website of each live product he may sell today."""
        language = (get_language() or "en")[:2]
        sold = [version.product for version in versions_sold_by(appointment, on=self.today)]
        addresses = [
            f"{settings.PUBLIC_URL}/{self.company.slug}/apply/{row.slug}/via/{appointment.code}/" for row in sold
        ]
        return [
            {
                "name": product.name(language),
                "slug": product.slug,
                "url": url,
                "code": address_drawing(url),
                "snippet": snippet_of(url, title=product.name(language)),
            }
            for product, url in zip(sold, addresses, strict=True)
        ]


class AdviserCaseView(AdviserPage):
    """One case of his own: what it is now, the price and the papers; nothing of the internal decision."""

    template_name = "portal/adviser_case.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = files.find_case_file(kwargs["number"], actor=self.actor)
        if file is None:
            raise Http404
        language = (get_language() or "en")[:2]
        mark, word = file.state
        offer, quotation = file.offer, file.quotation
        version = files.version_of(file.case)
        names = files.section_names(version.definition if version else {}, language)
        return self.render_to_response(
            self.get_context_data(
                file=file,
                mark=mark,
                word=word,
                product_name=file.product.name(language),
                offer=offer,
                plan_name=spoken(offer.chosen["names"], language) if offer else "",
                sheet=worksheet(offer, sections=names, language=language) if offer else [],
                last_day=last_day(quotation) if quotation else None,
                left=time_left(quotation, on=self.today) if quotation and quotation.state == "open" else None,
                answers=files.answers_told(file.application.answers, version, language) if file.application else [],
                papers=files.papers(file.case, actor=self.actor, kinds=PAPERS),
                filler=filled_in(file.application, company_name=self.company.name) if file.application else "",
                draft=Draft.objects.filter(case=file.case, discarded_at=None).first() if not file.application else None,
            )
        )


class AdviserPaperView(AdviserPage):
    """A paper of his own case: application, quotation, information document, policy, letter of a refusal."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        papers = documents_visible_to(self.actor).filter(kind__in=PAPERS)
        document = papers.filter(public_id=kwargs["public_id"]).first()
        if document is None:
            raise Http404
        return paper_response(document)
