"""The evidence of a Case as one ZIP: whole, chained, verified by a script that needs nothing of ours."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from companies.models import PartCode, Right
from companies.models.trail import TrailEntry
from documents.models import Document
from documents.store import fetch
from portal.evidence import bundle_of
from tests import given, world

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_bundle.py"
V = Right.VIEW
EVERYTHING = frozenset((part.value, right.value) for part, right in world.ALL_RIGHTS)
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


def address(of: world.World, page: str = "evidence/") -> str:
    return f"/duinhaven/office/cases/{of.case.number}/{page}"


def made(of: world.World, **changes: Any) -> bytes:
    """A bundle of the world's policy case, by somebody at a moment."""
    said: dict[str, Any] = {"rights": EVERYTHING, "made_by": "Noor", "made_at": AT, **changes}
    with given.inside(of.company):
        return bundle_of(of.case, company=of.company, **said).content


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def rewritten(path: Path, files: dict[str, bytes]) -> Path:
    """A ZIP of other files under the same roof."""
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return path


def verified(path: Path, *more: str, script: Path = VERIFIER) -> subprocess.CompletedProcess[str]:
    """The script as a process of its own, in an empty place, without our packages."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(path), *more],
        capture_output=True, text=True, check=False, cwd=path.parent,
    )  # fmt: skip


def test_the_bundle_holds_the_whole_file_and_verifies(here, clerk, tmp_path):
    response = clerk.post(address(here))
    assert response.status_code == 200 and response["Content-Type"] == "application/zip"
    assert f"evidence-{here.case.number}.zip" in response["Content-Disposition"]
    files = opened(response.content)
    manifest = json.loads(files["manifest.json"])
    with given.inside(here.company):
        papers = list(Document.objects.select_related("file").filter(case=here.case))
        trail = list(TrailEntry.objects.filter(case_id=here.case.pk).order_by("pk"))
        codes, last = [row.code for row in trail], trail[-1]
        originals = {fetch(row.file) for row in papers}
    # then: papers byte for byte, decisions with traces, orders with link, address and time, mails, trail
    assert originals <= set(files.values()) and len(originals) == 6
    (assessment,) = (json.loads(content) for name, content in files.items() if name.startswith("decisions/assessment"))
    assert assessment["outcome"] == "accept" and assessment["trace"]["trace"]
    (order,) = json.loads(files["orders.json"])
    assert order["address"] == "192.0.2.7" and order["link_id"] and order["ordered_at"] and order["documents"]
    mails = json.loads(files["mails.json"])
    assert len(mails) == 4 and all(row["delivered_at"] and row["enclosures"] for row in mails)
    assert not any(b"/c/" in content for name, content in files.items() if name.startswith("mails/"))
    assert [row["code"] for row in json.loads(files["trail.json"])] == codes[:-1]
    assert manifest["made_by"] and manifest["made_at"] and "personal data" in files["NOTICE.txt"].decode()
    # and: who made it stands in the trail with the chain's head, and the script agrees to both
    assert (last.code, last.details["head"], last.actor_kind) == ("case.bundled", manifest["head"], "employee")
    path = tmp_path / "bundle.zip"
    path.write_bytes(response.content)
    whole = verified(path, manifest["head"])
    assert whole.returncode == 0 and here.case.number in whole.stdout, whole.stderr
    inside = tmp_path / "inside.py"
    inside.write_bytes(files["verify_bundle.py"])
    assert verified(path, script=inside).returncode == 0
    assert verified(path, "0" * 64).returncode == 1


def test_the_same_case_reader_and_moment_give_the_same_bytes(here):
    assert made(here) == made(here)
    assert made(here) != made(here, made_by="Somebody else")


def changed_byte(files: dict[str, bytes]) -> str:
    name = next(name for name in files if name.startswith("documents/"))
    content = bytearray(files[name])
    content[100] ^= 1
    files[name] = bytes(content)
    return name


def missing_file(files: dict[str, bytes]) -> str:
    del files["orders.json"]
    return "orders.json"


def added_file(files: dict[str, bytes]) -> str:
    files["documents/zzz.pdf"] = b"%PDF-1.7 invented"
    return "documents/zzz.pdf"


def changed_manifest(files: dict[str, bytes]) -> str:
    files["manifest.json"] = files["manifest.json"].replace(b"Noor", b"Nora")
    return str(json.loads(files["manifest.json"])["files"][0]["path"])


def no_manifest(files: dict[str, bytes]) -> str:
    del files["manifest.json"]
    return "manifest.json"


@pytest.mark.parametrize("change", [changed_byte, missing_file, added_file, changed_manifest, no_manifest])
def test_what_was_changed_is_named(here, tmp_path, change: Callable[[dict[str, bytes]], str]):
    files = opened(made(here))
    assert verified(rewritten(tmp_path / "same.zip", files)).returncode == 0
    name = change(files)
    found = verified(rewritten(tmp_path / "other.zip", files))
    assert found.returncode == 1
    assert found.stdout.startswith(f"DIFFERS  {name}:"), found.stdout


def test_a_file_that_is_no_bundle_and_wrong_use_are_told(tmp_path):
    path = tmp_path / "no.zip"
    path.write_bytes(b"nothing of the kind")
    assert verified(path).returncode == 1
    assert verified(path, "one", "two").returncode == 2


def test_the_script_is_short_and_needs_nothing_but_python():
    text = VERIFIER.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    imports = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imports <= sys.stdlib_module_names


def test_a_reader_gets_the_parts_he_may_view_and_the_bundle_says_which_not(here):
    files = opened(made(here, rights=frozenset({(PartCode.QUOTATIONS.value, V.value)})))
    manifest = json.loads(files["manifest.json"])
    assert manifest["parts"] == ["quotations"]
    assert manifest["left_out"] == ["applications", "acceptance", "policies", "invoices"]
    assert "quotations.json" in files and "application.json" not in files and "policies.json" not in files
    assert not any("-policy-" in name or "-invoice-" in name for name in files)


def test_without_a_right_to_the_case_there_is_no_bundle(here):
    world.employee(here.company, "relations@duinhaven.example", (PartCode.RELATIONS, V))
    assert world.client_of("relations@duinhaven.example").post(address(here)).status_code == 403
    assert world.client_of("all@duinhaven.example").get(address(here)).status_code == 405


def test_damaged_bytes_make_no_evidence(here, clerk):
    with given.inside(here.company):
        path = Document.objects.select_related("file").get(case=here.case, kind="policy").file.path
        content = default_storage.open(path).read()
        default_storage.delete(path)
        default_storage.save(path, ContentFile(content[:-1]))
    try:
        response = clerk.post(address(here), follow=True)
        assert "can&#x27;t stand in a bundle" in response.content.decode()
    finally:
        default_storage.delete(path)
        default_storage.save(path, ContentFile(content))


def test_the_button_proves_a_paper_in_words(here, clerk):
    page = clerk.get(address(here, "documents/")).content.decode()
    assert page.count("Prove this document</button>") == 6 and "Make the evidence bundle" in page
    with given.inside(here.company):
        paper = Document.objects.select_related("file").get(case=here.case, kind="policy")
        path, content = paper.file.path, fetch(paper.file)
    there = address(here, f"documents/{paper.public_id}/")
    before = clerk.get(there).content.decode()
    assert paper.file.sha256 in before and "weasyprint" in before and "policy.html" in before
    assert "Proven: the archive holds what was sent" in clerk.post(there).content.decode()
    default_storage.delete(path)
    try:
        assert "The archive holds other bytes than were sent." in clerk.post(there).content.decode()
    finally:
        default_storage.save(path, ContentFile(content))


def test_a_paper_of_another_case_or_part_is_not_shown(here, clerk):
    there = address(here, f"documents/{here.link_document.public_id}/")  # a paper of the quotation's own case
    assert clerk.get(there).status_code == 404
    world.employee(here.company, "quotes@duinhaven.example", (PartCode.QUOTATIONS, V))
    policy = address(here, f"documents/{here.document.public_id}/")
    assert world.client_of("quotes@duinhaven.example").post(policy).status_code == 403


def test_a_paper_is_told_in_another_language_and_stands_beside_it(here, clerk):
    with given.inside(here.company):
        policy = Document.objects.select_related("file").get(case=here.case, kind="policy")
    documents, told = address(here, "documents/"), address(here, f"documents/{policy.public_id}/translation/")
    shown = clerk.get(documents).content.decode()
    assert f"Translate into English: Policy {policy.reference}" in shown and "Policy (English)" not in shown
    answer = clerk.post(told, {"language": "en"}, follow=True).content.decode()
    assert "The translation into English stands beside the paper." in answer and "Policy (English)" in answer
    assert f"Translate into English: Policy {policy.reference}" not in answer
    with given.inside(here.company):
        english = Document.objects.get(translates=policy)
        rows = json.loads(opened(made(here))["documents.json"])
    (row,) = [row for row in rows if row["id"] == english.pk]
    assert row["translates_sha256"] == policy.file.sha256
    refused = clerk.post(told, {"language": "fr"}, follow=True).content.decode()
    assert "its product doesn’t speak it" in refused
