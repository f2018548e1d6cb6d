"""What the tests of the chain look at: papers as text, counts of all that an order writes, orders in all shapes."""

import io
import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils import timezone
from pypdf import PdfReader

from companies.doors import Door
from companies.models import Command, Company, Job, Link, Series
from documents.models import Document
from documents.store import fetch
from ledger.models import JournalHead
from ledger.verify import verify_ledger
from quotations.models import Quotation
from tests import given
from tests.world import run

ROOMS = {"relations", "documents", "correspondence", "ledger", "applications", "acceptance", "quotations", "policies"}


def counts(company: Company) -> dict[str, Any]:
    """All that the chain may write: rows of every table, promised jobs, links, and where the numbers stand."""
    with given.inside(company):
        models = [
            m
            for m in apps.get_models()
            if (m._meta.app_label in ROOMS and m._meta.label_lower != "relations.searchentry")  # no door reads it
            or m._meta.label_lower == "companies.trailentry"
        ]
        rows = {model._meta.label_lower: model._base_manager.count() for model in models}
        return rows | {
            "jobs": Job.objects.count(),
            "links": Link.objects.count(),
            "series": sorted(Series.objects.values_list("kind", "year", "last")),
            "journals": sorted(JournalHead.objects.values_list("journal", "year", "last")),
        }


def due_now(company: Company) -> None:
    """The waiting time of failed jobs is over, as often as needed."""
    with given.inside(company):
        Job.objects.exclude(state="done").update(state="open", attempts=0, due_at=timezone.now())


def shown_papers(quotation: Quotation) -> list[dict[str, str]]:
    """The papers before the customer's eyes; called inside the company."""
    papers = Document.objects.select_related("file").filter(
        case=quotation.case_id, kind__in=["quotation", "ipid", "application"]
    )
    return [{"kind": row.kind, "reference": row.reference, "sha256": row.file.sha256} for row in papers]


def customer_link(quotation: Quotation, *, addressee: str = "customer") -> Link:
    """The case link of an addressee; called inside the company."""
    return Link.objects.filter(case_id=quotation.case_id, kind="case", addressee=addressee).order_by("-pk")[0]


def order(company: Company, quotation: Quotation, *, addressee: str = "customer", **changes: Any) -> Command:
    """An order with something else than the customer would send, carried out."""
    with given.inside(company):
        link = customer_link(quotation, addressee=addressee)
        payload = {"plan": quotation.plan, "birth_date": "1986-04-17", "documents": shown_papers(quotation)}
    command = given.knocked(
        company, "order", case_id=quotation.case_id, link_id=link.pk, door=Door.LINK, payload=payload | changes
    )
    run(company, command)
    return again(company, command)


def again(company: Company, command: Command) -> Command:
    """The command as it stands now."""
    with given.inside(company):
        return Command.objects.get(pk=command.pk)


def applied(company: Company, draft: Any) -> Command:
    """A draft handed in and carried out, papers and mails left for later."""
    command = given.knocked(company, "apply", case_id=draft.case_id, link_id=draft.link_id, door=Door.FRONT, payload={})
    run(company, command)
    return again(company, command)


def pdf(document: Document) -> bytes:
    """The bytes of a filed paper."""
    return fetch(document.file)


def text_of(content: bytes) -> str:
    """What stands on a paper, in one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def books_are_right(company: Company) -> bool:
    """All four checks of the books."""
    with given.inside(company):
        return verify_ledger().ok


def definition(folder: Path, *, file: str = given.PLANS, **changes: Any) -> str:
    """A product like another, with parts of it exchanged; its path."""
    told = json.loads((given.ROOT / file).read_text(encoding="utf-8")) | changes
    path = folder / f"{told['key']}.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return str(path)


PLANS_ANSWERS: dict[str, Any] = {"start_date": "2027-01-31", "insured_sum": "100000"}
