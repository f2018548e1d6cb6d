"""`operator_add EMAIL`: a login of the computing centre; it has no membership, and sets up a second factor first."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from companies.management.base import ReportCommand
from companies.models import User
from companies.operator.people import add_operator


class Command(ReportCommand):
    help = "Adds a login of the computing centre and prints the password it begins with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        email = str(options["email"]).strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"Expected an e-mail address, found {options['email']!r}.", returncode=2) from None
        if User.objects.filter(email=email).exists():
            return {"email": email, "error": "This address has a login already."}, False
        password = secrets.token_urlsafe(15)
        add_operator(email=email, name=options["name"], password=make_password(password))
        return {"email": email, "password": password}, True
