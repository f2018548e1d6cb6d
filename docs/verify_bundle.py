#!/usr/bin/env python3
"""Verify an evidence bundle of Polisdesk with nothing but Python: verify_bundle.py BUNDLE.zip [HEAD]

Exit 0: every file is the one that the manifest names, none is missing, none was added. Exit 1: the first file that
differs is named. Exit 2: wrong use. HEAD is the last link of the chain as the file's timeline in the office tells it;
with it the bundle is the one that was made there, without it the bundle agrees with itself.
"""

import hashlib
import json
import sys
import zipfile
from typing import Any

FORMAT = "polisdesk-evidence/1"
MANIFEST = "manifest.json"
LARGEST = 500_000_000  # bytes that a bundle may unpack to


class Differs(Exception):
    """The bundle isn't what its manifest says."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def first_link(manifest: dict[str, Any]) -> str:
    """The chain begins at what the manifest says of the bundle itself."""
    told = {name: value for name, value in manifest.items() if name not in ("files", "head")}
    return digest(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())


def next_link(link: str, name: str, sha256: str) -> str:
    return digest(f"{link}\n{name}\n{sha256}".encode())


def read_manifest(bundle: zipfile.ZipFile) -> tuple[dict[str, Any], list[Any]]:
    try:
        manifest = json.loads(bundle.read(MANIFEST))
        files = [(row["path"], row["sha256"], row["size"], row["chain"]) for row in manifest["files"]]
        said = manifest["format"], manifest["head"]
    except (KeyError, TypeError, ValueError) as error:
        raise Differs(f"{MANIFEST}: expected the manifest of a bundle, found none ({error})") from None
    if said[0] != FORMAT:
        raise Differs(f"{MANIFEST}: expected the format {FORMAT}, found {said[0]}")
    return manifest, files


def check_names(bundle: zipfile.ZipFile, files: list[Any]) -> None:
    """No file twice, none too many, none too few."""
    found = [entry.filename for entry in bundle.infolist()]
    expected = {name for name, *_rest in files} | {MANIFEST}
    for name in found:
        if found.count(name) > 1:
            raise Differs(f"{name}: stands in the bundle more than once")
        if name not in expected:
            raise Differs(f"{name}: added, the manifest doesn't know it")
    for name in sorted(expected - set(found)):
        raise Differs(f"{name}: missing")


def check_files(bundle: zipfile.ZipFile, manifest: dict[str, Any], files: list[Any]) -> None:
    """Every file has its hash, and the hashes hang together in one chain up to the head."""
    link = first_link(manifest)
    for name, sha256, size, chain in files:
        entry = bundle.getinfo(name)
        if entry.file_size != size or digest(bundle.read(name)) != sha256:
            raise Differs(f"{name}: has other bytes than the manifest says")
        link = next_link(link, name, sha256)
        if link != chain:
            raise Differs(f"{name}: its place in the chain is another")
    if link != manifest["head"]:
        raise Differs(f"{MANIFEST}: the head of the chain is another")


def verify(path: str, head: str | None = None) -> dict[str, Any]:
    """The manifest of a bundle that is whole. Raises Differs."""
    try:
        with zipfile.ZipFile(path) as bundle:
            if sum(entry.file_size for entry in bundle.infolist()) > LARGEST:
                raise Differs(f"expected at most {LARGEST} bytes, found more")
            manifest, files = read_manifest(bundle)
            check_names(bundle, files)
            check_files(bundle, manifest, files)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise Differs(f"{path}: can't be read as a bundle: {error}") from None
    if head is not None and head != manifest["head"]:
        raise Differs(f"{MANIFEST}: expected the head {head}, found {manifest['head']}")
    return manifest


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit((print(__doc__, file=sys.stderr), 2)[1])
    try:
        whole = verify(*sys.argv[1:])
    except Differs as error:
        sys.exit((print(f"DIFFERS  {error}"), 1)[1])
    print(f"WHOLE  {len(whole['files'])} files of case {whole['case']}, made {whole['made_at']}, head {whole['head']}")
