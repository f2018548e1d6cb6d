"""Contents refuse what contradicts itself, mask what must not be printed, and survive the archive."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
import segno.helpers
from django.utils import translation

from documents.rendering import contents as c
from documents.rendering.errors import ContentRefused
from documents.rendering.masks import masked_birth_date, masked_iban
from documents.rendering.plain import from_plain
from documents.rendering.qr import epc_drawing
from tests.documents.rendering import given

D = Decimal


def test_a_value_on_the_way_stands_before_the_column_that_adds_up() -> None:
    step = c.Step(name="Hausrat", how="1,8 ‰ von 91.000 €", amount=D("163.80"), on_the_way=True)
    assert dataclasses.replace(given.PREMIUM, steps=(step, *given.PREMIUM.steps)).has_way
    assert not given.PREMIUM.has_way


def test_a_cent_too_much_is_refused() -> None:
    with pytest.raises(ContentRefused, match=r"add up to 141\.42, the total says 141\.43"):
        c.Premium(steps=(), net=D("116.88"), taxes=given.PREMIUM.taxes, total=D("141.43"))
    with pytest.raises(ContentRefused, match="the invoice"):
        given.invoice(total=D("167.18"))
    with pytest.raises(ContentRefused, match="the schedule"):
        given.invoice(schedule=given.invoice().schedule[:3])
    with pytest.raises(ContentRefused, match="the plan"):
        c.Plan(name="x", instalments=given.YEARLY.instalments, total=D("141.41"))


def test_tax_belongs_to_its_base() -> None:
    with pytest.raises(ContentRefused, match="the tax bases"):
        given.invoice(taxes=(c.Tax(rate=D("0.21"), base=D("200.00"), amount=D("26.33")),))
    with pytest.raises(ContentRefused, match="exempt part bears no tax"):
        c.Tax(rate=None, base=D("15.45"), amount=D("1.00"))


def test_what_is_paid_has_its_way() -> None:
    with pytest.raises(ContentRefused, match="on which mandate"):
        given.invoice(debit=None)
    with pytest.raises(ContentRefused, match="to which account"):
        given.invoice(transfer=None)


def test_a_company_without_iban_is_paid_another_way() -> None:
    first = given.invoice().schedule[0]
    way = c.Remittance(
        payee="Bluestem", address=("400 Prairie Avenue", "Columbia, MO 65201"), amount=first.amount,
        reference="F-2026-010394", due_on=first.due_on,
    )  # fmt: skip
    assert given.invoice(transfer=None, remittance=way).remittance == way
    with pytest.raises(ContentRefused, match="No instalment of 1.00"):
        given.invoice(transfer=None, remittance=dataclasses.replace(way, amount=D("1.00")))


def test_one_plan_is_chosen() -> None:
    with pytest.raises(ContentRefused, match="found 0"):
        given.quotation(plans=(given.QUARTERLY,))


def test_an_address_fits_the_window() -> None:
    with pytest.raises(ContentRefused, match="1 to 5 address lines, found 6"):
        c.Addressee(lines=("x",) * 6, name="x", called="x")


def test_equal_instalments_are_drawn_together() -> None:
    assert [(run.count, run.amount, run.first, run.last) for run in given.QUARTERLY.runs] == [
        (1, D("36.43"), given.DAYS[0], given.DAYS[0]),
        (3, D("36.42"), given.DAYS[1], given.DAYS[3]),
    ]


@pytest.mark.parametrize(
    ("iban", "shown"),
    [
        ("NL20INGB0001234567", "NL•• •••• •••• ••45 67"),
        ("NL20", "••••"),
        ("NL•• •••• •••• ••45 67", "NL•• •••• •••• ••45 67"),
    ],
)
def test_masked_iban(iban: str, shown: str) -> None:
    assert masked_iban(iban) == shown


@pytest.mark.parametrize("day", [date(1984, 3, 4), "4 maart 1984", "1984-03-04", "••-••-1984"])
def test_masked_birth_date(day: date | str) -> None:
    assert masked_birth_date(day) == "••-••-1984"


def test_a_german_birth_date_is_masked_as_germans_write_it_and_stays_so_when_read_again() -> None:
    with translation.override("de"):
        masked = masked_birth_date(date(1984, 4, 17))
    assert masked == masked_birth_date(masked) == "••.••.1984"


@pytest.mark.parametrize("reference", ["RF82 2026 1200 0077 4", "F-2026-010394", "1234 5678 9012 3456"])
def test_code_is_the_one_that_banks_read(reference: str) -> None:
    transfer = c.Transfer(
        payee="Duinbaken", iban="NL91ABNA0417164300", amount=D("41.80"), reference=reference, due_on=date(2026, 12, 15)
    )
    structured = reference.startswith("RF")
    plain = reference.replace(" ", "")
    code = segno.helpers.make_epc_qr(
        name="Duinbaken",
        iban="NL91ABNA0417164300",
        amount=D("41.80"),
        reference=plain if structured else None,
        text=None if structured else reference,
    )
    drawing = epc_drawing(transfer)
    strokes = [stroke.split("h") for stroke in drawing.path.split("M")[1:]]
    assert drawing.side == len(code.matrix)
    assert sum(int(length) for _, length in strokes) == sum(map(sum, code.matrix))


def test_a_wrong_account_or_amount_is_refused() -> None:
    with pytest.raises(ContentRefused, match="Expected the IBAN"):
        c.Transfer(payee="x", iban="NL92ABNA0417164300", amount=D("1.00"), reference="x", due_on=date(2026, 1, 1))
    with pytest.raises(ContentRefused, match="at least 0.01"):
        c.Transfer(payee="x", iban="NL91ABNA0417164300", amount=D("0.00"), reference="x", due_on=date(2026, 1, 1))


@pytest.mark.parametrize("plain", [{}, [], None, {"number": 1, "evil": 2}, {"premium": [{"amount": "1e9x"}]}])
def test_another_shape_in_the_archive_is_refused(plain: object) -> None:
    with pytest.raises(ContentRefused):
        from_plain("invoice", plain)
    with pytest.raises(ContentRefused, match="Expected one of"):
        from_plain("letter", plain)
