"""The steps of an application behind its secret address, up to the declaration (S0-05 to S0-08)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications.forms import DeclarationForm, QuestionForm, SignedForm, Ticket
from applications.models import Draft
from applications.party_forms import PartyForm, as_data, role_of
from applications.services.drafts import AlreadySubmitted, Incomplete, find_command, hand_in, keep_answers, keep_party
from applications.steps import PARTY, POLICYHOLDER, QUESTIONS, Step, Way, way_of
from applications.views.base import LinkView, label_of, shown_steps, title_of
from common.errors import BusinessError
from common.formats import day_in_prose
from companies.actor import ActorKind
from companies.models import CommandState
from companies.requests import client_address
from companies.views import show_error
from products.language import Product, ask, fill_system_answers
from products.selectors import compiled


class DraftView(LinkView):
    """A page of one draft; once it is handed in there is only its outcome."""

    @cached_property
    def draft(self) -> Draft | None:
        return Draft.objects.select_related("version__product", "adviser").filter(case=self.case_id).first()

    @property
    def handed_in(self) -> bool:
        command = find_command(self.case_id)
        return self.draft is None or (command is not None and command.state != CommandState.REFUSED)

    def way(self, draft: Draft) -> Way:
        return way_of(compiled(draft.version), answers=draft.answers, parties=draft.parties, on=self.today)

    def address(self, step: Step) -> str:
        kwargs = {"company": self.company.slug, "secret": self.secret, "step": step.slug}
        return reverse("apply:step", kwargs=kwargs)

    def to_outcome(self) -> HttpResponse:
        return redirect("apply:outcome", company=self.company.slug, secret=self.secret)


class ContinueView(DraftView):
    """The address to save: leads to the first step that isn't complete, or to the outcome."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.handed_in or self.draft is None:
            return self.to_outcome()
        return redirect(self.address(self.way(self.draft).first_open))


class StepView(DraftView):
    """One step: shown with what was answered before, checked anew when it is sent."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(request.POST)

    def answer(self, data: Any) -> HttpResponse:
        """The page of the step, or what follows from the form that was sent."""
        draft = self.draft
        if self.handed_in or draft is None:
            return self.to_outcome()
        way = self.way(draft)
        step = way.find(self.kwargs["step"])
        if step is None or not way.reachable(step):
            return redirect(self.address(way.first_open))
        form = self.form_of(step, draft, data)
        if data is None or not form.is_valid():
            return self.shown(form, step, way, draft)
        try:
            return redirect(self.take(form, step, draft))
        except AlreadySubmitted:
            return self.to_outcome()
        except Incomplete as error:
            return redirect("apply:step", company=self.company.slug, secret=self.secret, step=error.slug)
        except BusinessError as error:
            show_error(form, error)
            return self.shown(form, step, way, draft)

    def form_of(self, step: Step, draft: Draft, data: Any) -> SignedForm:
        product, purpose = compiled(draft.version), f"step:{self.link.link_id}:{step.slug}"
        if step.kind == QUESTIONS:
            return QuestionForm(
                data, product=product, keys=step.keys, answers=draft.answers, on=self.today, purpose=purpose
            )
        if step.kind == PARTY:
            return self.party_form(step, draft, data, purpose)
        # Signed for these very answers: what somebody changed meanwhile is shown before it is declared.
        return self.declaration(data, purpose=f"{purpose}:{draft.updated_at.isoformat()}")

    def declaration(self, data: Any, *, purpose: str) -> SignedForm:
        return DeclarationForm(data, purpose=purpose)

    def party_form(self, step: Step, draft: Draft, data: Any, purpose: str) -> PartyForm:
        product = compiled(draft.version)
        return PartyForm(
            data,
            role=role_of(product, step.role),
            country=product.definition.country,
            on=self.today,
            holder=step.role == POLICYHOLDER,
            purpose=purpose,
            initial=as_data(draft.parties.get(step.role, {})),
        )

    def take(self, form: SignedForm, step: Step, draft: Draft) -> str:
        """Keep what was sent and say where to go on: the first step that isn't complete, at last the review."""
        if isinstance(form, QuestionForm):
            draft = keep_answers(case_id=self.case_id, answers=form.cleaned_answers, on=self.today)
        elif isinstance(form, PartyForm):
            draft = keep_party(case_id=self.case_id, role=step.role, details=form.details)
        else:
            return self.submit(form.ticket, draft)
        return self.address(self.way(draft).first_open)

    def submit(self, ticket: Ticket | None, draft: Draft) -> str:
        """Check the details once more and hand in; the worker checks everything again."""
        for step in self.way(draft).steps:
            if step.kind == PARTY:
                self.check_party(step, draft)
        if ticket is None:
            raise BusinessError(_("Expected the form of this page, found another one. Send it again."))
        hand_in(case_id=self.case_id, command_id=ticket.command_id, address=client_address(self.request), on=self.today)
        return reverse("apply:outcome", kwargs={"company": self.company.slug, "secret": self.secret})

    def check_party(self, step: Step, draft: Draft) -> None:
        purpose = f"stored:{self.link.link_id}"
        stored = as_data(draft.parties.get(step.role, {}))
        form = self.party_form(
            step, draft, stored | {"token": self.party_form(step, draft, None, purpose).token}, purpose
        )
        if not form.is_valid():
            raise Incomplete(_("Something is still missing on this page."), step.slug)

    def shown(self, form: Form, step: Step, way: Way, draft: Draft) -> HttpResponse:
        product = compiled(draft.version)
        before = way.before(step)
        context = {
            "form": form,
            "title": title_of(step, product, self.language),
            "steps": shown_steps(way, step, product, self.language, self.address),
            "number": way.place(step),
            "count": len(way.steps),
            "product_name": draft.version.product.name(self.language),
            "adviser_name": draft.adviser.name if draft.adviser else "",
            "filled_in_for": draft.filled_in_by != ActorKind.VISITOR,
            "back_url": self.address(before) if before else "",
            "saved_url": self.request.build_absolute_uri(self.saved_address),
        }
        if step.kind in {QUESTIONS, PARTY}:
            return self.page("applications/step.html", details=step.kind == PARTY, **context)
        return self.page("applications/review.html", parts=self.parts(way, draft, product), **context)

    @property
    def saved_address(self) -> str:
        return reverse("apply:continue", kwargs={"company": self.company.slug, "secret": self.secret})

    def parts(self, way: Way, draft: Draft, product: Product) -> list[dict[str, Any]]:
        """Everything that was told, step by step, with the way back to change it."""
        return [
            {
                "title": label_of(step, product, self.language),
                "url": self.address(step),
                "rows": told_answers(product, step, draft.answers, self.today, self.language)
                if step.kind == QUESTIONS
                else told_details(draft.parties.get(step.role, {})),
            }
            for step in way.steps[:-1]
        ]


def told_answers(
    product: Product, step: Step, answers: Mapping[str, Any], on: date, language: str
) -> list[tuple[str, str]]:
    """Questions in the wording of their version with the answers in words."""
    run = ask(product, on, fill_system_answers(product, on, answers)).run
    spoken = product.language(language)
    rows = []
    for part in product.questions:
        if part.spec.key in step.keys:
            value = run.values.get(part.spec.key)
            words = product.words(part.spec.key, value, spoken) if value not in (None, ()) else ""
            words = words[:1].upper() + words[1:] if isinstance(value, bool) else words
            unit = (part.spec.unit or {}).get(spoken, "")
            empty = _("None of these") if value == () else _("Not answered")
            rows.append((part.spec.label[spoken], f"{words} {unit}".strip() if words else empty))
    return rows


def told_details(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The details of a role as they will stand on the papers."""
    address = details.get("address") or {}
    name = f"{details.get('given_names') or ''} {details.get('name') or ''}".strip()
    born = date.fromisoformat(details["birth_date"]) if details.get("birth_date") else None
    street = f"{address.get('street', '')} {address.get('house_number', '')}".strip()
    city = f"{address.get('postcode', '')} {address.get('city', '')}".strip()
    rows = [
        (_("Name"), name),
        (_("Registration number in the trade register"), str(details.get("registration_number") or "")),
        (_("Date of birth"), day_in_prose(born)),
        (_("Address"), ", ".join(part for part in (street, city) if part)),
        (_("E-mail"), str(details.get("email") or "")),
        (_("Phone"), str(details.get("phone") or "")),
    ]
    return [row for row in rows if row[1]]
