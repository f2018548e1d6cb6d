"""The pictures of the documents: each that is named is there, none lies there unnamed, and all together are small."""

import re

from PIL import Image

from config.launch.commands.screenshots import PICTURES
from config.launch.places import ROOT
from config.launch.walk.tour import SHOTS

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMED = re.compile(r"!\[(?P<told>[^\]]*)\]\((?P<path>[^)\s]+)\)")
MOST_EACH, MOST_TOGETHER = 250_000, 1_500_000


def test_each_picture_that_a_document_names_is_there_and_says_what_it_shows() -> None:
    for document in DOCUMENTS:
        for found in NAMED.finditer(document.read_text()):
            assert (document.parent / found["path"]).is_file(), f"{document.name}: {found['path']}"
            assert len(found["told"]) > 10, f"{document.name}: {found['path']} without words for who can't see it"


def test_no_picture_lies_there_unnamed_or_unmade() -> None:
    named = {
        (document.parent / found["path"]).resolve()
        for document in DOCUMENTS
        for found in NAMED.finditer(document.read_text())
    }
    kept = set(PICTURES.iterdir())
    assert kept == named
    assert {path.name for path in kept} == {f"{shot.name}.webp" for shot in SHOTS}


def test_pictures_are_small_and_as_wide_as_the_window() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert max(sizes.values()) < MOST_EACH and sum(sizes.values()) < MOST_TOGETHER, sizes
    for shot in SHOTS:
        with Image.open(PICTURES / f"{shot.name}.webp") as picture:
            assert picture.format == "WEBP" and shot.size[0] - 24 <= picture.width <= shot.size[0], shot.name
