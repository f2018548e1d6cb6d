"""The Case page: one file with its tabs as addresses (S0-29)."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.filler import filled_in
from common.errors import BusinessError
from companies.models import PartCode, Right
from companies.rights import Effective
from companies.views import RoomView
from correspondence.services.mail import send_again
from documents.models import Document
from documents.views import papers_for, sees_cases
from policies.equal import compared
from policies.models import Policy
from policies.services.translate import languages_for
from portal import case_file as files
from portal.timeline import length, timeline
from portal.worksheet import worksheet
from quotations.offer import spoken
from quotations.office import last_day, time_left
from relations.selectors import address_on

V = Right.VIEW


class CaseView(RoomView):
    """The frame of every tab: who may open a file, its head, key facts and tabs."""

    tab: ClassVar[str] = "case"

    @classmethod
    def shown_to(cls, rights: Effective) -> bool:
        return sees_cases(rights) and super().shown_to(rights)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.open_file()
        return self.render_to_response(self.get_context_data())

    def open_file(self) -> None:
        """Find the file of the address for whoever may open files; 403 or 404 otherwise."""
        if not sees_cases(self.rights):
            raise PermissionDenied(
                _("This page needs a right to view applications, quotations or policies. Ask your administrator.")
            )
        file = files.find_case_file(self.kwargs["number"], actor=self.actor)
        if file is None:
            raise Http404
        self.file, self.language = file, (get_language() or "en")[:2]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = self.file
        mark, word = file.state
        return super().get_context_data(
            file=file,
            case=file.case,
            mark=mark,
            word=word,
            product_name=file.product.name(self.language),
            tabs=self.tabs(),
            place=self.place(),
            crumb=self.crumb(),
            **self.facts(),
            **kwargs,
        )

    def facts(self) -> dict[str, Any]:
        """What the reader's rights let him see of the price and the offer."""
        file = self.file
        policies, quotations = self.may(PartCode.POLICIES, V), self.may(PartCode.QUOTATIONS, V)
        offer = file.offer if (policies and file.version) or (quotations and file.quotation) else None
        quotation, led = file.quotation, file.policy or file.application
        return {
            "offer": offer,
            "plan_name": spoken(offer.chosen["names"], self.language) if offer else "",
            "adviser": led.adviser if led else None,
            "filler": filled_in(file.application) if file.application else "",
            "sees_relations": self.may(PartCode.RELATIONS, V),
            "last_day": last_day(quotation) if quotation else None,
            "left": time_left(quotation, on=self.today) if quotation and quotation.state == "open" else None,
        }

    def crumb(self) -> dict[str, str]:
        """The list that holds the furthest thing in the file; a link where the reader may open it."""
        kinds = [
            (self.file.policy, _("Policies"), "policies:list", PartCode.POLICIES),
            (self.file.quotation, _("Quotations"), "quotations:list", PartCode.QUOTATIONS),
            (True, _("Applications"), "applications:list", PartCode.APPLICATIONS),
        ]
        _thing, title, page, part = next(kind for kind in kinds if kind[0])
        url = reverse(page, kwargs={"company": self.company.slug}) if self.may(part, V) else ""
        return {"title": title, "url": url}

    def place(self) -> str:
        """Where the risk's owner lives, in one line of identity."""
        policy = self.file.policy
        address = address_on(policy.holder_id, self.today) if policy else None
        return ", ".join((address.lines[0], address.city)) if address else ""

    def tabs(self) -> list[dict[str, Any]]:
        """The parts of the file that the reader may open."""
        shown: list[tuple[str, str, int | None]] = [("case", _("Overview"), None)]
        if self.may(PartCode.APPLICATIONS, V):
            shown.append(("case_answers", _("Answers"), None))
        shown.append(("case_documents", _("Documents"), len(self.papers)))
        shown.append(("case_messages", _("Messages"), self.file.case.messages.count()))
        if (
            self.may(PartCode.QUOTATIONS, V)
            and self.may(PartCode.POLICIES, V)
            and self.file.policy
            and self.file.policy.order_id
        ):
            shown.append(("case_compared", _("Quotation and policy"), None))
        if self.may(PartCode.ACCEPTANCE, V):
            shown.append(("case_decision", _("Decision"), None))
        shown.append(("case_timeline", _("Whole timeline"), None))
        place = {"company": self.company.slug, "number": self.file.case.number}
        return [
            {
                "title": title,
                "count": count,
                "current": name == self.tab,
                "url": reverse(f"office:{name}", kwargs=place),
            }
            for name, title, count in shown
        ]

    @property
    def papers(self) -> list[Document]:
        """The papers the reader may open, read once a request."""
        if not hasattr(self, "_papers"):
            self._papers = files.papers(self.file.case, actor=self.actor, kinds=papers_for(self.rights))
        return self._papers

    def definition(self) -> dict[str, Any]:
        """The product document of the case."""
        return files.definition_of(self.file.case)


class CaseOverview(CaseView):
    """Price, invoices, versions, the latest of the timeline and the papers."""

    template_name = "portal/case.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        offer, policies = context["offer"], self.may(PartCode.POLICIES, V)
        sees_invoices = self.may(PartCode.INVOICES, V)
        return context | {
            "sheet": worksheet(
                offer, sections=files.section_names(self.definition(), self.language), language=self.language
            )
            if offer
            else [],
            "invoices": files.invoices_of(self.file.policy) if sees_invoices else [],
            "versions": self.versions() if policies and self.file.policy else [],
            "timeline": timeline(self.file.case.pk, most=6),
            "timeline_length": length(self.file.case.pk),
            "papers": self.papers[:6],
        }

    def versions(self) -> list[dict[str, Any]]:
        """The policy's versions as a strip."""
        policy = self.file.policy
        place = {"company": self.company.slug, "number": self.file.case.number}
        rows = policy.versions.order_by("number").defer("evaluation", "answers", "terms") if policy else []
        return [
            {
                "number": row.number,
                "amount": row.total,
                "valid_from": row.valid_from,
                "note": row.get_transaction_display(),
                "url": reverse("office:case", kwargs=place),
                "current": row.pk == (self.file.version and self.file.version.pk),
                "ahead": row.valid_from > self.today,
            }
            for row in rows
        ]


class CaseAnswers(CaseView):
    """What was asked and answered, and who the parties are."""

    right = (PartCode.APPLICATIONS, V)
    tab, template_name = "case_answers", "portal/case_answers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.file.application
        if application is not None:
            kwargs["answers"] = files.answers_told(application.answers, files.version_of(self.file.case), self.language)
            kwargs["parties"] = files.parties_in_words(application)
            kwargs["uploads"] = files.uploads_told(self.file.case)
        return super().get_context_data(**kwargs)


class CaseDocuments(CaseView):
    """All papers, with the hash that proves them; whoever edits the file can have them told in another language."""

    tab, template_name = "case_documents", "portal/case_documents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: list[Any] = self.papers
        spoken = set(self.definition().get("languages", ())) if SendAgain.shown_to(self.rights) else set()
        told = {(paper.translates_id, paper.language) for paper in shown}
        for paper in shown:
            paper.other_languages = [code for code in languages_for(paper, spoken) if (paper.pk, code) not in told]
        return super().get_context_data(papers=shown, **kwargs)


class CaseMessages(CaseView):
    """All mails with the state of their delivery."""

    tab, template_name = "case_messages", "portal/case_messages.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = files.messages_of(self.file.case)
        may_send = SendAgain.shown_to(self.rights)
        return super().get_context_data(
            messages_of_case=found, open_kinds=papers_for(self.rights), may_send=may_send, **kwargs
        )


class SendAgain(CaseView):
    """One mail of a file that wasn't delivered is sent again, by whoever edits what the file holds."""

    right = (PartCode.POLICIES, Right.EDIT)
    or_rights = ((PartCode.QUOTATIONS, Right.EDIT), (PartCode.APPLICATIONS, Right.EDIT))
    http_method_names = ["post", "options"]  # noqa: RUF012 as Django declares it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.open_file()
        message = get_object_or_404(self.file.case.messages, message_id=request.POST.get("message", ""))
        try:
            send_again(message=message, actor=self.actor, on=self.today)
            messages.success(request, _("The mail is on its way; its state stands here."))
        except BusinessError as error:
            messages.error(request, str(error))
        place = {"company": self.company.slug, "number": self.file.case.number}
        return redirect(reverse("office:case_messages", kwargs=place))


class CaseCompared(CaseView):
    """Quotation and policy side by side, field by field; where they differ, which they may not, it is marked."""

    right = (PartCode.POLICIES, V)
    tab, template_name = "case_compared", "portal/case_compared.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.check_quotations()
        rows = compared(self.issued) if self.issued else []
        chapters = {row.chapter: [other for other in rows if other.chapter == row.chapter] for row in rows}
        return super().get_context_data(
            chapters=chapters, fields=len(rows), differing=[row for row in rows if not row.equal], **kwargs
        )

    def check_quotations(self) -> None:
        """Who sees the two beside each other may view both."""
        if not self.may(PartCode.QUOTATIONS, V):
            raise PermissionDenied(
                _("This page needs “%(part)s: %(right)s”. Ask your administrator.")
                % {"part": PartCode.QUOTATIONS.label, "right": V.label}
            )

    @cached_property
    def issued(self) -> Policy | None:
        """The ordered policy with all that it stands on; one that was taken over stands on no quotation."""
        related = (
            "case",
            "adviser",
            "order__quotation__assessment__application__version",
            "order__quotation__assessment__application__adviser",
        )
        ordered = Policy.objects.filter(case=self.file.case).exclude(order=None)
        return ordered.select_related(*related).order_by("-pk").first()


class CaseTimeline(CaseView):
    """Everything that happened, newest first."""

    tab, template_name = "case_timeline", "portal/case_timeline.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(timeline=timeline(self.file.case.pk), **kwargs)
