"""The client folder: a customer reads his own policies, invoices and papers, and nothing else (S1-15, S1-27)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from companies.doors import Door
from companies.models.company import Profile
from companies.views import PageView, RoomView
from documents.views import paper_response
from policies.withdrawal_views import until_when
from portal import folder
from relations.models import Party

PAGE = 50


class FolderPage(RoomView):
    """The frame of the folder: reached by its door only, by who stands for a customer."""

    doors = frozenset({Door.FOLDER})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        home = reverse("folder:overview", kwargs={"company": self.company.slug})
        return super().get_context_data(
            customer=Party.objects.filter(pk=self.actor.party_id or 0).first(),
            profile=Profile.objects.first(),
            home_url=home,
            places=self.places(),
            **kwargs,
        )

    def places(self) -> list[dict[str, Any]]:
        """The folder's navigation."""
        pages = [("overview", _("Overview")), ("payments", _("Payments")), ("papers", _("Papers"))]
        return [
            {"title": title, "url": url, "current": url == self.request.path}
            for page, title in pages
            for url in [reverse(f"folder:{page}", kwargs={"company": self.company.slug})]
        ]

    def page_of(self, rows: Any) -> Any:
        """The page of a list that the address asks for."""
        return Paginator(rows, PAGE).get_page(self.request.GET.get("page"))


class OverviewView(FolderPage, PageView):
    """Everything at a glance: policies, what is new, what is due, and who helps."""

    template_name = "portal/folder.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = folder.insurances(folder.own_policies(self.actor), on=self.today)
        return super().get_context_data(
            insurances=rows,
            total=folder.total_of_a_year(rows),
            papers=list(folder.papers(self.actor)[:5]),
            coming=named(list(folder.coming(self.actor, self.today)[:4])),
            advisers=list({row.adviser.pk: row.adviser for row in rows if row.adviser}.values()),
            **kwargs,
        )


class PolicyView(FolderPage):
    """One of his policies: what it costs, from when to when, its invoices and papers."""

    template_name = "portal/folder_policy.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = folder.own_policies(self.actor).filter(number=kwargs["number"]).first()
        if policy is None:
            raise Http404
        (insurance,) = folder.insurances([policy], on=self.today)
        right = folder.right_to_withdraw(policy, self.company, on=self.today)
        return self.render_to_response(
            self.get_context_data(
                insurance=insurance,
                policy=policy,
                until_when=until_when(right) if right else "",
                papers=list(folder.papers(self.actor).filter(case=policy.case_id)),
                invoices=named(list(folder.invoices(self.actor).filter(policy=policy))),
            )
        )


class WithdrawView(FolderPage):
    """Leads to the function to withdraw behind the customer's own link; nothing is done here."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = folder.own_policies(self.actor).filter(number=kwargs["number"]).first()
        secret = folder.secret_of_case(policy) if policy is not None else ""
        if not secret:
            raise Http404
        return redirect("withdrawal:withdraw", company=self.company.slug, secret=secret)


class PaymentsView(FolderPage, PageView):
    """His invoices, each with the days and amounts that it is paid in."""

    template_name = "portal/folder_payments.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(folder.invoices(self.actor))
        page.object_list = named(list(page.object_list))
        return super().get_context_data(page=page, **kwargs)


class PapersView(FolderPage, PageView):
    """All his papers."""

    template_name = "portal/folder_papers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.page_of(folder.papers(self.actor)), **kwargs)


class FolderPaperView(FolderPage):
    """A paper of his own, byte for byte as it was sent."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = folder.papers(self.actor).filter(public_id=kwargs["public_id"]).first()
        if document is None:
            raise Http404
        return paper_response(document)


def named(rows: list[Any]) -> list[Any]:
    """Invoices or instalments, each with its product's name in the reader's language."""
    language = (get_language() or "en")[:2]
    for row in rows:
        policy = row.policy if hasattr(row, "policy") else row.invoice.policy
        row.product_name = policy.product.name(language)
    return rows
