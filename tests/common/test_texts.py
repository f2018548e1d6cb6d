"""Keys, clean lines, exports and errors."""

import csv
import io
import pickle
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from common.csvs import export_csv, safe_cell
from common.errors import BusinessError
from common.text import LineError, check_line, clean_line, fold, one_line


def test_fold_brings_spellings_together():
    assert fold("Sørensen,  Nils") == fold("SORENSEN, nils") == "sorensen, nils"
    assert fold("Straße") == "strasse"
    assert fold("Łódź Æble") == "lodz aeble"


@given(st.text())
def test_fold_is_stable(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_clean_line_is_one_line_without_marks(text):
    line = clean_line(text)
    assert line == clean_line(line)
    assert not any(character in line for character in "\x00\r\n\t\u2028\u202e\u200f\u2066")
    check_line(line)


def test_a_clean_line_keeps_the_words():
    assert clean_line(" Anna\r\nBcc: x@example.org\x00\u202e ") == "Anna Bcc: x@example.org"


def test_a_line_that_may_not_be_changed_is_refused_with_its_place():
    with pytest.raises(LineError) as refused:
        check_line("a\nb", field="subject")
    assert str(refused.value) == "Expected one line of text, found the sign U+000A in place 2."
    assert (refused.value.field, refused.value.code) == ("subject", "line")


def test_one_line_is_cut_at_a_word():
    assert one_line("Viswinkel De Zilvermeeuw", 15) == "Viswinkel De…"
    assert one_line("Viswinkel", 5) == "Visw…"
    assert one_line("a  b\n c") == "a b c"


@given(st.text(min_size=1), st.integers(1, 40))
def test_one_line_keeps_its_limit(text, limit):
    assert len(one_line(text, limit)) <= limit


@pytest.mark.parametrize("typed", ["=1+1", "+31 6", "-2", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"])
def test_no_cell_starts_with_a_formula(typed):
    assert safe_cell(typed).startswith("'")


def test_values_stay_readable_for_machines():
    assert [safe_cell(value) for value in (Decimal("-1234.50"), 3, date(2026, 11, 24), None, True, "a-b")] == [
        "-1234.50",
        "3",
        "2026-11-24",
        "",
        "1",
        "a-b",
    ]


def test_export_is_read_back_with_the_same_cells():
    rows: list[list[object]] = [["Holder", "Open"], ["De „Meeuw“; vis\nen meer", Decimal("1.10")]]
    written = export_csv(rows)
    assert written.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert read == [["Holder", "Open"], ["De „Meeuw“; vis\nen meer", "1.10"]]


@pytest.mark.parametrize("language", ["nl", "de"])
def test_an_export_opens_in_a_spreadsheet_of_its_readers_country(language):
    with translation.override(language):
        assert export_csv([["Open"], ["a", Decimal("1234.50")]]).decode("utf-8-sig") == '"Open"\r\n"a";"1234,50"\r\n'


class Refused(BusinessError):
    default_code = "refused_here"


def test_a_business_error_puts_its_sentence_together_when_read():
    error = Refused(gettext_lazy("Expected %(most)s, found %(found)s."), params={"most": 2, "found": 3}, field="count")
    assert str(error) == "Expected 2, found 3."
    assert (error.code, error.field) == ("refused_here", "count")
    assert str(BusinessError("100 % of it")) == "100 % of it"


def test_a_business_error_crosses_processes():
    error = pickle.loads(pickle.dumps(Refused("Found %(found)s.", params={"found": 3}, code="x", field="f")))
    assert (type(error), str(error), error.code, error.field) == (Refused, "Found 3.", "x", "f")
