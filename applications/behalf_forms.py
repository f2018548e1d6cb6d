"""The forms of filling in for a client: the declaration of who does it, and buttons that hand over or throw away."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms import SignedForm
from companies.actor import ActorKind
from relations.models import Address, Party

DECLARED = {
    ActorKind.ADVISER: _(
        "My client gave me these answers and read them. He knows that they must be true and complete, and that a "
        "wrong answer can have consequences when he claims."
    ),
    ActorKind.EMPLOYEE: _(
        "The client gave us these answers. He was told that they must be true and complete, and that a wrong answer "
        "can have consequences when he claims."
    ),
}


class BehalfDeclarationForm(SignedForm):
    """The last word of who fills in for a client: the client gave these answers."""

    declared = forms.BooleanField(
        error_messages={"required": _("Expected your declaration that the client gave these answers; tick the box.")}
    )

    def __init__(self, *args: Any, kind: ActorKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["declared"].label = DECLARED[kind]


class CommandForm(SignedForm):
    """A button that asks the worker for something, once."""


def details_of_party(party: Party, address: Address | None) -> Mapping[str, Any]:
    """A party of the relations as an application tells of it."""
    told: dict[str, Any] = {
        "kind": party.kind,
        "given_names": party.given_name,
        "name": party.family_name,
        "birth_date": party.birth_date.isoformat() if party.birth_date else "",
        "email": party.email,
        "phone": party.phone,
    }
    if address is not None:
        names = ("street", "house_number", "postcode", "city")
        told["address"] = {name: getattr(address, name) for name in names}
    return {name: value for name, value in told.items() if value}
