"""Free ports on the loopback address."""

import socket

LOOPBACK = "127.0.0.1"


def free_port(wanted: int, *, taken: set[int]) -> int:
    """The wanted port, else the next free one; 0 takes any. `taken` are ports already given away and not yet opened."""
    if not wanted:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            return int(probe.getsockname()[1])
    return next(port for port in range(wanted, 65536) if port not in taken and _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
