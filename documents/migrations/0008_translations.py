from typing import ClassVar

import django.db.models.deletion
from django.db import migrations

from companies.fields import CompanyForeignKey
from companies.walls import GuardTrigger

# A translation is the same paper in another language; it goes back to the one that counts, never to a translation.
SAME_PAPER = """
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.documents_document d
    WHERE d.company_id = NEW.company_id AND d.id = NEW.translates_id AND d.translates_id IS NULL
      AND d.case_id = NEW.case_id AND d.kind = NEW.kind AND d.reference = NEW.reference AND d.language <> NEW.language
  ) THEN
    RAISE EXCEPTION 'a translation is the same paper of its case in another language' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
"""


class Migration(migrations.Migration):
    """A paper may be told in another language; the translation hangs on the paper that counts."""

    dependencies: ClassVar = [("documents", "0007_enclosed")]
    operations: ClassVar = [
        migrations.AddField(
            "document",
            "translates",
            CompanyForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="translations",
                to="documents.document",
            ),
        ),
        GuardTrigger(
            "document",
            "document_translates",
            "BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.translates_id IS NOT NULL)",
            SAME_PAPER,
        ),
    ]
