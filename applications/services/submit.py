"""From a draft to an application: the worker reads it again, checks everything anew, and keeps what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.held import contracts_of
from applications.models import Application, Draft
from applications.party_forms import PartyForm, as_data, role_of
from applications.services.uploads import answer_of, uploads_of
from applications.steps import POLICYHOLDER, roles_asked
from common.db import step
from common.errors import BusinessError
from companies.actor import KIND_AT, Actor, ActorKind
from companies.doors import Door
from companies.models import Command, Membership
from companies.rows import insert_rows
from companies.series import next_numbers
from companies.trail import Note, record_many
from products.language import Evaluation, Product, evaluate, fill_system_answers, refused_plan, to_json
from products.selectors import compiled, may_be_sold


class NotComplete(BusinessError):
    """A draft that can't be submitted as it stands; `problems` says each question that is missing or wrong."""

    default_code = "not_complete"

    def __init__(self, message: str, problems: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Submission:
    """A draft that somebody hands in by a command, on a day."""

    draft: Draft
    command: Command
    on: date
    actor: Actor  # the sender where he has a login, else who carries the command out


@step
def submit_application(*, command: Command, actor: Actor, on: date) -> tuple[Application, Evaluation]:
    """The application of a case's draft with its evaluation; exactly the asked questions are stored (S0-06, S0-08).

    Raises NotComplete where a question is missing, unasked or wrong, the payment plan that was asked for is refused, or
    the declaration is not given, and BusinessError where the version isn't sold any more: nothing is stored.
    """
    drafts = Draft.objects.select_related("version__product", "case", "adviser", "company")
    draft = drafts.defer("version__definition").get(case=command.case_id)
    submission = Submission(draft, command, on, sender_of(command) or actor)
    made = submit_applications([submission])[0]
    Draft.objects.filter(pk=draft.pk).delete()
    return made


@step
def submit_applications(submissions: Sequence[Submission]) -> list[tuple[Application, Evaluation]]:
    """The applications of drafts with their evaluations, each on its day; the rules are those of `submit_application`,
    all or nothing.
    """
    made = [read(submission) for submission in submissions]
    numbers = next_numbers("application", days=[submission.on for submission in submissions])
    for (application, _evaluation), number in zip(made, numbers, strict=True):
        application.number = number
    insert_rows([application for application, _evaluation in made])
    by_actor: dict[Actor, list[Note]] = {}
    for (application, _evaluation), submission in zip(made, submissions, strict=True):
        by_actor.setdefault(submission.actor, []).append(note_of(application))
    for actor, notes in by_actor.items():
        record_many(notes, actor=actor)
    return made


def note_of(application: Application) -> Note:
    return Note(
        application,
        "application.submitted",
        application.submitted_on,
        details={
            "number": application.number,
            "filled_in_by": application.filled_in_by,
            "declared_by": application.declared_by,
        },
    )


def read(submission: Submission) -> tuple[Application, Evaluation]:
    """A draft read again by the rules of its pages, as an application without its number, and priced."""
    draft, command, on = submission.draft, submission.command, submission.on
    if not may_be_sold(draft.version, on=on):
        raise BusinessError(
            _("This insurance has changed since you began: open your application again."), code="replaced"
        )
    contracts = contracts_of(draft)
    product = compiled(draft.version).beside(contracts)
    evaluation = evaluate(product, on, fill_system_answers(product, on, told_answers(product, draft)))
    parties, wrong = read_parties(product, draft, on=on)
    check_turn(draft, command)
    found = [*evaluation.errors, *refused_plan(product, evaluation)]
    if found or not draft.declared or wrong:
        problems = [problem.as_json() for problem in found] + wrong
        raise NotComplete(_("The application isn't complete: open it again and check your answers."), problems)
    application = Application(
        case=draft.case,
        version=draft.version,
        channel=draft.channel,
        adviser=draft.adviser,
        filled_in_by=draft.filled_in_by,
        membership_id=draft.membership_id,
        declared_by=draft.filled_in_by if command.link_id is None else ActorKind.VISITOR,
        known_id=draft.known_id,
        contracts=contracts,
        answers=own_answers(product, evaluation),
        parties=parties,
        language=draft.case.language,
        submitted_on=on,
        submitted_at=timezone.now(),
        command=command,
    )
    return application, evaluation


def check_turn(draft: Draft, command: Command) -> None:
    """Who sends in must be who has the draft: the client once it was handed to him, else who fills it in (S0-05)."""
    by_client = command.link_id is not None
    client_has_it = draft.filled_in_by == ActorKind.VISITOR or draft.handed_over_at is not None
    if by_client != client_has_it:
        raise NotComplete(_("The adviser took the application back: wait until he hands it over again."), [])


def sender_of(command: Command) -> Actor | None:
    """The adviser or employee who sent a command; None where a link did."""
    if command.membership_id is None:
        return None
    membership = Membership.objects.filter(pk=command.membership_id).first()
    if membership is None:
        return None
    return Actor(
        kind=KIND_AT[Door(membership.door)],
        door=Door.WORKER,
        user_id=membership.user_id,
        membership_id=membership.pk,
    )


def own_answers(product: Product, evaluation: Evaluation) -> dict[str, Any]:
    """What was asked and answered, also by the system; what an acceptor sets stands in his decision."""
    theirs = {part.spec.key for part in product.questions if part.spec.set_by}
    return {key: to_json(evaluation.answers.get(key)) for key in evaluation.asked if key not in theirs}


def told_answers(product: Product, draft: Draft) -> dict[str, Any]:
    """The applicant's answers; what others answer is never taken from a draft, whoever wrote it there.

    Files are what was added to the application, whatever the draft says of them.
    """
    own = {part.spec.key for part in product.questions if not part.spec.to_applicant}
    told = draft.answers if isinstance(draft.answers, dict) else {}
    files = {part.spec.key: answer_of(uploads_of(draft.case_id, part.spec.key)) for part in product.questions
             if part.spec.type == "file"}  # fmt: skip
    return {key: files.get(key, value) for key, value in told.items() if key not in own}


def read_parties(product: Product, draft: Draft, *, on: date) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The people of a draft read again by the rules of their page, whoever wrote the row; and what is wrong (S0-08)."""
    told = draft.parties if isinstance(draft.parties, dict) else {}
    found: dict[str, Any] = {}
    wrong: list[dict[str, Any]] = []
    for name in roles_asked(product):
        details = told.get(name)
        options: dict[str, Any] = {
            "purpose": f"submit:{draft.case_id}",
            "role": role_of(product, name),
            "country": draft.company.country,
            "on": on,
            "holder": name == POLICYHOLDER,
        }  # fmt: skip
        form = PartyForm({**flat(details), "token": PartyForm(**options).token}, **options)
        if form.is_valid():
            found[name] = form.details
        else:
            wrong += [{"path": f"parties.{name}.{field}", "code": "party"} for field in form.errors]
    return found, wrong


def flat(details: Any) -> dict[str, str]:
    """Details as a form takes them; whatever isn't text is left out, as if it hadn't been told."""
    if not isinstance(details, dict) or not isinstance(details.get("address") or {}, dict):
        return {}
    return {name: value for name, value in as_data(details).items() if isinstance(value, str)}
