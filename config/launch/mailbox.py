"""The demo's mail server: takes every mail on the loopback address and files it as .eml; nothing leaves the machine."""

import argparse
import asyncio
import itertools
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 30_000_000  # bytes of one mail


class Mailbox:
    """Writes each mail into a folder: <time>-<number>.eml, the addressees of the envelope in X-Envelope-To."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (named by aiosmtpd)
        """File one mail; it is there whole before the sender hears that it was taken."""
        content = envelope.content or b""
        head = "".join(f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}-{next(self.numbers)}.eml"
        draft = self.folder / f".{name}"
        draft.write_bytes(head.encode() + (content if isinstance(content, bytes) else content.encode()))
        draft.rename(self.folder / name)
        return "250 Filed"


async def serve(folder: Path, port: int) -> None:
    """Take mails until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    mailbox = Mailbox(folder)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(
            mailbox, data_size_limit=LARGEST, hostname="localhost", ident="Polisdesk demo", enable_SMTPUTF8=True
        ),
        "127.0.0.1",
        port,
    )
    async with server:
        await stopped.wait()


def main() -> None:
    """python -m config.launch.mailbox --port PORT --folder FOLDER."""
    parser = argparse.ArgumentParser(prog="mailbox")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    os.umask(0o077)
    asyncio.run(serve(arguments.folder, arguments.port))


if __name__ == "__main__":
    main()
