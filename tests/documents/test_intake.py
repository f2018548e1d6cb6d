"""Hostile files: what a file is, its bytes say; what is kept of it can do nothing (threats A6)."""

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from documents.intake import take
from documents.intake.take import FileRefused, clean_name, take_file

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
    "more than ten million bytes": (b"%PDF-1.7\n" + b"\0" * take.LARGEST, "large"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what):
    content, code = REFUSED[what]
    with pytest.raises(FileRefused) as error:
        take_file(content, name="photo.jpg")
    assert error.value.code == code or (code == "damaged" and error.value.code == "pages")
    assert "photo.jpg" in str(error.value)


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
    "a PDF with a page between its objects": (
        pdf().replace(b"endobj", b"endobj\n%" + MARK, 1), "application/pdf"),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_taken_and_nothing_hidden_stays(what):
    content, media_type = HARMLESS[what]
    taken = take_file(content, name="photo")
    assert taken.media_type == media_type
    assert b"script" not in taken.content and b"PK\x03\x04" not in taken.content


def test_a_picture_stands_upright_without_its_notes():
    with Image.open(BytesIO(take_file(with_exif(), name="a.jpg").content)) as found:
        assert found.size == (6, 8) and not found.getexif()


def test_the_same_file_becomes_the_same_bytes():
    file = pdf()  # made once: it holds the second in which it was made
    assert take_file(file, name="a").content == take_file(file, name="b").content


def test_only_the_kinds_that_are_wanted():
    with pytest.raises(FileRefused):
        take_file(pdf(), name="a.pdf", media=frozenset({"image"}))


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


@pytest.mark.parametrize("name", NAMES)
def test_names_are_made_harmless(name):
    assert take_file(picture(), name=name).name == NAMES[name]
    assert len(clean_name(name)) <= take.LONGEST_NAME


def test_the_process_that_reads_files_is_bounded(monkeypatch):
    monkeypatch.setattr(take, "CHILD", "import time; a = %r; time.sleep(60)")
    monkeypatch.setattr(take, "SECONDS", 1)
    with pytest.raises(FileRefused) as error:
        take_file(picture(), name="slow.png")
    assert error.value.code == "damaged"
