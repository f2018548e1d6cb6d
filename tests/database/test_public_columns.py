"""What a company earns on an insurer's paper is in no public door's sight, be the row itself."""

import pytest
from psycopg import errors

from tests.database.conftest import inside


@pytest.mark.parametrize("statement", [
    "select insurer_commission_percent from products_product",
    "select * from products_product",
    "select slug from products_product where insurer_commission_percent > 0",
    "select slug from products_product order by insurer_commission_percent",
    "select products_product from products_product",
    "select to_jsonb(p) from products_product p",
])  # fmt: skip
def test_the_public_login_reads_no_commission(walled: str, statement: str) -> None:
    with inside(walled, "bo_public", company=1, door="front") as login, pytest.raises(errors.InsufficientPrivilege):
        login.execute(statement)


def test_it_reads_the_product_itself_and_the_office_reads_both(walled: str) -> None:
    with inside(walled, "bo_public", company=1, door="front") as login:
        assert len(login.execute("select slug, names, line_of_business from products_product").fetchall()) == 1
    with inside(walled, "bo_app", company=1, door="office") as login:
        assert len(login.execute("select insurer_commission_percent from products_product").fetchall()) == 1
