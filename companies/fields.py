"""The two columns that every company table is made of: its company, and keys that stay inside it."""

from typing import Any

from django.db.models import PROTECT, BigIntegerField, ForeignKey, Func, Model


class CurrentCompany(Func):
    """sec.company(): the company of the transaction's context, or NULL."""

    function = "sec.company"
    arity = 0
    allowed_default = True
    output_field = BigIntegerField()


class CompanyForeignKey(ForeignKey):  # type: ignore[type-arg]
    """A key that can't leave its company: the engine lays it as (company_id, id)."""

    def __init__(self, to: Any, on_delete: Any = PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)


class CompanyModel(Model):
    """A table behind the wall. `company` is filled by the database from the context; never set or compare it before
    saving.
    """

    company = ForeignKey(
        "companies.Company", PROTECT, db_default=CurrentCompany(), db_index=False, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
