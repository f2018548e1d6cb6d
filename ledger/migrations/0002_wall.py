from typing import Any, ClassVar

from django.db import migrations

from companies.walls import Definer, GuardTrigger, Sql, Wall
from ledger import guards, posting_sql


def guard(*given: Any, **more: Any) -> GuardTrigger:
    """A guard whose plans are made once and by index."""
    trigger = GuardTrigger(*given, **more)
    trigger.volatility = guards.PLANS
    return trigger


class Migration(migrations.Migration):
    """The wall around the books, their guards, and the one function that posts. Only bo_app has a grant."""

    dependencies: ClassVar = [("ledger", "0001_initial"), ("companies", "0002_wall")]
    operations: ClassVar = [
        Wall("account", app="SIU", update=["names"]),
        Wall("journal", app="SIU", update=["names"]),
        Wall("entry", app="SI"),
        Wall("line", app="SI"),
        Wall("openitem", app="SI"),
        Wall("allocation", app="SI"),
        Wall("seal", app="S", guard="I"),
        Wall("journalhead", app="S", guard="IU"),
        Wall("delta", app="S", guard="ID"),
        Wall("total", app="S", guard="IU"),
        # A row lock needs a right to update; no function of sec_guard updates an open item.
        Sql("GRANT UPDATE (id) ON ledger_openitem TO sec_guard"),
        Sql(
            "GRANT CREATE ON SCHEMA sec TO sec_guard",
            "SET LOCAL ROLE sec_guard",
            guards.ENTRY_FACTS,
            "REVOKE ALL ON FUNCTION sec.entry_facts(bigint, bigint) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION sec.entry_facts(bigint, bigint) TO bo_app",
            "RESET ROLE",
            "REVOKE CREATE ON SCHEMA sec FROM sec_guard",
        ),
        Definer(guards.ENTRY_WHOLE_HEAD, guards.ENTRY_WHOLE, roles=(), volatility=guards.PLANS),
        guard(
            "line",
            "lines_whole",
            "AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
            guards.LINES_WHOLE,
        ),
        guard(
            "openitem",
            "items_open",
            "AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
            guards.ITEMS_OPEN,
        ),
        guard(
            "entry",
            "entry_filled",
            "AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
            guards.ENTRY_FILLED,
            constraint=True,
        ),
        guard(
            "allocation",
            "allocations_within",
            "AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
            guards.ALLOCATIONS_WITHIN,
        ),
        Definer(guards.SEAL_HEAD, guards.SEAL, volatility=guards.PLANS),
        Definer(guards.ITEM_NUMBERS_HEAD, guards.ITEM_NUMBERS),
        Definer(guards.FOLD_HEAD, guards.FOLD),
        Definer(guards.WITH_DELTAS_HEAD, guards.WITH_DELTAS, volatility="STABLE"),
        Sql(posting_sql.POST, *posting_sql.GRANT_POST),
    ]
