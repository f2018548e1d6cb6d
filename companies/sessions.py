"""Sessions in the database under the hash of their key: who reads the table holds no ticket (foundation, section 6)."""

from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from companies.signing import ask


def hashed(key: str) -> str:
    """What stands in the table for a session key: the first 40 hex digits (160 bits) of its SHA-256."""
    return sha256(key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    @property
    def key_salt(self) -> str:
        """The signature holds for one key only: a row copied under another key opens nothing."""
        return f"polisdesk.session.{hashed(self._get_or_create_session_key())}"  # type: ignore[attr-defined]

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        key = hashed(self.session_key or "")
        row = self.model.objects.filter(session_key=key, expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=hashed(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=hashed(key)).delete()
            ask("SELECT sec.sign_out(%s)", [key])

    def cycle_key(self) -> None:
        """A new key for the same session; who is in stays in under it."""
        data, before = self._session, self.session_key  # type: ignore[attr-defined]
        self.create()
        self._session_cache = data
        if before:
            ask("SELECT sec.move_sign_in(%s, %s)", [before, self.session_key])
            self.delete(before)

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        return self.model(
            session_key=hashed(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
        )
