"""What a file is by its bytes, and the harmless file that is kept of it (threats A6)."""

import json
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import BusinessError
from common.text import clean_line

LARGEST = 10_000_000  # bytes, as it came and as it is kept
LONGEST_NAME = 120
SECONDS = 30
STARTS = {b"%PDF-1.": "pdf", b"%PDF-2.": "pdf", b"\xff\xd8\xff": "image", b"\x89PNG\r\n\x1a\n": "image"}
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
ENDS_ALIKE = {"image/jpeg": (".jpg", ".jpeg")}


class FileRefused(BusinessError):
    """A file that isn't taken; the sentence says what was expected."""

    default_code = "file"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept."""

    content: bytes
    media_type: str
    name: str


def take_file(content: bytes, *, name: str, media: frozenset[str] = frozenset({"pdf", "image"})) -> Taken:
    """The harmless file of these bytes; neither name nor header is believed. Raises FileRefused.

    `media`: the kinds that are wanted, of pdf and image.
    """
    told = clean_name(name)
    if not content:
        raise refusal("empty", told)
    if len(content) > LARGEST:
        raise refusal("large", told)
    kind = next((kind for start, kind in STARTS.items() if content.startswith(start)), None)
    if kind is None or kind not in media:
        raise refusal("kind", told)
    media_type, clean = made_harmless(content, kind, told)
    if len(clean) > LARGEST:
        raise refusal("large", told)
    return Taken(clean, media_type, with_ending(told, media_type))


def made_harmless(content: bytes, kind: str, name: str) -> tuple[str, bytes]:
    """The answer of the process that reads the file; one that dies or lasts is a refusal."""
    command = [sys.executable, "-I", "-B", "-c", CHILD % str(settings.ROOT), kind]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired:
        raise refusal("damaged", name) from None
    head, _line, clean = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise refusal("large" if done.returncode < 0 else "damaged", name)
    answer = json.loads(head)
    if "refused" in answer:
        raise refusal(answer["refused"], name)
    return answer["media_type"], clean


CHILD = "import sys; sys.path.insert(0, %r); from documents.intake.child import main; main(sys.argv[1])"


def refusal(code: str, name: str) -> FileRefused:
    """What was expected of a file and what was found, in words."""
    sentences = {
        "empty": _("“%(name)s” is empty. Expected a PDF, JPEG or PNG."),
        "large": _("“%(name)s” is too large. Expected at most 10 MB."),
        "kind": _("“%(name)s” is of another kind than expected. Expected a PDF, JPEG or PNG."),
        "pixels": _("“%(name)s” has too many points. Expected a picture of at most 50 million."),
        "moving": _("“%(name)s” is a moving picture. Expected one that stands still."),
        "locked": _("“%(name)s” is locked with a password. Expected a PDF that opens without one."),
        "pages": _("“%(name)s” has no page, or more than 200."),
        "active": _("“%(name)s” holds scripts or other files. Expected a plain PDF: print it to a new one."),
    }
    sentence = sentences.get(code) or _("“%(name)s” is damaged and can’t be read.")
    return FileRefused(sentence, code=code, params={"name": name})


def clean_name(name: str) -> str:
    """A file's name without path, control and direction marks, of bounded length; “file” where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    told = "".join(character for character in clean_line(last) if character not in '<>:"|?*').strip(" .")
    stem, dot, ending = told.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if stem else f"file.{ending}"
    return told[:LONGEST_NAME] or "file"


def with_ending(name: str, media_type: str) -> str:
    """The name with the ending of what the file is, so that nobody's machine takes it for something else."""
    ending = ENDINGS[media_type]
    return name if name.lower().endswith(ENDS_ALIKE.get(media_type, (ending,))) else f"{name}{ending}"
