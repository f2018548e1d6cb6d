"""What a worker carries out for the operator, in a company that doesn't administer itself yet: asked again, here."""

from collections.abc import Callable

from companies.actor import Actor, ActorKind
from companies.clock import today
from companies.doors import Door
from companies.jobs import company_of_scope, handles
from companies.models import Company, Job, Membership, Protocol
from companies.rights import give_protocol, take_protocol
from companies.services.founding import furnish
from companies.services.people import switch_member


def by_operator(job: Job) -> Actor:
    """The operator who asked, as the trail names him."""
    return Actor(kind=ActorKind.OPERATOR, door=Door.WORKER, user_id=job.ids["login"], job_id=job.pk)


def administered(step: Callable[[Company, Job], None]) -> Callable[[Job], None]:
    """Carry a step out only while the company is administered by the operator; what came too late is left undone."""

    def handle(job: Job) -> None:
        company = Company.objects.get(pk=company_of_scope().pk)
        if company.administered_by_operator:
            step(company, job)

    return handle


@handles("operator.furnish")
def furnish_new(job: Job) -> None:
    """Modules, parts and protocols of a company that the operator founded."""
    company = company_of_scope()
    furnish(company, on=today(company))


@handles("operator.switch")
@administered
def switch(company: Company, job: Job) -> None:
    """Switch an employee off or on, as an administrator does: off, his sessions end."""
    switch_member(
        company=company,
        membership_id=employee(job).pk,
        turn_on=job.ids["on"],
        actor=by_operator(job),
        on=today(company),
    )


@handles("operator.give")
@administered
def give(company: Company, job: Job) -> None:
    """Give an employee a protocol."""
    membership, protocol = named(job)
    give_protocol(protocol=protocol, membership=membership, actor=by_operator(job), on=today(company))


@handles("operator.take")
@administered
def take(company: Company, job: Job) -> None:
    """Take a protocol from an employee."""
    membership, protocol = named(job)
    take_protocol(protocol=protocol, membership=membership, actor=by_operator(job), on=today(company))


def named(job: Job) -> tuple[Membership, Protocol]:
    """The employee and the protocol of a job, both of this company."""
    return employee(job), Protocol.objects.get(pk=job.ids["protocol"])


def employee(job: Job) -> Membership:
    """The employee of a job, of this company."""
    return Membership.objects.select_related("user").get(pk=job.ids["membership"], door=Door.OFFICE)
