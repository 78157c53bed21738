"""Who is asked to write or read a proposal, or to answer for one of its participants."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from klimaspor.accounts.models import InvitationByLink
from proposals.line.functions import Function
from proposals.writers.queries import ProposalInvitationQuerySet


class ProposalInvitation(InvitationByLink):
    """An offer to write or read one proposal, or to answer for one participant of it."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="invitations")
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

    objects = ProposalInvitationQuerySet.as_manager()

    class Meta(InvitationByLink.Meta):
        verbose_name = "invitation til et forslag"
        verbose_name_plural = "invitationer til forslag"
        constraints = (
            models.CheckConstraint(
                condition=Q(function__in=["write", "read"]),
                name="proposal_invitation_party_only",
                violation_error_message="Invitér til at skrive eller læse.",
            ),
            models.CheckConstraint(
                condition=Q(participant=None) | Q(function="read"),
                name="proposal_invitation_participant_reads",
                violation_error_message="Den, der svarer for en deltager, læser forslaget.",
            ),
            *InvitationByLink.Meta.constraints,
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

    @property
    def person_text(self) -> str:
        """Name who was invited, as whoever invited them did."""
        return self.name or self.email

    @property
    def mailbox_text(self) -> str:
        """Say how somebody is known who has answered with a code."""
        return f"{self.person_text}, der svarede med en kode sendt til {self.email}"
