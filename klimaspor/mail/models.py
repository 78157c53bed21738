"""The outbox: a letter is a row before it is sent, and stays one after."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from klimaspor.columns import Address, Line
from klimaspor.leases import Leased
from klimaspor.mail.querysets import ContactQuerySet, OutgoingMailQuerySet


class OutgoingMail(Leased):
    """
    A letter to one address.

    Its key says what it is about, e.g. "frist-1:KS-2027-0012:a@b.dk:2027-04-15", so the outbox is also the log of
    who was told what.
    """

    key = models.CharField("nøgle", max_length=400, unique=True)
    name = models.CharField("brev", max_length=60)
    recipient = Address("modtager", max_length=254)
    subject = Line("emne", max_length=200)
    body = models.TextField("tekst")
    is_secret = models.BooleanField("fortroligt", default=False)
    """The text opens something, e.g. a new password: nobody else reads it, and it is wiped when sent."""
    message_id = models.CharField(max_length=120, unique=True, editable=False)
    request_id = models.CharField("forespørgsel", max_length=64, blank=True, editable=False)
    """What it was written in answer to, see `klimaspor.tracing`."""
    created_at = models.DateTimeField("skrevet")
    waits_for = models.CharField("venter på", max_length=100, blank=True)
    """What must be there before the letter may go, e.g. "version:12"."""
    released_at = models.DateTimeField("frigivet", null=True, blank=True)
    sent_at = models.DateTimeField("sendt", null=True, blank=True)
    refused_at = models.DateTimeField("udsat", null=True, blank=True, editable=False)
    """Since when the server has not taken it, and its attempts are the server's own fault."""

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "brev"
        verbose_name_plural = "breve"
        indexes = (
            # What the sweep asks every half minute, in a table that only grows.
            models.Index(
                fields=["created_at", "id"],
                condition=Q(released_at__isnull=False, sent_at=None, failed_at=None),
                name="mail_waiting",
            ),
            models.Index(fields=["-created_at", "-id"], name="mail_newest"),
            models.Index(fields=["waits_for"], condition=Q(released_at=None), name="mail_held"),
            # What the secretariat's desk asks each time.
            models.Index(
                fields=["-sent_at"], condition=Q(sent_at__isnull=False), name="mail_sent_last"
            ),
            models.Index(
                fields=["failed_at"], condition=Q(failed_at__isnull=False), name="mail_given_up"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(released_at__isnull=False) | ~Q(waits_for=""),
                name="mail_held_has_reason",
                violation_error_message="Et brev, der holdes tilbage, skal vente på noget.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None),
                name="mail_sent_or_failed",
                violation_error_message="Et brev kan ikke være både sendt og opgivet.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(released_at__isnull=False),
                name="mail_sent_is_released",
                violation_error_message="Et brev skal frigives, før det sendes.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} til {self.recipient}"

    @property
    def state(self) -> str:
        """Say in a word or two what has become of it."""
        if self.sent_at:
            return "Sendt"
        if self.failed_at:
            return "Opgivet"
        if not self.released_at:
            return "Venter på bilag"
        return "Prøves igen" if self.attempts else "På vej"

    @property
    def tone(self) -> str:
        """Say how a page colors the state."""
        return {"Sendt": "success", "Opgivet": "error", "Prøves igen": "warning"}.get(
            self.state, "info"
        )

    @property
    def readable_body(self) -> str:
        return WITHHELD if self.is_secret else self.body


class Contact(models.Model):
    """Whom the recipient of any letter may write to and call: one row, which the secretariat edits."""

    ONLY = 1

    email = Address("mailadresse", max_length=254, default="klimaalliancen@kl.dk")
    phone = Line("telefon", max_length=30, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "kontakt i breve"
        verbose_name_plural = "kontakt i breve"
        constraints = (
            models.CheckConstraint(
                condition=Q(pk=1),
                name="mail_one_contact",
                violation_error_message="Der er kun én kontakt i breve.",
            ),
        )

    def __str__(self) -> str:
        return "Kontakt i breve"


WITHHELD = "Teksten vises ikke, fordi den giver adgang til modtagerens konto.\n"


class MailAttachment(models.Model):
    """A stored file that goes with a letter; it belongs to somebody else and is only read."""

    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="attachments")
    name = Line("navn", max_length=150)
    content_type = models.CharField("type", max_length=100)
    file = models.CharField("placering", max_length=255)
    sha256 = models.CharField("fingeraftryk", max_length=64)

    class Meta:
        verbose_name = "bilag til brev"
        verbose_name_plural = "bilag til breve"
        constraints = (
            models.UniqueConstraint(
                fields=("mail", "name"),
                name="mail_attachment_once",
                violation_error_message="Brevet har allerede et bilag med det navn.",
            ),
        )

    def __str__(self) -> str:
        return self.name
