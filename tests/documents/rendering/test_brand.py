"""A brand is readable and its logo only draws (design notes: refuse colours under 4.5 to 1 on white)."""

import dataclasses

import pytest

from companies.actor import ROBOT
from companies.doors import Door
from companies.scope import company_scope
from companies.services.founding import set_profile
from documents.rendering.brand import BRANDS, Brand, contrast, demo_brand
from documents.rendering.brands import brand_of
from documents.rendering.errors import BrandRefused
from tests import given as start

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize("name", [path.stem for path in sorted(BRANDS.glob("*.json"))])
def test_demo_brands_hold_the_rules(name: str) -> None:
    assert demo_brand(name).name


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("field", "colour"), [("brand", "#777777"), ("brand_ink", "#e09f1f"), ("tint", "#8899aa")])
def test_pale_colours_are_refused(field: str, colour: str, brand: Brand) -> None:
    with pytest.raises(BrandRefused, match="stand out"):
        dataclasses.replace(brand, **{field: colour})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "colour", ["red", "#fff", "#1b4f8f;} body{display:none", "#1B4F8F", "#1b4f8f\n", "url(http://x)"]
)
def test_only_plain_colours(colour: str, brand: Brand) -> None:
    with pytest.raises(BrandRefused, match="Expected a colour"):
        dataclasses.replace(brand, line=colour)


@pytest.mark.parametrize(
    "body",
    [
        "<script>1</script>",
        '<image href="http://x/"/>',
        "<style>@import url(http://x)</style>",
        '<use href="#a"/>',
        "<foreignObject/>",
        '<path style="fill:url(http://x)"/>',
        '<path fill="url(http://x)"/>',
        '<path onload="x()"/>',
        '<path fill="u\\72l(http://x)"/>',
        '<a href="http://x"><path/></a>',
        "<text>x</text>",
        "<!DOCTYPE x>",
        "<?php ?>",
        '<path fill="URL( http://x )"/>',
        "<g>" * 5000,
        "<rect/>" * 3000,
    ],
)
def test_a_logo_that_does_more_than_draw_is_refused(body: str, brand: Brand) -> None:
    with pytest.raises(BrandRefused):
        dataclasses.replace(brand, logo=SVG.format(body).encode())


def test_entities_in_a_logo_are_refused(brand: Brand) -> None:
    with pytest.raises(BrandRefused, match="document type"):
        dataclasses.replace(brand, logo=b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("").encode())
    with pytest.raises(BrandRefused):
        dataclasses.replace(brand, logo=SVG.format("").encode("utf-16"))


def test_a_plain_logo_with_a_prolog_and_a_gradient_passes(brand: Brand) -> None:
    stop = '<stop offset="0" stop-color="#fff"/>'
    body = f'<!-- ours --><defs><linearGradient id="a">{stop}</linearGradient></defs><path fill="url(#a)" d="M0 0h9"/>'
    assert dataclasses.replace(brand, logo=b'<?xml version="1.0"?>' + SVG.format(body).encode())


@pytest.mark.parametrize(
    "logo", [b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8, b"x" * 200_001]
)
def test_a_png_is_a_png_of_moderate_size(logo: bytes, brand: Brand) -> None:
    with pytest.raises(BrandRefused):
        dataclasses.replace(brand, logo=logo, logo_kind="png")


@pytest.mark.django_db
def test_a_company_prints_with_the_lines_of_its_profile() -> None:
    company = start.company("duinhaven")
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        plain = brand_of(company)
        set_profile(on=start.DAY, actor=ROBOT, brand="kranichtor", city="Zierikzee")
        looked = brand_of(company)
    assert plain.logo == b"" and plain.sender == "Duinhaven · Kade 1 · 4381 AA Vlissingen"
    assert plain.legal[2] == ("IBAN NL91\xa0ABNA\xa00417\xa01643\xa000",)
    assert (plain.mail, plain.authorisation, plain.complaints) == (
        "post@duinhaven.example",
        "AFM 12000000",
        "",
    )
    assert looked.brand == demo_brand("kranichtor").brand and looked.logo and looked.name == "Duinhaven"
    assert "Zierikzee" in looked.sender
