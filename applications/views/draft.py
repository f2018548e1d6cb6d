"""What the pages of one application share: its draft, its way, and where one is led whose draft can't go on."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from applications.held import product_for
from applications.models import Draft
from applications.services.drafts import find_command, way_of_draft
from applications.services.renewal import RenewForm, carried_count
from applications.steps import Step, Way, gathered
from applications.views.base import LinkView, shown_steps, title_of
from companies.actor import ActorKind
from companies.models import CommandState
from products.models import ProductVersion
from products.selectors import find_live_version, may_be_sold, with_product


class DraftView(LinkView):
    """A page of one draft; once it is handed in there is only its outcome."""

    @cached_property
    def draft(self) -> Draft | None:
        rows = Draft.objects.select_related("adviser").filter(case=self.case_id)
        return with_product(rows, "version__product").first()

    def version_shown(self) -> ProductVersion | None:
        return self.draft.version if self.draft else super().version_shown()

    @property
    def open_draft(self) -> Draft:
        """The draft, where there is one."""
        if self.draft is None:
            raise Draft.DoesNotExist
        return self.draft

    @property
    def handed_in(self) -> bool:
        command = find_command(self.case_id)
        return self.draft is None or (command is not None and command.state != CommandState.REFUSED)

    def elsewhere(self) -> HttpResponse | None:
        """The page for an application that can't go on as it is: its outcome, or what has changed meanwhile."""
        if self.handed_in:
            return self.to_outcome()
        return None if may_be_sold(self.open_draft.version, on=self.today) else self.replaced(self.open_draft)

    def replaced(self, draft: Draft) -> HttpResponse:
        """The version isn't sold any more: with a newer one the application goes on there, else it ends here."""
        newer = find_live_version(draft.version.product.slug)
        return self.page(
            "applications/replaced.html",
            product_name=draft.version.product.name(self.language),
            newer=newer is not None,
            form=RenewForm(purpose=f"renew:{self.link.link_id}", shown=newer.pk) if newer else None,
            kept=carried_count(draft, newer, on=self.today) if newer else 0,
            answered=len(draft.answers),
            renew_url=self.url_of("renew"),
            adviser_name=draft.adviser.name if draft.adviser else "",
        )

    def way(self, draft: Draft) -> Way:
        return way_of_draft(draft, on=self.today)

    def address(self, step: Step) -> str:
        return self.url_of("step", step=step.slug)

    def to_outcome(self) -> HttpResponse:
        return redirect(self.url_of("outcome"))

    def frame(self, step: Step, draft: Draft) -> dict[str, Any]:
        """Title, list of steps and buttons around what a step asks."""
        product, way = product_for(draft), self.way(draft)
        steps = gathered(way, product, answers=draft.answers, on=self.today, current=step)
        return {
            "title": title_of(step, product, self.language),
            "steps": shown_steps(way, step, product, self.language, self.address, steps),
            "number": next(place for place, one in enumerate(steps, 1) if one.slug == step.slug),
            "count": len(steps),
            "product_name": draft.version.product.name(self.language),
            "adviser_name": draft.adviser.name if draft.adviser else "",
            "filled_in_for": draft.filled_in_by != ActorKind.VISITOR,
            "back": way.before(step) is not None,
            "later": True,
        }
