"""The QR code of a SEPA transfer (EPC069-12, version 002), drawn as one path with a title a screen reader can say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from segno import QRCode, make_qr
from segno.helpers import make_epc_qr
from stdnum import bic, iban, iso11649

from documents.rendering.errors import ContentRefused

LONGEST_PAYEE = 70
LARGEST = Decimal("999999999.99")


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A payment that the customer makes: to whom, how much in euros, under which reference, until which day."""

    payee: str
    iban: str
    amount: Decimal
    reference: str
    due_on: date
    bic: str = ""

    def __post_init__(self) -> None:
        if not iban.is_valid(self.iban):
            raise ContentRefused(f"Expected the IBAN of {self.payee[:LONGEST_PAYEE]}, found {self.iban[:40]!r}.")
        if self.bic and not bic.is_valid(self.bic):
            raise ContentRefused(f"Expected the BIC of {self.payee[:LONGEST_PAYEE]}, found {self.bic[:20]!r}.")
        if not Decimal("0.01") <= self.amount <= LARGEST:
            raise ContentRefused(f"A transfer is at least 0.01 and at most {LARGEST}, found {self.amount}.")


@dataclass(frozen=True)
class Drawing:
    """A code ready to be drawn: how many modules a side has, and the path that fills the dark ones."""

    side: int
    path: str


def epc_drawing(transfer: Transfer) -> Drawing:
    """The code that a banking app reads as this transfer; a creditor reference (RF…) goes in its own place."""
    plain = "".join(transfer.reference.split())
    structured = iso11649.is_valid(plain)
    code = make_epc_qr(
        name=transfer.payee[:LONGEST_PAYEE],
        iban=transfer.iban,
        amount=transfer.amount,
        reference=plain if structured else None,
        text=None if structured else transfer.reference,
        bic=transfer.bic or None,
    )
    return _drawing(code)


def address_drawing(address: str) -> Drawing:
    """The code of an address, to print on a card or to show at a counter."""
    return _drawing(make_qr(address, error="m"))


def _drawing(code: QRCode) -> Drawing:
    """Each row as strokes of its dark runs: relative moves keep the path short."""
    rows = [bytes(row) for row in code.matrix]
    strokes: list[str] = []
    for height, row in enumerate(rows):
        start = 0
        while (start := row.find(1, start)) >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            strokes.append(f"M{start} {height}.5h{end - start}")
            start = end
    return Drawing(side=len(rows), path="".join(strokes))
