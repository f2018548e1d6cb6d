"""The formats of the visual language, cell by cell."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from common import formats

N = "\u00a0"
DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (
            "nl",
            [
                f"€{N}1.234,50",
                "1.234,50",
                "−47,29",
                f"21{N}%",
                f"2,45{N}‰",
                f"24{N}nov.{N}2026",
                f"24{N}november{N}2026",
            ],
        ),
        ("de", [f"1.234,50{N}€", "1.234,50", "−47,29", f"21{N}%", f"2,45{N}‰", "24.11.2026", f"24.{N}November{N}2026"]),
        (
            "en",
            ["€1,234.50", "1,234.50", "−47.29", f"21{N}%", f"2.45{N}‰", f"24{N}Nov{N}2026", f"24{N}November{N}2026"],
        ),
    ],
)
def test_formats_of_the_language(language, written):
    with translation.override(language):
        assert written == [
            formats.money(Decimal("1234.5")),
            formats.amount(Decimal("1234.5")),
            formats.amount(Decimal("-47.29")),
            formats.percent(Decimal("0.21")),
            formats.per_mille(Decimal("0.002450")),
            formats.day(DAY),
            formats.day_in_prose(DAY),
        ]


def test_english_days_and_times_follow_the_country_that_is_written_for():
    at = datetime(2026, 11, 24, 20, 5, tzinfo=UTC)
    with formats.written_for("US"):
        assert formats.day(DAY, "en") == f"Nov{N}24,{N}2026"
        assert formats.day_in_prose(DAY, "en") == f"November{N}24,{N}2026"
        assert formats.day_with_weekday(DAY, "en") == f"Tue,{N}Nov{N}24,{N}2026"
        assert formats.moment(at, "America/Chicago", "en") == f"Nov{N}24,{N}2026, 2:05{N}PM"
        assert formats.day(DAY, "nl") == f"24{N}nov.{N}2026"
    assert formats.day(DAY, "en") == f"24{N}Nov{N}2026"


def test_money_below_zero_and_other_currencies():
    assert formats.money(Decimal("-47.29"), language="nl") == f"€{N}−47,29"
    assert formats.money(Decimal("-47.29"), language="de") == f"−47,29{N}€"
    assert formats.money(Decimal("-47.29"), language="en") == "−€47.29"
    assert formats.money(Decimal(5), "USD", "en") == "$5.00"
    assert formats.money(Decimal(5), "CHF", "en") == f"CHF{N}5.00"


def test_insured_sums_leave_the_cents_out_where_they_are_whole():
    assert formats.whole_money(Decimal("85000"), language="nl") == f"€{N}85.000"
    assert formats.whole_money(Decimal("1000000"), language="de") == f"1.000.000{N}€"
    assert formats.whole_money(Decimal("85000.5"), language="en") == "€85,000.50"


def test_zero_is_written_and_unknown_is_empty():
    assert formats.amount(Decimal(0), "en") == "0.00"
    assert [write(None) for write in (formats.amount, formats.money, formats.percent, formats.number)] == [""] * 4
    assert [formats.day(None), formats.day_in_prose(None), formats.moment(None), formats.iban(None)] == [""] * 4


def test_rates_and_numbers_keep_every_digit():
    assert formats.percent(Decimal("0.075"), "nl") == f"7,5{N}%"
    assert formats.percent(Decimal("-0.075"), "en") == f"−7.5{N}%"
    assert formats.percent(Decimal(1), "en") == f"100{N}%"
    assert formats.number(Decimal("75000.500"), "de") == "75.000,5"


def test_dutch_months_are_cut_with_a_point_but_not_may():
    assert formats.day(date(2026, 5, 1), "nl") == f"1{N}mei{N}2026"
    assert formats.day(date(2026, 3, 1), "nl") == f"1{N}mrt.{N}2026"


def test_weekday_of_the_top_bar():
    assert [formats.day_with_weekday(DAY, language).replace(N, " ") for language in ("nl", "de", "en")] == [
        "di 24 nov. 2026",
        "Di 24.11.2026",
        "Tue 24 Nov 2026",
    ]


def test_moment_is_told_in_the_place_s_own_time():
    at = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert formats.moment(at, "Europe/Amsterdam", "en") == f"24{N}Nov{N}2026, 14:00"
    assert formats.moment(at, "Europe/Berlin", "de") == f"24.11.2026, 14:00{N}Uhr"
    assert formats.time_of_day(at, "Europe/Amsterdam", "nl") == "14:00"
    with pytest.raises(ValueError, match="without one"):
        formats.moment(datetime(2026, 11, 24), "UTC", "en")


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Europe/Amsterdam", "nl", "Midden-Europese standaardtijd"),
        ("Europe/Berlin", "de", "Mitteleuropäische Normalzeit"),
        ("America/Chicago", "en", "Central Standard Time"),
    ],
)
def test_a_zone_is_called_as_its_people_call_it(zone: str, language: str, said: str) -> None:
    assert formats.zone_name(datetime(2026, 12, 1, 12, tzinfo=UTC), ZoneInfo(zone), language) == said


@pytest.mark.parametrize(
    ("ahead", "said"), [(0, "today"), (1, "tomorrow"), (3, "in 3 days"), (6, "in 6 days"), (7, ""), (-1, "")]
)
def test_a_near_day_says_its_distance(ahead, said):
    assert formats.distance(DAY + timedelta(ahead), today=DAY, language="en") == said
    near = formats.day_and_distance(date(2026, 11, 27), today=DAY, language="en")
    assert near == f"27{N}Nov{N}2026, in 3 days"


def test_account_numbers_stand_in_groups_of_four():
    assert formats.iban("nl00demo 0123456789") == f"NL00{N}DEMO{N}0123{N}4567{N}89"


def test_persons_in_lists_and_elsewhere():
    assert formats.name_in_list(family="Verbruggen", given="Sanne") == "Verbruggen, Sanne"
    assert formats.name_in_list(family="Wit", given="Joris", prefix="de") == "Wit, Joris de"
    assert formats.name_in_list(family="Bakkerij Het Ovenhuis") == "Bakkerij Het Ovenhuis"
    assert formats.name_in_text(family="Wit", given="Joris", prefix="de") == "Joris de Wit"
    assert [formats.initials(name) for name in ("Maud Terwiel", "Anna van den Berg", "Robot", "")] == [
        "MT",
        "AB",
        "R",
        "",
    ]


def test_template_filters_write_in_the_active_language():
    page = Template(
        "{% load polisdesk %}{{ sum|money }} {{ sum|money:'USD' }} {{ sum|amount }} {{ rate|percent }} {{ day|day }}"
    )
    with translation.override("de"):
        written = page.render(Context({"sum": Decimal("-5"), "rate": Decimal("0.19"), "day": DAY}))
    assert written.replace(N, " ") == "−5,00 € −5,00 $ −5,00 19 % 24.11.2026"


@pytest.mark.parametrize(
    ("country", "street", "town"),
    [("NL", "Kade 12", "4381 AB  Vlissingen"), ("DE", "Kade 12", "4381 AB Vlissingen"),
     ("US", "12 Kade", "Vlissingen 4381 AB")],
)  # fmt: skip
def test_an_address_stands_in_the_order_of_the_countrys_post(country: str, street: str, town: str) -> None:
    assert formats.street_line("Kade", "12", country) == street
    assert formats.town_line("4381 AB", "Vlissingen", country) == town
    assert formats.town_line("", "Vlissingen", country) == "Vlissingen"


@pytest.mark.parametrize(
    ("told", "dialled"),
    [
        ("030 123 45 67", "0301234567"),
        ("+31 (0)30-123 45 67", "+31301234567"),
        ("(0)30 123 45 67", "0301234567"),
        ("+49/89.1234", "+49891234"),
        ('"><base href=//probe.invalid/>1', "1"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_dialled_by_its_digits_alone(told: str, dialled: str) -> None:
    written = Template('{% load polisdesk %}<a href="tel:{{ told|dialled }}">').render(Context({"told": told}))
    assert written == f'<a href="tel:{dialled}">'
