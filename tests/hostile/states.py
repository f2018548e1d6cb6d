"""States of a company that its quiet days don't show: in each stands a form that stands nowhere else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies.actor import ROBOT, Actor
from companies.doors import Door
from companies.imports.kinds import KINDS
from companies.imports.services import stage_import, stop_import
from companies.jobs import run_job
from companies.links import open_link, secret_of
from companies.models import Job, Link, LinkKind, Membership
from companies.tries import PATIENT
from correspondence.models import Addressee, Message
from correspondence.services.mail import job_of, write
from products.services import life
from relations.models import PartyRole, RoleCode
from relations.services.merge import merge_parties
from tests import given, operators, world
from tests.acceptance.scenes import REFERRED, applied, decided, limits, person, sum_of
from tests.hostile.corpus import SCRIPTS
from tests.hostile.forms import forms_of, target_of
from tests.imports import scenes

Place = tuple[str, Client, str]
BICYCLE = "tests/products/bicycle.json"
ANSWERS: dict[str, Any] = {
    "start_date": "2026-12-01", "value": "1250.00", "built": 2024, "postcode": "8011", "electric": False,
    "lock": "chain", "brand": "b3", "use": ["work", "cargo"], "distance": "40.5", "remarks": "Nothing.",
}  # fmt: skip


class States:
    """Builds them in one company, where everybody who reads has a door."""

    def __init__(self, here: world.World, readers: dict[Door, Client], email: str) -> None:
        self.here, self.company, self.readers = here, here.company, readers
        self.reader = self.actor(email)
        self.office, self.advisers, self.operator = (
            readers[door] for door in (Door.OFFICE, Door.ADVISERS, Door.OPERATOR)
        )

    def all(self) -> Iterator[Place]:
        """Every state's page, by whom and where."""
        yield from self.desk()
        yield from self.refusals_and_drafts()
        yield from self.with_the_client()
        yield from self.parties()
        yield from self.below()
        yield from self.files()
        yield from self.operators_files()
        yield from self.versions()
        yield from self.proposed()
        yield from self.stuck_mail()

    def actor(self, email: str) -> Actor:
        """An employee as services know him."""
        with given.inside(self.company):
            return given.actor_of(Membership.objects.get(user__email=email))

    def at(self, name: str, *words: Any, by: Client | None = None) -> Place:
        """A page of the company."""
        return name, by or self.office, reverse(name, args=[self.company.slug, *words])

    def desk(self) -> Iterator[Place]:
        """An application that waits for somebody, and one on the reader's own desk."""
        for taken in (False, True):
            found = applied(self.company, REFERRED, slug="nl-horse-trailer")
            if taken:
                self.office.post(reverse("acceptance:take", args=[self.company.slug, found.number]))
            yield self.at("office:case_decision", found.case.number)

    def bicycles(self, **said: Any) -> tuple[str, str, str]:
        """Drafts of a product with a list: a visitor's (his secret), an adviser's and the office's (their numbers)."""
        visitor: Any = given.draft(self.company, slug="bicycle", answers=ANSWERS | said)
        with given.inside(self.company):
            secret = secret_of(Link.objects.get(pk=visitor.link_id).nonce)
        told: dict[str, Any] = {"slug": "bicycle", "answers": ANSWERS | said}
        clerk = self.actor(f"clerk-ilse-markus@{self.company.slug}.example")
        own = given.draft_on_behalf(self.company, adviser=self.here.adviser, **told)
        by_hand = given.draft_on_behalf(self.company, clerk=clerk, **told)
        return secret, own.case.number, by_hand.case.number

    def refusals_and_drafts(self) -> Iterator[Place]:
        """Drafts of a version that is sold no more; a refusal, behind both its addresses; drafts with a list."""
        author, approver = (self.actor(f"{name}@{self.company.slug}.example") for name in ("author", "approver"))
        given.live_product(self.company, BICYCLE, author=author, approver=approver)
        old = self.bicycles()
        given.live_product(self.company, BICYCLE, author=author, approver=approver)
        new = self.bicycles(value="2500.00")  # from there on losses are asked
        for (secret, own, by_hand), *words in ((old, "review"), (new, "list-losses", "new")):
            page = "record" if len(words) > 1 else "step"
            yield self.at(f"apply:{page}", secret, *words, by=Client())
            yield self.at(f"advisers:draft_{page}", own, *words, by=self.advisers)
            yield self.at(f"applications:draft_{page}", by_hand, *words)
        yield from self.refused()

    def refused(self) -> Iterator[Place]:
        """An application that was declined, behind its own address and behind the letter's."""
        opened: Any = given.draft(self.company, slug="bicycle", answers=ANSWERS | {"lock": "none"})
        case = {"case_id": opened.case_id}
        sent = given.knocked(self.company, "apply", **case, link_id=opened.link_id, door=Door.FRONT, payload={})
        given.work(self.company)
        with given.inside(self.company):
            sent.refresh_from_db()
            assert (sent.outcome or {}).get("code") != "not_complete", sent.outcome
            own = secret_of(Link.objects.get(pk=opened.link_id).nonce)
            until = timezone.now() + timedelta(days=30)
            mailed = open_link(kind=LinkKind.CASE, addressee="customer", expires_at=until, **case)
        yield self.at("decision:application", own, by=Client())
        yield self.at("decision:case", secret_of(mailed.nonce), by=Client())

    def with_the_client(self) -> Iterator[Place]:
        """A draft that an adviser handed to his client."""
        draft = given.draft_on_behalf(self.company, adviser=self.here.adviser, slug="nl-horse-trailer")
        _name, _client, address = self.at("advisers:draft_step", draft.case.number, "review")
        text = self.advisers.get(address).content.decode()
        form = next(form for form in forms_of(text) if form.action.endswith("/hand-over/"))
        self.advisers.post(target_of(form, address), {name: said.decode() for name, said in form.honest({})})
        given.work(self.company)
        yield self.at("advisers:draft", draft.case.number, by=self.advisers)

    def parties(self) -> Iterator[Place]:
        """A customer without a folder, and one who was merged into him."""
        names = ("Verbeek", "Verbeeck")
        kept, gone = (given.customer(self.company, name, f"{name.lower()}@klant.example") for name in names)
        with given.inside(self.company):
            merge_parties(kept=kept.number, gone=gone.number, taken=[], actor=ROBOT, on=given.DAY)
        yield self.at("office:party", kept.number)
        yield self.at("office:party", gone.number)

    def below(self) -> Iterator[Place]:
        """A member without a company of its own, and one whose company waits for its first administrator."""
        given.work(self.company)
        party = given.customer(self.company, "Onderling", "onderling@klant.example")
        with given.inside(self.company):
            PartyRole.objects.create(party=party, code=RoleCode.COMPANY, valid_from=given.DAY)
        yield self.at("below:member", party.number)
        yield self.at("below:member", self.here.adviser.number)

    def files(self) -> Iterator[Place]:
        """Files of relations: still being tried, tried, and stopped."""
        for number, state in enumerate(("staged", "checked", "stopped"), 71):
            with given.inside(self.company, self.reader):
                content = scenes.file_of([scenes.a_relation(number)])
                found = stage_import(
                    kind=KINDS["relations"], name=f"{state}.csv", content=content,
                    lines=[(2, scenes.a_relation(number))], actor=self.reader, on=given.DAY,
                )  # fmt: skip
                ticket = Job.objects.get(key=f"import:{found.pk}:0:0").ticket
                if state == "stopped":
                    stop_import(found=found, actor=self.reader, on=given.DAY)
            if state == "checked":
                run_job(ticket)
            yield self.at("imports:report", found.public_id)

    def operators_files(self) -> Iterator[Place]:
        """A company that the operator administers still, and into which he brought a file."""
        company = given.company("nieuwland")
        slug = company.slug
        file = SimpleUploadedFile("relations.csv", scenes.file_of([scenes.a_relation(1)]), content_type="text/csv")
        found = []
        with operators.as_operator():
            sent = self.operator.post(reverse("operator:import_new", args=[slug]), {"kind": "relations", "file": file})
            for page, *words in (("imports",), ("import_new",), ("import_template", "relations")):
                name = f"operator:{page}"
                found.append((name, self.operator, reverse(name, args=[slug, *words])))
        given.work(company)
        yield from found
        yield "operator:import_report", self.operator, sent["Location"]
        yield "operator:company", self.operator, f"/operator/companies/{slug}/"

    def versions(self) -> Iterator[Place]:
        """Versions of a product on each step of its life; the draft is the reader's own, with a paper and rules."""
        author, approver = (self.actor(f"{name}@{self.company.slug}.example") for name in ("author", "approver"))
        definition = json.loads((given.ROOT / given.TRAILER).read_text(encoding="utf-8"))
        steps = (life.submit_version, life.approve_version, life.put_in_test)
        for far in range(len(steps) + 1):
            by = author if far else self.reader
            with given.inside(self.company, by):
                version = life.draft_version(definition=definition, company=self.company, actor=by, on=given.DAY)
                if not far:
                    given.add_terms(version, self.reader)
            for number, step in enumerate(steps[:far]):
                with given.inside(self.company, approver if number else author):
                    step(version=version, actor=approver if number else author, on=given.DAY)
            words = ("nl-horse-trailer", version.number)
            yield self.at("products:version", *words)
            if not far:
                yield self.at("products:rules", *words)
                yield self.at("products:rule", *words, "R02_NO_THEFT_DEVICE")
                yield self.at("products:rule_new", *words)
                yield self.at("products:paper_new", *words)

    def proposed(self) -> Iterator[Place]:
        """A decision above every acceptor's authority, which waits for a second name."""
        author, approver = (self.actor(f"{name}@{self.company.slug}.example") for name in ("author", "approver"))
        with TemporaryDirectory() as folder:
            given.live_product(self.company, limits(Path(folder)), author=author, approver=approver)
        found = applied(self.company, sum_of("350000"), slug="plans-test")
        proposal = decided(self.company, found, person(self.company, "acceptor"))
        assert proposal.authority
        yield self.at("office:case_decision", found.case.number)

    def stuck_mail(self) -> Iterator[Place]:
        """A mail that the mail server didn't take for a day."""
        with given.inside(self.company):
            write(
                case=self.here.case, key="hostile", addressee=Addressee.CUSTOMER, to=("Sanne", "sanne@hostile.example"),
                subject=SCRIPTS[0], body=SCRIPTS[1], documents=[],
            )  # fmt: skip
            job = job_of(Message.objects.latest("pk"))
            Job.objects.filter(key=job).update(state="failed", attempts=PATIENT.most)
        yield self.at("office:case_messages", self.here.case.number)
