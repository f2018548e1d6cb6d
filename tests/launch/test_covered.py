"""bin/test --cover looks at every file of the list, and the proof of mutants changes what it says it changes."""

import ast
import tomllib

from config.launch import covered
from config.launch.places import ROOT
from proofs._mutations import mutants_of

SOURCE = '''
"""A file."""
LIMIT = 3


def allowed(user, *, on=True):
    """Whether he may."""
    if not user.on and user.age >= 18:
        raise ValueError("Expected another one.")
    user.seen = 1
    note(user, door="office")
    return None if user.gone else _("He may.")
'''
EXPECTED = [
    "and/or: not user.on and user.age >= 18",
    "not taken out: not user.on",
    "comparison swapped: user.age >= 18",
    "constant changed: 18",
    "left out: raise ValueError('Expected another one.')",
    "left out: user.seen = 1",
    "constant changed: 1",
    "left out: note(user, door='office')",
    "argument door left out: note(user, door='office')",
    "constant changed: 'office'",
    "nothing returned: return None if user.gone else _('He may.')",
    "condition turned: None if user.gone else _('He may.')",
]


def test_every_line_of_the_list_names_files_that_are_there() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]["run"]["include"]
    found = covered.files()
    assert len(found) == len(set(found)) >= 22 and all((ROOT / path).is_file() for path in found)
    for line in table:
        assert [path for path in found if path.startswith(line.removesuffix("*"))], line
    rooms = {
        str(path.relative_to(ROOT)) for path in (ROOT / "companies" / "rights").rglob("*.py") if path.stat().st_size
    }
    assert rooms <= set(found)


def test_nothing_of_the_list_is_excused() -> None:
    assert not [path for path in covered.files() if "no cover" in (ROOT / path).read_text()]


def test_each_mutant_changes_one_place_in_the_body_of_a_function() -> None:
    mutants = list(mutants_of("a.py", SOURCE))
    assert sorted(mutant.what for mutant in mutants) == sorted(EXPECTED)
    texts = [ast.unparse(mutant.tree) for mutant in mutants]
    assert len(set(texts)) == len(texts) and ast.unparse(ast.parse(SOURCE)) not in texts
    assert all("LIMIT = 3" in text and "on=True" in text and '"""Whether he may."""' in text for text in texts)
    for mutant in mutants:
        compile(mutant.tree, "a.py", "exec")
    lines = {mutant.what: mutant.lines for mutant in mutants}
    assert lines["constant changed: 18"] == (8, 8) and lines["left out: user.seen = 1"] == (10, 10)
