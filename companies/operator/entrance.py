"""Who stands at the operator's process, and what a company shows him: all of it while he administers it, a window's
modules, or nothing. The database finds out and sets the context in the same statement (companies.schema_operator).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from companies.actor import Actor, ActorKind
from companies.doors import Door
from companies.entrance import SignedIn, company_of
from companies.models import Company, Module, PartCode, Right
from companies.models.rights import MODULE_OF
from companies.rights import Effective
from companies.schema_context import COLUMNS
from companies.signing import ask


@dataclass(frozen=True, slots=True)
class Look:
    """What the operator sees of a company: by which window, which modules, until when. No window: he administers it."""

    window_id: int | None = None
    modules: Collection[str] = ()
    expires_at: datetime | None = None

    @property
    def left(self) -> timedelta:
        """The time that is left of a window."""
        return max(timedelta(0), self.expires_at - timezone.now()) if self.expires_at else timedelta(0)

    @property
    def left_in_words(self) -> str:
        """Minutes and seconds, as a countdown shows them."""
        seconds = int(self.left.total_seconds())
        return f"{seconds // 60}:{seconds % 60:02}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A login at the operator's process, at a company (None: at the console) and with what he sees of it (None:
    nothing).
    """

    sign_in: SignedIn | None
    company: Company | None = None
    look: Look | None = None

    @property
    def administers(self) -> bool:
        """Whether the company hasn't taken over its administration yet."""
        return self.look is not None and self.look.window_id is None


def enter_console(*, session_key: str, user_id: int | None) -> Standing:
    """Stand at the console, at no company."""
    rows = ask("SELECT signed_in, verified_at, factor FROM sec.enter_console(%s, %s)", [session_key, user_id])
    signed_in, verified_at, factor = rows[0]
    return Standing(SignedIn(verified_at, factor or "") if signed_in else None)


def enter_window(slug: str, *, session_key: str, user_id: int | None) -> Standing | None:
    """Stand at a company; None where there is no such company."""
    rows = ask("SELECT * FROM sec.enter_window(%s, %s, %s)", [slug, session_key, user_id])
    if not rows:
        return None
    signed_in, verified_at, factor, administers, window_id, modules, expires_at = rows[0][len(COLUMNS) :]
    look = None
    if verified_at is not None and (administers or window_id is not None):
        look = Look() if administers else Look(window_id, tuple(modules), expires_at)
    return Standing(SignedIn(verified_at, factor or "") if signed_in else None, company_of(rows[0]), look)


def actor_of(user_id: int) -> Actor:
    """The operator as services and pages know him."""
    return Actor(kind=ActorKind.OPERATOR, door=Door.OPERATOR, user_id=user_id)


def rights_by(look: Look) -> Effective:
    """What a look opens of the office's pages: viewing, of the parts of its modules that are on; one query."""
    on = set(Module.objects.filter(on=True).values_list("code", flat=True))
    shown = on if look.window_id is None else on & set(look.modules)
    return frozenset((part.value, Right.VIEW.value) for part in PartCode if MODULE_OF[part] in shown)
