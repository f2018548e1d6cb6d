from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyForeignKey, CompanyModel
from documents.models import Case, Document


class Addressee(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    ADVISER = "adviser", _("Adviser")


class Message(CompanyModel):
    """One mail to one addressee, as it is sent each time: same Message-ID, same words, same papers. Append-only."""

    case = CompanyForeignKey(Case, models.PROTECT, related_name="messages")
    key = models.CharField(max_length=80)
    addressee = models.CharField(max_length=8, choices=Addressee)
    to_email = models.EmailField()
    to_name = models.CharField(max_length=160)
    subject = models.CharField(max_length=200)
    body = models.TextField()  # {link} stands for the secret address, which is put in when it is sent
    link = CompanyForeignKey("companies.Link", models.PROTECT, null=True)
    message_id = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "case", "key", "addressee"], name="message_once"),
            models.UniqueConstraint(fields=["company", "message_id"], name="message_id_once"),
        ]


class Enclosure(CompanyModel):
    """A paper that travels with a message."""

    message = CompanyForeignKey(Message, models.PROTECT, related_name="enclosures")
    document = CompanyForeignKey(Document, models.PROTECT)
    position = models.SmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "message", "position"], name="enclosure_place")]


class Delivery(CompanyModel):
    """The mail server took the message. Append-only; a second row tells that it went out again with the same Message-
    ID.
    """

    message = CompanyForeignKey(Message, models.PROTECT, related_name="deliveries")
    recorded_at = models.DateTimeField(
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
    )

    class Meta:
        default_permissions = ()
