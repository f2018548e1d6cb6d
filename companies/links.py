"""Secret links: 256 bits in the address, its SHA-256 in the table; they expire, can be revoked and do nothing on GET.

The secret is an HMAC of the link's nonce, so that a mail sent twice by a crash carries the same address, and neither
the table nor an archived message holds it.
"""

import uuid
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from companies.models.company import Company
from companies.models.work import Link, LinkKind


def secret_of(nonce: uuid.UUID) -> str:
    """The secret that stands in a link's address: 43 characters."""
    return encoded(salted_hmac("polisdesk.link", str(nonce), algorithm="sha256").digest())


def encoded(digest: bytes) -> str:
    """32 bytes as they stand in an address."""
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(secret: str) -> bytes:
    """What the table keeps of a secret."""
    return sha256(secret.encode()).digest()


def open_link(*, kind: LinkKind, case_id: int, addressee: str, expires_at: datetime) -> Link:
    """A new link for one addressee (customer or adviser); its address is `case_address(company, link)`."""
    nonce = uuid.uuid4()
    return Link.objects.create(
        kind=kind,
        case_id=case_id,
        addressee=addressee,
        expires_at=expires_at,
        nonce=nonce,
        token_hash=hash_of(secret_of(nonce)),
    )


PLACES = {LinkKind.APPLICATION: "apply/a", LinkKind.CASE: "c"}


def case_address(company: Company, link: Link) -> str:
    """The whole address of a link, as it stands in a mail: of a Case, or of an application to continue."""
    return f"{settings.PUBLIC_URL}/{company.slug}/{PLACES[LinkKind(link.kind)]}/{secret_of(link.nonce)}/"


def revoke_links(*, case_id: int, kind: LinkKind) -> int:
    """Close all links of a kind to a case; how many there were."""
    return Link.objects.filter(case_id=case_id, kind=kind, revoked_at=None).update(revoked_at=timezone.now())
