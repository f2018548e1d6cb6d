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


def may_try(limit: Limit, who: str) -> bool:
    """Count one try, and whether it is within the limit; the last one allowed locks for `limit.seconds`.

    Unlike `seconds_to_wait` this fails closed: what can't be counted isn't tried.
    """
    key = key_of(limit, who)
    try:
        cache.add(key, 0, timeout=limit.seconds)
        count = cache.incr(key)
        if count == limit.most:
            cache.touch(key, limit.seconds)
    except Exception as error:
        log.warning("Nothing is tried for %s: %s", limit.name, type(error).__name__)
        return False
    return bool(count <= limit.most)


def forget(limit: Limit, who: str) -> None:
    """The tries so far count no longer: one of them was right."""
    try:
        cache.delete(key_of(limit, who))
    except Exception as error:
        log.warning("Nothing is forgotten for %s: %s", limit.name, type(error).__name__)


def key_of(limit: Limit, who: str) -> str:
    return f"{PREFIX}:{limit.name}:{sha256(who.encode()).hexdigest()[:24]}"
