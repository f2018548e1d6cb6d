"""What a machine, and all machines together, may do at a company's front office (threats A27)."""

from companies.limits import Limit, seconds_to_wait

MINUTES, HOUR = 600, 3600
# What is done -> the limit of one machine at one company, and that of all at one company; generous to a shared address.
LIMITS: dict[str, tuple[Limit, Limit]] = {
    "look": (Limit("look", 600, MINUTES), Limit("look-all", 20_000, MINUTES)),
    "send": (Limit("send", 240, MINUTES), Limit("send-all", 8_000, MINUTES)),
    "open": (Limit("open", 60, HOUR), Limit("open-all", 1_200, HOUR)),
    "file": (Limit("file", 60, HOUR), Limit("file-all", 1_200, HOUR)),
    "mail": (Limit("mail", 12, HOUR), Limit("mail-all", 300, HOUR)),
    "submit": (Limit("submit", 30, HOUR), Limit("submit-all", 1_200, HOUR)),
}


def wait_for(act: str, *, company_id: int, address: str | None) -> int:
    """Count an act; the seconds to wait before the next, 0 if it may be done now."""
    one, all_together = LIMITS[act]
    waits = [seconds_to_wait(one, f"{company_id}:{address or 'nowhere'}")]
    if not waits[0]:  # a machine that is held up doesn't use up what belongs to all
        waits.append(seconds_to_wait(all_together, str(company_id)))
    return max(waits)
