"""Files that nobody should send, each with the verdict it must get, and names that nobody should give (threats A6)."""

import gzip
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

from documents.intake import take

MARK = b"<script>alert(1)</script>"


def picture(kind="PNG", size=(8, 6), colour=(200, 30, 30), **options):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width, height):
    """A small PNG that says it is huge; its lines are all alike, so they shrink to nothing."""
    lines = zlib.compress(b"\0" * min(height * (width // 8 + 1), 30_000_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def pdf(change=None, **options):
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        if change:
            change(made)
        out = BytesIO()
        made.save(out, **options)
    return out.getvalue()


def action(kind, **entries):
    def change(made):
        names = {f"/{key}": value for key, value in entries.items()}
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **{k[1:]: v for k, v in names.items()})

    return change


def attached(made):
    made.attachments["a.html"] = MARK


def form_of_xml(made):
    made.Root.AcroForm = pikepdf.Dictionary(XFA="x")


def acting_page(made):
    made.pages[0].obj.AA = pikepdf.Dictionary()


def deep(made):
    value = pikepdf.Array([])
    for _level in range(90):
        value = pikepdf.Array([value])
    made.Root.Deep = value


def zipped():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 20_000_000)
    return out.getvalue()


def moving():
    out = BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    """A zip with these members, by any names."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def office_file(kind: str, **members: bytes) -> bytes:
    """A document of an office program, with macros where a member holds them."""
    named = {name.replace("__", "/").replace("_bin", ".bin"): content for name, content in members.items()}
    return packed({"[Content_Types].xml": b"<Types/>", f"{kind}/document.xml": b"<w/>", **named})


def nested(levels: int = 6) -> bytes:
    """An archive in an archive, and so on."""
    content = b"\0" * 1_000_000
    for _level in range(levels):
        content = packed({f"{level}.zip": content for level in range(4)})
    return content


def with_symlink() -> bytes:
    """An archive whose member is a link to another file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("photo.png")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def tape() -> bytes:
    """A tar with a link and a way out of its folder."""
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("../../photo.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


def long_text() -> bytes:
    """A PNG whose note opens to 20 million signs."""
    note = b"Comment\0\0" + zlib.compress(b"\0" * 20_000_000, 9)
    return picture()[:33] + chunk(b"zTXt", note) + picture()[33:]


def external_stream(made: Any) -> None:
    stream = made.make_stream(b"")
    stream.F = pikepdf.String("\\\\probe.invalid\\share\\x")
    made.Root.Outside = stream


def borrowed_page(made: Any) -> None:
    form = made.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 1, 1])
    form.Ref = pikepdf.Dictionary(F=pikepdf.String("\\\\probe.invalid\\x.pdf"), Page=0)
    made.Root.Borrowed = made.make_indirect(form)


def linked(address: str) -> Callable[[Any], None]:
    """A page with a link to an address."""

    def change(made: Any) -> None:
        act = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(address))
        made.pages[0].Annots = [
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=act)
        ]

    return change


def many_pages(made: Any) -> None:
    for _page in range(200):
        made.add_blank_page(page_size=(20, 20))


REFUSED = {
    "nothing at all": (b"", "empty"),
    "one byte": (b"%", "kind"),
    "a page": (b"<!doctype html>" + MARK, "kind"),
    "a drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg">' + MARK + b"</svg>", "kind"),
    "an XML with entities": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "kind"),
    "a program": (b"MZ\x90\0" + b"\0" * 200, "kind"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "kind"),
    "an archive": (zipped(), "kind"),
    "an archive that begins like a picture": (b"\x89PNG\r\n\x1a\n" + zipped(), "damaged"),
    "a moving GIF": (b"GIF89a" + b"\0" * 50, "kind"),
    "a BMP": (b"BM" + b"\0" * 100, "kind"),
    "a TIFF": (b"II*\0" + b"\0" * 100, "kind"),
    "a WebP": (b"RIFF\x10\0\0\0WEBPVP8 ", "kind"),
    "an OLE document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "kind"),
    "a page before a PDF": (MARK + pdf(), "kind"),
    "a blank before a PDF": (b"\n" + pdf(), "kind"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "kind"),
    "a head of a JPEG": (b"\xff\xd8\xff\xe0" + b"\0" * 30, "damaged"),
    "half a JPEG": (picture("JPEG", (400, 400))[:700], "damaged"),
    "a page that begins like a JPEG": (b"\xff\xd8\xff" + MARK * 20, "damaged"),
    "half a PNG": (picture()[:40], "damaged"),
    "a PNG of 10^9 points": (bomb(40_000, 25_000), "pixels"),
    "a PNG of 60 million points": (bomb(10_000, 6_000), "pixels"),
    "a PNG with a size no picture has": (bomb(2**31 - 1, 2**31 - 1), "pixels"),
    "a moving PNG": (moving(), "moving"),
    "a head of a PDF": (b"%PDF-1.7\n", "damaged"),
    "a PDF of noise": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged"),
    "a page that begins like a PDF": (b"%PDF-1.4\n<html>" + MARK, "damaged"),
    "a PDF that runs a script": (pdf(action("JavaScript", JS="app.alert(1)")), "active"),
    "a PDF that starts a program": (pdf(action("Launch", F="cmd.exe")), "active"),
    "a PDF that sends a form": (pdf(action("SubmitForm", F="https://evil.example")), "active"),
    "a PDF with a file in it": (pdf(attached), "active"),
    "a PDF with a form of XML": (pdf(form_of_xml), "active"),
    "a PDF that acts when a page opens": (pdf(acting_page), "active"),
    "a PDF with a password": (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "locked"),
    "a PDF locked for its owner": (pdf(encryption=pikepdf.Encryption(owner="a", user="")), "locked"),
    "a PDF without a page": (pdf(lambda made: made.pages.__delitem__(0)), "pages"),
    "a PDF nested too deep": (pdf(deep), "deep"),
    "a document with macros": (office_file("word", word__vbaProject_bin=b"\xd0\xcf\x11\xe0"), "kind"),
    "a document without macros": (office_file("word"), "kind"),
    "a sheet with macros": (office_file("xl", xl__vbaProject_bin=b"\xd0\xcf\x11\xe0"), "kind"),
    "an archive in an archive": (nested(), "kind"),
    "an archive with a way out": (packed({"../../../etc/cron.d/x": b"x", "/etc/passwd": b"x"}), "kind"),
    "an archive with a link": (with_symlink(), "kind"),
    "a tape with a link": (tape(), "kind"),
    "a packed bomb": (gzip.compress(b"\0" * 5_000_000), "kind"),
    "the harmless test virus": (
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "kind"),
    "a program of another machine": (b"\x7fELF\x02\x01\x01" + b"\0" * 200, "kind"),
    "rich text": (b"{\\rtf1 {\\object\\objocx x}}", "kind"),
    "a page in UTF-16": ("<script>alert(1)</script>".encode("utf-16"), "kind"),
    "a mail of a page": (b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + MARK, "kind"),
    "an image of a web font": (b"wOF2\0\1\0\0" + b"\0" * 50, "kind"),
    "a PNG with a note of 20 million signs": (long_text(), "damaged"),
    "a PNG without a size": (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IEND", b""), "damaged"),
    "a PNG with a false sum": (picture().replace(b"IDAT", b"IDAX"), "damaged"),
    "a PDF whose script has a disguised name": (
        pdf(action("JavaScript", JS="app.alert(1)")).replace(b"/JavaScript", b"/J#61vaScript"), "active"),
    "a PDF with its script packed away": (
        pdf(action("JavaScript", JS="app.alert(1)"), object_stream_mode=pikepdf.ObjectStreamMode.generate), "active"),
    "a PDF that opens another file": (pdf(action("GoToR", F="\\\\probe.invalid\\x.pdf")), "active"),
    "a PDF that opens a file in it": (pdf(action("GoToE", F="x.pdf")), "active"),
    "a PDF that follows a thread elsewhere": (pdf(action("Thread", F="\\\\probe.invalid\\x.pdf")), "active"),
    "a PDF that takes data in": (pdf(action("ImportData", F="x.fdf")), "active"),
    "a PDF that plays": (pdf(action("Rendition", JS="x")), "active"),
    "a PDF with bytes that lie elsewhere": (pdf(external_stream), "active"),
    "a PDF with a page that lies elsewhere": (pdf(borrowed_page), "active"),
    "a PDF that links to a script": (pdf(linked("javascript:alert(1)")), "active"),
    "a PDF that links to a script in two lines": (pdf(linked(" java\nscript:alert(1)")), "active"),
    "a PDF that links to a file": (pdf(linked("file:///etc/passwd")), "active"),
    "a PDF with too many pages": (pdf(many_pages), "pages"),
    "more than ten million bytes": (b"%PDF-1.7\n" + b"\0" * take.LARGEST, "large"),
}  # fmt: skip


def appended(content):
    """A polyglot: a file of one kind with a page behind it."""
    return content + b"\n" + MARK


def with_text():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARK.decode())
    return picture(pnginfo=info)


def with_exif():
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = MARK.decode(), 6  # description; turned a quarter
    return picture("JPEG", exif=exif)


HARMLESS = {
    "a PNG": (picture(), "image/png"),
    "a JPEG": (picture("JPEG"), "image/jpeg"),
    "a PDF": (pdf(), "application/pdf"),
    "a PNG with a page behind it": (appended(picture()), "image/png"),
    "a PNG with an archive behind it": (picture() + zipped(), "image/png"),
    "a PNG with a script in its text": (with_text(), "image/png"),
    "a JPEG with a page behind it": (appended(picture("JPEG")), "image/jpeg"),
    "a JPEG with a script in its notes": (with_exif(), "image/jpeg"),
    "a JPEG with a script as comment": (picture("JPEG", comment=MARK), "image/jpeg"),
    "a PDF with a page behind it": (appended(pdf()), "application/pdf"),
    "a PDF with a link to a website": (pdf(linked("https://duinbaken.example/")), "application/pdf"),
    "a PDF with a link without a scheme": (pdf(linked("www.duinbaken.example:8080/a")), "application/pdf"),
    "a PNG of one colour": (picture(size=(2000, 2000)), "image/png"),
    "a PDF with a page between its objects": (
        pdf().replace(b"endobj", b"endobj\n%" + MARK, 1), "application/pdf"),
}  # fmt: skip


NAMES = {
    "../../etc/passwd.png": "passwd.png",
    "C:\\temp\\photo.png": "photo.png",
    "photo.png\0.html": "photo.png.html.png",
    "pho\u202egnp.html": "phognp.html.png",
    "a\r\nSet-Cookie: x=1.png": "a Set-Cookie x=1.png",
    "x" * 500 + ".png": "x" * 116 + ".png",
    "": "file.png",
    "...": "file.png",
    ".htaccess": "htaccess.png",
    "photo.html": "photo.html.png",
    "photo.PNG": "photo.PNG",
    '"><img src=x>.png': "img src=x.png",
    "\ud800.png": "png.png",
}
