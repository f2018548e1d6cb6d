"""A browser without scripts: keeps its own cookies, reads the forms of a page and sends them."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser

from config.launch.walk.codes import next_code
from config.launch.walk.expect import StepFailed

Answers = Mapping[str, str | Sequence[str]]
SENT_AS_TYPED = {"text", "email", "password", "search", "date", "number", "tel", "textarea", "hidden"}


@dataclass
class Field:
    """One control of a form; `value` is what it would send now, `on` whether a box or radio is ticked."""

    name: str
    kind: str
    value: str = ""
    on: bool = False

    @property
    def key(self) -> str:
        """What it asks for: the fields of a product's questions stand behind a prefix."""
        return self.name.removeprefix("q-")


@dataclass
class Form:
    """A form of a page; only its own controls are sent."""

    action: str = ""
    method: str = "get"
    fields: list[Field] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether a control of this name is in the form."""
        return any(row.name == name for row in self.fields)

    def filled(self, answers: Answers) -> list[tuple[str, str]]:
        """What the form sends with these answers; a control without an answer sends what stands in it."""
        sent: list[tuple[str, str]] = []
        for row in self.fields:
            told = answers.get(row.key)
            if row.kind in {"radio", "checkbox"}:
                wanted = row.on if told is None else row.value in ([told] if isinstance(told, str) else told)
                sent += [(row.name, row.value)] if wanted else []
            elif row.kind in SENT_AS_TYPED or row.kind == "select":
                sent.append((row.name, row.value if told is None else str(told)))
        open_ones = {row.key for row in self.fields} - {row.key for row in self.fields if row.name in dict(sent)}
        missed = [key for key, told in answers.items() if told and key in open_ones]
        if missed:
            raise StepFailed(f"Expected the form to offer {answers[missed[0]]!r} for {missed[0]!r}; it doesn't.")
        return sent


class Reader(HTMLParser):
    """Collects forms, links, headings and the visible text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[list[str]] = []  # address, text
        self.headings: list[str] = []
        self.errors: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []  # elements whose text is collected apart
        self._in_form = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get").lower()))
            self._in_form = True
        elif tag == "a" and "href" in told:
            self.links.append([told["href"], ""])
        elif tag == "h1":
            self.headings.append("")
        elif "error" in told.get("class", "").split():
            self.errors.append("")
        if tag in {"a", "h1", "script", "style", "select", "textarea"}:
            self._open.append(tag)
        if self._in_form and told.get("name") and "disabled" not in told:
            self._control(tag, told)
        elif tag == "option" and self._select and self._in_form:
            chosen = self.forms[-1].fields[-1]
            if "selected" in told or not chosen.on:
                chosen.value, chosen.on = told.get("value", ""), True

    def _control(self, tag: str, told: Mapping[str, str]) -> None:
        fields = self.forms[-1].fields
        if tag == "input":
            kind = told.get("type", "text")
            ticks = kind in {"radio", "checkbox"}
            fields.append(Field(told["name"], kind, told.get("value", "on" if ticks else ""), "checked" in told))
        elif tag in {"select", "textarea"}:
            fields.append(Field(told["name"], tag))
            self._select = told["name"] if tag == "select" else self._select

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        if tag == "select":
            self._select = ""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open or "style" in self._open:
            return
        self.words.append(data)
        if "a" in self._open and self.links:
            self.links[-1][1] += data
        if "h1" in self._open:
            self.headings[-1] += data
        if "textarea" in self._open and self._in_form:
            self.forms[-1].fields[-1].value += data
        if self.errors and not self.errors[-1].strip():
            self.errors[-1] = data


@dataclass
class Page:
    """One answer: where it came from in the end, its status, headers and bytes."""

    url: str
    status: int
    headers: Message
    body: bytes

    def __post_init__(self) -> None:
        self._reader: Reader | None = None

    @property
    def reader(self) -> Reader:
        """The page read as HTML."""
        if self._reader is None:
            self._reader = Reader()
            self._reader.feed(self.body.decode("utf-8", "replace"))
            self._reader.close()
        return self._reader

    @property
    def text(self) -> str:
        """The visible words, blanks folded, non-breaking ones among them."""
        return " ".join("".join(self.reader.words).split())

    @property
    def heading(self) -> str:
        """The page's first heading."""
        return " ".join(self.reader.headings[0].split()) if self.reader.headings else ""

    @property
    def path(self) -> str:
        """The address without scheme, host and query."""
        return urllib.parse.urlsplit(self.url).path

    @property
    def links(self) -> list[tuple[str, str]]:
        """Whole address and text of each link."""
        return [(urllib.parse.urljoin(self.url, url), " ".join(text.split())) for url, text in self.reader.links]

    def form_with(self, name: str) -> Form:
        """The form that has a control of this name."""
        found = self.find_form(name)
        if found is None:
            raise StepFailed(f"Expected a form with {name!r} at {self.shown}; found “{self.heading}”.")
        return found

    def find_form(self, name: str) -> Form | None:
        """The form that has a control of this name, or None."""
        return next((form for form in self.reader.forms if form.has(name)), None)

    @property
    def shown(self) -> str:
        """The address without a secret, for messages."""
        return "/".join("…" if len(part) == 43 else part for part in self.path.split("/"))


class Browser:
    """One person's browser, with cookies of its own, that speaks the language given."""

    patience = 30.0  # seconds for one answer

    def __init__(self, base: str, *, language: str = "en") -> None:
        self.base, self.language = base, language
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def open(self, address: str, *, status: int = 200) -> Page:
        """Ask for an address, following redirects; another status than expected is refused."""
        # nosemgrep: outgoing-request (the walk is a browser; addresses of its own application)
        return self._ask(urllib.request.Request(self._whole(address)), status)  # noqa: S310 (http by _whole)

    def send(self, page: Page, form: Form, answers: Answers, *, status: int = 200) -> Page:
        """Send a form of a page, with its Origin as a browser does."""
        target = urllib.parse.urljoin(page.url, form.action) if form.action else page.url
        data = urllib.parse.urlencode(form.filled(answers)).encode()
        origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(page.url))
        # nosemgrep: outgoing-request (the walk is a browser; addresses of its own application)
        return self._ask(urllib.request.Request(self._whole(target), data=data, headers={"Origin": origin}), status)  # noqa: S310

    def log_in(self, login: str, password: str) -> Page:
        """Log in by the page for it, with the code of an authenticator where one is asked, and go where that leads."""
        page = self.open("/accounts/login/")
        landed = self.send(page, page.form_with("password"), {"login": login, "password": password})
        if form := landed.find_form("code"):
            landed = self.send(landed, form, {"code": next_code(login)})
        if landed.find_form("password") or landed.find_form("code"):
            raise StepFailed(f"Expected {login} to be let in at {self.base}; found the login page again.")
        return landed

    def _whole(self, address: str) -> str:
        whole = urllib.parse.urljoin(self.base, address)
        if not whole.startswith(("http://", "https://")):
            raise StepFailed(f"Expected a web address; found {address!r}.")
        return whole

    def fetch(self, request: urllib.request.Request) -> Page:
        """The answer in the end, whatever its status."""
        request.add_header("Accept-Language", self.language)
        try:
            with self._opener.open(request, timeout=self.patience) as answer:
                return Page(answer.url, answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.url, error.code, error.headers, error.read())
        except OSError as error:
            raise StepFailed(f"Expected an answer at {request.full_url}; found: {error}.") from None

    def _ask(self, request: urllib.request.Request, status: int) -> Page:
        page = self.fetch(request)
        if page.status != status:
            raise StepFailed(f"Expected status {status} at {page.shown}; found {page.status}, “{page.heading}”.")
        return page
