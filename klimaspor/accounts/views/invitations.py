"""The secretariat's pages of invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor import danish, once
from klimaspor.accounts import invitations
from klimaspor.accounts.forms import InvitationFilter, InvitationForm
from klimaspor.accounts.models import Invitation, Role
from klimaspor.accounts.querysets import InvitationQuerySet
from klimaspor.accounts.views.pages import Administration
from klimaspor.pages import FormPage, Press, searched

if TYPE_CHECKING:
    from klimaspor.pages import Crumbs

STATES = {
    "sendt": InvitationQuerySet.open,
    "udloebet": InvitationQuerySet.expired,
    "taget-imod": InvitationQuerySet.accepted,
    "trukket": InvitationQuerySet.withdrawn,
}


def invitations_url() -> str:
    return reverse("accounts:invitations")


class Invitations(Administration):
    """Every invitation with what has become of it."""

    template_name = "accounts/invitations.html"
    heading = "Invitationer"

    def context(self) -> dict[str, Any]:
        filters = InvitationFilter(self.request.GET)
        wanted = filters.cleaned_data if filters.is_valid() else {}
        found = Invitation.objects.with_people()
        if wanted.get("tilstand"):
            found = STATES[wanted["tilstand"]](found, at=self.at)
        rows = self.rows(found.newest_first())
        for invitation in rows:
            invitation.told = invitation.state_at(self.at)
            invitation.is_open = invitation.is_open_at(self.at)
            invitation.is_wanted = invitation.wanted_by is not None and invitation.is_unanswered
        return {**super().context(), "form": filters, "rows": rows, "once": once.hidden()}


class Invite(Administration, FormPage):
    template_name = "accounts/invite.html"
    heading = "Invitér"
    makes = True

    def above(self) -> Crumbs:
        return [(invitations_url(), Invitations.heading)]

    def form(self, data: Any = None) -> InvitationForm:
        initial = {
            "email": searched(self.request.GET, "email"),
            "name": searched(self.request.GET, "navn"),
        }
        return InvitationForm(data, initial=initial, today=danish.day_of(self.at))

    def act(self, form: InvitationForm) -> str:
        said = form.cleaned_data
        sent = invitations.invite(
            email=said["email"],
            name=said["name"],
            role=Role(said["role"]),
            dgos=list(said["dgos"]),
            organization=said["organization"],
            by=self.user,
            at=self.at,
        )
        first = sent.invitations[0]
        until = danish.datetime_text(first.expires_at)
        return f"{first.email} får et brev med et link, der virker til {until}."

    def success_url(self) -> str:
        return invitations_url()


class Withdraw(Administration, Press):
    def act(self) -> str:
        get_object_or_404(Invitation, pk=self.kwargs["pk"])
        invitation = invitations.withdraw(invitation_pk=self.kwargs["pk"], by=self.user, at=self.at)
        return (
            f"Invitationen til {invitation.email} er trukket tilbage. Linket virker ikke længere."
        )

    def back(self) -> str:
        return invitations_url()


class SendAgain(Administration, Press):
    makes = True

    def act(self) -> str:
        get_object_or_404(Invitation, pk=self.kwargs["pk"])
        sent = invitations.send_again(invitation_pk=self.kwargs["pk"], by=self.user, at=self.at)
        return f"{sent.invitations[0].email} får et nyt brev. Det gamle link virker ikke længere."

    def back(self) -> str:
        return invitations_url()


class SendElsewhere(Administration, Press):
    """To the address that somebody who has opened it asks to have it sent to."""

    def act(self) -> str:
        get_object_or_404(Invitation, pk=self.kwargs["pk"])
        sent = invitations.send_again(
            invitation_pk=self.kwargs["pk"], is_elsewhere=True, by=self.user, at=self.at
        )
        return f"{sent.invitations[0].email} får et nyt brev. Det gamle link virker ikke længere."

    def back(self) -> str:
        return invitations_url()
