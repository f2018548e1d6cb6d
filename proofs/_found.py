"""What a running application holds of its applicants, read past the wall by the launcher, which may."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.launch.stack import Stack
from config.launch.walk.mails import FILED
from proofs._counts import File, Found, Sent
from proofs._mails import content_of, read_mail

FILES = """
SELECT c.slug, a.parties->'policyholder'->>'email', count(DISTINCT a.id),
  coalesce(array_agg(DISTINCT q.number) FILTER (WHERE q.id IS NOT NULL), '{}'), count(DISTINCT o.id),
  coalesce(array_agg(DISTINCT p.number) FILTER (WHERE p.id IS NOT NULL), '{}'),
  coalesce(array_agg(DISTINCT i.number) FILTER (WHERE i.id IS NOT NULL), '{}')
FROM applications_application a JOIN companies_company c ON c.id = a.company_id
LEFT JOIN quotations_quotation q ON q.case_id = a.case_id LEFT JOIN quotations_order o ON o.quotation_id = q.id
LEFT JOIN policies_policy p ON p.case_id = a.case_id LEFT JOIN policies_invoice i ON i.policy_id = p.id
WHERE a.id > %s GROUP BY 1, 2
"""
SERIES = """
SELECT c.slug, array_agg(i.number ORDER BY i.number)
FROM policies_invoice i JOIN companies_company c ON c.id = i.company_id WHERE i.credits_id IS NULL GROUP BY 1
"""
DUE = "state = 'open' AND (due_at <= now() OR attempts > 0)"
UNDONE = f"SELECT count(*) FROM companies_job WHERE state = 'failed' OR {DUE}"
LAST = """
SELECT (SELECT coalesce(max(id), 0) FROM applications_application),
  (SELECT coalesce(max(id), 0) FROM correspondence_message)
"""


@dataclass
class Records:
    """The database and the mailbox of a stack; what was there when this was made is left out."""

    stack: Stack
    before: set[Path] = field(init=False)
    application: int = field(init=False)
    message: int = field(init=False)

    def __post_init__(self) -> None:
        self.before = set(self.stack.places.mailbox.glob(FILED))
        ((self.application, self.message),) = self.ask(LAST)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one query."""
        with self.stack.cluster.postgres.connect("polisdesk") as connection:
            return connection.execute(query, values).fetchall()

    def undone(self) -> int:
        """How many jobs are due and not done, or failed for good."""
        ((count,),) = self.ask(UNDONE)
        return int(count)

    def waiting(self) -> list[int]:
        """The jobs that wait now."""
        return [number for (number,) in self.ask(f"SELECT id FROM companies_job WHERE {DUE}")]

    def left(self, jobs: list[int]) -> int:
        """How many of these jobs still wait."""
        ((count,),) = self.ask("SELECT count(*) FROM companies_job WHERE id = ANY(%s) AND state = 'open'", jobs)
        return int(count)

    def seconds_to_do(self, jobs: list[int], moment: float) -> float | None:
        """How long after a moment the last of these jobs was done; nothing where one isn't."""
        query = (
            "SELECT max(extract(epoch FROM done_at)), bool_and(state = 'done') FROM companies_job WHERE id = ANY(%s)"
        )
        ((last, done),) = self.ask(query, jobs)
        return None if done is False else max(0.0, round(float(last or moment) - moment, 1))

    def done_since(self, moment: float, kind: str) -> int:
        """How many jobs, of a kind or of any, were done since a moment."""
        query = "SELECT count(*) FROM companies_job WHERE done_at > to_timestamp(%s) AND kind LIKE %s"
        ((count,),) = self.ask(query, moment, kind or "%")
        return int(count)

    def found(self, companies: set[str]) -> Found:
        """Everything that is there now."""
        rows = self.ask(FILES, self.application)
        messages = self.ask("SELECT message_id, to_email FROM correspondence_message WHERE id > %s", self.message)
        return Found(
            files=[File(c, e, a, tuple(q), o, tuple(p), tuple(i)) for c, e, a, q, o, p, i in rows],
            messages=dict(messages),
            mails=[sent(path) for path in sorted(set(self.stack.places.mailbox.glob(FILED)) - self.before)],
            series={company: tuple(numbers) for company, numbers in self.ask(SERIES)},
            books={company: self.verified(company) for company in sorted(companies)},
            undone=self.undone(),
        )

    def verified(self, company: str) -> bool:
        """The verdict of `ledger_verify`."""
        verdict = json.loads(self.stack.manage("ledger_verify", "--company", company, "--json"))
        truths = ("balanced", "subledgers_agree", "totals_agree", "chain_ok")
        return all(verdict[name] is True for name in truths) and verdict["first_broken"] is None


def sent(path: Path) -> Sent:
    """One filed mail, counted by its Message-ID and what a reader gets."""
    mail = read_mail(path)
    return Sent(str(mail["Message-ID"]), str(mail["X-Envelope-To"]), content_of(mail))
