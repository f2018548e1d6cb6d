"""The brand of a company: its look by name from the assets, its lines from its own profile."""

from collections.abc import Mapping
from typing import Any

from common.formats import iban, town_line
from companies.models import Company, Profile
from documents.rendering.brand import BRANDS, Brand, demo_brand

# What a company has that chose no look: quiet blue-grey, its name in place of a logo.
PLAIN: Mapping[str, Any] = {
    "brand": "#1d4e6b",
    "brand_ink": "#143a51",
    "tint": "#eef3f6",
    "line": "#c5ced3",
    "logo_kind": "svg",
    "window": "nl",
    "legal": (),
    "signatory": "",
}
LOOK = ("brand", "brand_ink", "tint", "line", "logo_kind", "window", "signatory")


def brand_of(company: Company) -> Brand:
    """How a company's documents look today; lines that its profile leaves empty come from the look it chose."""
    profile = Profile.objects.filter(company=company).first()
    look = _look(profile.brand if profile else company.slug)
    if profile is None:
        return look or Brand.of({**PLAIN, **_lines(company, Profile(), None)}, logo=b"")
    values = {name: getattr(look, name) for name in LOOK} if look else PLAIN
    return Brand.of({**values, **_lines(company, profile, look)}, logo=look.logo if look else b"")


def _look(name: str) -> Brand | None:
    known = {path.stem for path in BRANDS.glob("*.json")}
    return demo_brand(name) if name in known else None


def _lines(company: Company, profile: Profile, look: Brand | None) -> dict[str, Any]:
    """What the profile says, in the places of the letterhead."""
    town = " ".join(town_line(profile.postcode, profile.city, company.country).split())
    place = ", ".join(part for part in (profile.street, town) if part)
    registers = look.legal[1] if look and len(look.legal) > 1 else ()
    account = (f"IBAN {iban(profile.iban)}" if profile.iban else "", f"BIC {profile.bic}" if profile.bic else "",
               f"SEPA {profile.creditor_id}" if profile.creditor_id else "")  # fmt: skip
    columns = ((company.name, place, profile.website), registers, account)
    return {
        "name": company.name,
        "country": company.country,
        "sender": " · ".join(part for part in (company.name, profile.street, town) if part),
        "legal": tuple(tuple(line for line in column if line) for column in columns),
        "phone": profile.phone or (look.phone if look else ""),
        "mail": profile.email or (look.mail if look else ""),
        "website": profile.website or (look.website if look else ""),
        "authorisation": profile.authorisation or (look.authorisation if look else ""),
        "complaints": profile.complaints,
        "insurance_tax_number": profile.insurance_tax_number,
    }
