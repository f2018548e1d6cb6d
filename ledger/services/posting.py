import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from common.formats import amount
from companies.actor import Actor
from ledger.drafts import Draft
from ledger.models.entries import MOST
from ledger.roles import JournalKind, Role

CALL = (
    "SELECT key, entry_id, journal, year, number, outcome "
    "FROM sec.post(%s::jsonb, %s::text[], %s::text[], %s::text[])"
)  # fmt: skip
BLOCK = 500  # entries of one call; bounds the memory of a bulk run
LIMITS = {"source": 40, "reference": 60, "key": 120}


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry in the books with its gap-free number in journal and year; `again` if its key had been posted before."""

    entry_id: int
    number: int
    journal: str
    year: int
    again: bool = False

    @property
    def name(self) -> str:
        """As people write it: sales-2026-000012."""
        return f"{self.journal}-{self.year}-{self.number:06d}"


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be posted as one entry; see `post`."""

    source: str
    reference: str
    booked_on: date
    key: str
    lines: Sequence[Draft]
    journal: str = JournalKind.SALES
    case_id: int | None = None
    reversal_of: int | None = None


@step
def post(
    *,
    source: str,
    reference: str,
    booked_on: date,
    actor: Actor,
    key: str,
    lines: Iterable[Draft],
    journal: str = JournalKind.SALES,
    case_id: int | None = None,
) -> Posted:
    """Book one balanced entry with its open items, number and seal, in one call to the database (features S0-30,
    S0-32).

    `source` names the room and what it books, `reference` the document, `journal` the code of a journal. Safe to knock
    twice: the same `key` gives the first entry again. Raises BusinessError, with nothing written, if the lines don't
    balance (`unbalanced`), nothing is left of them (`nothing`), the chart lacks an account (`no_account`) or journal
    (`no_journal`), or the key was used for another content (`key_reused`). The journal stays locked until commit, so
    post
    last; entries for several journals go through `post_many`.
    """
    posting = Posting(source, reference, booked_on, key, tuple(lines), journal, case_id)
    return post_many([posting], actor=actor)[0]


@step
def post_many(postings: Iterable[Posting], *, actor: Actor) -> list[Posted]:
    """Book entries in blocks; answers come in the order of the postings. The rules are those of `post`; all or nothing.

    Journals are locked in ascending order inside a block, so a run keeps to one journal or stays within one block
    (500).
    """
    rows = [prepare(posting, actor) for posting in postings]
    if len({row["key"] for row in rows}) < len(rows):
        raise ValueError("Expected a key of its own for each posting, found one twice.")
    posted: list[Posted] = []
    for start in range(0, len(rows), BLOCK):
        posted += _call(rows[start : start + BLOCK])
    return posted


def prepare(posting: Posting, actor: Actor) -> dict[str, Any]:
    """One posting as sec.post reads it, checked. The fingerprint leaves out who posts: a retry may come by another
    job."""
    for name, most in LIMITS.items():
        text = getattr(posting, name)
        if not 0 < len(text) <= most or "\x00" in text:
            raise ValueError(f"Expected a {name} of 1 to {most} characters without NUL, found {text!r}.")
    lines = [line for line in posting.lines if line.signed]
    total = _balanced(lines, posting.reference)
    content: dict[str, Any] = {
        "journal": str(posting.journal),
        "booked_on": posting.booked_on.isoformat(),
        "source": posting.source,
        "reference": posting.reference,
        "reversal_of": posting.reversal_of,
        "case_id": posting.case_id,
        "total": str(total),
        "lines": [line.told() for line in lines],
    }
    fingerprint = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    who = {
        "actor_kind": str(actor.kind),
        "user_id": actor.user_id,
        "membership_id": actor.membership_id,
        "link_id": actor.link_id,
        "job_id": actor.job_id,
    }
    return {**content, **who, "key": posting.key, "fingerprint": fingerprint, "line_count": len(lines)}


def _balanced(lines: Sequence[Draft], reference: str) -> Decimal:
    """The total of debit, which equals credit."""
    debits = sum((line.debit for line in lines), Decimal("0.00"))
    credits_ = sum((line.credit for line in lines), Decimal("0.00"))
    if debits != credits_:
        raise BusinessError(
            _("Expected debit and credit of %(reference)s to be equal, found debit %(debit)s and credit %(credit)s."),
            code="unbalanced",
            params={"reference": reference, "debit": amount(debits), "credit": amount(credits_)},
        )
    if not lines:
        raise BusinessError(
            _("Expected an amount to book for %(reference)s, found none."),
            code="nothing",
            params={"reference": reference},
        )
    if debits > MOST:
        raise BusinessError(
            _("Expected at most %(most)s in one entry, found %(found)s."),
            code="too_much",
            params={"most": amount(MOST), "found": amount(debits)},
        )
    return debits


def _call(rows: list[dict[str, Any]]) -> list[Posted]:
    """One block, one statement."""
    lines = [line for row in rows for line in row["lines"]]
    with connection.cursor() as cursor:
        cursor.execute(
            CALL,
            [
                json.dumps(rows),
                sorted({row["journal"] for row in rows}),
                sorted({line["role"] for line in lines if "role" in line}),
                sorted({line["account"] for line in lines if "account" in line}),
            ],
        )
        found = cursor.fetchall()
    answers = {}
    for key, entry_id, journal, year, number, outcome in found:
        if outcome not in {"posted", "again"}:
            raise _refusal(key, outcome)
        answers[key] = Posted(entry_id, number, journal, year, again=outcome == "again")
    return [answers[row["key"]] for row in rows]


def _refusal(what: str, outcome: str) -> BusinessError:
    if outcome == "other":
        return BusinessError(
            _("Key %(key)s has been booked before with other content. A correction is a reversal and a new entry."),
            code="key_reused",
            params={"key": what},
        )
    if outcome == "no_journal":
        return BusinessError(
            _("Expected a journal %(code)s, found none. Open the books first."), code=outcome, params={"code": what}
        )
    name = Role(what).label if what in Role.values else what
    return BusinessError(
        _("Expected an account for “%(account)s” in the chart of accounts, found none."),
        code="no_account",
        params={"account": name},
    )
