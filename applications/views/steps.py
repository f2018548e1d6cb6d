"""The steps of an application behind its secret address, up to the declaration (S0-05 to S0-08)."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from applications.forms import DeclarationForm, SignedForm, Ticket
from applications.held import product_for
from applications.list_forms import FilesForm, ListForm
from applications.models import Draft
from applications.party_forms import PartyForm, as_data, role_of
from applications.question_forms import QuestionForm
from applications.services.drafts import (
    AlreadySubmitted,
    Incomplete,
    hand_in,
    keep_answers,
    keep_party,
    keep_unfinished,
)
from applications.services.records import confirm_records, print_of, records_of, remove_record
from applications.steps import ASKING, FILES, PARTY, POLICYHOLDER, QUESTIONS, RECORDS, REVIEW, Step, Way, gathered
from applications.told import records_table, told_answers, told_details
from applications.views.base import label_of
from applications.views.draft import DraftView
from applications.views.files import files_context, take_files
from applications.views.records import list_context
from common.errors import BusinessError
from companies.requests import client_address
from companies.views import show_error
from products.language import Product
from products.selectors import compiled, with_product

BACK, LATER = "back", "later"
LEAVING = {BACK, LATER}


class ContinueView(DraftView):
    """The address to save: leads to the first step that isn't complete, or to the outcome."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.elsewhere() or redirect(self.address(self.way(self.open_draft).first_open))


class StepView(DraftView):
    """One step: shown with what was answered before, checked anew when it is sent."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(request.POST)

    def answer(self, data: QueryDict | None) -> HttpResponse:
        """The page of the step, or what follows from the form that was sent."""
        if (elsewhere := self.elsewhere()) is not None:
            return elsewhere
        draft = self.open_draft
        way = self.way(draft)
        step = way.find(self.kwargs["step"])
        if step is None or not way.reachable(step):
            return redirect(self.address(way.first_open))
        if data is not None and self.looks:
            return self.looked(self.form_of(step, draft, None, typed=data))
        form = self.form_of(step, draft, data)
        if data is not None and (wait := self.held_up(self.act(step, data), form)):
            return self.too_often(self.shown(form, step, draft), wait)
        if data is None or (not form.is_valid() and not self.leaves(form, data)):
            return self.shown(form, step, draft)
        try:
            if isinstance(form, FilesForm):
                return self.answer_files(form, step, draft, data)
            return redirect(self.take(form, step, draft, data))
        except AlreadySubmitted:
            return self.to_outcome()
        except Incomplete as error:
            return redirect(self.url_of("step", step=error.slug))
        except BusinessError as error:
            show_error(form, error)
            return self.shown(form, step, draft)

    def act(self, step: Step, data: QueryDict) -> str:
        """What a form asks for, as it is counted."""
        if step.kind == REVIEW and data.get("go") not in LEAVING:
            return "submit"
        return "file" if self.request.FILES else "send"

    def answer_files(self, form: FilesForm, step: Step, draft: Draft, data: QueryDict) -> HttpResponse:
        """Take what was sent of files, and go on if the applicant wants to and nothing is missing."""
        taken = take_files(self, form, step, draft) if form.is_valid() else None
        if taken is None and not form.errors:
            return redirect(self.address(step))
        if taken is not None and data.get("go") not in LEAVING:
            form = FilesForm(data, **self.asked(step, taken), purpose=form.purpose)
            form.is_valid()
            form.judge()
        if taken is None or form.errors:
            again = with_product(Draft.objects.select_related("adviser"), "version__product").get(pk=draft.pk)
            return self.shown(form, step, again)
        return redirect(self.place_of(data, step, taken))

    def asked(self, step: Step, draft: Draft) -> dict[str, Any]:
        """What the form of a question with a page of its own is about."""
        return {
            "product": product_for(draft),
            "key": step.keys[0],
            "answers": draft.answers,
            "on": self.today,
        }

    def leaves(self, form: SignedForm, data: QueryDict) -> bool:
        """Whether the page is left for another one than the next: what was typed is kept, good or not."""
        return data.get("go") in LEAVING and not form.has_error(NON_FIELD_ERRORS, "token")

    def form_of(self, step: Step, draft: Draft, data: QueryDict | None, *, typed: Any = None) -> SignedForm:
        product, purpose = product_for(draft), f"step:{self.link.link_id}:{step.slug}"
        if typed is None and data is None:
            typed = draft.unfinished.get(step.slug)
        if step.kind == QUESTIONS:
            return QuestionForm(
                data,
                product=product,
                keys=step.keys,
                answers=draft.answers,
                on=self.today,
                before=self.way(draft).known_before(step, draft.answers),
                typed=typed,
                purpose=purpose,
            )
        if step.kind == PARTY:
            return self.party_form(step, draft, data, purpose, typed=typed)
        if step.kind == RECORDS:
            seen = print_of(records_of(draft, step.keys[0]))
            return ListForm(data, shown=seen, purpose=purpose, **self.asked(step, draft))
        if step.kind == FILES:
            return FilesForm(data, purpose=purpose, **self.asked(step, draft))
        # Signed for these very answers: what somebody changed meanwhile is shown before it is declared.
        return self.declaration(data, purpose=f"{purpose}:{draft.updated_at.isoformat()}")

    def declaration(self, data: Any, *, purpose: str) -> SignedForm:
        """The last word, in the words of who declares."""
        return DeclarationForm(data, purpose=purpose)

    def party_form(self, step: Step, draft: Draft, data: Any, purpose: str, *, typed: Any = None) -> PartyForm:
        product = compiled(draft.version)
        return PartyForm(
            data,
            role=role_of(product, step.role),
            country=product.definition.country,
            on=self.today,
            holder=step.role == POLICYHOLDER,
            purpose=purpose,
            initial=typed or as_data(draft.parties.get(step.role, {})),
        )

    def take(self, form: SignedForm, step: Step, draft: Draft, data: QueryDict) -> str:
        """Keep what was sent and say where to go on: the first step that isn't complete, at last the review."""
        if step.kind in {REVIEW, RECORDS} and self.leaves(form, data):
            return self.place_of(data, step, draft)  # nothing was typed here, and a list isn't confirmed by leaving it
        if step.kind == REVIEW:
            return self.submit(form.ticket, draft)
        if isinstance(form, ListForm) and form.removed is not None and form.is_valid():
            return self.remove(form, step)
        if not form.is_valid():
            draft = keep_unfinished(case_id=self.case_id, page=step.slug, entries=form.typed)
        elif isinstance(form, QuestionForm):
            answers = form.cleaned_answers
            draft = keep_answers(case_id=self.case_id, page=step.slug, answers=answers, on=self.today)
        elif isinstance(form, ListForm):
            draft = confirm_records(case_id=self.case_id, page=step.slug, key=step.keys[0], on=self.today)
        elif isinstance(form, PartyForm):
            draft = keep_party(case_id=self.case_id, page=step.slug, role=step.role, details=form.details)
        return self.place_of(data, step, draft)

    def remove(self, form: ListForm, step: Step) -> str:
        """Take a record out of the list that stood on the page."""
        remove_record(
            case_id=self.case_id,
            page=step.slug,
            key=step.keys[0],
            place=form.removed or 0,
            seen=form.ticket.shown if form.ticket else "",
            on=self.today,
        )
        return self.address(step)

    def place_of(self, data: QueryDict, step: Step, draft: Draft) -> str:
        """Where the button that was pressed leads."""
        way = self.way(draft)
        if data.get("go") == LATER:
            return self.url_of("later")
        if data.get("go") == BACK and (here := way.find(step.slug)) is not None:
            return self.address(way.before(here) or here)
        return self.address(way.first_open)

    def submit(self, ticket: Ticket | None, draft: Draft) -> str:
        """Check the details once more and hand in; the worker checks everything again."""
        for step in self.way(draft).steps:
            if step.kind == PARTY:
                self.check_party(step, draft)
        if ticket is None:
            raise BusinessError(_("Expected the form of this page, found another one. Send it again."))
        self.hand_in(ticket)
        return self.url_of("outcome")

    def hand_in(self, ticket: Ticket) -> None:
        """Knock at the worker's, as who sends it in."""
        hand_in(case_id=self.case_id, command_id=ticket.command_id, address=client_address(self.request), on=self.today)

    def check_party(self, step: Step, draft: Draft) -> None:
        purpose = f"stored:{self.link.link_id}"
        stored = as_data(draft.parties.get(step.role, {}))
        form = self.party_form(
            step, draft, stored | {"token": self.party_form(step, draft, None, purpose).token}, purpose
        )
        if not form.is_valid():
            raise Incomplete(_("Something is still missing on this page."), step.slug)

    def shown(self, form: SignedForm, step: Step, draft: Draft) -> HttpResponse:
        context = {"form": form, **self.frame(step, draft)}
        product = product_for(draft)
        if isinstance(form, ListForm):
            context |= list_context(self, product, step, draft, form.wrong if form.is_bound else set())
            return self.page("applications/records.html", **context)
        if isinstance(form, FilesForm):
            return self.page("applications/files.html", **context, **files_context(self, product, step))
        if step.kind in {QUESTIONS, PARTY}:
            return self.page("applications/step.html", details=step.kind == PARTY, **context)
        return self.page("applications/review.html", parts=self.parts(self.way(draft), draft, product), **context)

    def parts(self, way: Way, draft: Draft, product: Product) -> list[dict[str, Any]]:
        """Everything that was told, step by step, with the way back to change it."""
        return [
            {
                "title": label_of(step, product, self.language),
                "role": step.role,
                "url": self.address(step),
                "rows": told_answers(product, step, draft.answers, self.today, self.language)
                if step.kind in ASKING
                else told_details(draft.parties.get(step.role, {})),
                "table": records_table(product, step.keys[0], records_of(draft, step.keys[0]), self.language)
                if step.kind == RECORDS
                else None,
            }
            for step in gathered(way, product, answers=draft.answers, on=self.today)[:-1]
        ]
