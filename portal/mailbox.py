"""The demo's mailbox: mails that the loopback mail server filed as .eml, read for the demo's mail pages."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,120}")
MOST = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """One part of a mail that is a file."""

    name: str
    media_type: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Mail:
    """One filed mail."""

    name: str
    sender: str
    to: str
    subject: str
    message_id: str
    sent: datetime | None
    text: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def newest(folder: Path) -> list[Mail]:
    """The newest mails, newest first; their names begin with the moment they were filed."""
    names = sorted((path.stem for path in folder.glob("*.eml") if not path.name.startswith(".")), reverse=True)
    return [mail for name in names[:MOST] if (mail := find(folder, name)) is not None]


def find(folder: Path, name: str) -> Mail | None:
    """One mail by its name, or None."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (folder / f"{name}.eml").read_bytes()
    except OSError:
        return None
    return read(name, message_from_bytes(content, policy=policy.default))


def read(name: str, message: EmailMessage) -> Mail:
    """A mail in parts."""
    body = message.get_body(preferencelist=("plain",))
    shown = ("From", "To", "Reply-To", "Date", "Message-ID", "X-Envelope-To", "Content-Language", "Auto-Submitted")
    return Mail(
        name=name,
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        sent=moment_of(message),
        text=str(body.get_content()) if body is not None else "",
        headers=[(head, str(message[head])) for head in shown if message[head]],
        attachments=[
            Attachment(
                name=part.get_filename() or f"part-{place}",
                media_type=part.get_content_type(),
                content=bytes(part.get_payload(decode=True) or b""),
            )
            for place, part in enumerate(message.iter_attachments(), 1)
        ],
    )


def moment_of(message: EmailMessage) -> datetime | None:
    """When the mail says it was sent; a time without a zone (-0000) is one in UTC."""
    try:
        sent = parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
    except ValueError:
        return None
    return sent.replace(tzinfo=UTC) if sent is not None and sent.tzinfo is None else sent
