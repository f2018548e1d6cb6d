"""All that a Case holds, as one ZIP that proves itself: papers, decisions with their traces, orders, mails, trail.

The same case, reader and moment give the same bytes. Each file's hash stands in a manifest, chained; the chain's head
is kept in the trail, so that a bundle shown years later is the one that was made here.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _

from acceptance.models import Assessment, Countersignature, Decision, ReviewRequest
from applications.models import Application
from applications.services.uploads import uploads_of
from common.errors import BusinessError
from companies.models import Company, PartCode, Right
from companies.models.trail import TrailEntry
from companies.trail import signed, words
from correspondence.models import Message
from documents.models import Case, Document
from documents.store import Damaged, fetch
from documents.views import papers_for
from policies.models import Invoice, Policy, PolicyVersion, Withdrawal
from products.models import ProductVersion
from quotations.models import Order, Quotation

FORMAT = "polisdesk-evidence/1"
LARGEST = 200_000_000  # bytes of one bundle, which is made while the reader waits
MIDNIGHT = (1980, 1, 1, 0, 0, 0)  # the only time that a ZIP of ours knows
READABLE = 0o644 << 16
VERIFIER = settings.ROOT / "docs" / "verify_bundle.py"
Entry = tuple[str, bytes]
Rights = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A ZIP with the last link of its chain, and which parts of the file it leaves out for want of a right."""

    content: bytes
    head: str
    left_out: list[str]


def bundle_of(case: Case, *, company: Company, rights: Rights, made_by: str, made_at: datetime) -> Bundle:
    """The evidence of a case as far as its reader may view it. Raises BusinessError for damaged bytes or too many."""
    held = [part for part in PARTS if (part.value, Right.VIEW.value) in rights]
    entries = [entry for part in held for entry in PARTS[part](case)]
    entries += [*papers(case, papers_for(rights)), *mails(case), *trail(case)]
    entries.append(("verify_bundle.py", VERIFIER.read_bytes()))
    left_out = [part.value for part in PARTS if part not in held]
    warning = notice(made_by, made_at)
    told = {
        "format": FORMAT,
        "company": company.slug,
        "case": case.number,
        "made_by": made_by,
        "made_at": made_at.isoformat(),
        "parts": [part.value for part in held],
        "left_out": left_out,
        "notice": warning,
    }
    entries.append(("NOTICE.txt", f"{warning}\n".encode()))
    if sum(len(content) for _name, content in entries) > LARGEST:
        raise BusinessError(_("The files of this case are too large for one bundle."), code="too_large")
    manifest = manifest_of(told, sorted(entries))
    return Bundle(zipped([*sorted(entries), ("manifest.json", plain(manifest))]), manifest["head"], left_out)


def notice(made_by: str, made_at: datetime) -> str:
    """What whoever holds the bundle has to know."""
    return _(
        "This bundle holds personal data. %(who)s made it on %(when)s; the file's trail says so. Give it only to whom "
        "it concerns, and delete it when it has served its purpose."
    ) % {"who": made_by, "when": made_at.isoformat(timespec="minutes")}


def manifest_of(told: dict[str, Any], entries: Iterable[Entry]) -> dict[str, Any]:
    """The files with their hashes, each link of the chain made of the one before, the name and the hash."""
    link = sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    files = []
    for name, content in entries:
        digest = sha256(content).hexdigest()
        link = sha256(f"{link}\n{name}\n{digest}".encode()).hexdigest()
        files.append({"path": name, "sha256": digest, "size": len(content), "chain": link})
    return {**told, "files": files, "head": link}


def zipped(entries: Iterable[Entry]) -> bytes:
    """Files as they are, in their order, without time or owner: equal entries give equal bytes."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, MIDNIGHT)
            info.create_system, info.external_attr = 3, READABLE
            archive.writestr(info, content)
    return into.getvalue()


def plain(value: Any) -> bytes:
    """JSON for people and programs; days, moments and amounts as text."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n").encode()


def row(found: Model, *without: str) -> dict[str, Any]:
    """A row by its columns."""
    columns = (field.attname for field in found._meta.concrete_fields)
    return {name: getattr(found, name) for name in columns if name not in {"company_id", *without}}


def rows(found: Iterable[Model], *without: str) -> list[dict[str, Any]]:
    return [row(one, *without) for one in found]


def in_order(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Lines or instalments, which the database gives back in any order, by their position."""
    return [row(one) for one in sorted(found, key=lambda one: one.position)]


def application(case: Case) -> Iterator[Entry]:
    """What was asked and told, by whom, with the files that came along."""
    yield "application.json", plain(rows(Application.objects.filter(case=case).order_by("pk")))
    uploads = list(uploads_of(case.pk))
    yield "uploads.json", plain([{**row(one), "sha256": one.file.sha256, "path": upload_path(one)} for one in uploads])
    for one in uploads:
        yield upload_path(one), kept(one.file, upload_path(one))


def upload_path(upload: Any) -> str:
    """Where an uploaded file stands; its own name stays in the list, since it was chosen by somebody else."""
    return f"uploads/{upload.pk:08d}-{upload.file.sha256[:12]}"


def decisions(case: Case) -> Iterator[Entry]:
    """The robot's decision with its whole trace, people's decisions and signatures, and the product they decided by."""
    for one in Assessment.objects.filter(application__case=case).order_by("pk"):
        yield f"decisions/assessment-{one.pk}.json", plain(row(one))
    people = {
        "decisions": rows(Decision.objects.filter(application__case=case).order_by("pk")),
        "countersignatures": rows(Countersignature.objects.filter(decision__application__case=case).order_by("pk")),
        "review_requests": rows(ReviewRequest.objects.filter(application__case=case).order_by("pk")),
    }
    yield "decisions/people.json", plain(people)
    if (version := ProductVersion.objects.filter(pk=case.product_version_id).first()) is not None:
        yield "decisions/product.json", plain({"sha256": version.sha256, "definition": version.definition})


def quotations(case: Case) -> Iterator[Entry]:
    """The offers, and the customer's orders: by which link, from where, when, with which papers before his eyes."""
    yield "quotations.json", plain(rows(Quotation.objects.filter(case=case).order_by("pk")))
    yield "orders.json", plain(rows(Order.objects.filter(quotation__case=case).order_by("pk")))


def policies(case: Case) -> Iterator[Entry]:
    """The contracts with their versions, and withdrawals from them."""
    yield (
        "policies.json",
        plain(
            {
                "policies": rows(Policy.objects.filter(case=case).order_by("pk")),
                "versions": rows(PolicyVersion.objects.filter(policy__case=case).order_by("pk")),
                "withdrawals": rows(Withdrawal.objects.filter(case=case).order_by("pk")),
            }
        ),
    )


def invoices(case: Case) -> Iterator[Entry]:
    """Invoices and credit notes with their lines and instalments."""
    found = Invoice.objects.filter(case=case).prefetch_related("lines", "instalments").order_by("pk")
    yield (
        "invoices.json",
        plain(
            [
                {**row(one), "lines": in_order(one.lines.all()), "instalments": in_order(one.instalments.all())}
                for one in found
            ]
        ),
    )


PARTS: dict[PartCode, Callable[[Case], Iterator[Entry]]] = {
    PartCode.APPLICATIONS: application,
    PartCode.ACCEPTANCE: decisions,
    PartCode.QUOTATIONS: quotations,
    PartCode.POLICIES: policies,
    PartCode.INVOICES: invoices,
}


def papers(case: Case, kinds: set[str]) -> Iterator[Entry]:
    """The papers byte for byte, of each what it was made of and with, and of a translation the hash of its original."""
    found = list(Document.objects.select_related("file").filter(case=case, kind__in=kinds).order_by("pk"))
    hashes = {one.pk: one.file.sha256 for one in found}
    yield (
        "documents.json",
        plain(
            [
                {
                    **row(one),
                    "sha256": one.file.sha256,
                    "translates_sha256": hashes.get(one.translates_id or 0),
                    "path": paper_path(one),
                }
                for one in found
            ]
        ),
    )
    for one in found:
        yield paper_path(one), kept(one.file, paper_path(one))


def paper_path(document: Document) -> str:
    return f"documents/{document.pk:08d}-{document.filename}"


def kept(file: Any, name: str) -> bytes:
    """Bytes of the store. Raises BusinessError where they aren't those that were kept: such evidence would be none."""
    try:
        return fetch(file)
    except Damaged as error:
        raise BusinessError(
            _("%(name)s can't stand in a bundle: %(error)s"), code="damaged", params={"name": name, "error": str(error)}
        ) from None


def mails(case: Case) -> Iterator[Entry]:
    """The mails as written, with deliveries and the hashes of what travelled; the secret address isn't kept."""
    rows_of_case = Message.objects.filter(case=case).order_by("pk")
    found = rows_of_case.prefetch_related("deliveries", "enclosures__document__file")
    told = []
    for one in found:
        name, text = f"mails/{one.pk:08d}-{one.addressee}.txt", f"{one.subject}\n\n{one.body}".encode()
        enclosures = sorted(one.enclosures.all(), key=lambda enclosure: enclosure.position)
        told.append(
            {
                **row(one, "subject", "body"),
                "path": name,
                "sha256": sha256(text).hexdigest(),
                "delivered_at": sorted(delivery.recorded_at for delivery in one.deliveries.all()),
                "enclosures": [enclosure.document.file.sha256 for enclosure in enclosures],
            }
        )
        yield name, text
    yield "mails.json", plain(told)


def trail(case: Case) -> Iterator[Entry]:
    """What happened, oldest first, in the reader's words and by its codes."""
    found = TrailEntry.objects.filter(case_id=case.pk).select_related("user").order_by("pk")
    yield "trail.json", plain([{**row(one), "sentence": words(one), "who": signed(one)} for one in found])
