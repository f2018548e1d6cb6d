from typing import ClassVar

from django.db import migrations

from companies.walls import UpwardKey


class Migration(migrations.Migration):
    """A ledger line's invoice and section are rows of policies, its product one of products, which stands beside the
    ledger: policies is the lowest room that knows both.
    """

    dependencies: ClassVar = [("policies", "0002_wall"), ("ledger", "0003_keys"), ("products", "0002_wall")]
    operations: ClassVar = [
        UpwardKey("ledger_line", "invoice_id", "policies_invoice"),
        UpwardKey("ledger_line", "section_id", "policies_section"),
        UpwardKey("ledger_line", "product_id", "products_product"),
    ]
