"""Who does something, and through which door: every service takes an actor, every read is cut to one."""

from dataclasses import dataclass, replace
from enum import StrEnum

from companies.doors import Door


class ActorKind(StrEnum):
    EMPLOYEE = "employee"
    ADVISER = "adviser"
    CUSTOMER = "customer"
    VISITOR = "visitor"  # at the front office or with a link, without a login
    ROBOT = "robot"
    OPERATOR = "operator"  # of the computing centre: in a window, or while it still administers a company


@dataclass(frozen=True, slots=True)
class Actor:
    """The principal of a transaction. A user may be employee, adviser and customer at once; each door keeps its own."""

    kind: ActorKind
    door: Door
    user_id: int | None = None
    membership_id: int | None = None
    party_id: int | None = None
    case_id: int | None = None
    link_id: int | None = None
    job_id: int | None = None
    administrator: bool = False

    def on_job(self, job_id: int) -> "Actor":
        """The same actor while it carries out one job."""
        return replace(self, job_id=job_id)


ROBOT = Actor(kind=ActorKind.ROBOT, door=Door.WORKER)
KIND_AT = {
    Door.OFFICE: ActorKind.EMPLOYEE,
    Door.ADVISERS: ActorKind.ADVISER,
    Door.FOLDER: ActorKind.CUSTOMER,
    Door.FRONT: ActorKind.VISITOR,
    Door.LINK: ActorKind.VISITOR,
    Door.WORKER: ActorKind.ROBOT,
    Door.OPERATOR: ActorKind.OPERATOR,
}
