"""Words for a reader that stand outside gettext: in templates, in code, in scripts."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from config.translations.source import CALLS, Source

WORD = re.compile(r"[^\W\d_]{2,}")
MARKUP = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
WHOLE = re.compile(r"{%\s*(blocktrans(?:late)?|comment)\b.*?{%\s*end\1\s*%}", re.DOTALL)
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
VALUE = re.compile(r"\$\{[^}]*\}")
LITERAL = re.compile(r"\"([^\"]*)\"|'([^']*)'")
WITHOUT_TEXT = re.compile(
    r"{%\s*(trans|translate|load|static|url|include|extends|block|partialdef|partial|if|elif|regroup|now)\b"
)
ATTRIBUTES = {
    "title", "alt", "placeholder", "aria-label", "aria-description", "label", "term", "hint", "sub", "caption",
    "data-copied", "data-count",
}  # fmt: skip
SILENT = {"script", "style"}
SCRIPT = re.compile(
    r"(?:\b(?:textContent|innerText|innerHTML|title|placeholder|ariaLabel)\s*=|\b(?:alert|confirm|prompt)\()\s*"
    r"([\"'`])((?:(?!\1).)*)\1"
)
KEYWORDS = {"label", "help_text", "title", "about", "act", "subject", "verbose_name", "verbose_name_plural", "reason"}
SPEAKERS = {"BusinessError", "ValidationError", "PermissionDenied", "Column", "Chapter"}  # their first argument is read
LEVELS = {"success", "info", "warning", "error"}


def words(source: Source, speaking: set[str]) -> Iterator[tuple[str, int]]:
    """Words of a file that a reader sees and gettext does not, with their line."""
    if source.tree:
        return in_code(source.tree, speaking)
    if source.path.suffix == ".js":
        return in_script(source.text)
    return in_template(source.text, marked=source.path.suffix == ".html")


def in_template(source: str, *, marked: bool) -> Iterator[tuple[str, int]]:
    """Words of a template outside trans, blocktrans and values, with their line; `marked`: it is HTML."""
    shown = WHOLE.sub(_blank, source)
    for tag in MARKUP.finditer(shown):
        if not WITHOUT_TEXT.match(tag[0]) and not tag[0].startswith("{#"):
            for found in LITERAL.finditer(tag[0]):
                text = found[1] or found[2] or ""
                if _sentence(text):
                    yield text, shown.count("\n", 0, tag.start() + found.start()) + 1
    plain = MARKUP.sub(_blank, shown)
    if marked:
        reader = _Reader()
        reader.feed(plain)
        yield from reader.found
    else:
        yield from ((line.strip(), at) for at, line in enumerate(plain.splitlines(), 1) if WORD.search(line))


class _Reader(HTMLParser):
    """Text and attributes of a page that hold words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, int]] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in SILENT
        for name, value in attrs:
            if name in ATTRIBUTES:
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._note(ATTRIBUTE.sub("", data))  # a block may hold the attributes of a tag around it

    def _note(self, text: str) -> None:
        if WORD.search(text):
            self.found.append((" ".join(text.split()).strip(" ·,:"), self.getpos()[0]))


def in_script(source: str) -> Iterator[tuple[str, int]]:
    """Words that a script writes on a page; its texts come with the page, in `data-` attributes."""
    for found in SCRIPT.finditer(source):
        if WORD.search(VALUE.sub("", found[2])):
            yield found[2], source.count("\n", 0, found.start()) + 1


def speakers(trees: list[ast.Module]) -> set[str]:
    """The classes whose first argument a reader sees: those named, and what is derived from them."""
    derived = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = set(SPEAKERS)
    while more := {name for name, bases in derived.items() if bases & found} - found:
        found |= more
    return found


def in_code(tree: ast.Module, speaking: set[str]) -> Iterator[tuple[str, int]]:
    """Words of a module that a reader sees and gettext does not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for place in _read(node, speaking):
                yield from _hard(place)
        elif isinstance(node, ast.ClassDef) and any(_name(base).endswith("Choices") for base in node.bases):
            for row in node.body:
                if isinstance(row, ast.Assign) and isinstance(row.value, ast.Tuple) and len(row.value.elts) > 1:
                    yield from _hard(row.value.elts[-1])


def _read(call: ast.Call, speaking: set[str]) -> Iterator[ast.expr]:
    """Those arguments of a call that a reader sees."""
    name = _name(call.func)
    if name in speaking:
        yield from call.args[:1]
    if name in LEVELS and isinstance(call.func, ast.Attribute) and _name(call.func.value) == "messages":
        yield from call.args[1:2]
    if name in CALLS or name == "_":  # put together before it is looked up, so no catalogue can hold it
        yield from (place for place in call.args[:1] if not isinstance(place, ast.Constant))
    for keyword in call.keywords:
        if keyword.arg in KEYWORDS:
            yield keyword.value
        elif keyword.arg == "error_messages" and isinstance(keyword.value, ast.Dict):
            yield from keyword.value.values
        elif keyword.arg == "choices" and isinstance(keyword.value, ast.List):
            yield from (row.elts[-1] for row in keyword.value.elts if isinstance(row, ast.Tuple) and row.elts)


def _hard(node: ast.expr) -> Iterator[tuple[str, int]]:
    """The words written in an expression: plain, with values, put together, or one of two."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and WORD.search(node.value):
            yield node.value, node.lineno
    elif isinstance(node, ast.JoinedStr):
        words = "{}".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        if WORD.search(words):
            yield words, node.lineno
    elif isinstance(node, ast.BinOp):
        yield from _hard(node.left)
        if isinstance(node.op, ast.Add):
            yield from _hard(node.right)
    elif isinstance(node, ast.IfExp):
        yield from _hard(node.body)
        yield from _hard(node.orelse)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _hard(node.func.value)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _sentence(text: str) -> bool:
    """Whether a literal in a tag looks like words for a reader: a capital first, or more than one word."""
    words = WORD.findall(text)
    return bool(words) and (text[:1].isupper() or (len(words) > 1 and " " in text.strip()))


def _blank(found: re.Match[str]) -> str:
    """Nothing in its place, on as many lines."""
    return "\n" * found[0].count("\n") or " "
