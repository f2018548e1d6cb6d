"""The look as files: every template compiles, every icon exists, no colour outside the tokens, nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.ROOT)
SHELLS = ["400", "403", "403_csrf", "404", "500", "base", "base_office", "base_front", "base_account"]
TEMPLATES = [f"{name}.html" for name in SHELLS] + sorted(
    str(path.relative_to(ROOT / "templates"))
    for folder in ("account", "mfa", "cotton", "common")
    for path in (ROOT / "templates" / folder).rglob("*")
    if path.suffix in {".html", ".txt"}
)
SHEETS = [ROOT / "static" / "css" / f"{name}.css" for name in ("app", "front")]


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles_and_holds_nothing_inline(name):
    get_template(name)
    text = (ROOT / "templates" / name).read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    for attributes in re.findall(r"<script([^>]*)>", text):
        assert "src=" in attributes or 'type="application/json"' in attributes


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'id="i-([a-z-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    named = {
        icon
        for name in TEMPLATES
        for icon in re.findall(r'<c-icon name="([a-z-]+)"', (ROOT / "templates" / name).read_text())
    }
    assert named <= drawn


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_colour_stands_outside_the_tokens(sheet):
    text = sheet.read_text()
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text)
    assert re.findall(r"(?:rgb|hsl)a?\([^)]*\)", text) in ([], ["rgb(10 14 20 / 45%)"])  # the veil of base.css


def test_every_token_that_is_used_is_defined():
    defined = set(re.findall(r"(--[a-z0-9-]+):", (ROOT / "static/css/tokens.css").read_text()))
    for name in ("base", "app", "front"):
        used = set(re.findall(r"var\((--[a-z0-9-]+)", (ROOT / f"static/css/{name}.css").read_text()))
        assert used <= defined


@pytest.mark.parametrize("room", ["applications", "companies", "portal", "products", "relations"])
def test_a_refused_form_is_told_in_our_words_and_not_in_the_browsers(room):
    for path in (ROOT / "templates" / room).glob("*.html"):
        text = path.read_text()
        if "<c-errors" in text and path.name != "factor_reset.html":  # whose form has nothing to fill in
            assert "novalidate" in text, path.name


def test_the_list_of_keys_names_only_keys_that_do_something():
    script = (ROOT / "static/js/keys.js").read_text()
    told = (ROOT / "templates/common/keys.html").read_text()
    listed = {key.lower() for dt in re.findall(r"<dt>(.*?)</dt>", told) for key in re.findall(r"<kbd>(\w)</kbd>", dt)}
    answered = set(re.findall(r"\b(\w): ", script)) | {"g"}
    assert listed - answered == set()
    pressed = set(re.findall(r'press\(\'\[data-key="(\w)"\]', script))
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    assert pressed == {"n"} and all(f'data-key="{key}"' in templates for key in pressed)


def test_scripts_are_our_own_and_without_evaluation():
    for script in (ROOT / "static/js").glob("*.js"):
        text = script.read_text()
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?://", text), script.name
        for imported in re.findall(r'from "([^"]+)"', text):
            assert (script.parent / imported).is_file()
