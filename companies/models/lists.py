"""How a person keeps the lists: conditions saved under a name, hidden columns, and the view a list opens with."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from companies.fields import CompanyForeignKey, CompanyModel


class SavedView(CompanyModel):
    """Conditions and order of one list under a name: of one person, or shared with all who may open the list.

    `list_name`: the name of the list's address, such as `policies:list`. Removed, it stays for who takes that back.
    """

    membership = CompanyForeignKey("companies.Membership", models.CASCADE)
    list_name = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    conditions = models.TextField()  # as in an address: `product=nl-horse-trailer&sort=-total`
    shared = models.BooleanField(default=False)
    public_id = models.UUIDField(db_default=RandomUUID(), editable=False)
    removed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership", "list_name", "name"],
                condition=Q(removed_at=None),
                name="view_name_once",
            ),
            models.UniqueConstraint(fields=["company", "public_id"], name="view_address_once"),
        ]
        indexes = [models.Index(fields=["company", "list_name"], name="view_of_list")]

    def __str__(self) -> str:
        return self.name


class ListChoice(CompanyModel):
    """What one person chose for one list: the columns that stay away, and the view it opens with."""

    membership = CompanyForeignKey("companies.Membership", models.CASCADE)
    list_name = models.CharField(max_length=60)
    hidden = models.JSONField(default=list)  # keys of columns
    default = CompanyForeignKey(SavedView, models.SET_NULL, null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "membership", "list_name"], name="choice_once_a_list"),
        ]
