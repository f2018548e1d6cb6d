from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from companies.fields import CompanyModel
from companies.history import history
from companies.models.company import Company, CompanyKind


@history
class Founding(CompanyModel):
    """A company that this one sets up below itself, for one of its parties: asked for, made by a worker, then its first
    administrator invited (S1-28 to S1-33). What happens inside it stays there.
    """

    party_id = models.BigIntegerField()
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=CompanyKind)
    language = models.CharField(max_length=2)
    made = models.OneToOneField(Company, models.PROTECT, null=True, related_name="+")
    administrator_name = models.CharField(max_length=120, blank=True)
    administrator_email = models.EmailField(blank=True)
    invited_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "party_id"], name="founding_once_a_party"),
            models.UniqueConstraint(fields=["company", "slug"], name="founding_once_a_slug"),
            models.CheckConstraint(
                condition=Q(administrator_email=Lower("administrator_email")), name="founding_email_lower"
            ),
            models.CheckConstraint(condition=Q(invited_at=None) | Q(made__isnull=False), name="founding_in_order"),
        ]

    def __str__(self) -> str:
        return self.name
