"""Files as old systems and spreadsheets write them, and files that nobody should send: read whole, or not at all."""

from decimal import Decimal

import pytest

from common.csvs import export_csv
from common.errors import BusinessError
from companies.imports import values
from companies.imports.reading import FileRefused, read_file, template_of
from companies.models import Import

COLUMNS = ["number", "name", "phone", "amount"]


def read(content, needed=("number",)):
    return read_file(content, columns=COLUMNS, needed=list(needed))


def refusal(content, needed=("number",)):
    with pytest.raises(FileRefused) as caught:
        read(content, needed)
    return [(finding.line, finding.field, str(finding)) for finding in caught.value.findings]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b"")])
def test_a_file_is_read_in_every_dress(delimiter, end, encoding, mark):
    lines = [
        delimiter.join(["Number", " NAME "]),
        delimiter.join(["1", '"Käthe ""K"", Æ"']),
        "",
        delimiter.join(["2", ""]),
    ]
    found = read(mark + end.join(lines).encode(encoding))
    assert found == [
        (2, {"number": "1", "name": 'Käthe "K", Æ', "phone": "", "amount": ""}),
        (4, {"number": "2", "name": "", "phone": "", "amount": ""}),
    ]


def test_a_template_and_a_work_list_can_be_sent_as_they_are():
    assert read(template_of([(name, "1") for name in COLUMNS])) == [(2, dict.fromkeys(COLUMNS, "1"))]
    told = export_csv([["import_line", "import_errors", *COLUMNS], [7, "name: =bad", "1", "x", "+31 118", "-12.50"]])
    assert read(told) == [(2, {"number": "1", "name": "x", "phone": "+31 118", "amount": "-12.50"})]


NUL = "found a NUL byte"
HOSTILE = {
    "nothing": (b"", 0, "", "found an empty one"),
    "blanks": (b" \n \n", 0, "", "found an empty one"),
    "a head alone": (b"number;name\n", 0, "", "found none"),
    "a spreadsheet": (b"PK\x03\x04\x00\x00", 0, "", "Save it as CSV"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1", 0, "", "Save it as CSV"),
    "UTF-16": ("number;name\n1;x".encode("utf-16"), 1, "", NUL),
    "a NUL byte": (b"number;name\n1;a\x00b", 2, "", NUL),
    "neither alphabet": (b"number;name\n1;x\n2;\x81\xff", 3, "", "a byte of neither"),
    "a missing column": (b"name\nx", 1, "number", "is missing"),
    "a column twice": (b"number;name;Number\n1;x;2", 1, "number", "stands twice"),
    "an unknown column": (b"number;colour\n1;red", 1, "colour", "is unknown"),
    "a column without a name": (b"number;\n1;red", 1, "?", "is unknown"),
    "a long head": (b"number;" + b"x" * 20_000 + b"\n1;2", 1, "", "found a line of"),
    "a cell too few": (b"number;name\n1;x\n2", 3, "", "Expected 2 cells as in the head, found 1"),
    "a cell too many": (b"number;name\n1;x;y", 2, "", "found 3"),
    "an open quotation mark": (b'number;name\n1;"x\n2;y', 2, "", "isn't closed"),
    "a sign behind a quotation mark": (b'number;name\n1;"x"y', 2, "", "isn't closed"),
    "a break in a cell": (b'number;name\n1;"x\ny"', 2, "name", "U+000A"),
    "a formula": (b"number;name\n1;=HYPERLINK(1)", 2, "name", "found a formula"),
    "a formula by plus": (b"number;name\n1;+A1+A2", 2, "name", "found a formula"),
    "a formula by minus": (b"number;name\n1;-A1", 2, "name", "found a formula"),
    "a formula by at": (b"number;name\n1;@SUM(A1)", 2, "name", "found a formula"),
    "a formula in wide signs": ("number;name\n1;＝1+1".encode(), 2, "name", "found a formula"),
    "a formula behind an apostrophe": (b"number;name\n1;'=1+1", 2, "name", "found a formula"),
    "right to left": ("number;name\n1;a\u202egnp.exe".encode(), 2, "name", "U+202E"),
    "an isolate": ("number;name\n1;\u2066a".encode(), 2, "name", "U+2066"),
    "a bell": (b"number;name\n1;a\x07b", 2, "name", "U+0007"),
    "an escape": (b"number;name\n1;\x1b[31m", 2, "name", "U+001B"),
    "a private sign": ("number;name\n1;\ue000".encode(), 2, "name", "U+E000"),
    "a cell too long": (b"number;name\n1;" + b"x" * 1001, 2, "name", "at most 1000 characters, found 1001"),
    "a cell beyond reading": (b"number;name\n1;" + b"x" * 200_000, 2, "", "can't be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_whole_with_line_and_field(name):
    content, line, field, words = HOSTILE[name]
    found = refusal(content)
    assert found[0][:2] == (line, field)
    assert words in found[0][2]


def test_all_that_is_wrong_is_named_up_to_twenty():
    assert len(refusal(b"number;name\n" + b"1;=x\n" * 3)) == 3
    assert len(refusal(b"number;name\n" + b"1;=x\n" * 50)) == 20


def test_a_file_has_its_limits():
    assert "at most 20,000,000 bytes" in refusal(b"x" * (Import.LARGEST + 1))[0][2]
    assert "at most 50,000 lines" in refusal(b"number\n" + b"1\n" * 50_001)[0][2]
    assert len(read(b"number\n" + b"1\n" * 50_000)) == 50_000


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.56", "1234.56"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1234,5", "1234.50"),
        ("1 234,56", "1234.56"), ("-12,50", "-12.50"), ("\u221212.50", "-12.50"), ("0", "0.00"), ("-0", "0.00"),
        ("1234", "1234.00"), ("1.234.567", "1234567.00"), ("1.234.567,89", "1234567.89"), ("0,05", "0.05"),
        ("999999999999.99", "999999999999.99"),
    ],
)  # fmt: skip
def test_an_amount_that_can_be_read_in_one_way_is_read(cell, value):
    assert values.amount(cell) == value
    assert Decimal(values.amount(cell)) == Decimal(value)


@pytest.mark.parametrize(
    "cell",
    ["1.234", "1,234", "1.234.56", "1,23,456", "12.345", "1.2345", "1,234,56", "12,34.56", "1e5", "NaN", "Infinity",
     "٣", "1-", "--1", "€ 1", "1000000000000", "9" * 900, ",50", "5.", "1.234,567"],
)  # fmt: skip
def test_an_amount_that_could_mean_two_things_or_none_is_refused(cell):
    with pytest.raises(BusinessError, match="Expected an amount"):
        values.amount(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-24", "2026-11-24"),
        ("24-11-2026", "2026-11-24"),
        ("24.11.2026", "2026-11-24"),
        ("1-2-2026", "2026-02-01"),
    ],
)
def test_a_day_is_read_day_first(cell, value):
    assert values.day(cell) == value


@pytest.mark.parametrize(
    "cell",
    [
        "24/11/2026",
        "11-24-2026",
        "2026-02-30",
        "24-11.2026",
        "24-11-26",
        "1899-12-31",
        "3000-01-01",
        "now",
        "٢٤-11-2026",
    ],
)
def test_a_day_that_is_none_is_refused(cell):
    with pytest.raises(BusinessError, match="Expected"):
        values.day(cell)
