from typing import ClassVar

from django.db import migrations

from companies.moves import moves_guard
from companies.walls import GuardTrigger, UpwardKey, Wall
from products.states import FROZEN, VERSION_MOVES, VersionState

FREEZE = f"""
BEGIN
  IF OLD.state IN ({", ".join(f"'{state.value}'" for state in sorted(FROZEN))}) AND
     (NEW.definition, NEW.sha256, NEW.product_id, NEW.number, NEW.author_id, NEW.approved_by_id)
       IS DISTINCT FROM (OLD.definition, OLD.sha256, OLD.product_id, OLD.number, OLD.author_id, OLD.approved_by_id) THEN
    RAISE EXCEPTION 'an approved product version is frozen' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""
# A public door offers what is live; a case begun earlier may still be continued with its own version.
OFFERED = "state = 'live' OR EXISTS (SELECT 1 FROM documents_case c WHERE c.company_id = {table}.company_id AND c.product_version_id = {table}.id)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0001_initial"), ("documents", "0002_wall")]
    operations: ClassVar = [
        Wall("product", app="SIU", update=["names", "line_of_business", "insurer_id", "insurer_commission_percent"], public="S", sees="true"),
        Wall(
            "productversion",
            app="SIU",
            update=[
                "definition", "sha256", "state", "approved_by_id", "released_by_id", "evidence", "live_from", "withdrawn_from",
            ],
            public="S",
            sees=OFFERED,
        ),
        Wall("productchannel", app="SIU", update=["on"], public="S", sees="true"),
        *[Wall(f"{model}event", app="SI") for model in ("product", "productversion", "productchannel")],
        GuardTrigger(
            "productversion",
            "version_moves",
            "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
            moves_guard("state", VERSION_MOVES, VersionState.DRAFT),
        ),
        GuardTrigger("productversion", "version_frozen", "BEFORE UPDATE ON {table} FOR EACH ROW", FREEZE),
        UpwardKey("documents_case", "product_id", "products_product"),
        UpwardKey("documents_case", "product_version_id", "products_productversion"),
    ]  # fmt: skip
