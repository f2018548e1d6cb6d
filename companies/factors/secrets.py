"""How allauth's factors behave here: their secrets lie encrypted, and nobody takes off the last one he needs."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.translation import gettext_lazy

from companies.signing import ask


def box(whose: str = "") -> Fernet:
    """What locks and opens secrets: AES-128 and an HMAC, under a key that no database holds; one for each `whose`."""
    key = settings.FACTOR_KEY or settings.SECRET_KEY
    return Fernet(urlsafe_b64encode(sha256(f"polisdesk.factors|{whose}|{key}".encode()).digest()))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """`encrypt` isn't told whose secret it is: what it locks is bound to its login where its row is written
    (companies.factors.binding).
    """

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "A door of yours asks for a second factor, and this is your last one. Set up another first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A text that wasn't locked with our key is an error: who writes the table can't plant a secret he knows."""
        return box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """One of several may go, and the last one where no door of its owner asks for it."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        if others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
            return True
        return not ask("SELECT sec.factor_asked()", [])[0][0]

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Keys are made for the host, or for FACTOR_DOMAIN, above all hosts of this installation."""
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {"id": settings.FACTOR_DOMAIN or entity["id"], "name": settings.MFA_TOTP_ISSUER}
