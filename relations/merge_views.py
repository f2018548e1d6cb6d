"""The office's pages of duplicates: the list, two parties side by side, the merge and its undoing."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.forms import OutcomeField
from companies.lists import Pages
from companies.models import PartCode, Right
from companies.views import PageView, RoomView, show_error
from relations.comparing import consequences, differences, hanging, hindrances
from relations.duplicates import KEYS, MOST, alike, known_numbers, likely_pairs
from relations.models import Party
from relations.selectors import visible_to
from relations.services.merge import check_mergeable, merge_parties, undo_merge

EDIT: tuple[PartCode, Right] = (PartCode.RELATIONS, Right.EDIT)


class MergePage(RoomView):
    """A page of the merge: who edits relations sees it; links to their files only who views them too."""

    right: ClassVar[tuple[PartCode, Right]] = EDIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sees_relations=self.may(PartCode.RELATIONS, Right.VIEW), **kwargs)


class DuplicatesView(MergePage, PageView):
    """Parties that are likely one, pair by pair."""

    template_name = "relations/duplicates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pairs = likely_pairs(self.actor)
        page = Pages(pairs).get_page(self.request.GET.get("page"))
        rows = [{"pair": pair, "keys": in_words(pair.alike)} for pair in page.object_list]
        return super().get_context_data(page=page, rows=rows, most=MOST, capped=len(pairs) >= MOST, **kwargs)


def in_words(keys: list[str]) -> str:
    return ", ".join(str(KEYS[key]) for key in keys)


class MergeForm(forms.Form):
    """Which of two stays, and which value of each field in which they differ."""

    def __init__(self, *args: Any, one: Party, two: Party, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.both = {one.number: one, two.number: two}
        self.differences = differences(one, two, on)
        numbers = [(number, f"{number} · {party.name}") for number, party in self.both.items()]
        fields: dict[str, Any] = self.fields
        outcomes = [(*named, " ".join(hindrances_to(self.both[named[0]], one, two))) for named in numbers]
        fields["stays"] = OutcomeField(label=_("Which one stays?"), outcomes=outcomes)
        for row in self.differences:
            fields[row.name] = forms.ChoiceField(
                label=row.title,
                choices=[
                    (number, value or now("unknown")) for number, value in zip(self.both, row.values, strict=True)
                ],
                widget=forms.RadioSelect,
                initial=one.number if row.values[0] else two.number,
            )

    @property
    def kept(self) -> Party:
        return self.both[self.cleaned_data["stays"]]

    @property
    def gone(self) -> Party:
        return next(party for number, party in self.both.items() if number != self.cleaned_data["stays"])

    @property
    def taken(self) -> list[str]:
        """The fields whose value comes from the one that goes."""
        return [row.name for row in self.differences if self.cleaned_data[row.name] == self.gone.number]

    def chosen(self) -> list[dict[str, str]]:
        """Each field with the value that stays, for the page that asks once more."""
        places = list(self.both)
        return [
            {"title": row.title, "value": row.values[places.index(self.cleaned_data[row.name])]}
            for row in self.differences
        ]


def hindrances_to(stays: Party, one: Party, two: Party) -> list[str]:
    """Why the other can't go, if this one is to stay."""
    gone = two if stays == one else one
    return [f"{gone.number}: {reason}" for reason in hindrances(gone)]


class MergeView(MergePage):
    """Two parties side by side; then what their merge does; then the merge."""

    template_name = "relations/merge.html"

    @cached_property
    def both(self) -> list[Party]:
        found = known_numbers(self.kwargs["number"], self.kwargs["other"], self.actor)
        if len(found) != 2:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        one, two = self.both
        stays = two if hindrances(two) and not hindrances(one) else one
        return self.shown(self.form(initial={"stays": stays.number}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(data=request.POST)
        if not form.is_valid():
            return self.shown(form, status=422)
        try:
            with transaction.atomic():
                check_mergeable(form.kept, form.gone)
                if request.POST.get("step") != "merge":
                    return self.confirm(form)
                merge_parties(
                    kept=form.kept.number, gone=form.gone.number, taken=form.taken, actor=self.actor, on=self.today
                )
        except BusinessError as error:
            show_error(form, error)
            return self.shown(form, status=422)
        names = {"gone": form.gone.number, "kept": form.kept.number}
        messages.success(request, now("%(gone)s is merged into %(kept)s.") % names)
        return redirect("office:party", company=self.company.slug, number=form.kept.number)

    def form(self, **kwargs: Any) -> MergeForm:
        one, two = self.both
        return MergeForm(one=one, two=two, on=self.today, **kwargs)

    def shown(self, form: MergeForm, status: int = 200) -> HttpResponse:
        one, two = self.both
        context = {
            "form": form, "one": one, "two": two, "hanging": hanging(one, two), "keys": in_words(alike(one, two)),
        }  # fmt: skip
        return self.render_to_response(self.get_context_data(**context), status=status)

    def confirm(self, form: MergeForm) -> HttpResponse:
        self.template_name = "relations/merge_confirm.html"
        told = list(consequences(form.kept, form.gone, self.today))
        sent = {name: form.cleaned_data[name] for name in form.fields}
        return self.render_to_response(
            self.get_context_data(
                kept=form.kept, gone=form.gone, told=told, chosen=form.chosen(), sent=sent, back=self.request.path
            )
        )


class UnmergeView(RoomView):
    """Undo a merge."""

    right: ClassVar[tuple[PartCode, Right]] = EDIT

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        party = visible_to(self.actor).filter(number=kwargs["number"]).first()
        if party is None:
            raise Http404
        try:
            with transaction.atomic():
                undo_merge(gone=party.number, actor=self.actor, on=self.today)
            messages.success(request, now("The merge of %(number)s is undone.") % {"number": party.number})
        except BusinessError as error:
            messages.error(request, str(error))
        return redirect("office:party", company=self.company.slug, number=party.number)
