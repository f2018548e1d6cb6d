"""Each product of the catalogue is sold by a demo company, and the smoke walk buys it at the price of its tariff."""

from datetime import UTC, datetime
from typing import Any

import pytest

from config.launch.walk.books import expected_moves
from config.launch.walk.customer import Customer, customers
from config.launch.walk.sales import LIABILITY, TRAILER, Sale
from portal.demo_companies import COMPANIES, SELLERS
from products.language import evaluate, fill_system_answers, read_form
from tests.products.catalogue.files import KEYS, product

SALES = {customer.sale.product: customer.sale for customer in customers()}


def test_each_product_has_a_seller_in_its_country_and_is_bought_once():
    countries = {row["slug"]: (row["country"], row["currency"]) for row in COMPANIES}
    for key in KEYS:
        definition = product(key).definition
        assert {countries[slug] for slug in SELLERS[key]} == {(definition.country, definition.currency)}
    assert set(SALES) == set(KEYS)
    assert {(row.company, row.sale.product) for row in customers()} == {
        (slug, key) for key in KEYS for slug in SELLERS[key]
    }


@pytest.mark.parametrize("sale", SALES.values(), ids=SALES)
def test_the_walks_figures_are_those_of_the_tariff(sale: Sale) -> None:
    today, compiled = datetime.now(UTC).date(), product(sale.product)
    lists: dict[str, Any] = {part.spec.key: [] for part in compiled.questions if str(part.spec.type) == "list"}
    raw: dict[str, Any] = {**lists, **sale.answers}
    answers, problems = read_form(compiled, raw, "en")
    found = evaluate(compiled, today, fill_system_answers(compiled, today, answers))
    assert not problems and found.decision == "accept" and found.premium is not None
    assert (found.premium.net, found.premium.tax, found.premium.total) == (sale.net, sale.tax, sale.total)


def test_the_books_move_by_what_each_customer_bought() -> None:
    sold = [
        Customer("duinbaken", "nl", "A", "B", "1990-01-01", "ilse-markus", "i@kroonlaan.example", sale=TRAILER),
        Customer("duinbaken", "nl", "C", "D", "1990-01-01", sale=LIABILITY),
    ]
    moves = {code: str(amount) for code, amount in expected_moves("duinbaken", sold).items()}
    assert moves == {"1300": "229.27", "1500": "-39.79", "1600": "-17.53", "4000": "17.53", "8000": "-189.48"}
    agent = {code: str(amount) for code, amount in expected_moves("schutsluis", sold[:1]).items()}
    assert agent == {"1300": "141.42", "1400": "-93.50", "1500": "-24.54", "1600": "-17.53", "8000": "-5.85"}
