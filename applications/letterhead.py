"""To whom papers and mails about an application go."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from applications.models import Application
from applications.steps import POLICYHOLDER
from common.formats import street_line, town_line
from documents.rendering.parts import LONGEST_LINE, Addressee


def holder_of(application: Application) -> Mapping[str, Any]:
    """The policyholder as the application tells him."""
    told: Mapping[str, Any] = application.parties[POLICYHOLDER]
    return told


def holder_name(application: Application) -> str:
    """The policyholder in full: Sanne Verbruggen."""
    return name_in_full(holder_of(application))


def name_in_full(party: Mapping[str, Any]) -> str:
    """Given names before the family name; an organisation has none."""
    return f"{party.get('given_names') or ''} {party['name']}".strip()


def addressee_of(application: Application, country: str) -> Addressee:
    """Name and address as they stand in the window, in the order of the sender's country; what is too long for a line
    of it goes on in the next.
    """
    name = holder_name(application)
    lines = tuple(part for line in lines_of(holder_of(application), country) for part in wrap(line, LONGEST_LINE))
    return Addressee(lines=lines, name=name, called=name)


def lines_of(party: Mapping[str, Any], country: str) -> tuple[str, ...]:
    """Name and, where it was asked, address of a party, in the order of a country."""
    name, address = name_in_full(party), party.get("address") or {}
    street = street_line(address.get("street", ""), address.get("house_number", ""), country)
    city = town_line(address.get("postcode", ""), address.get("city", ""), country)
    return tuple(line for line in (name, street, city) if line)
