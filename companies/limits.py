"""How often something may be done from one machine, or in one company: counted in Valkey, as allauth counts logins.

A count that can't be kept holds nobody up: the wall doesn't hang on it.
"""

import logging
import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

log = logging.getLogger("polisdesk.limits")
PREFIX = "limit"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within so many seconds."""

    name: str
    most: int
    seconds: int


def seconds_to_wait(limit: Limit, who: str) -> int:
    """Count one time; 0 if it is within the limit, else the seconds until counting begins anew."""
    now = time.time()
    window = int(now // limit.seconds)
    key = f"{PREFIX}:{limit.name}:{window}:{sha256(who.encode()).hexdigest()[:24]}"
    try:
        cache.add(key, 0, timeout=limit.seconds * 2)
        count = cache.incr(key)
    except Exception as error:
        log.warning("Nothing is counted for %s: %s", limit.name, type(error).__name__)
        return 0
    return 0 if count <= limit.most else max(1, int((window + 1) * limit.seconds - now))
