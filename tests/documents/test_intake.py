"""Hostile files: what a file is, its bytes say; what is kept of it can do nothing (threats A6)."""

from io import BytesIO

import pytest
from PIL import Image

from documents.intake import take
from documents.intake.take import FileRefused, clean_name, take_file
from documents.models import Document
from documents.views import shown_file
from tests.hostile.files import HARMLESS, NAMES, REFUSED, pdf, picture, with_exif


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what):
    content, code = REFUSED[what]
    with pytest.raises(FileRefused) as error:
        take_file(content, name="photo.jpg")
    assert error.value.code == code or (code == "damaged" and error.value.code == "pages")
    assert "photo.jpg" in str(error.value)


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


def test_a_paper_is_saved_under_one_line_whatever_its_number_holds():
    named = Document(kind="policy", reference='A\r\nSet-Cookie: x=1\u202e/"2026\\1')
    assert named.filename == "policy-A Set-Cookie x=1-2026-1.pdf"
    assert Document(kind="policy", reference="P-2026-000001").filename == "policy-P-2026-000001.pdf"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_shown_under_a_name_that_no_header_line_follows(name):
    told = shown_file(b"", "image/png", name)["Content-Disposition"]
    assert told.startswith("inline; filename") and told.isascii() and told.isprintable()
