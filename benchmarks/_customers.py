"""Customers of one company as the mail bench needs them: complete applications, sent in and ordered over HTTP by the
front office, or many at once as the front office's own statement stores them.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings

from companies.actor import ROBOT
from companies.clock import today
from companies.doors import Door
from companies.links import case_address
from companies.models import Company, Job, Link, LinkKind
from companies.past import Asked, remember
from config.launch.walk.browser import Browser
from config.launch.walk.expect import StepFailed
from config.launch.walk.mails import FILED, read
from documents.models import Document
from documents.rendering.brands import brand_of
from policies.services.issue import issue_policies
from quotations.models import Quotation
from quotations.services.orders import Will, take_orders
from tests import given

LONGEST = 1800  # seconds that a mail is waited for
LOOKS = 0.5  # seconds between two looks: when a mail came stands in its name, and looking takes what others need
QUOTED = ("quotation", "ipid", "application")  # the kinds of papers that go out with a quotation
BORN = given.HOLDER["birth_date"]


@dataclass
class Applicant:
    """A complete application that nobody sent in yet."""

    email: str
    case_id: int
    link_id: int
    address: str


@dataclass
class Arrivals:
    """The mails that the mail server filed, by addressee; of each no more than its first line is read."""

    folder: Path
    names: set[str] = field(default_factory=set)
    to: dict[str, list[str]] = field(default_factory=dict)

    def of(self, email: str) -> list[str]:
        """The files of the mails to an address, oldest first."""
        for name in sorted({path.name for path in self.folder.glob(FILED)} - self.names):
            with (self.folder / name).open(encoding="utf-8") as file:
                self.to.setdefault(file.readline().removeprefix("X-Envelope-To:").strip(), []).append(name)
            self.names.add(name)
        return self.to.get(email, [])

    def wait(self, email: str, number: int) -> str:
        """The file of the so-manieth mail to an address."""
        until = time.monotonic() + LONGEST
        while len(mails := self.of(email)) < number:
            if time.monotonic() > until:
                raise StepFailed(f"Expected {number} mails to {email} in time; found {len(mails)}.")
            time.sleep(LOOKS)
        return mails[number - 1]


@dataclass
class Customers:
    """A company, and those who apply there."""

    mails: Arrivals
    company: Company = field(default_factory=lambda: given.provider("duinhaven"))
    count: int = 0

    def prepared(self, number: int) -> list[Applicant]:
        """So many applications, complete up to the declaration."""
        return [self.complete() for _place in range(number)]

    def complete(self) -> Applicant:
        self.count += 1
        email = f"sanne{self.count}@verbruggen.example"
        starts = today(self.company) + timedelta(days=14)
        draft: Any = given.draft(
            self.company,
            answers={**given.TRAILER_ANSWERS, "start_date": starts.isoformat()},
            holder={**given.HOLDER, "name": f"Verbruggen {self.count}", "email": email},
        )
        with given.inside(self.company):
            address = case_address(self.company, Link.objects.get(pk=draft.link_id))
        return Applicant(email, draft.case_id, draft.link_id, address)

    def single(self, applicant: Applicant) -> tuple[float, float]:
        """One customer sends in and then orders by his mail; seconds from each form to its mail's arrival."""
        forget_counts()
        browser = Browser(applicant.address)
        page = browser.open(applicant.address)
        begun = time.time()
        browser.send(page, page.form_with("declared"), {"declared": "on"})
        mail = self.mails.wait(applicant.email, 1)
        quoted = filed_at(mail) - begun
        (link,) = read(self.mails.folder / mail).links
        browser = Browser(link)
        page = browser.open(link)
        begun = time.time()
        browser.send(page, page.form_with("birth_date"), {"birth_date": BORN, "agreed": "on"})
        return quoted, filed_at(self.mails.wait(applicant.email, 2)) - begun

    def send_in(self, applicants: list[Applicant]) -> float:
        """All at once, without the pages; seconds from the first to the last of their mails."""
        begun = time.time()
        for each in applicants:
            where = {"case_id": each.case_id, "link_id": each.link_id}
            given.knocked(self.company, "apply", **where, door=Door.FRONT, payload={})
        return max(filed_at(self.mails.wait(each.email, 1)) for each in applicants) - begun

    def order_as_a_run(self, applicants: list[Applicant]) -> None:
        """Their orders as one list: policies and invoices at once, papers and mails as jobs of a run."""
        with given.inside(self.company):
            rows = Quotation.objects.select_related(
                "case", "assessment__application__adviser", "assessment__application__version__product"
            )
            quotations = list(rows.filter(case__in=[each.case_id for each in applicants]).order_by("pk"))
            links = {link.case_id: link for link in Link.objects.filter(kind=LinkKind.CASE, addressee="customer")}
            asked = [
                Asked("order", uuid4(), row.case_id, links[row.case_id].pk, {"plan": row.plan, "birth_date": BORN})
                for row in quotations
            ]
            commands = remember(asked, company_id=self.company.pk)
            wills = [
                Will(row, command, links[row.case_id], today(self.company), [])
                for row, command in zip(quotations, commands, strict=True)
            ]
            issue_policies(orders=take_orders(wills, actor=ROBOT), actor=ROBOT)

    def jobs(self, lane: str = "") -> int:
        """How many jobs wait, of a lane or of all."""
        with given.inside(self.company):
            open_jobs = Job.objects.exclude(state="done")
            return (open_jobs.filter(lane=lane) if lane else open_jobs).count()

    def quoted(self, applicants: list[Applicant]) -> list[tuple[str, Any, str, Any]]:
        """Kind, content, language and look of the papers that were printed with the quotations of these."""
        with given.inside(self.company):
            brand = brand_of(self.company)
            rows = Document.objects.filter(case__in=[each.case_id for each in applicants], kind__in=QUOTED)
            return [(row.kind, row.content, row.language, brand) for row in rows.order_by("pk")]


def filed_at(name: str) -> float:
    """When the mail server had a mail whole."""
    return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC).timestamp()


def forget_counts() -> None:
    """Each customer has a machine of his own; here they share one, of which the front office takes 30 an hour."""
    counted = redis.Redis.from_url(settings.REDIS_URL)
    for key in counted.scan_iter("*limit:*"):
        counted.delete(key)
