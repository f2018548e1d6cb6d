"""Shows just enough of a number to recognise it: no full IBAN and no full day of birth goes on paper."""

from datetime import date

from django.utils.translation import get_language

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
    """The year of birth alone, in the form in which people write a date: ••-••-1984, in German ••.••.1984."""
    year = f"{day.year:04d}" if isinstance(day, date) else _year_in(day)
    forms = {between: between.join((DOT * 2, DOT * 2, year)) for between in "-."}
    if day in forms.values():
        return str(day)  # masked before: what was kept prints the same in every reader's language
    return forms["." if (get_language() or "").startswith("de") else "-"]


def _year_in(text: str) -> str:
    years = [word for word in "".join(sign if sign.isdigit() else " " for sign in text).split() if len(word) == 4]
    return years[0] if years else DOT * 4
