from typing import ClassVar

from django.db import migrations

from companies.walls import UpwardKey


class Migration(migrations.Migration):
    """What a line and an entry point at in the rooms below exists, in their own company.

    The columns are plain ids in the models, so their keys are laid here. An open item has its line's party
    (sec.entry_whole), and deltas and totals are sums of lines: the key of the line holds for them too.
    """

    dependencies: ClassVar = [("ledger", "0002_wall"), ("relations", "0002_wall"), ("documents", "0002_wall")]
    operations: ClassVar = [
        UpwardKey("ledger_entry", "case_id", "documents_case"),
        UpwardKey("ledger_line", "case_id", "documents_case"),
        UpwardKey("ledger_line", "party_id", "relations_party"),
        UpwardKey("ledger_line", "insurer_id", "relations_party"),
        UpwardKey("ledger_line", "appointment_id", "relations_appointment"),
    ]
