"""A marked text in every text column of a company's rows, and which columns hold none, or show none, and why.

The mark of a column is `CANARY-B-table-column`, or `CB` with a number where the column is shorter; the row's id
follows, so that marks that must differ do. JSON is marked through what customers and the letterhead say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import models

from companies.ground import GROUND
from tests.database import clone
from tests.database.catalogue import Connection
from tests.database.test_catalogue import models_of_companies

CODE = "a word that the code looks up"
OF_PRODUCT = "a key of the product's definition"
CHECKED = "a number with check digits, drawn as a code to scan"
HASH = "a hash that is compared with what it was made of"
SHORTEST = 9  # CB, three letters, Z, and a row's id

# Columns that hold no mark, since the pages would find nothing any more.
UNMARKED: dict[tuple[str, str], str] = {
    ("acceptance_assessment", "definition_sha256"): HASH,
    ("acceptance_decision", "authority"): OF_PRODUCT,
    ("applications_application", "declared_by"): CODE,
    ("applications_application", "filled_in_by"): CODE,
    ("applications_draft", "filled_in_by"): CODE,
    ("applications_upload", "question"): OF_PRODUCT,
    ("companies_command", "kind"): CODE,
    ("companies_import", "kind"): CODE,
    ("companies_import", "sha256"): HASH,
    ("companies_importrow", "kind"): CODE,
    ("companies_importrow", "table"): CODE,
    ("companies_job", "kind"): CODE,
    ("companies_link", "addressee"): CODE,
    ("companies_listchoice", "list_name"): CODE,
    ("companies_profile", "bic"): CHECKED,
    ("companies_profile", "brand"): CODE,
    ("companies_profile", "iban"): CHECKED,
    ("companies_protocol", "template"): CODE,
    ("companies_savedview", "list_name"): CODE,
    ("companies_series", "kind"): CODE,
    ("companies_trailentry", "actor_kind"): CODE,
    ("companies_trailentry", "code"): CODE,
    ("companies_trailentry", "subject_kind"): CODE,
    ("correspondence_message", "key"): CODE,
    ("documents_document", "key"): CODE,
    ("documents_file", "media_type"): CODE,
    ("documents_file", "sha256"): HASH,
    ("ledger_allocation", "actor_kind"): CODE,
    ("ledger_entry", "actor_kind"): CODE,
    ("ledger_entry", "source"): CODE,
    ("ledger_journal", "code"): CODE,
    ("policies_invoice", "plan"): OF_PRODUCT,
    ("policies_invoiceline", "kind"): OF_PRODUCT,
    ("policies_invoiceline", "tax_class"): OF_PRODUCT,
    ("policies_policyversion", "plan"): OF_PRODUCT,
    ("policies_premiumcomponent", "kind"): OF_PRODUCT,
    ("policies_section", "key"): OF_PRODUCT,
    ("products_productversion", "sha256"): HASH,
    ("relations_searchentry", "kind"): CODE,
    ("quotations_order", "fact"): CODE,
    ("quotations_order", "plan"): OF_PRODUCT,
    ("quotations_quotation", "plan"): OF_PRODUCT,
}


@dataclass(frozen=True)
class Column:
    """A text column of a company's table, with its mark."""

    table: str
    name: str
    length: int | None
    number: int
    mail: bool

    @property
    def mark(self) -> str:
        """What stands in it: the long mark where it fits, behind it the row's id."""
        long = f"CANARY-B-{self.table}-{self.name}".replace("_", "-") + "-Z"
        mark = long if self.length is None or len(long) + 3 <= self.length else f"CB{base36(self.number)}Z"
        return f"{mark.lower()}" if self.mail or self.name == "sort_key" else mark

    @property
    def value(self) -> str:
        """The mark of a row, as SQL."""
        key = "pgh_id" if self.table.endswith("event") else "id"
        behind = "|| '@canary.example'" if self.mail else ""
        return f"'{self.mark}' || {key} {behind}"


def base36(number: int) -> str:
    """Three letters or digits."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number // 1296] + digits[number // 36 % 36] + digits[number % 36]


def text_fields() -> Iterator[tuple[Any, Any]]:
    """Every text column of every company table, histories included, from the models."""
    for model in models_of_companies():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.CharField | models.TextField):
                yield model, field


def reason_without(model: Any, field: Any) -> str:
    """Why a column holds no mark; empty if it holds one."""
    if field.choices:
        return "one of a fixed list"
    if field.max_length is not None and field.max_length < SHORTEST:
        return "shorter than a mark"
    return UNMARKED.get((model._meta.db_table, field.column), "")


def columns() -> list[Column]:
    """The columns that hold a mark."""
    return [
        Column(model._meta.db_table, field.column, field.max_length, number, isinstance(field, models.EmailField))
        for number, (model, field) in enumerate(text_fields())
        if not reason_without(model, field)
    ]


def add_rows(owner: Connection, company: int) -> list[str]:
    """A row in each table where the company has none, so that nothing stays unmarked; what the database refused."""
    refused = []
    for model in dict.fromkeys(model for model, _field in text_fields()):
        table = model._meta.db_table
        unforced(owner, table, "no force", "disable")
        with owner.transaction():
            found = owner.execute(f'select 1 from "{table}" where company_id = {company}').fetchone()
            said = {field.column: sample(owner, field, company) for field in model._meta.local_concrete_fields}
        try:
            with owner.transaction():
                if not found:
                    kept = {column: value for column, value in said.items() if value}
                    owner.execute(clone.insert(owner, table, row=9001, company=company, **kept))
        except psycopg.Error as error:
            refused.append(f"{table}: {error.diag.message_primary}")
        unforced(owner, table, "force", "enable")
    return refused


SAID = {"terms": "'[]'", "valid_days": "null", "refused_at": "null"}  # what a check asks of an added row


def sample(owner: Connection, field: Any, company: int) -> str:
    """SQL of a value that a row of the company may hold; empty where any of the type will do."""
    if field.name in SAID:
        return SAID[field.name]
    if (field.model._meta.db_table, field.name) == ("companies_rightuse", "act"):
        return "''"  # a right was used, then no act
    if field.choices:
        return f"'{field.choices[0][0]}'"
    if not field.is_relation or field.column == "company_id":
        return ""
    to = field.related_model._meta.db_table
    unforced(owner, to, "no force", "enable")
    own = "" if to in GROUND else f"where company_id = {company}"
    found = owner.execute(f'select min(id) from "{to}" {own}').fetchone()
    unforced(owner, to, "force", "enable")
    return str(found[0]) if found and found[0] else "null"


def unforced(owner: Connection, table: str, force: str, triggers: str) -> None:
    owner.execute(f'alter table "{table}" {force} row level security')
    owner.execute(f'alter table "{table}" {triggers} trigger user')


def mark_rows(owner: Connection, company: int, marked: list[Column]) -> tuple[list[str], set[Column]]:
    """Write the marks into all rows of a company; what the database refused, and the columns whose tables are empty."""
    refused, empty = [], set()
    for table in dict.fromkeys(column.table for column in marked):
        unforced(owner, table, "no force", "disable")
        for column in (column for column in marked if column.table == table):
            try:
                with owner.transaction():
                    found = owner.execute(
                        f'update "{table}" set "{column.name}" = {column.value} where company_id = {company}'
                    )
                empty |= {column} if not found.rowcount else set()
            except psycopg.Error as error:
                refused.append(f"{table}.{column.name}: {error.diag.message_primary}")
        unforced(owner, table, "force", "enable")
    return refused, empty


def plain(text: str) -> str:
    """Text without the breaks and spaces that a page or a paper puts in, in small letters."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text).lower()


def seen_in(texts: list[str], marked: list[Column]) -> set[Column]:
    """The columns whose marks stand in one of the texts."""
    whole = "\n".join(texts)
    return {column for column in marked if column.mark.lower() in whole}


# Columns that hold a mark but stand on no page, paper, export or mail; a test finds one that is shown after all.
LATER = "stands in the form that invites again, once the company is set up"
NOT_SHOWN = {
    ("companies_founding", "administrator_email"): LATER,
    ("companies_founding", "administrator_name"): LATER,
    ("companies_founding", "name"): "pages name the company that was made of it",
    ("companies_founding", "slug"): "pages name the company that was made of it",
    ("companies_importrow", "key"): "by what a line is known again; its cells are shown",
    ("documents_document", "fingerprint"): "which renderer and fonts made a paper",
    ("ledger_allocation", "key"): "who knocks twice gets the first allocation",
    ("ledger_entry", "key"): "who knocks twice gets the first entry",
    ("ledger_line", "cost_centre"): "a dimension for reports to come",
    ("ledger_line", "line_of_business"): "a dimension for reports to come",
    ("ledger_line", "tax_code"): "a dimension for reports to come",
    ("policies_invoiceline", "exemption"): "why a line bears no tax, for the books; no page or paper shows it",
    ("policies_withdrawal", "declared_by"): "stands in the receipt that was printed before, and in its mail",
    ("policies_withdrawal", "receipt_to"): "customers see it masked",
    ("relations_bankaccount", "holder"): "no page shows bank accounts yet",
    ("relations_bankaccount", "iban"): "no page shows bank accounts yet",
    ("relations_searchentry", "private_words"): "what rows are found by; no door reads it",
    ("relations_searchentry", "words"): "what rows are found by; no door reads it",
    ("relations_party", "sort_key"): "what lists are sorted and searched by",
}


def not_shown(table: str, column: str) -> str:
    """Why a column is never shown; empty if it is meant to be."""
    if table.endswith("event"):
        return "history: read by whoever looks into it, shown on no page"
    return NOT_SHOWN.get((table, column), "")
