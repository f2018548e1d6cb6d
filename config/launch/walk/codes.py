"""The authenticators of the demo's administrators, as their phones would show their codes."""

import base64
import hmac
import struct
import time

SECRET = "DEMOPOLISDESKDEMOPOLISDESKDEMOPO"  # noqa: S105 (the demo's, printed by bin/demo)
PERIOD = 30
SHOWN: dict[str, int] = {}  # the half minute whose code each login typed last


def next_code(login: str) -> str:
    """Six digits that this login hasn't typed yet (RFC 6238); the next half minute is waited for if need be."""
    left = PERIOD - time.time() % PERIOD
    if left < 5 or SHOWN.get(login) == int(time.time()) // PERIOD:
        time.sleep(left + 0.1)
    SHOWN[login] = int(time.time()) // PERIOD
    return of_secret(SECRET)


def of_secret(secret: str) -> str:
    """The code of a secret now."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // PERIOD), "sha1").digest()
    start = digest[-1] & 15
    (value,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(value & 0x7FFFFFFF) % 1_000_000:06}"
