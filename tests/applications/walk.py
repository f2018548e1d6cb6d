"""A visitor at the front office or with a case link: opens pages, reads their forms, sends them."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.test import Client

PAGE_ONE: dict[str, Any] = {
    "start_date": "2026-12-01",
    "catalogue_value": "8500",
    "age_months": "0",
    "area_of_use": ["NL"],
    "theft_devices": ["coupling_lock"],
}
DETAILS: dict[str, Any] = {
    "kind": "person",
    "given_names": "Sanne",
    "name": "Verbruggen",
    "birth_date": "1986-04-17",
    "street": "Dorpsstraat",
    "house_number": "12",
    "postcode": "4381ab",
    "city": "Vlissingen",
    "email": "Sanne@Verbruggen.example",
    "phone": "",
}
ASKING = re.compile(r"/(questions(-\d)?|list-[a-z-]+/(new|\d+))/$")  # pages that ask questions
OURS = {"token", "asked", "go"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def plain(page: Any) -> str:
    """A page without what differs from one request to the next: the CSRF token and its own address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
    return re.sub(r'name="next" value="[^"]+"', "", text)


def named(data: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by the names of their fields, as a page of questions sends them."""
    return {name if name in OURS else f"q-{name}": value for name, value in data.items()}


class Visitor:
    """One browser that speaks Dutch unless told otherwise."""

    def __init__(self, company: str = "duinhaven", language: str = "nl") -> None:
        self.client = Client(headers={"accept-language": language})
        self.company = company
        self.url = ""
        self.page: Any = None

    def get(self, url: str) -> Any:
        """Open an address and stay where it leads."""
        self.page = self.client.get(url, follow=True)
        self.url = self.page.redirect_chain[-1][0] if self.page.redirect_chain else url
        return self.page

    def send(self, url: str | None = None, **data: Any) -> Any:
        """Send the form of the page with its own token unless one is given, and stay where it leads."""
        target = url or self.url
        asks = 'name="asked"' in self.text if target == self.url else ASKING.search(target)
        body = {"token": self.token, **(named(data) if asks else data)}
        self.page = self.client.post(
            target, {key: value for key, value in body.items() if value is not None}, follow=True
        )
        self.url = self.page.redirect_chain[-1][0] if self.page.redirect_chain else target
        return self.page

    @property
    def token(self) -> str:
        found = TOKEN.search(self.text)
        return found[1] if found else ""

    @property
    def text(self) -> str:
        return unescape(self.page.content.decode())

    @property
    def errors(self) -> dict[str, list[str]]:
        """The errors of the page's form by field."""
        return {name: list(messages) for name, messages in self.page.context["form"].errors.items()}

    def start(self, code: str | None = None, product: str = "nl-horse-trailer", **changes: Any) -> Any:
        """Open the application with good answers to the first page."""
        self.get(f"/{self.company}/apply/{product}/" + (f"via/{code}/" if code else ""))
        return self.send(**{**PAGE_ONE, **changes})

    def walk_to_review(self, code: str | None = None) -> Any:
        """Answer everything up to the review."""
        self.start(code)
        self.send(bought_new="yes")
        return self.send(**DETAILS)

    @property
    def secret(self) -> str:
        """The secret in the address of the application or the case."""
        found = re.search(r"/(?:a|c)/([A-Za-z0-9_-]{43})/", self.url)
        assert found is not None, f"Expected a secret address, found {self.url}."
        return found[1]
