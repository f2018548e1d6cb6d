"""A list of records: a page that shows them, and one page for a record (S0-06, S0-07)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from applications.held import product_for
from applications.models import Draft
from applications.question_forms import RecordForm
from applications.services.drafts import AlreadySubmitted
from applications.services.records import most_records, print_of, put_record, records_of
from applications.steps import RECORDS, Step
from applications.told import record_name, records_table
from applications.views.draft import DraftView
from common.errors import BusinessError
from companies.views import show_error
from products.language import Product
from products.selectors import compiled

NEW = "new"


class RecordView(DraftView):
    """One record of a list, new or to be changed. Without script it is shown again where answers ask for more."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(request.POST)

    def answer(self, data: QueryDict | None) -> HttpResponse:
        """The page of the record, or what follows from the form that was sent."""
        if (elsewhere := self.elsewhere()) is not None:
            return elsewhere
        draft = self.open_draft
        way = self.way(draft)
        step = way.find(self.kwargs["step"])
        if step is None or step.kind != RECORDS or not way.reachable(step):
            return redirect(self.address(way.first_open))
        if data is not None and self.looks:
            return self.looked(self.form(step, draft, typed=data))
        form = self.form(step, draft, data)
        if data is not None and (wait := self.held_up("send", form)):
            return self.too_often(self.shown(form, step, draft), wait)
        if data is None or not form.is_valid():
            return self.shown(form, step, draft)
        if form.left:
            return self.shown(self.form(step, draft, typed=data), step, draft, more=True)
        try:
            return self.keep(form, step)
        except AlreadySubmitted:
            return self.to_outcome()
        except BusinessError as error:
            show_error(form, error)
            return self.shown(form, step, draft)

    def keep(self, form: RecordForm, step: Step) -> HttpResponse:
        put_record(
            case_id=self.case_id,
            page=step.slug,
            key=step.keys[0],
            place=self.place,
            record=form.cleaned_record,
            seen=form.ticket.shown if form.ticket else "",
            on=self.today,
        )
        return redirect(self.address(step))

    @property
    def place(self) -> int | None:
        """Which record, from 0; None for a new one."""
        return None if self.kwargs["record"] == NEW else int(self.kwargs["record"]) - 1

    def form(self, step: Step, draft: Draft, data: QueryDict | None = None, *, typed: Any = None) -> RecordForm:
        key, place = step.keys[0], self.place
        records = records_of(draft, key)
        if place is not None and not 0 <= place < len(records):
            raise Http404
        return RecordForm(
            data,
            product=product_for(draft),
            key=key,
            answers={name: value for name, value in draft.answers.items() if name != key},
            on=self.today,
            record=None if place is None else records[place],
            typed=typed,
            shown=print_of(records),
            purpose=f"record:{self.link.link_id}:{step.slug}:{self.kwargs['record']}",
        )

    def shown(self, form: RecordForm, step: Step, draft: Draft, *, more: bool = False) -> HttpResponse:
        name = record_name(compiled(draft.version), step.keys[0], self.language)
        context = self.frame(step, draft) | {"title": name, "later": False, "back": False}
        return self.page(
            "applications/step.html",
            form=form,
            more=more,
            one_record=True,
            cancel_url=self.address(step),
            **context,
        )


def list_context(view: DraftView, product: Product, step: Step, draft: Draft, wrong: set[int]) -> dict[str, Any]:
    """What the page of a list shows: its records in words, and where one is added or changed."""
    key = step.keys[0]
    part = next(part for part in product.questions if part.spec.key == key)
    records = records_of(draft, key)
    table = records_table(product, key, records, view.language)
    for place, row in enumerate(table["rows"]):
        row |= {"url": address_of(view, step, str(place + 1)), "wrong": place in wrong}
    spoken = product.language(view.language)
    most = most_records(product, key)
    return {
        "table": table,
        "record_name": record_name(product, key, view.language),
        "may_be_empty": not int(str(part.least or 0)),
        "add_url": address_of(view, step, NEW) if len(records) < most else "",
        "limit": _("At most %(count)s.") % {"count": most} if len(records) >= most else "",
        "help": (part.spec.help or {}).get(spoken, ""),
        "why": (part.spec.why or {}).get(spoken, ""),
    }


def address_of(view: DraftView, step: Step, record: str) -> str:
    return view.url_of("record", step=step.slug, record=record)
