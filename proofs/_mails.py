"""The mails that a proof's mail server took."""

import email
import email.policy
import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path


def read_mails(folder: Path) -> Iterator[EmailMessage]:
    """The mails that the server took."""
    yield from (read_mail(path) for path in sorted(folder.glob("*.eml")))


def read_mail(path: Path) -> EmailMessage:
    """One filed mail."""
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def content_of(mail: EmailMessage) -> str:
    """What a reader gets: addressee, subject, words and papers, as a hash. Date and separators may differ."""
    parts = [mail["X-Envelope-To"], mail["To"], mail["Subject"]]
    for part in mail.walk():
        if isinstance(content := part.get_payload(decode=True), bytes):
            parts.append(hashlib.sha256(content).hexdigest())
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
