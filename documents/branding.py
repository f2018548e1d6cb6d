"""The face of a company on its papers: its own brand, or a neutral one made of its name and letterhead."""

from functools import lru_cache
from html import escape

from companies.models import Company
from companies.models.company import Profile
from documents.rendering.brand import Brand, demo_brand


def brand_of(company: Company) -> Brand:
    """The brand of the current company, from its letterhead."""
    profile = Profile.objects.first()
    if profile is not None and profile.brand:
        return demo_brand(profile.brand)
    return neutral_brand(company, profile or Profile())


def neutral_brand(company: Company, profile: Profile) -> Brand:
    """A grey and blue letterhead with the name as its mark, for a company that has set up none."""
    address = f"{profile.street}, {profile.postcode} {profile.city}".strip(", ")
    return Brand(
        name=company.name,
        country=company.country,
        brand="#24507a",
        brand_ink="#1a3a58",
        tint="#f0f4f8",
        line="#c6d0da",
        logo=wordmark(company.name),
        logo_kind="svg",
        window="de" if company.country == "DE" else "nl",
        sender=f"{company.name} · {address}",
        legal=((company.name, address), (profile.authorisation,), (profile.iban,)),
        phone=profile.phone,
        mail=profile.email,
        website=profile.website,
        authorisation=profile.authorisation,
        complaints=profile.complaints,
        insurance_tax_number=profile.insurance_tax_number,
    )


@lru_cache(maxsize=200)
def wordmark(name: str) -> bytes:
    """The company's name as a picture."""
    width = 14 * len(name) + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 40" width="{width}" height="40">'
        f'<text x="0" y="28" font-family="Doc" font-size="24" font-weight="600" fill="#1a3a58">{escape(name)}</text></svg>'
    ).encode()
