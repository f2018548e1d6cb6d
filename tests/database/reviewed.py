"""What was reviewed, gathered: tables and their grants, functions, keys, what a window shows. A test refuses a grant
that isn't here and misses one that is; whoever changes a wall changes these lists in the same commit.
"""

from tests.database.reviewed_functions import FUNCTIONS, GUARDS, SEARCH_PATHS
from tests.database.reviewed_grants import APP, APPEND_ONLY, GUARD, OPERATOR, PUBLIC
from tests.database.reviewed_keys import PLAIN_IDS, UNIQUE_WITHOUT_COMPANY
from tests.database.reviewed_operator import OPERATOR_SEES, SECRET

__all__ = [
    "APP", "APPEND_ONLY", "FUNCTIONS", "GRANTS", "GUARD", "GUARDS", "OPERATOR", "OPERATOR_SEES", "PLAIN_IDS", "PUBLIC",
    "SEARCH_PATHS", "SECRET", "UNIQUE_WITHOUT_COMPANY",
]  # fmt: skip
GRANTS = {"bo_app": APP, "bo_public": PUBLIC, "bo_operator": OPERATOR, "sec_guard": GUARD}
OPERATOR |= {table: SECRET.get(table, "S") for tables in OPERATOR_SEES.values() for table in tables}
