"""What every invitation is, whatever it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from klimaspor.accounts.models.users import User
from klimaspor.columns import Address, Line
from klimaspor.constraints import pair

if TYPE_CHECKING:
    from datetime import datetime


class InvitationByLink(models.Model):
    """
    An offer in a letter, bound to one address and good for a while.

    Only the hash of the link's token is kept. The link opens a page whose button accepts; a GET changes nothing.
    """

    email = Address("mailadresse")
    name = Line("navn", max_length=150, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField("sendt")
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("udløber")
    accepted_at = models.DateTimeField("taget imod", null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("trukket tilbage", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    wanted_at = models.DateTimeField("ønsket sendt til en anden adresse", null=True, blank=True)
    wanted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Who has opened it signed in with another address, and asks to have it sent there."""

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            pair("accepted", "Invitationen er enten taget imod af nogen eller ikke taget imod."),
            pair("withdrawn", "Invitationen er enten trukket tilbage af nogen eller ikke."),
            pair(
                "wanted", "Invitationen er ønsket sendt et andet sted hen af nogen på et tidspunkt."
            ),
        )

    @property
    def sender_text(self) -> str:
        """Say whom to turn to about it."""
        return self.sent_by.name

    @property
    def is_unanswered(self) -> bool:
        return not self.accepted_at and not self.withdrawn_at

    def is_open_at(self, at: datetime) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > at

    def state_at(self, at: datetime) -> str:
        """Say in a word or two what has become of it."""
        if self.accepted_at:
            return "Taget imod"
        if self.withdrawn_at:
            return "Trukket tilbage"
        return "Venter på svar" if self.is_open_at(at) else "Udløbet"
