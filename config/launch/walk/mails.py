"""The mails that were sent, as the demo's mail server filed them, and the papers in them."""

import hashlib
import io
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pikepdf

from config.launch.walk.expect import StepFailed, expect, wait_for

LINK = re.compile(r"http://[^\s<>]+/c/([A-Za-z0-9_-]{43})/")
FILED = "[!.]*.eml"  # with a point before it, it is still being written


@dataclass(frozen=True)
class Paper:
    """One PDF: its file name, its bytes and how many pages it has."""

    name: str
    content: bytes
    pages: int

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Mail:
    """One mail with the addressees of its envelope, its text and its papers."""

    name: str
    envelope: tuple[str, ...]
    subject: str
    message_id: str
    text: str
    papers: tuple[Paper, ...]

    @property
    def links(self) -> list[str]:
        """The secret addresses in its text."""
        return [found[0] for found in LINK.finditer(self.text)]


class Post:
    """The mailbox from now on: mails that lay there before aren't looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._old = {path.name for path in folder.glob(FILED)}
        self._read: dict[str, Mail] = {}

    def all(self) -> list[Mail]:
        """Every mail since, oldest first; each is read once."""
        for path in sorted(self.folder.glob(FILED)):
            if path.name not in self._old and path.name not in self._read:
                self._read[path.name] = read(path)
        return [self._read[name] for name in sorted(self._read)]

    def to(self, address: str) -> list[Mail]:
        """The mails that went to one address."""
        return [mail for mail in self.all() if address in mail.envelope]

    def wait(self, address: str, text: str, *, count: int = 1) -> Mail:
        """The mail to an address whose subject or text holds `text`; it goes to nobody else and comes once."""

        def found() -> list[Mail] | None:
            mails = [mail for mail in self.to(address) if text in mail.subject or text in mail.text]
            return mails if len(mails) >= count else None

        mails = wait_for(f"a mail about {text} to {address}", found)
        expect(f"the number of mails about {text} to {address}", count, len(mails))
        expect(f"the addressees of “{mails[0].subject}”", (address,), mails[0].envelope)
        return mails[0]


def read(path: Path) -> Mail:
    """One filed mail; each attachment must be a PDF that opens."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        raise StepFailed(f"Expected a plain text in {path.name}; found none.")
    return Mail(
        name=path.name,
        envelope=tuple(str(address) for address in message.get_all("X-Envelope-To", [])),
        subject=str(message["Subject"]),
        message_id=str(message["Message-ID"]),
        text=str(body.get_content()),
        papers=tuple(
            paper(part.get_filename() or "", part.get_payload(decode=True)) for part in message.iter_attachments()
        ),
    )


def paper(name: str, content: object) -> Paper:
    """A PDF with its pages counted; something else is refused."""
    if not isinstance(content, bytes) or not content.startswith(b"%PDF-"):
        raise StepFailed(f"Expected a PDF in {name!r}; found something else.")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return Paper(name, content, len(pdf.pages))
    except pikepdf.PdfError as error:
        raise StepFailed(f"Expected {name!r} to open as a PDF; found: {error}.") from None
