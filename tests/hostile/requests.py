"""Requests that no browser sends: odd methods, headers, parameters, cookies, bodies. For pages that need no login."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.hostile.corpus import PROBE, RUN

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BREW", "post", "A" * 300)
LONG = "x" * 70_000
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "User-Agent", "Referer", "Origin", "Host", "Cookie", "Range",
    "If-None-Match", "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto", "X-Requested-With", "HX-Request",
    "HX-Current-URL", "X-CSRFToken", "Authorization", "Content-Length", "Content-Encoding", "Forwarded", "X-Unheard-Of",
)  # fmt: skip
WRONG = {
    "Host": ("[::1", "a b", "a:b:c", PROBE, "testserver:99999", "\u00e4"),
    "Accept-Language": ("nl;q=9999", "*;q=-1", "nl;q=nan", "-", ";;,,", "nl-" * 500, "en," * 5_000),
    "If-Modified-Since": ("Wed, 99 Foo 99999999999 99:99:99 GMT", "0", "Thu, 01 Jan 0000 00:00:00 GMT"),
    "Range": ("bytes=9-1", "bytes=-", "bytes=0-" + "9" * 400, "bytes=" + "0-1," * 2_000),
    "X-Forwarded-For": ("1.2.3.4, " * 500, "::ffff:999", "<script>", "1.2.3.4:port", "[::1]"),
    "Content-Length": ("-1", "x", "", "1e3", "\u00b9"),
    "X-CSRFToken": ("x" * 32, "\u00ff", f"<script>{RUN}</script>"),
    "HX-Current-URL": ("http://[", "javascript:alert(1)", "//"),
    "Referer": ("http://[", "https://", "\u00ff\u00fe"),
    "Origin": ("null", "http://[", f"https://{PROBE}", "\u00ff"),
}
QUERIES = (
    "language=nl&language=de&page=1&page=2&q=a&q=b&state=x&state=y&export=csv&export=pdf", "&&&=;=&a&=b&%", "%00=%00",
    "page=0&page=-1", "page=99999999999999999999999", "%ff=%fe&q=%ff%fe", "q=" + "a" * 60_000, "q[]=a&q[b]=c&q.d=e",
    "&".join(f"a{number}=1" for number in range(3_000)), "language=%00&next=%00", "\u00e4=\u00e4",
)  # fmt: skip
COOKIES = (
    "\u00ff\u00fe;;==;a;=b", "session=" + "x" * 10_000, 'session="\\000abcdefgh"', "session=\u00e9; session=a",
    "__Host-session=a; session=", "csrftoken=" + "x" * 5_000, 'csrftoken="\\000"; csrftoken=\u00ff',
    'messages=[["__json', "django_language=" + "nl-" * 3_000, "session={}; $Version=1", '"=";"', "sessionid=a=b=c",
    "django_language=../../etc/passwd", 'django_language="\\000"', f"session=<script>{RUN}</script>",
    ";".join(f"a{number}={number}" for number in range(500)),
)  # fmt: skip
CHARSETS = (
    "utf-16", "utf-7", "hex", "idna", "punycode", "undefined", "unicode_escape", "rot13", "x" * 5_000, "\u00ff", "",
)  # fmt: skip
FOREIGN = ("", "application/json", "text/xml", "text/plain", ";", FORM.upper(), f"{FORM};;=", "a" * 9_000, "\u00ff/")
BOUNDARIES = (
    "", "; boundary=", f"; boundary={'x' * 400}", "; boundary=\u00ff", '; boundary="x', "; boundary=y",
    "; boundary=x\ty",
)  # fmt: skip
SAID = ("token", "csrfmiddlewaretoken", "email", "name", "view", "go", "language", "next")


@dataclass(frozen=True)
class Odd:
    """One of them; `query` stands behind the address."""

    kind: str
    method: str = "GET"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = "application/octet-stream"

    def __str__(self) -> str:
        told = [*self.headers.items(), *([self.content_type] if self.body else [])]
        return f"{self.kind} {self.method[:12]} {self.query[:30]} {str(told)[:60]} {self.body[:40]!r}"


def odd_requests() -> tuple[Odd, ...]:
    """All of them."""
    return (*odd_heads(), *odd_forms(), *odd_parts())


def odd_heads() -> Iterator[Odd]:
    """What stands before a body."""
    for method in METHODS:
        yield Odd("method", method)
        yield Odd("method with a body", method, body=b"name=a", content_type=FORM)
    yield Odd("method overridden", "POST", "_method=DELETE", {"X-HTTP-Method-Override": "DELETE"}, b"_method=PUT", FORM)
    yield from (Odd("over-long header", headers={name: LONG}) for name in HEADERS)
    for name, values in WRONG.items():
        for method in ("GET", "POST"):
            yield from (Odd("wrong header", method, headers={name: value}) for value in values)
    yield from (Odd("parameters twice", query=query) for query in QUERIES)
    yield from (Odd("cookies", method, headers={"Cookie": one}) for one in COOKIES for method in ("GET", "POST"))


def odd_forms() -> Iterator[Odd]:
    """Bodies of a form in a foreign alphabet, or none at all."""
    twice = "&".join(f"{name}=a&{name}=b" for name in SAID)
    text = twice.encode()
    for charset in CHARSETS:
        yield Odd("foreign alphabet", "POST", body=text, content_type=f"{FORM}; charset={charset}")
        yield Odd("foreign alphabet", "POST", body=whole(b"a"), content_type=f"{PARTS}; boundary=x; charset={charset}")
        said = {"Content-Type": f"text/plain; charset={charset}"}
        yield Odd("foreign alphabet", "GET", "q=%ff%fea&language=nl", said)
    foreign = (twice.encode("utf-16"), twice.encode("utf-32"), b"\xef\xbb\xbf" + text, b"\x1f\x8b" + text, b"\xff" * 99)
    for content in foreign:
        yield Odd("foreign bytes", "POST", body=content, content_type=FORM)
    yield Odd("parameters twice", "POST", twice, body=text, content_type=FORM)
    yield Odd("too many parameters", "POST", body=b"a=1&" * 3_000, content_type=FORM)
    for kind in FOREIGN:
        yield Odd("foreign body", "POST", body=b'{"name": "\\u0000", "a": [1e999]}', content_type=kind)


def odd_parts() -> Iterator[Odd]:
    """Broken multipart bodies."""
    for boundary in BOUNDARIES:
        yield Odd("broken multipart", "POST", body=whole(b"a"), content_type=f"{PARTS}{boundary}")
    good = whole(b"a")
    heads = [
        b"", b"Content-Disposition", b"Content-Disposition: form-data", b'Content-Disposition: form-data; name=""',
        b'Content-Disposition: form-data; name="a"; name="b"', b'Content-Disposition: form-data; name="\x00"',
        b'Content-Disposition: form-data; name="\xff"', b"Content-Disposition: form-data; name*=hex''zz",
        b"Content-Disposition: form-data; name*=nix'x'y; filename*=utf-8''%ff%00",
        b'Content-Disposition: form-data; name="files"; filename="../../\x00.png"\r\nContent-Type: \xff/; charset=hex',
        b'Content-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64',
        b'Content-Disposition: form-data; name="files"; filename="a"\r\nContent-Transfer-Encoding: base64',
        b'Content-Disposition: form-data; name="name"\r\nContent-Type: multipart/mixed; boundary=y',
        b'Content-Disposition: form-data; name="name"\r\nX-Long: ' + b"y" * 30_000, b"\r\n\r\n", b"\xff\xfe" * 200,
        b'Content-Disposition: form-data; name="name"\r\nContent-Length: -1', b"X: 1\r\n" * 3_000,
        b'Content-Disposition: attachment; name="' + b"n" * 20_000 + b'"',
    ]  # fmt: skip
    bodies = [
        *(whole(b"\xff\x00=", head=head) for head in heads), good[:-6], good[:20], b"--x--\r\n", b"--x\r\n",
        b"\r\n" * 999,
        good.replace(b"\r\n", b"\n"), good * 50, whole(b"a") * 1_500, b"x" * 70_000,
        part(b'Content-Disposition: form-data; name="files"; filename="a"', b"a") * 200 + b"--x--\r\n",
        b"".join(part(b'Content-Disposition: form-data; name="%b"' % name.encode(), b"a") for name in SAID * 2),
    ]  # fmt: skip
    yield from (Odd("broken multipart", "POST", body=body, content_type=f"{PARTS}; boundary=x") for body in bodies)


def part(head: bytes, value: bytes) -> bytes:
    return b"--x\r\n" + head + b"\r\n\r\n" + value + b"\r\n"


def whole(value: bytes, *, head: bytes = b'Content-Disposition: form-data; name="name"') -> bytes:
    """A body of one part."""
    return part(head, value) + b"--x--\r\n"
