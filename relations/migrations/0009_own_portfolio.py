from typing import ClassVar

from django.db import migrations

from companies.walls import Definer
from relations.search_function import PORTFOLIO


class Migration(migrations.Migration):
    """An adviser's search reads his own entries once, and none beside them."""

    dependencies: ClassVar = [("relations", "0008_search_by_party")]
    operations: ClassVar = [
        Definer(
            "search_portfolio(asked text, kinds text[], most integer) "
            "RETURNS TABLE (kind text, id bigint, grade integer) LANGUAGE sql",
            PORTFOLIO,
            roles=("bo_public",),
            volatility="STABLE",
        ),
    ]
