"""Shows just enough of a number to recognise it: no full IBAN and no full day of birth goes on paper."""

from datetime import date

DOT = "•"
IBAN_HEAD, IBAN_TAIL = 2, 4


def masked_iban(iban: str) -> str:
    """Country and last four characters of an account, in groups of four: NL•• •••• •••• ••43 00."""
    plain = "".join(iban.split())
    if len(plain) <= IBAN_HEAD + IBAN_TAIL:
        return DOT * len(plain)
    hidden = plain[:IBAN_HEAD] + DOT * (len(plain) - IBAN_HEAD - IBAN_TAIL) + plain[-IBAN_TAIL:]
    return " ".join(hidden[place : place + 4] for place in range(0, len(hidden), 4))


def masked_birth_date(day: date | str) -> str:
    """The year of birth alone, in the order in which people write a date: ••-••-1984."""
    year = f"{day.year:04d}" if isinstance(day, date) else _year_in(day)
    return f"{DOT * 2}-{DOT * 2}-{year}"


def _year_in(text: str) -> str:
    years = [word for word in "".join(sign if sign.isdigit() else " " for sign in text).split() if len(word) == 4]
    return years[0] if years else DOT * 4
