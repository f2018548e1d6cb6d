"""Runs as a process of its own, with little memory and time: reads a file on standard input, writes the harmless one.

    python -m documents.intake.child pdf|image

The first line of the answer is JSON: {"media_type": ...} with the bytes after it, or {"refused": code}. An image is
drawn anew, so that nothing of its bytes stays but what one sees. A PDF is written anew from its objects, which drops
whatever lies before, between and behind them; one that can act by itself or carries files is refused.
"""

import json
import re
import resource
import sys
import warnings
from io import BytesIO
from typing import Any

MEMORY, SECONDS = 768 << 20, 15
MOST_PIXELS = 50_000_000
MOST_PAGES, MOST_OBJECTS, DEEPEST = 200, 200_000, 60
ACTS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/GoToE",
    "/GoToR",
    "/GoTo3DView",
    "/Thread",
}
CARRIES = {"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/XFA", "/RichMediaContent"}
KINDS = {"/EmbeddedFile", "/Filespec", "/RichMedia", "/3D", "/Screen"}
LINKS = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(rb"([A-Za-z][A-Za-z0-9+-]*):")


class Refused(Exception):
    """The file can't be taken; the text is the code of why."""


def image(content: bytes) -> tuple[str, bytes]:
    """A JPEG or PNG drawn anew, upright, without what was hidden in it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as found:
            if getattr(found, "n_frames", 1) != 1:
                raise Refused("moving")
            kind = str(found.format)
            upright = ImageOps.exif_transpose(found)
            drawn = upright.convert("RGB" if kind == "JPEG" else "RGBA" if "A" in upright.getbands() else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    out = BytesIO()
    drawn.info.clear()
    drawn.save(out, kind, **({"quality": 90} if kind == "JPEG" else {"optimize": False}))
    return f"image/{kind.lower()}", out.getvalue()


def pdf(content: bytes) -> tuple[str, bytes]:
    """A PDF written anew from its objects."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as found:
            if found.is_encrypted:
                raise Refused("locked")
            if not 0 < len(found.pages) <= MOST_PAGES:
                raise Refused("pages")
            if len(found.objects) > MOST_OBJECTS:
                raise Refused("large")
            for each in found.objects:
                look(each, 0)
            out = BytesIO()
            found.save(out, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    return "application/pdf", out.getvalue()


def look(value: Any, depth: int) -> None:
    """Refuse what acts by itself or carries another file, wherever it stands."""
    import pikepdf

    if depth > DEEPEST:
        raise Refused("deep")
    inner: list[Any] = []
    if isinstance(value, pikepdf.Array):
        inner = [value[place] for place in range(len(value))]
    elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        keys = set(value.keys())
        if keys & CARRIES or named(value, "/S") in ACTS or {named(value, "/Type"), named(value, "/Subtype")} & KINDS:
            raise Refused("active")
        if reaches_out(value):
            raise Refused("active")
        inner = [value.get(key) for key in keys]
    for each in inner:
        if isinstance(each, pikepdf.Object) and not each.is_indirect:
            look(each, depth + 1)


def reaches_out(value: Any) -> bool:
    """Whether an object's bytes or page lie in another file, or it links to what is no web, mail or phone address."""
    import pikepdf

    if isinstance(value, pikepdf.Stream) and ("/F" in value or "/Ref" in value):
        return True
    address = value.get("/URI")
    if not isinstance(address, pikepdf.String):
        return False
    scheme = SCHEME.match(bytes(sign for sign in bytes(address) if sign > 0x20))
    return scheme is not None and scheme[1].decode().lower() not in LINKS


def named(value: Any, key: str) -> str:
    """The name that stands at a key, if one does."""
    return str(value.get(key, ""))


def main(kind: str) -> None:
    """Limit this process, do it, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        media_type, clean = {"image": image, "pdf": pdf}[kind](content)
    except Refused as error:
        answer, clean = {"refused": str(error)}, b""
    except MemoryError:
        answer, clean = {"refused": "large"}, b""
    except Exception:  # whatever a library says of bytes made to break it
        answer, clean = {"refused": "damaged"}, b""
    else:
        answer = {"media_type": media_type}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + clean)


if __name__ == "__main__":
    main(sys.argv[1])
