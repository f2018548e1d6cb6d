"""The parts that several documents share: addressee, cover, premium, payment plan, clauses. Plain values, checked sums.

Amounts are Decimal in the document's currency, rates are fractions (Decimal("0.21") is 21 %), days are dates.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from documents.rendering.errors import ContentRefused

ZERO = Decimal(0)
LONGEST_LINE = 120  # signs of a line in the letterhead, which has a fixed height
MOST_ADDRESS_LINES = 5  # more lines fall out of the window of a Dutch envelope

Value = str | date | Decimal


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """To whom a document goes: the lines of the window, the name in full and the name as one is greeted."""

    lines: tuple[str, ...]
    name: str
    called: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.lines) <= MOST_ADDRESS_LINES:
            raise ContentRefused(f"Expected 1 to {MOST_ADDRESS_LINES} address lines, found {len(self.lines)}.")
        for line in self.lines:
            check_line("an address line", line)


@dataclass(frozen=True, kw_only=True)
class Binding:
    """The paper that a translation goes back to and that alone is binding: its language, and the hash of its bytes."""

    language: str
    sha256: str

    def __post_init__(self) -> None:
        check_line("the language", self.language)
        check_line("the hash", self.sha256)


@dataclass(frozen=True, kw_only=True)
class Adviser:
    """The adviser of the customer, with the number under which the supervisor knows them."""

    name: str
    number: str = ""
    phone: str = ""

    def __post_init__(self) -> None:
        check_line("the adviser's name", self.name)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and its value; a Decimal is an amount, a text stands as it is."""

    label: str
    value: Value


@dataclass(frozen=True, kw_only=True)
class Cover:
    """One section of cover: what it covers, up to which sum, with which excess; both in words or as an amount."""

    name: str
    scope: str
    insured_sum: Decimal | str
    excess: Decimal | str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the premium worksheet: its name, how it came about in words, its amount, and whether that is a value
    on the way, which a later step holds and the sum therefore doesn't count.
    """

    name: str
    how: str
    amount: Decimal | None
    on_the_way: bool = False


@dataclass(frozen=True, kw_only=True)
class Charge:
    """A cost beside the premium, such as policy costs; part of the taxable base or not."""

    name: str
    amount: Decimal
    taxed: bool = True


@dataclass(frozen=True, kw_only=True)
class Tax:
    """Insurance tax of one rate over one base; a rate of None is an exempt part, which has an amount of zero."""

    rate: Decimal | None
    base: Decimal
    amount: Decimal
    name: str = ""

    def __post_init__(self) -> None:
        if self.rate is None and self.amount != ZERO:
            raise ContentRefused(f"An exempt part bears no tax, found {self.amount}.")

    def beside(self, other: "Tax") -> "Tax":
        """The same tax over this base and another's."""
        return replace(self, base=self.base + other.base, amount=self.amount + other.amount)


@dataclass(frozen=True, kw_only=True)
class Premium:
    """The premium of a term, step by step to its total; raises ContentRefused when the parts don't add up."""

    steps: tuple[Step, ...]
    net: Decimal
    taxes: tuple[Tax, ...]
    total: Decimal
    charges: tuple[Charge, ...] = ()
    rounding: Decimal = ZERO
    yearly: bool = True  # the term is a year

    def __post_init__(self) -> None:
        parts = [
            self.net,
            *(charge.amount for charge in self.charges),
            *(tax.amount for tax in self.taxes),
            self.rounding,
        ]
        check_sum("the premium", sum(parts, ZERO), self.total)

    @property
    def has_way(self) -> bool:
        """Whether a step's amount stands before the column that adds up."""
        return any(step.on_the_way and step.amount is not None for step in self.steps)

    @property
    def tax(self) -> Decimal:
        """All insurance tax of the year."""
        return sum((tax.amount for tax in self.taxes), ZERO)


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """One payment of a plan and the day on which it is due."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Run:
    """Instalments of equal amount that follow each other; a plan of twelve reads as one or two of these."""

    count: int
    amount: Decimal
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One way to pay a year, priced: its instalments, what it costs more than yearly payment, its total."""

    name: str
    instalments: tuple[Instalment, ...]
    total: Decimal
    surcharge: Decimal = ZERO
    chosen: bool = False

    def __post_init__(self) -> None:
        check_sum(f"the plan {self.name}", sum((part.amount for part in self.instalments), ZERO), self.total)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The instalments with neighbours of equal amount drawn together."""
        groups = (list(group) for _, group in groupby(self.instalments, key=lambda part: part.amount))
        return tuple(
            Run(count=len(group), amount=group[0].amount, first=group[0].due_on, last=group[-1].due_on)
            for group in groups
        )


@dataclass(frozen=True, kw_only=True)
class Commission:
    """What the adviser earns by this insurance, in money, in the first and each further year (Wft, since July 2024);
    `later_years` is None where the insurance ends by itself.
    """

    recipient: str
    first_year: Decimal
    later_years: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Remittance:
    """How to pay a company without a European account: a check to its address, or a transfer it gives details of."""

    payee: str
    address: tuple[str, ...]
    amount: Decimal
    reference: str
    due_on: date
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One clause or term of the policy with its code."""

    code: str
    title: str
    text: str


def check_line(what: str, line: str) -> None:
    """Raises ContentRefused for a text that doesn't fit its place in the letterhead."""
    if len(line) > LONGEST_LINE:
        raise ContentRefused(f"Expected {what} of at most {LONGEST_LINE} signs, found {len(line)}.")


def check_sum(what: str, parts: Decimal, total: Decimal) -> None:
    """Raises ContentRefused unless the parts add up to the total, to the cent: one wrong cent on paper is a dispute."""
    if parts != total:
        raise ContentRefused(f"The parts of {what} add up to {parts}, the total says {total}.")
