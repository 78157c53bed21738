"""Who sees a proposal, and in what capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from klimaspor.constraints import pair
from proposals.line.functions import Function
from proposals.writers.queries import ProposalInvitationQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class ProposalInvitation(models.Model):
    """
    An offer to write or read one proposal, or to answer for one participant of it; bound to an address.

    Only the hash of the token is kept. The link opens a page whose button accepts; a GET changes nothing.
    """

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mailadresse")
    name = models.CharField("navn", max_length=150, blank=True)
    function = models.CharField("adgang", max_length=20, choices=Function.choices)
    participant = models.ForeignKey(
        "proposals.Participant",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="deltager",
    )
    """Whom the invited person is asked to answer for; nobody when they are to write or read."""
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField("sendt")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("udløber")
    accepted_at = models.DateTimeField("taget imod", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("trukket tilbage", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProposalInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation til et forslag"
        verbose_name_plural = "invitationer til forslag"
        constraints = (
            models.CheckConstraint(
                condition=Q(function__in=["write", "read"]),
                name="proposal_invitation_party_only",
                violation_error_message="Inviter til at skrive eller læse.",
            ),
            models.CheckConstraint(
                condition=Q(participant=None) | Q(function="read"),
                name="proposal_invitation_participant_reads",
                violation_error_message="Den, der svarer for en deltager, læser forslaget.",
            ),
            pair("accepted", "Invitationen er enten taget imod af nogen eller ikke taget imod."),
            pair("withdrawn", "Invitationen er enten trukket tilbage af nogen eller ikke."),
            models.UniqueConstraint(
                fields=("proposal", "email", "function", "participant"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="proposal_invitation_once",
                violation_error_message="Adressen er allerede inviteret.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_function_display()}, {self.email}"

    def is_open_at(self, at: datetime) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > at

    def state_at(self, at: datetime) -> str:
        """Say in a word or two what has become of it."""
        if self.accepted_at:
            return "Taget imod"
        if self.withdrawn_at:
            return "Trukket tilbage"
        return "Venter på svar" if self.is_open_at(at) else "Udløbet"
