"""Rules of deciding by people: whose authority suffices, and by which day an answer is promised. Plain values."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from common.working_days import working_days_later

EVERY_ACCEPTORS = "acceptor"  # the authority that each acceptor holds; rules that ask for another need two names
PROMISED = {"referral": 1, "special": 3, "review": 10}  # working days, as outcome page and letter tell the customer
RETENTION_YEARS = 3  # a refusal is kept to the end of the third year after it (GDPR art. 5, as the letter says)


def authority_needed(reasons: Iterable[Mapping[str, Any]]) -> str:
    """What the rules that fired ask beyond every acceptor's own authority, in their order; empty where nothing."""
    asked = dict.fromkeys(str(reason.get("authority") or "") for reason in reasons)
    return ", ".join(name for name in asked if name not in ("", EVERY_ACCEPTORS))


def promised_by(stage: str, since: date, *, country: str) -> date:
    """The day by which an answer is promised: working days of the company's country after the day on which it began to
    wait.
    """
    return working_days_later(since, PROMISED[stage], country=country)


def time_left(since: date, until: date, *, on: date) -> Decimal:
    """Which share of a promise is left on a day, from 1 to 0; on its last day something is, after it nothing."""
    whole = (until - since).days + 1
    return Decimal(min(max((until - on).days + 1, 0), whole)) / Decimal(whole)


def kept_until(on: date) -> date:
    """The last day on which a refusal is kept."""
    return date(on.year + RETENTION_YEARS, 12, 31)
