from typing import ClassVar

from django.db import migrations

from companies.walls import Definer
from relations.search_function import LIST, QUERY, WITHIN
from relations.search_schema import plain_function


class Migration(migrations.Migration):
    """Lists are narrowed by the search index; of a name its particles are looked for whole."""

    dependencies: ClassVar = [("relations", "0006_search_and_merge_wall")]
    operations: ClassVar = [
        plain_function(
            "search_query(scopes text[], words text[], head text, tail text) RETURNS tsquery LANGUAGE sql",
            QUERY,
            "sec_guard",
        ),
        plain_function(
            "search_within(company bigint, kind text, private boolean, words text[]) RETURNS tsquery LANGUAGE sql",
            WITHIN,
            "sec_guard",
        ),
        Definer(
            "search_list(asked text, sought text, private_too boolean, most integer) RETURNS SETOF bigint LANGUAGE plpgsql",
            LIST,
            volatility="STABLE ROWS 200",
        ),
    ]
