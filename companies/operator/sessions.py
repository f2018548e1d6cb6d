"""Sessions of the operator's process: in a table of their own, since its login has no grant on those of companies."""

from companies import sessions
from companies.models import OperatorSession


class SessionStore(sessions.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[OperatorSession]:
        return OperatorSession
