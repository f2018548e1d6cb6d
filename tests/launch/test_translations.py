"""bin/check translations names every text that is missing, unused, unsure or hard-wired, and nothing else."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config.translations import check
from config.translations.catalogue import messages

PAGE = '<h1 title="{% trans "Policy" %}">{% blocktrans %}{{ n }} open{% endblocktrans %}</h1>{{ x|default:"" }} · 12'
CODE = 'from django.utils.translation import gettext as now\nclass Refused(BusinessError): pass\nlabel = now("Saved")\n'
HELD = {"Policy": "Vertrag", "%(n)s open": "%(n)s offen", "Saved": "Gespeichert"}


def folder(place: Path, *, page: str = PAGE, code: str = CODE, script: str = "", extra: Iterable[str] = ()) -> Path:
    """A project of one page, one module, one script and a catalogue that holds what they say."""
    texts = place / "locale" / "de" / "LC_MESSAGES" / "django.po"
    for path in (texts, place / "templates" / "page.html", place / "static" / "main.js"):
        path.parent.mkdir(parents=True, exist_ok=True)
    (place / "templates" / "page.html").write_text(page)
    (place / "static" / "main.js").write_text(script)
    (place / "views.py").write_text(code)
    rows = [f'msgid "{source}"\nmsgstr "{text}"\n' for source, text in HELD.items()]
    texts.write_text("\n".join(['msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n', *rows, *extra]))
    with texts.open("rb") as read, texts.with_suffix(".mo").open("wb") as written:
        write_mo(written, read_po(read))
    messages.cache_clear()
    return place


def test_a_whole_project_passes_with_its_counts(tmp_path, capsys):
    assert check(folder(tmp_path), {})
    assert capsys.readouterr().out == "de: 3 texts, missing 0, unused 0, unsure 0\nhard-wired: 0\n"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"code": CODE + 'said = now("Lost")\n'}, "missing 1, unused 0, unsure 0\nhard-wired: 0"),
        ({"code": CODE + 'said = f"{now("Lost")}"\n'.replace('"Lost"', "'Lost'")}, "missing 1, unused 0"),
        ({"extra": ['msgid "Gone"\nmsgstr "Weg"\n']}, "missing 0, unused 1, unsure 0\nhard-wired: 0"),
        ({"extra": ['#, fuzzy\nmsgid "Gone"\nmsgstr "Weg"\n']}, "unused 1, unsure 1"),
        ({"page": PAGE + "<p>Hello</p>"}, "hard-wired: 1"),
        ({"page": PAGE + '<img alt="A horse">'}, "hard-wired: 1"),
        ({"page": PAGE + '<c-empty title="No horse" /><i aria-label="Horse"></i>'}, "hard-wired: 2"),
        ({"page": PAGE + '{{ x|default:"No horse" }}'}, "hard-wired: 1"),
        ({"code": CODE + 'raise BusinessError("No horse.")\n'}, "hard-wired: 1"),
        ({"code": CODE + 'raise Refused(f"No horse {n}.")\n'}, "hard-wired: 1"),
        ({"code": CODE + 'raise ValidationError("No %s." % n)\n'}, "hard-wired: 1"),
        ({"code": CODE + 'messages.success(request, "Done.")\n'}, "hard-wired: 1"),
        ({"code": CODE + 'name = CharField(label="Name", error_messages={"required": "None"})\n'}, "hard-wired: 2"),
        ({"code": CODE + 'class State(TextChoices):\n    OPEN = "open", "Open"\n'}, "hard-wired: 1"),
        ({"code": CODE + 'said = _(f"Saved {n}")\n'}, "hard-wired: 1"),
        ({"script": 'place.textContent = "Copied";\nalert("Gone");'}, "hard-wired: 2"),
    ],
)
def test_each_fault_is_counted_and_fails(tmp_path, capsys, fault, told):
    assert not check(folder(tmp_path, **fault), {})
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    "right",
    [
        {"page": PAGE + "<script>let word;</script><style>.a { color: red }</style>{# Note #}"},
        {"page": PAGE + '{% comment %}Note{% endcomment %}{% include "part.html" %}{% url "a:b" c %}'},
        {"page": PAGE + '{% block html_attrs %} data-density="roomy"{% endblock %}<p class="wide">{{ words }}</p>'},
        {"code": CODE + 'raise ValueError("No horse.")\nraise BusinessError(now("Saved"), code="no horse")\n'},
        {"script": "place.textContent = place.dataset.copied;\nplace.textContent = `${left}:${right}`;"},
    ],
)
def test_what_nobody_reads_is_no_finding(tmp_path, right):
    assert check(folder(tmp_path, **right), {})


def test_a_reviewed_word_passes_and_a_review_of_nothing_fails(tmp_path, capsys):
    place = folder(tmp_path, page=PAGE + "<b>Polisdesk</b>")
    assert check(place, {("templates/page.html", "Polisdesk"): "a name"})
    assert not check(place, {("templates/page.html", "Polisdesk"): "a name", ("views.py", "Gone"): "a name"})
    assert "The reviewed words 'Gone' aren't there any more." in capsys.readouterr().err


def test_a_translation_that_loses_a_value_fails(tmp_path, capsys):
    assert not check(
        folder(tmp_path, code=CODE + 'now("%(a)s left")\n', extra=['msgid "%(a)s left"\nmsgstr "weg"\n']), {}
    )
    assert "Expected the named values ['a']; found [] in 'weg'." in capsys.readouterr().err


@pytest.mark.parametrize(("many", "right"), [("%(n)s Tage", True), ("ein Tag", False)])
def test_a_translation_for_many_says_how_many(tmp_path, capsys, many, right):
    page = PAGE + "{% blocktrans count n=n %}One day{% plural %}{{ n }} days{% endblocktrans %}"
    days = f'msgid "One day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "Ein Tag"\nmsgstr[1] "{many}"\n'
    assert check(folder(tmp_path, page=page, extra=[days]), {}) is right
    assert ("Expected the named values ['n']; found [] in 'ein Tag'." in capsys.readouterr().err) is not right
