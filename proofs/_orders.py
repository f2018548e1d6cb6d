"""A company with open quotations, their orders as the customers send them, and what has become of them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Sum

from companies.clock import today
from companies.doors import Door
from companies.models import Command, Company, Job
from correspondence.models import Delivery, Message
from ledger.models import Entry, Line
from ledger.verify import verify_ledger
from policies.models import Invoice, Policy
from proofs._mails import content_of, read_mails
from quotations.models import Quotation
from tests import given

ADVISER = "ilse-markus"


@dataclass
class Orders:
    """So many customers of one company; every second one comes by an adviser."""

    number: int
    company: Company = field(init=False)
    quotations: list[Quotation] = field(default_factory=list)

    def apply(self) -> None:
        """A company with its product, and an application of each customer, to be assessed and quoted by the worker."""
        self.company = given.provider("duinhaven")
        given.adviser(self.company, ADVISER)
        starts = today(self.company) + timedelta(days=14)
        for place in range(self.number):
            draft: Any = given.draft(
                self.company,
                answers={**given.TRAILER_ANSWERS, "start_date": starts.isoformat()},
                holder={**given.HOLDER, "name": f"Verbruggen {place}", "email": f"sanne{place}@verbruggen.example"},
                code=ADVISER if place % 2 else None,
            )
            given.knocked(
                self.company, "apply", case_id=draft.case_id, link_id=draft.link_id, door=Door.FRONT, payload={}
            )

    def order(self) -> None:
        """Each customer orders, with the papers before his eyes, by the link of his mail."""
        with given.inside(self.company):
            self.quotations = list(Quotation.objects.order_by("pk"))
        for quotation in self.quotations:
            given.ordered(self.company, quotation)

    def jobs(self, *states: str) -> int:
        """How many jobs stand in one of the states."""
        with given.inside(self.company):
            return Job.objects.filter(state__in=states).count()

    @property
    def jobs_of_orders(self) -> int:
        """What the orders come to: a command, papers, and a mail to the customer and perhaps to an adviser."""
        return 3 * self.number + self.number // 2

    def found(self, mailbox: Path, *, most_repeats: int) -> dict[str, Any]:
        """What is there now, and whether it is all that it should be."""
        with given.inside(self.company):
            numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
            answers = {c.outcome.get("policy") for c in Command.objects.filter(kind="order", state="done")}
            policies = set(Policy.objects.values_list("number", flat=True))
            owed = Invoice.objects.aggregate(sum=Sum("total"))["sum"]
            debtors = Line.objects.filter(account__role="debtors").aggregate(sum=Sum("debit"))["sum"]
            verdict = verify_ledger()
            figures = {
                "policies": len(policies),
                "invoices": len(numbers),
                "entries": Entry.objects.count(),
                "messages": Message.objects.count(),
                "delivered": Delivery.objects.values("message").distinct().count(),
                "jobs_not_done": Job.objects.exclude(state="done").count(),
                "every_order_answers_with_its_policy": answers == policies,
                "invoice_numbers_without_gap": [int(n.rpartition("-")[2]) for n in numbers]
                == list(range(1, len(numbers) + 1)),
                "books_verified": verdict.ok,
                "debtors_owe_the_invoices": owed == debtors,
            }
            promised = set(Message.objects.values_list("message_id", flat=True))
        mails = self.mails(mailbox, promised)
        figures |= mails
        expected = {
            "policies": self.number,
            "invoices": self.number,
            "entries": self.number + self.number // 2,
            "messages": 2 * (self.number + self.number // 2),
            "delivered": 2 * (self.number + self.number // 2),
            "jobs_not_done": 0,
        }
        right = all(figures[key] == value for key, value in expected.items())
        truths = all(value for value in figures.values() if isinstance(value, bool))
        return {**figures, "ok": right and truths and mails["repeats"] <= most_repeats}

    def mails(self, mailbox: Path, promised: set[str]) -> dict[str, Any]:
        """The mails that arrived: all that were promised, and a repeat is the same mail again."""
        contents: dict[str, set[str]] = {}
        count: Counter[str] = Counter()
        for mail in read_mails(mailbox):
            number = str(mail["Message-ID"])
            count[number] += 1
            contents.setdefault(number, set()).add(content_of(mail))
        return {
            "mails": count.total(),
            "repeats": count.total() - len(count),
            "no_mail_lost": set(count) == promised,
            "repeats_are_the_same_mail": all(len(found) == 1 for found in contents.values()),
        }
